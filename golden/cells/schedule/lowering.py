"""A program turned into operations of gates.

What differs from the program's own operations: the smaller of two is a comparison and a choice; a
shift by a value is done two bits of it at a time; a random word is `golden.numbers.hash.ROUNDS`
operations; what is compared with 0 is a sign; the difference of two neighbouring entries of a table
is a table of differences; the smaller of a and b is less than b where a is; a choice that is always
the same is none.
"""

from typing import Any

from golden.cells.program import Program
from golden.cells.schedule.dataflow import Dataflow, Operation, reached
from golden.cells.value import Value
from golden.numbers.hash import INDEX_BITS, ROUNDS, WORD_BITS

CHUNK = 2
"""Bits of a shift that are done at a time."""
SAME = frozenset({
    "add",
    "subtract",
    "multiply",
    "not",
    "left",
    "round",
    "floor",
    "clip",
    "within",
    "low",
    "table",
    "number",
})
"""What is done as the program has it."""


def lowered(program: Program, varying: frozenset[str]) -> Dataflow:
    """Return the operations; each is done once, and none that nobody reads."""
    return _Lowering(program, varying).dataflow()


class _Lowering:
    def __init__(self, program: Program, varying: frozenset[str]):
        self.program, self.varying = program, varying
        self.made: list[Operation] = []
        self.places: dict[Operation, int] = {}
        self.ports: dict[str, tuple[str, str, int, int]] = {}
        self.outside: list[tuple[str, int]] = []
        """Operations that say that something saturated, by its name."""
        self.found: list[int] = []
        """Operation of each value."""
        for value in program.values:
            self.found.append(self._lower(value))

    def dataflow(self) -> Dataflow:
        program, outlets, results = self.program, {}, {}

        def give(kind: str, name: str, place: int, port: str) -> None:
            at = self._owned(place)
            port = _free(port, outlets)
            outlets[port] = (kind, name, self.made[at].low, self.made[at].high)
            results[port] = at

        for name, place in program.written.items():
            give("state", name, self.found[place], f"next_{_word(name)}")
        give("spike", "", self.found[program.spike], "spike")
        give("margin", "", self.found[program.margin], "margin")
        cases: dict[str, list[int]] = {}
        for name, place in self.outside:
            cases.setdefault(name, []).append(place)
        for name, places in cases.items():
            give("saturated", name, self._sum(places), f"saturated_{_word(name)}")
        steady = {x.detail for x in self.made if x.kind == "constant"}
        words = {port: entry for port, entry in self.ports.items() if port not in steady}
        constants = {port: entry for port, entry in self.ports.items() if port in steady}
        return reached(Dataflow(tuple(self.made), words, constants, outlets, results))

    def make(self, kind: str, operands: tuple, low: int, high: int, detail: Any = None) -> int:
        operation = Operation(kind, operands, detail, low, high)
        if operation not in self.places:
            self.places[operation] = len(self.made)
            self.made.append(operation)
        return self.places[operation]

    def _port(self, kind: str, name: str, low: int, high: int) -> str:
        entry = (kind, name, low, high)
        for port, known in self.ports.items():
            if known == entry:
                return port
        port = _free(f"{kind}_{_word(name)}" if name else kind, self.ports)
        self.ports[port] = entry
        return port

    def _lower(self, value: Value) -> int:
        operands = tuple(self.found[place] for place in value.operands)
        low, high, detail = value.low, value.high, value.detail
        kind = value.operation
        if kind in {"state", "arrival", "constant"}:
            steady = kind == "constant" and detail not in self.varying
            port = self._port(kind, detail, low, high)
            return self.make("constant" if steady else "word", (), low, high, port)
        if kind in {"and", "or"}:
            return self.make(kind, tuple(sorted(operands)), 0, 1)
        if kind in {"minimum", "maximum", "select"}:
            return self._choice(kind, operands, low, high)
        if kind == "less":
            return self._less(*operands)
        if kind == "random":
            return self._random(detail[0], detail[1], operands)
        if kind == "shift":
            return self._shift(operands[0], operands[1], low, high)
        if kind == "saturate":
            ends = detail[:2]
            self.outside.append((detail[2], self.make("outside", operands, 0, 1, ends)))
            return self.make("clip", operands, low, high, ends)
        assert kind in SAME, kind
        if kind == "subtract" and (place := self._rise(*operands)) is not None:
            return place
        return self.make(kind, operands, low, high, detail)

    def _choice(self, kind: str, operands: tuple[int, ...], low: int, high: int) -> int:
        if kind != "select":
            a, b = operands if kind == "minimum" else operands[::-1]
            return self.make("select", (self._less(*operands), a, b), low, high)
        condition = self.made[operands[0]]
        if condition.kind == "number":
            chosen = operands[1] if condition.detail else operands[2]
            return self.make("within", (chosen,), low, high, (low, high))
        return self.make("select", operands, low, high)

    def _less(self, a: int, b: int) -> int:
        zero = self.made[b]
        if zero.kind == "number" and zero.detail == 0:
            return self.make("sign", (a,), 0, 1)
        return self.make("less", (self._candidate(a, b), b), 0, 1)

    def _candidate(self, a: int, b: int) -> int:
        """Return x if ``a`` is the smaller one of x and b, clipped where that does not matter."""
        inner, edge = self.made[a], self.made[b]
        while inner.kind == "clip" and inner.detail[0] < edge.low and edge.high <= inner.detail[1]:
            inner = self.made[inner.operands[0]]
        if inner.kind == "select" and inner.operands[2] == b:
            condition = self.made[inner.operands[0]]
            if condition.kind == "less" and condition.operands == (inner.operands[1], b):
                return inner.operands[1]
        return a

    def _random(self, purpose: int | None, width: int, operands: tuple) -> int:
        """Do all rounds; the first one takes the purpose: a number, or an operand."""
        port = self._port("index", "", 0, (1 << INDEX_BITS) - 1)
        place = self.make("word", (), 0, (1 << INDEX_BITS) - 1, port)
        for i in range(ROUNDS):
            detail, more = ((i, 0), ()) if i else ((i, purpose), operands)
            place = self.make("hash", (place, *more), 0, (1 << WORD_BITS) - 1, detail)
        return self.make("floor", (place,), 0, (1 << width) - 1, WORD_BITS - width)

    def _shift(self, a: int, places: int, low: int, high: int) -> int:
        """Shift by the upper bits of ``places`` first."""
        size = self.made[places].width
        for start in reversed(range(0, size, CHUNK)):
            width = min(CHUNK, size - start)
            part = self.make("floor", (places,), 0, self.made[places].high >> start, start)
            part = self.make("low", (part,), 0, (1 << width) - 1, width)
            most = ((1 << width) - 1) << start
            ends = [x >> s for x in (self.made[a].low, self.made[a].high) for s in (0, most)]
            a = self.make("shift", (a, part), min(ends), max(ends), start)
        return self.make("within", (a,), low, high, (low, high))

    def _rise(self, a: int, b: int) -> int | None:
        """Return a table of ``t[i + 1] - t[i]``, if that is what ``a - b`` is."""
        there, here = self.made[a], self.made[b]
        if there.kind != "table" or here.kind != "table" or there.detail != here.detail:
            return None
        follower = self.made[there.operands[0]]
        one = self.make("number", (), 1, 1, 1)
        if follower.kind != "add" or follower.operands != (here.operands[0], one):
            return None
        entries = here.detail
        rises = tuple(y - x for x, y in zip(entries, entries[1:], strict=False))
        if self.made[here.operands[0]].high >= len(rises):
            return None
        return self.make("table", here.operands, min(rises), max(rises), rises)

    def _owned(self, place: int) -> int:
        """Return what may go out in its stead: wires from several registers get one."""
        flow = Dataflow(tuple(self.made), {}, {}, {}, {})
        if len({bits.source for bits in flow.needed(place)}) < 2:
            return place
        return self.make("keep", (place,), self.made[place].low, self.made[place].high)

    def _sum(self, places: list[int]) -> int:
        total = places[0]
        for number, place in enumerate(places[1:], 2):
            total = self.make("add", (total, place), 0, number)
        return total


def _word(name: str) -> str:
    return "".join(c if c.isascii() and c.isalnum() else "_" for c in name).strip("_") or "x"


def _free(port: str, taken: dict) -> str:
    names = [port, *(f"{port}_{i}" for i in range(2, len(taken) + 3))]
    return next(name for name in names if name not in taken)

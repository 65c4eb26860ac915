"""A program compiled: one step of a group of neurons.

Neurons lie in blocks of `LANES`, a vector: in a block every word (states, constants that differ
from neuron to neuron, the margin in a group that competes) has `LANES` places in a row. The last
block may be partly empty: its empty lanes are computed, but neither spike nor count. The text is
LLVM's own, as vectors: a loop over single neurons would depend on what a compiler can prove about
memory, and takes ten times as long to compile.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from llvmlite import ir

from golden.cells.program import Program
from golden.network.engine.lanes import LONG, NARROW, Lanes
from golden.network.engine.net import LANES
from golden.network.engine.objects import addresses
from golden.numbers.hash import ROUNDS

WORD = ir.IntType(32)
MASK = ir.IntType(LANES)
NAME = "goldspike_kernel"
ARGUMENTS = (
    "words",
    "sums",
    "apart",
    "size",
    "shared",
    "tables",
    "keys",
    "first",
    "fired",
    "counts",
)
"""All int64: addresses of the words, the step's sums, shared constants, tables, keys of the step,
fired neurons (written) and counts (added to); distance of two receptors' sums, neurons, number of
the first neuron. Sums are set to 0 when they have been read. Returns how many fired."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the words of a block are, and what is shared by all neurons of a group."""

    rows: dict[str, int]
    """Rows of a block: ``state v``, ``constant a``, ``margin``."""
    shared: dict[str, int]
    """Places of constants that are the same for all."""
    tables: dict[tuple, int]
    """Where each table begins."""

    @classmethod
    def of(cls, program: Program, competes: bool) -> "Layout":
        """Lay out the words of a program; ``competes``: of a group that needs margins."""
        names = [f"state {s.name}" for s in program.states]
        names += [f"constant {c.name}" for c in program.constants if c.values.ndim]
        names += ["margin"] if competes else []
        rows = {name: i for i, name in enumerate(names)}
        shared = [c.name for c in program.constants if not c.values.ndim]
        tables, end = {}, 0
        for value in program.values:
            if value.operation == "table" and value.detail not in tables:
                tables[value.detail] = end
                end += len(value.detail)
        return cls(rows, {name: i for i, name in enumerate(shared)}, tables)

    def table_words(self) -> np.ndarray:
        """Return all tables, one behind the other."""
        return np.array([x for table in self.tables for x in table], np.int32)


_COMPILED: dict[tuple, int] = {}


def compiled(program: Program, competes: bool) -> int:
    """Return the address of the compiled kernel; it is kept in memory, and on disk by its text."""
    made_of = (
        tuple((v.operation, v.operands, v.detail, v.low, v.high) for v in program.values),
        tuple(s.name for s in program.states),
        tuple(r.name for r in program.receptors),
        tuple((c.name, c.values.ndim) for c in program.constants),
        tuple(program.written.items()),
        (program.spike, program.margin, competes),
    )
    if made_of not in _COMPILED:
        _COMPILED[made_of] = addresses(Kernel(program, competes).text(), NAME)[NAME]
    return _COMPILED[made_of]


class Kernel:
    """The text of a kernel: a loop over blocks."""

    def __init__(self, program: Program, competes: bool):
        self.program, self.competes = program, competes
        self.layout = Layout.of(program, competes)
        self.module = ir.Module(NAME)
        kind = ir.FunctionType(LONG, [LONG] * len(ARGUMENTS))
        self.function = ir.Function(self.module, kind, NAME)
        # LLVM keeps to vectors of 256 bits by default, as some processors slow down with more.
        set.add(self.function.attributes, '"prefer-vector-width"="512"')
        self.given = dict(zip(ARGUMENTS, self.function.args, strict=True))

    def text(self) -> str:
        """Return LLVM's text of it."""
        entry, loop, end = (self.function.append_basic_block(x) for x in ("entry", "loop", "end"))
        b = self.b = ir.IRBuilder(entry)
        outside = self._shared()
        b.cbranch(b.icmp_signed("<", _long(0), self.given["size"]), loop, end)
        b.position_at_end(loop)
        here, fired = b.phi(LONG), b.phi(LONG)
        counters = [b.phi(NARROW) for _ in self.program.counters()]
        lanes, after = self._body(outside, here, fired)
        counted = [
            b.sub(n, b.sext(changed, NARROW))
            for n, changed in zip(counters, lanes.changed, strict=True)
        ]
        following, last = b.add(here, _long(LANES)), b.block
        for phi, first, later in (
            (here, _long(0), following),
            (fired, _long(0), after),
            *((n, lanes.splat(0), more) for n, more in zip(counters, counted, strict=True)),
        ):
            phi.add_incoming(first, entry)
            phi.add_incoming(later, last)
        done = self.function.append_basic_block("done")
        b.cbranch(b.icmp_signed("<", following, self.given["size"]), loop, done)
        b.position_at_end(done)
        self._count(counted)
        b.branch(end)
        b.position_at_end(end)
        total = b.phi(LONG)
        total.add_incoming(_long(0), entry)
        total.add_incoming(after, done)
        b.ret(total)
        return str(self.module)

    def _body(self, outside: dict[Any, Any], here: Any, fired: Any) -> tuple[Lanes, Any]:
        """Compute a block; return its vectors, and how many have fired so far."""
        b = self.b
        base = b.mul(here, _long(len(self.layout.rows)))
        lanes = Lanes(b, self.program, outside | self._block(here, base))
        lanes.run()
        self._write(lanes, base)
        there = b.and_(lanes.asked(self.program.spike), lanes.outside["live"])
        return lanes, self._list(b.bitcast(there, MASK), here, fired)

    def _pointer(self, name: str, kind: ir.Type = WORD) -> Any:
        return self.b.inttoptr(self.given[name], kind.as_pointer())

    def _vector(self, pointer: Any, place: Any) -> Any:
        """Return the address of a vector."""
        return self.b.bitcast(self.b.gep(pointer, [place]), NARROW.as_pointer())

    def _splatted(self, word: Any) -> Any:
        empty = ir.Constant(NARROW, ir.Undefined)
        one = self.b.insert_element(empty, word, ir.Constant(WORD, 0))
        zeros = ir.Constant(ir.VectorType(WORD, LANES), [0] * LANES)
        return self.b.shuffle_vector(one, empty, zeros)

    def _shared(self) -> dict[Any, Any]:
        """Read what is the same in all blocks."""
        b, found = self.b, {}
        shared, keys, tables = map(self._pointer, ("shared", "keys", "tables"))
        for name, place in self.layout.shared.items():
            word = b.load(b.gep(shared, [_long(place)]), align=4)
            found["constant", name] = self._splatted(word)
        if any(value.operation == "random" for value in self.program.values):
            for i in range(ROUNDS):
                found["key", i] = self._splatted(b.load(b.gep(keys, [_long(i)]), align=4))
        for table, place in self.layout.tables.items():
            found["table", table] = b.gep(tables, [_long(place)])
        return found

    def _block(self, here: Any, base: Any) -> dict[Any, Any]:
        """Read what a block has of its own."""
        b, found = self.b, {}
        words, sums = self._pointer("words"), self._pointer("sums")
        self._words = words
        for name, row in self.layout.rows.items():
            if name != "margin":
                place = self._vector(words, b.add(base, _long(row * LANES)))
                found[tuple(name.split(" ", 1))] = b.load(place, align=4)
        for order, receptor in enumerate(self.program.receptors):
            far = b.add(b.mul(self.given["apart"], _long(order)), here)
            place = self._vector(sums, far)
            found["arrival", receptor.name] = b.load(place, align=4)
            b.store(ir.Constant(NARROW, [0] * LANES), place, align=4)
        lane = ir.Constant(NARROW, list(range(LANES)))
        left = b.trunc(b.sub(self.given["size"], here), WORD)
        found["live"] = b.icmp_signed("<", lane, self._splatted(left))
        first = b.trunc(b.add(self.given["first"], here), WORD)
        found["index"] = b.add(self._splatted(first), lane)
        return found

    def _write(self, lanes: Lanes, base: Any) -> None:
        """Write the states, and margins."""
        places = {f"state {name}": place for name, place in self.program.written.items()}
        places |= {"margin": self.program.margin} if self.competes else {}
        for name, place in places.items():
            row = _long(self.layout.rows[name] * LANES)
            value = lanes.of(place)
            if value.type != NARROW:
                value = self.b.trunc(value, NARROW)
            self.b.store(value, self._vector(self._words, self.b.add(base, row)), align=4)

    def _list(self, spiking: Any, here: Any, fired: Any) -> Any:
        """List who spikes; return how many there are now."""
        b = self.b
        begin, bits = b.block, self.function.append_basic_block("bits")
        rest = self.function.append_basic_block("rest")
        nobody = ir.Constant(MASK, 0)
        b.cbranch(b.icmp_unsigned("==", spiking, nobody), rest, bits)
        b.position_at_end(bits)
        left, n = b.phi(MASK), b.phi(LONG)
        lane = b.zext(b.cttz(left, ir.Constant(ir.IntType(1), 1)), LONG)
        number = b.trunc(b.add(here, lane), WORD)
        b.store(number, b.gep(self._pointer("fired"), [n]), align=4)
        more = b.add(n, _long(1))
        fewer = b.and_(left, b.sub(left, ir.Constant(MASK, 1)))
        for phi, first, later in ((left, spiking, fewer), (n, fired, more)):
            phi.add_incoming(first, begin)
            phi.add_incoming(later, bits)
        b.cbranch(b.icmp_unsigned("==", fewer, nobody), rest, bits)
        b.position_at_end(rest)
        after = b.phi(LONG)
        after.add_incoming(fired, begin)
        after.add_incoming(more, bits)
        return after

    def _count(self, counters: list[Any]) -> None:
        """Add up what was counted in all lanes."""
        b, counts = self.b, self._pointer("counts", LONG)
        for number, lanes in enumerate(counters):
            place, total = b.gep(counts, [_long(number)]), _long(0)
            for lane in range(LANES):
                word = b.extract_element(lanes, ir.Constant(WORD, lane))
                total = b.add(total, b.zext(word, LONG))
            b.store(b.add(b.load(place, align=8), total), place, align=8)


def _long(number: int) -> Any:
    return ir.Constant(LONG, number)

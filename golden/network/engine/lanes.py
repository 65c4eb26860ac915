"""Operations of a program as vector instructions: a lane is a neuron.

Values whose proven range fits are vectors of 32 bits, others of 64, conditions of one bit.
"""

from collections.abc import Callable
from typing import Any

from llvmlite import ir

from golden.cells.program import Program
from golden.cells.value import Value
from golden.network.engine.narrow import LEAST, MOST, narrow, rounding, saturating
from golden.network.engine.net import LANES
from golden.numbers.hash import ROUNDS

CONDITIONS = ("less", "and", "or", "not")
LONG = ir.IntType(64)
NARROW = ir.VectorType(ir.IntType(32), LANES)
PURPOSE_SHIFT = 8


PLAIN: dict[str, Callable] = {
    "add": lambda lanes, _, x, y: lanes.b.add(x, y),
    "subtract": lambda lanes, _, x, y: lanes.b.sub(x, y),
    "multiply": lambda lanes, _, x, y: lanes.b.mul(x, y),
    "less": lambda lanes, _, x, y: lanes.less(x, y),
    "and": lambda lanes, _, x, y: lanes.b.and_(x, y),
    "or": lambda lanes, _, x, y: lanes.b.or_(x, y),
    "not": lambda lanes, _, x: lanes.b.not_(x),
    "left": lambda lanes, places, x: lanes.left(x, places),
    "shift": lambda lanes, _, x, places: lanes.b.ashr(x, lanes.clamp(places, 0, last(x))),
    "low": lambda lanes, width, x: lanes.masked(x, (1 << width) - 1),
    "within": lambda lanes, _, x: x,
    "select": lambda lanes, _, asked, x, y: lanes.b.select(asked, x, y),
    "minimum": lambda lanes, _, x, y: lanes.b.select(lanes.less(x, y), x, y),
    "maximum": lambda lanes, _, x, y: lanes.b.select(lanes.less(x, y), y, x),
}
"""What an operation emits for its detail and its operands, if it is nothing special."""


def last(x: Any) -> int:
    """Return the farthest that LLVM can shift a vector's numbers; farther means nothing there."""
    return x.type.element.width - 1


class Lanes:
    """Emits the operations of one vector of neurons.

    Parameters
    ----------
    builder : llvmlite.ir.IRBuilder
    program : Program
    outside : mapping
        Vectors of states, arrivals and constants, by (operation, name); of the keys of the step by
        number; of the neurons' numbers by "index"; of who is there by "live".
    lanes : int
        In a vector.
    """

    def __init__(
        self,
        builder: ir.IRBuilder,
        program: Program,
        outside: dict[Any, Any],
        lanes: int = LANES,
    ):
        self.b, self.program, self.outside, self.lanes = builder, program, outside, lanes
        self.narrow, self.wide = (ir.VectorType(ir.IntType(bits), lanes) for bits in (32, 64))
        self._made: list[Any] = []
        self.changed: list[Any] = []
        """Of every counter: who was saturated."""

    def run(self) -> None:
        """Emit the whole program."""
        for value in self.program.values:
            made = self._value(value)
            if value.operation not in CONDITIONS:
                made = self._fitted(made, self.narrow if narrow(value) else self.wide)
            self._made.append(made)

    def of(self, value: Value | int) -> Any:
        """Return the vector of a value."""
        return self._made[value if isinstance(value, int) else value.index]

    def splat(self, number: int, kind: ir.VectorType | None = None) -> Any:
        """Return a number in all lanes."""
        return ir.Constant(kind or self.narrow, [number] * self.lanes)

    def right(self, x: Any, places: int) -> Any:
        """Shift right, rounding down."""
        return self.b.ashr(x, self.splat(min(places, last(x)), x.type)) if places else x

    def left(self, x: Any, places: int) -> Any:
        """Shift left; what is shifted out of its word can only be 0."""
        if places > last(x):
            return self.splat(0, x.type)
        return self.b.shl(x, self.splat(places, x.type)) if places else x

    def masked(self, x: Any, mask: int) -> Any:
        """Keep some bits."""
        return self.b.and_(x, self.splat(mask, x.type))

    def less(self, x: Any, y: Any) -> Any:
        """Compare."""
        return self.b.icmp_signed("<", x, y)

    def clamp(self, x: Any, low: int, high: int) -> Any:
        """Clip to two numbers."""
        least, most = self.splat(low, x.type), self.splat(high, x.type)
        x = self.b.select(self.less(x, least), least, x)
        return self.b.select(self.less(most, x), most, x)

    def _fitted(self, x: Any, kind: ir.VectorType) -> Any:
        if x.type == kind:
            return x
        if x.type.element.width == 1:
            return self.b.zext(x, kind)
        wider = kind.element.width > x.type.element.width
        return self.b.sext(x, kind) if wider else self.b.trunc(x, kind)

    def asked(self, x: Any) -> Any:
        """Return a condition: a number may stand for one, too."""
        x = self.of(x) if isinstance(x, int) else x
        if x.type.element.width == 1:
            return x
        return self.b.icmp_signed("!=", x, self.splat(0, x.type))

    def _operands(self, value: Value) -> list[Any]:
        """Return the vectors of operands, as wide as the widest of them and of the result."""
        operands = [self.program.values[place] for place in value.operands]
        made = [self.of(x) for x in operands]
        if value.operation in {"and", "or", "not"}:
            return [self.asked(x) for x in made]
        kind = self.narrow if all(map(narrow, [value, *operands])) else self.wide
        if value.operation == "select":
            return [self.asked(made[0]), *(self._fitted(x, kind) for x in made[1:])]
        return [self._fitted(x, kind) for x in made]

    def _value(self, value: Value) -> Any:
        detail = value.detail
        match value.operation:
            case "state" | "arrival" | "constant" as taken:
                return self.outside[taken, detail]
            case "number":
                return self.splat(detail, self.narrow if narrow(value) else self.wide)
            case "random":
                return self._random(*detail)
            case "round" | "floor":
                return self._rounded(value)
            case "clip" | "saturate":
                return self._bounded(value)
            case "table":
                return self._looked_up(value)
        return PLAIN[value.operation](self, detail, *self._operands(value))

    def _rounded(self, value: Value) -> Any:
        operand = self.program.values[value.operands[0]]
        half = 1 << (value.detail - 1) if value.operation == "round" else 0
        if not narrow(operand) and (short := rounding(self, value)) is not None:
            return short
        room = narrow(operand) and operand.low >= LEAST and operand.high + half <= MOST
        x = self._fitted(self.of(operand), self.narrow if room else self.wide)
        return self.right(self.b.add(x, self.splat(half, x.type)) if half else x, value.detail)

    def _bounded(self, value: Value) -> Any:
        operand = self.program.values[value.operands[0]]
        short = None if narrow(operand) else saturating(self, value)
        x = self.of(operand) if short is None else short
        result = self.clamp(x, *value.detail[:2])
        if value.operation == "saturate":
            changed = self.b.icmp_signed("!=", x, result)
            self.changed.append(self.b.and_(changed, self.outside["live"]))
        return result

    def _looked_up(self, value: Value) -> Any:
        place = self._fitted(self.of(value.operands[0]), self.narrow)
        if self._believed(value.operands[0]):
            place = self.clamp(place, 0, len(value.detail) - 1)
        begin = self.outside["table", value.detail]
        result = ir.Constant(self.narrow, ir.Undefined)
        for lane in range(self.lanes):
            at = self.b.sext(self.b.extract_element(place, ir.Constant(ir.IntType(32), lane)), LONG)
            word = self.b.load(self.b.gep(begin, [at]), align=4)
            result = self.b.insert_element(result, word, ir.Constant(ir.IntType(32), lane))
        return result

    def _believed(self, place: int) -> bool:
        """Tell whether a range follows from a ``within``, which may be wrong.

        Golden stops there. The engine gives some number, but reads nothing beyond a table.
        """
        waiting, seen = [place], set()
        while waiting:
            value = self.program.values[waiting.pop()]
            if value.operation == "within":
                return True
            seen.add(value.index)
            waiting += set(value.operands) - seen
        return False

    def _random(self, purpose: int, width: int) -> Any:
        """Return `golden.numbers.hash.words`, round by round."""
        b, index = self.b, self.outside["index"]

        def down(x, places):
            return b.lshr(x, self.splat(places))

        y = self.masked(index, 0xFFFF)
        x = b.or_(down(index, 16), self.splat(purpose << PURPOSE_SHIFT))
        for i in range(ROUNDS):
            turned = self.masked(b.or_(down(x, 7), self.left(x, 9)), 0xFFFF)
            x = b.xor(self.masked(b.add(turned, y), 0xFFFF), self.outside["key", i])
            y = b.xor(self.masked(b.or_(self.left(y, 2), down(y, 14)), 0xFFFF), x)
        word = b.or_(self.left(x, 16), y)
        word = word if width == 32 else down(word, 32 - width)
        return word if width < 32 else b.zext(word, self.wide)

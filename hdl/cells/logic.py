"""What an operation of `golden.cells.schedule.dataflow` is in gates, from its operands' values.

Every value has the shape of its range: unsigned if it cannot be negative. Sums are made of no more
bits than what they give, as that is proved to fit.
"""

from collections.abc import Callable

from amaranth.hdl import Cat, Const, Mux, Shape, Value, signed, unsigned

from golden.cells.schedule.dataflow import Carry, Dataflow, Operation
from golden.cells.schedule.delays import is_word
from golden.numbers.hash import WORD_BITS

HALF = WORD_BITS // 2
Read = Callable[[int], Value]


def shape(of) -> Shape:
    """Return the shape of an operation or of a word."""
    return signed(of.width) if of.signed else unsigned(of.width)


def window(value: Value, start: int, width: int) -> Value:
    """Return bits of a number that goes on for ever, with its sign or with zeros."""
    size = len(value)
    sign = value[-1] if value.shape().signed else Const(0)
    there = value[min(start, size) : min(start + width, size)]
    return Cat(there, sign.replicate(width - len(there)))


def fitted(value: Value, of) -> Value:
    """Return a value in the shape of an operation or a word whose range it is in."""
    found = window(value, 0, of.width)
    return found.as_signed() if of.signed else found


def wire(operation: Operation, read: Read) -> Value:
    """Return what an operation gives that is nothing but wires and conditions."""
    kind, detail = operation.kind, operation.detail
    values = [read(place) for place in operation.operands]
    a = values[0]
    if kind == "left":
        found = Cat(Const(0, detail), a)
        return fitted(found.as_signed() if a.shape().signed else found, operation)
    if kind == "floor":
        found = window(a, detail, operation.width)
        return found.as_signed() if operation.signed else found
    if kind == "sign":
        return a[-1] if a.shape().signed else Const(0)
    if kind == "not":
        return ~a[0]
    if kind in {"and", "or"}:
        b = values[1]
        return a[0] & b[0] if kind == "and" else a[0] | b[0]
    return fitted(a, operation)


def computed(flow: Dataflow, place: int, read: Read, key: Value | None) -> Value:
    """Return what an operation gives that is neither a wire nor apart; a round has a key."""
    operation = flow.operations[place]
    kind, detail = operation.kind, operation.detail
    if kind in {"add", "subtract"}:
        return fitted(_sum(flow, place, read), operation)
    values = [read(operand) for operand in operation.operands]
    a = values[0]
    if kind == "round":
        found = window(a, detail, operation.width) + window(a, detail - 1, 1)
        return fitted(found[: operation.width], operation)
    if kind == "less":
        return a < values[1]
    if kind == "clip":
        return fitted(_clipped(a, *detail), operation)
    if kind == "outside":
        return _outside(a, *detail)
    if kind == "select":
        return fitted(
            Mux(a[0], fitted(values[1], operation), fitted(values[2], operation)), operation
        )
    if kind == "shift":
        return _shifted(operation, a, values[1])
    if kind == "hash":
        return _hashed(operation, values, key)
    return fitted(a, operation)


def _sum(flow: Dataflow, place: int, read: Read) -> Value:
    """Add or subtract: with one chain, and a carry in front of it if an operand is rounded."""
    operation, carry = flow.operations[place], flow.operations[place].detail
    passed = min(flow.passed(place), operation.width)
    width, negative = operation.width - passed, operation.kind == "subtract"
    a, b = (read(operand) for operand in operation.operands)
    if isinstance(carry, Carry):
        low = b if carry.side == 0 else a
    else:
        low = a if negative or flow.zeros(operation.operands[1]) >= passed else b
    low, a, b = window(low, 0, passed), window(a, passed, width), window(b, passed, width)
    if isinstance(carry, Carry):
        bit = window(read(carry.source), carry.bit, 1)
        first = ~bit if negative else bit
        b = ~b if negative else b
        total = (Cat(first, a) + Cat(first, b))[1 : width + 1]
    else:
        total = (a - b if negative else a + b)[:width]
    return Cat(low, total)


def _outside(value: Value, low: int, high: int) -> Value:
    """Tell whether a value is not within two ends, which for a word its upper bits say."""
    if not is_word((low, high)):
        return (value < low) | (value > high)
    size = high.bit_length()
    if low == 0:
        return value[size:].any() | (value[-1] if value.shape().signed else 0)
    upper = value[size:] if value.shape().signed else Cat(value[size:], Const(0))
    return upper.any() & ~upper.all()


def _clipped(value: Value, low: int, high: int) -> Value:
    if not is_word((low, high)):
        return Mux(value > high, high, Mux(value < low, low, value))
    size = high.bit_length()
    sign = value[-1] if value.shape().signed else Const(0)
    edge = (~sign).replicate(size)
    word = Cat(edge, sign) if low else edge
    width = len(word)
    found = Mux(_outside(value, low, high), word, window(value, 0, width))
    return found.as_signed() if low else found


def _shifted(operation: Operation, value: Value, places: Value) -> Value:
    """Shift right by the two bits of ``places``, which count ``2**detail``."""
    steps = [window(value, k << operation.detail, operation.width) for k in range(1 << len(places))]
    found = Mux(places[0], steps[1], steps[0])
    if len(places) > 1:
        found = Mux(places[1], Mux(places[0], steps[3], steps[2]), found)
    return found.as_signed() if operation.signed else found


def _hashed(operation: Operation, values: list[Value], key) -> Value:
    number, _ = operation.detail
    return turned(values[0] if number else numbered(operation, values), key)


def numbered(operation: Operation, values: list[Value]) -> Value:
    """Return what the first round of a random word begins with: y and x."""
    (_, purpose), value = operation.detail, values[0]
    size = 2 * HALF - len(value)
    return Cat(value, window(values[1], 0, size) if len(values) > 1 else Const(purpose, size))


def turned(value: Value, key: Value) -> Value:
    """Do one round of `golden.numbers.hash.speck_round`."""
    x, y = value[HALF:], value[:HALF]
    x = (Cat(x[7:], x[:7]) + y)[:HALF] ^ key
    y = Cat(y[HALF - 2 :], y[: HALF - 2]) ^ x
    return Cat(y, x)

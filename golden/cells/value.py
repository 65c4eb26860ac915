"""A number inside a program: an integer with a proven range and a binary point.

A `Value` is what an operation gives: an integer ``n`` that is certain to lie in [``low``, ``high``]
and stands for ``n / 2**point``. Operators work out both for what they give, so that every width of
a program is proved before anything runs. Nothing is ever rounded unless it is asked for, and sums
and comparisons align binary points by shifting left.

=================== ================================================================ =============
written             gives, of integers a, b (points aligned where marked =)          operation
=================== ================================================================ =============
``a + b, a - b``    sum, difference =                                                add, subtract
``a * b``           product, of operands of at most `Trace.operand_bits` bits        multiply
``a < b, a >= b``   1 or 0 =; ``>, <=`` are these with a and b exchanged             less (not)
``p & q, p | q``    of conditions (0 or 1); ``~p`` is 1 - p                          and, or, not
``a.rounded(p)``    to point p: shifted left; or right, to nearest, a half upwards:  align
                    ``(a + 2**(s-1)) >> s``
``a.floored(p)``    to point p: shifted left; or right, rounding down: ``a >> s``    align
``a.times2(k)``     a times 2**k: the same integer, its point k lower                none
``a.clipped(x, y)`` ``min(max(a, x), y)``, x and y integers at a's point             clip
``minimum(a, b)``   the smaller one =                                                minimum
``maximum(a, b)``   the larger one =                                                 maximum
``select(p, a, b)`` a where p is 1, b where it is 0 =                                select
``a.look_up(t, p)`` ``t[a]``, at point p; a is 0 to ``len(t) - 1``                   table
``a.shifted(s)``    ``a >> s``, s a value of 0 to 62: rounding down                  shift
``a.lowest(n)``     the lowest n bits, unsigned: ``a & (2**n - 1)``                  low
``a.within(x, y)``  a, of which the writer knows that x <= a <= y                    within
=================== ================================================================ =============
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from golden.cells.trace import Trace

WIDEST = 62
"""Bits of the widest value, so that everything is exact in int64."""
TABLE_BITS = 32
"""Of the widest entry of a table, so that an engine keeps it in int32."""


def bits(low: int, high: int) -> int:
    """Return the width of a two's-complement word that holds both."""
    return max((~x if x < 0 else x).bit_length() for x in (low, high)) + 1


@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """What an operation gives; made by `Trace` and by operators, never by hand."""

    trace: Trace = field(repr=False)
    index: int
    """Its place in the program."""
    operation: str
    operands: tuple[int, ...]
    """Places of the values that it is made of."""
    detail: Any
    """What else the operation needs: shift, bounds, table, name."""
    low: int
    high: int
    point: int

    @property
    def width(self) -> int:
        """Bits of a two's-complement word for its range."""
        return bits(self.low, self.high)

    def _make(self, operation, operands, low, high, point, detail=None) -> Value:
        return self.trace.make(operation, operands, low, high, point, detail)

    def __add__(self, other: Value) -> Value:
        a, b = aligned(self, other)
        return self._make("add", (a, b), a.low + b.low, a.high + b.high, a.point)

    def __sub__(self, other: Value) -> Value:
        a, b = aligned(self, other)
        return self._make("subtract", (a, b), a.low - b.high, a.high - b.low, a.point)

    def __mul__(self, other: Value) -> Value:
        for operand in (self, other):
            if operand.width > self.trace.operand_bits:
                raise ValueError(
                    f"a factor must have at most {self.trace.operand_bits} bits, "
                    f"not {operand.width}: round it before it is multiplied"
                )
        corners = [x * y for x in (self.low, self.high) for y in (other.low, other.high)]
        square = self is other and self.low < 0 < self.high
        low = 0 if square else min(corners)
        return self._make("multiply", (self, other), low, max(corners), self.point + other.point)

    def __lt__(self, other: Value) -> Value:
        return self._make("less", aligned(self, other), 0, 1, 0)

    def __gt__(self, other: Value) -> Value:
        return other < self

    def __ge__(self, other: Value) -> Value:
        return ~(self < other)

    def __le__(self, other: Value) -> Value:
        return ~(other < self)

    def __and__(self, other: Value) -> Value:
        return self._make("and", (self.asked(), other.asked()), 0, 1, 0)

    def __or__(self, other: Value) -> Value:
        return self._make("or", (self.asked(), other.asked()), 0, 1, 0)

    def __invert__(self) -> Value:
        return self._make("not", (self.asked(),), 0, 1, 0)

    def asked(self) -> Value:
        """Return it, if it is a condition.

        Raises
        ------
        ValueError
            If it may be anything but 0 and 1.
        """
        if self.low < 0 or self.high > 1:
            raise ValueError(f"a condition must be 0 or 1, not {self.low} to {self.high}")
        return self

    def _left(self, shift: int) -> Value:
        if shift == 0:
            return self
        low, high = self.low << shift, self.high << shift
        return self._make("left", (self,), low, high, self.point + shift, shift)

    def rounded(self, point: int) -> Value:
        """Move the binary point, to nearest."""
        shift = self.point - point
        if shift <= 0:
            return self._left(-shift)
        half = 1 << (shift - 1)
        low, high = (self.low + half) >> shift, (self.high + half) >> shift
        return self._make("round", (self,), low, high, point, shift)

    def floored(self, point: int) -> Value:
        """Move the binary point, rounding down."""
        shift = self.point - point
        if shift <= 0:
            return self._left(-shift)
        return self._make("floor", (self,), self.low >> shift, self.high >> shift, point, shift)

    def factor(self) -> Value:
        """Round it so far that it may be multiplied, and no farther."""
        value, point = self, self.point
        while value.width > self.trace.operand_bits:
            point -= 1
            value = self.rounded(point)
        return value

    def times2(self, power: int) -> Value:
        """Multiply by a power of two by moving the point alone."""
        return self._make("left", (self,), self.low, self.high, self.point - power, 0)

    def clipped(self, low: int, high: int) -> Value:
        """Keep it within integers at its own point."""
        if self.low >= low and self.high <= high:
            return self
        return self._make("clip", (self,), *self._kept(low, high), self.point, (low, high))

    def saturated(self, low: int, high: int, name: str) -> Value:
        """Clip it to the range of a word, and count the cases under the word's name."""
        if self.low >= low and self.high <= high:
            return self
        ends = self._kept(low, high)
        return self._make("saturate", (self,), *ends, self.point, (low, high, name))

    def _kept(self, low: int, high: int) -> tuple[int, int]:
        """Return its range after clipping."""
        return min(max(self.low, low), high), min(max(self.high, low), high)

    def fitted(self, width: int) -> Value:
        """Clip to a two's-complement word of ``width`` bits."""
        return self.clipped(-(1 << (width - 1)), (1 << (width - 1)) - 1)

    def within(self, low: int, high: int) -> Value:
        """Return it with a narrower range, which the writer of a function has proved.

        Nothing is computed; golden stops where it does not hold.
        """
        if self.low >= low and self.high <= high:
            return self
        ends = max(self.low, low), min(self.high, high)
        return self._make("within", (self,), *ends, self.point, (low, high))

    def shifted(self, places: Value) -> Value:
        """Shift right by a value, rounding down."""
        if places.low < 0 or places.high > WIDEST:
            raise ValueError(
                f"a shift must be by 0 to {WIDEST} places, not by {places.low} to {places.high}"
            )
        ends = [x >> s for x in (self.low, self.high) for s in (places.low, places.high)]
        return self._make("shift", (self, places), min(ends), max(ends), self.point)

    def lowest(self, width: int) -> Value:
        """Return the lowest bits, unsigned."""
        return self._make("low", (self,), 0, (1 << width) - 1, self.point, width)

    def look_up(self, table: tuple[int, ...], point: int) -> Value:
        """Read a table whose entries have binary point ``point``."""
        if self.low < 0 or self.high >= len(table):
            raise ValueError(
                f"a table of {len(table)} must be read at 0 to {len(table) - 1}, "
                f"not at {self.low} to {self.high}"
            )
        if bits(min(table), max(table)) > TABLE_BITS:
            raise ValueError(
                f"entries of a table must fit {TABLE_BITS} bits, not be {min(table)} to "
                f"{max(table)}"
            )
        return self._make("table", (self,), min(table), max(table), point, table)


def aligned(a: Value, b: Value) -> tuple[Value, Value]:
    """Return both at the finer of their points."""
    point = max(a.point, b.point)
    return a.floored(point), b.floored(point)


def select(condition: Value, a: Value, b: Value) -> Value:
    """Return a where the condition holds, else b."""
    a, b = aligned(a, b)
    low, high = min(a.low, b.low), max(a.high, b.high)
    return a.trace.make("select", (condition.asked(), a, b), low, high, a.point)


def minimum(a: Value, b: Value) -> Value:
    """Return the smaller one."""
    a, b = aligned(a, b)
    return a.trace.make("minimum", (a, b), min(a.low, b.low), min(a.high, b.high), a.point)


def maximum(a: Value, b: Value) -> Value:
    """Return the larger one."""
    a, b = aligned(a, b)
    return a.trace.make("maximum", (a, b), max(a.low, b.low), max(a.high, b.high), a.point)

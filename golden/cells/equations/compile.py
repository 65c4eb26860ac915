"""Turns expressions into integer operations.

A sum is as wide as it needs, its constants at the finest point. A product has factors of at most
`Trace.operand_bits` bits; its constant is a normalised mantissa and is multiplied into the last
factor, and the two halves of the factors meet in one product that is not rounded. A function of
one variable is a table (`golden.cells.equations.algebra`); so is one of several, over its argument.
"""

from collections.abc import Sequence

import numpy as np
import sympy

from golden.cells.equations.algebra import Algebra
from golden.cells.equations.constants import curve, spelt
from golden.cells.equations.lookup import Lookup, tabulated
from golden.cells.equations.parse import LARGEST_POWER, Condition, Expr, symbol
from golden.cells.program import WORD_BITS, Lost
from golden.cells.trace import Trace
from golden.cells.units import interpolated
from golden.cells.value import WIDEST, Value

SUM_BITS = 40
"""Of a sum that is a factor: far more than a factor keeps."""
ARGUMENT = symbol("its argument")


class Compiler:
    """Writes expressions into a trace.

    Parameters
    ----------
    trace : Trace
    algebra : Algebra
    entries : int
        Of a table, at most.
    allow_zero : sequence of str
        Names of constants that may round to 0.
    """

    def __init__(self, trace: Trace, algebra: Algebra, entries: int, allow_zero: Sequence[str]):
        self.trace, self.algebra, self.constants = trace, algebra, algebra.constants
        self.entries, self.allow_zero = entries, tuple(allow_zero)
        self.now: dict[sympy.Symbol, Value] = {}
        """Values of variables and inputs."""
        self.lookups: dict[str, Lookup] = {}
        self.zeros: list[str] = []
        """What rounded to 0, as allowed."""
        self._made: dict[tuple[str, int | None], Value] = {}

    def sum(self, expression: Expr, point: int | None = None) -> Value:
        """Return a sum; terms are rounded to ``point``, if it is given and they are finer."""
        still, moving = self.algebra.terms(self.algebra.spread(expression))
        if not moving:
            return self.constant(still, point)
        negative = [self.algebra.is_negative(term) for term in moving]
        found = [self.product(-x if n else x) for x, n in zip(moving, negative, strict=True)]
        finest = SUM_BITS - max(x.width - x.point for x in found) if point is None else point
        total: Value | None = None
        for term, value, minus in zip(moving, found, negative, strict=True):
            _check_size(value, finest, term)
            if value.point > finest:
                value = value.rounded(finest)
                self._must_count(value, term)
            if total is None:
                total = self.trace.number(0, value.point) - value if minus else value
            else:
                total = total - value if minus else total + value
        assert total is not None
        if still == 0:
            return total
        return total + self.constant(still, total.point if point is None else point)

    def _must_count(self, found: Value, term: Expr) -> None:
        if found.low == found.high == 0:
            name = spelt(term)
            if name not in self.allow_zero:
                raise ValueError(
                    f"{name} must not be lost: it is always less than half of "
                    f"{2.0**-found.point:g}{self._way_out(term, (0,))}"
                )
            self.zeros.append(name)

    def _way_out(self, expression: Expr, where: tuple[int, ...]) -> str:
        """Return what made an expression so small, and how it may be 0."""
        given = self.constants.given(expression, where)
        return f"{given and ', with '}{given}; allow_zero=[{spelt(expression)!r}] lets it be 0"

    def product(self, expression: Expr) -> Value:
        """Return a product; it is not rounded."""
        if expression in self.now:
            return self.now[expression]
        still, moving = self.algebra.factors(expression)
        if not moving:
            return self.constant(still)
        factors = [factor for part in moving for factor in self._factors(part)]
        factors.sort(key=lambda x: x.width)
        power = self.algebra.power_of_two(still)
        if power is not None:
            return _halves(factors).times2(power)
        last = self.constant(still) * factors[-1].factor()
        return _halves([*factors[:-1], last])

    def _factors(self, part: Expr) -> list[Value]:
        if part.is_Pow and part.exp.is_Integer and part.exp > 0:
            if part.exp > LARGEST_POWER:
                raise ValueError(f"a power must be {LARGEST_POWER} or less, not {part.exp}")
            return [self._value(part.base)] * int(part.exp)
        return [self._value(part)]

    def _value(self, part: Expr) -> Value:
        if part in self.now:
            return self.now[part]
        if part.is_Add and not self.algebra.is_table(part):
            return self.sum(part)
        return self._one_table(part)

    def constant(self, expression: Expr, point: int | None = None) -> Value:
        """Return what stands still: a normalised mantissa, or a number at a point."""
        name = spelt(expression)
        values = self.constants.value(expression, name)
        if point is not None:
            room = WORD_BITS - 1 - int(np.frexp(np.max(np.abs(values), initial=0.0))[1])
            point = min(point, room)
        if (name, point) not in self._made:
            # The same number at two points is two constants.
            again = any(other == name for other, _ in self._made)
            own = f"{name} at {point}" if again else name
            self._made[name, point] = self._rounded(own, expression, values, point)
        return self._made[name, point]

    def _rounded(self, own: str, expression: Expr, values: np.ndarray, point: int | None) -> Value:
        try:
            return self.trace.constant(own, values, point)
        except Lost as error:
            name = spelt(expression)
            if name not in self.allow_zero:
                where = tuple(np.argwhere(error.lost)[0])
                raise ValueError(f"{error}{self._way_out(expression, where)}") from None
            self.zeros.append(name)
            return self.trace.constant(own, np.where(error.lost, 0.0, values), point)

    def _one_table(self, part: Expr) -> Value:
        """Return a function from a table: of a variable, or of a whole argument."""
        movers = self.algebra.movers(part)
        if len(movers) == 1 and self.constants.are_shared(part):
            (variable,) = movers
            return self._table(part, variable, self.now[variable])
        argument = part.base if part.is_Pow else part.args[0]
        outside = part.xreplace({argument: ARGUMENT})
        return self._table(outside, ARGUMENT, self.sum(argument).factor())

    def _table(self, part: Expr, variable: sympy.Symbol, x: Value) -> Value:
        low, high = x.low, x.high
        name = f"{part} of {variable}" if variable == ARGUMENT else str(part)
        key = f"{name} over {low} to {high} at {x.point}"
        if key not in self.lookups:
            self.lookups[key] = tabulated(
                name,
                curve(self.constants.shared(part), variable),
                (low, high),
                x.point,
                self.entries,
                self.trace.operand_bits - 2,
            )
        found = self.lookups[key]
        return interpolated(x, found.entries, found.point, found.low, found.shift)

    def condition(self, condition: Condition) -> Value:
        """Return a condition: 1 or 0."""
        match condition:
            case ("and", a, b):
                return self.condition(a) & self.condition(b)
            case ("or", a, b):
                return self.condition(a) | self.condition(b)
            case ("not", a):
                return ~self.condition(a)
        more = self.sum(condition[1])
        zero = self.trace.number(0, more.point)
        return more >= zero if condition[0] == "ge" else more > zero

    def margin(self, condition: Condition) -> Value:
        """Return by how much the first comparison holds."""
        while condition[0] not in {"ge", "gt"}:
            condition = condition[1]
        value = self.sum(condition[1])
        while value.width >= WORD_BITS:
            value = value.rounded(value.point - 1)
        return value


def _halves(factors: list[Value]) -> Value:
    """Multiply: each half by itself, then both; only what is multiplied on is rounded."""
    if len(factors) == 1:
        return factors[0]
    middle = len(factors) // 2
    return _halves(factors[:middle]).factor() * _halves(factors[middle:]).factor()


def _check_size(value: Value, finest: int, term: Expr) -> None:
    if value.width - value.point + finest > WIDEST - 2:
        raise ValueError(
            f"{term} must stay below {2.0 ** (WIDEST - 3 - finest):g}, "
            f"not reach {2.0 ** (value.width - 1 - value.point):g}"
        )

"""What is a constant, a polynomial, a table: how an expression is taken apart.

A *table* is what depends on one variable alone, is no polynomial, and has parameters that all
neurons share. Polynomials stay outside of tables, whose entries all have one point: beside a large
cube a small tangent would be lost. Only a factor next to a pole goes in, so that x / (1 - exp(-x))
is finite at 0.
"""

from collections.abc import Mapping

import numpy as np
import sympy

from golden.cells.equations.constants import Constants, curve
from golden.cells.equations.parse import Expr

PLACES = 33
"""Where a divisor is looked at for a change of sign."""


class Algebra:
    """Takes expressions apart.

    Parameters
    ----------
    constants : Constants
    ranges : mapping from symbols to pairs
        Of all that moves, variables and inputs: their ranges in base units.
    """

    def __init__(self, constants: Constants, ranges: Mapping[sympy.Symbol, tuple[float, float]]):
        self.constants, self.ranges = constants, ranges

    def movers(self, expression: Expr) -> set[sympy.Symbol]:
        """Return the variables and inputs in an expression."""
        return expression.free_symbols & set(self.ranges)

    def factors(self, expression: Expr) -> tuple[Expr, list[Expr]]:
        """Part a product into its constant and what moves; tables of one variable are one."""
        still, moving, tables = self._parted(sympy.Mul, expression)
        for part in [x for x in moving if len(self.movers(x)) == 1]:
            (variable,) = self.movers(part)
            beside = sympy.Mul(*tables.get(variable, []))
            if self.constants.are_shared(part) and self._has_pole(beside, variable):
                tables[variable].append(part)
                moving.remove(part)
        return still, [*moving, *(sympy.Mul(*parts) for parts in tables.values())]

    def terms(self, expression: Expr) -> tuple[Expr, list[Expr]]:
        """Part a sum in the same way."""
        still, moving, tables = self._parted(sympy.Add, expression)
        return still, [*moving, *(sympy.Add(*parts) for parts in tables.values())]

    def _parted(self, kind, expression: Expr) -> tuple[Expr, list[Expr], dict]:
        still, moving, tables = [], [], {}
        for part in kind.make_args(expression):
            movers = self.movers(part)
            if not movers:
                still.append(part)
            elif self.is_table(part):
                tables.setdefault(movers.pop(), []).append(part)
            else:
                moving.append(part)
        return kind(*still), moving, tables

    def spread(self, expression: Expr) -> Expr:
        """Multiply a constant into a sum that is not linear: its terms have constants anyway.

        A power of two goes into any sum: that is only a matter of points.
        """
        parts = []
        for part in sympy.Add.make_args(expression):
            still, moving = self.factors(part)
            if len(moving) == 1 and moving[0].is_Add and not self.is_table(moving[0]):
                terms = moving[0].args
                free = self.power_of_two(still) is not None
                if free or any(len(self.factors(x)[1]) > 1 or x.is_Pow for x in terms):
                    parts.append(self.spread(sympy.Add(*(still * x for x in terms))))
                    continue
            parts.append(part)
        return sympy.Add(*parts)

    def power_of_two(self, still: Expr) -> int | None:
        """Return the power if it is one, for all neurons."""
        if not self.constants.are_shared(still):
            return None
        mantissa, power = np.frexp(float(self.constants.value(still, str(still))))
        return int(power) - 1 if mantissa == 0.5 else None

    def is_negative(self, term: Expr) -> bool:
        """Tell whether a term has a negative constant, for all neurons."""
        still, _ = self.factors(term)
        shared = self.constants.are_shared(still)
        return shared and bool(self.constants.value(still, str(still)) < 0)

    def is_table(self, part: Expr) -> bool:
        """Tell whether it is one table."""
        if len(self.movers(part)) != 1 or self._is_polynomial(part):
            return False
        sums = part.args if part.is_Add else ()
        apart = any(self.movers(x) and self._is_polynomial(x) for x in sums)
        return not apart and self.constants.are_shared(part)

    def _is_polynomial(self, expression: Expr) -> bool:
        if not self.movers(expression) or expression.is_Symbol:
            return True
        if expression.is_Pow:
            power = expression.exp
            return power.is_Integer and power > 0 and self._is_polynomial(expression.base)
        return (expression.is_Add or expression.is_Mul) and all(
            self._is_polynomial(x) for x in expression.args
        )

    def _has_pole(self, part: Expr, variable: sympy.Symbol) -> bool:
        """Tell whether a divisor in it is 0 or changes its sign within the range."""
        return any(
            power.exp.is_negative and self._vanishes(power.base, variable)
            for power in part.atoms(sympy.Pow)
            if variable in power.free_symbols
        )

    def _vanishes(self, base: Expr, variable: sympy.Symbol) -> bool:
        value = curve(self.constants.shared(base), variable)
        places = np.linspace(*self.ranges[variable], PLACES)
        seen = [value(sympy.Rational(float(x))) for x in places]
        return any(x is None for x in seen) or min(seen) <= 0 <= max(seen)

"""Numbers of a model, exact: expressions of parameters, evaluated by mpmath.

`mpmath` gives the same bits on every machine; so does everything made from it here.
"""

from collections.abc import Callable, Mapping
from typing import Any

import mpmath
import numpy as np
import sympy

from golden.cells.equations.parse import Expr

PRECISION = 160
"""Bits that are calculated with."""
NUDGE = 2.0**-40
"""How far beside a point 0/0 is evaluated, relative to the point."""

LARGEST_ARGUMENT = 1e6
"""Of a function."""
LARGEST_VALUE = 1e60


LONG = 12
"""Digits of a number that nobody reads."""


def spelt(expression: Expr) -> str:
    """Return an expression as errors and reports name it: long fractions as decimals."""
    long = [x for x in expression.atoms(sympy.Rational) if len(str(x)) > LONG]
    return str(expression.xreplace({x: sympy.Symbol(f"{float(x):g}") for x in long}))


def function(expression: Expr, symbols: list[sympy.Symbol]) -> Callable[..., Any]:
    """Return an expression as a function of mpmath's numbers."""
    return sympy.lambdify(symbols, expression, [GUARDED, "mpmath"])


def _guarded(name: str) -> Callable[[Any], Any]:
    call = getattr(mpmath, name)

    def within(x: Any) -> Any:
        if abs(x) > LARGEST_ARGUMENT:
            raise OverflowError(name)
        return call(x)

    return within


GUARDED = {name: _guarded(name) for name in ("exp", "sin", "cos", "sinh", "cosh", "tanh")}
"""Of an exponential of an exponential mpmath would calculate millions of digits."""


def real(value: Any) -> Any:
    """Return mpmath's number, or None if it is not real or too large."""
    if isinstance(value, mpmath.mpc):
        if value.imag != 0:
            return None
        value = value.real
    value = mpmath.mpf(value)
    return value if abs(value) <= LARGEST_VALUE else None


class Constants:
    """Values of expressions in which only parameters and the step are.

    Parameters
    ----------
    values : mapping from symbols to arrays of shape () or (neurons,)
        Parameters, the step ``dt``, and what was calculated from them.
    """

    def __init__(self, values: Mapping[sympy.Symbol, np.ndarray]):
        self.values = dict(values)
        self._known: dict[Expr, np.ndarray] = {}

    def are_shared(self, expression: Expr) -> bool:
        """Tell whether all neurons have the same value of it."""
        return all(self.values[x].ndim == 0 for x in self._used(expression))

    def _used(self, expression: Expr) -> list[sympy.Symbol]:
        return sorted((x for x in expression.free_symbols if x in self.values), key=str)

    def value(self, expression: Expr, what: str) -> np.ndarray:
        """Return its value, shape () or (neurons,).

        Raises
        ------
        ValueError
            If it is not a finite real number.
        """
        if expression not in self._known:
            self._known[expression] = self._value(expression, what)
        return self._known[expression]

    def _value(self, expression: Expr, what: str) -> np.ndarray:
        used = self._used(expression)
        columns = np.broadcast_arrays(*(self.values[x] for x in used)) if used else []
        shape = columns[0].shape if used else ()
        table = np.stack([c.ravel() for c in columns]) if used else np.zeros((0, 1))
        rows, back = np.unique(table, axis=1, return_inverse=True)
        call = function(expression, used)
        found = [self._one(call, row, used, what) for row in rows.T]
        return np.array(found, np.float64)[back.ravel()].reshape(shape)

    def _one(self, call, row: np.ndarray, used: list[sympy.Symbol], what: str) -> float:
        with mpmath.workprec(PRECISION):
            try:
                value = real(call(*(mpmath.mpf(float(x)) for x in row)))
                number = None if value is None else float(value)
            except (ZeroDivisionError, OverflowError, ValueError):
                number = None
        if number is None or not np.isfinite(number):
            said = ", ".join(f"{x} = {v:g}" for x, v in zip(used, row, strict=True))
            raise ValueError(f"{what} must be a finite number, not what it is for {said or 'it'}")
        return number

    def given(self, expression: Expr, where: tuple[int, ...]) -> str:
        """Return the step and parameters in an expression, with the numbers of one neuron."""
        used = [(x, self.values[x]) for x in self._used(expression)]
        return ", ".join(f"{x} = {float(v[where] if v.ndim else v):g}" for x, v in used)

    def shared(self, expression: Expr) -> Expr:
        """Return it with shared parameters in, exactly."""
        return expression.xreplace({
            x: sympy.Rational(float(self.values[x])) for x in self._used(expression)
        })


def curve(expression: Expr, variable: sympy.Symbol) -> Callable[[Expr], Any]:
    """Return a function of one variable, whose 0/0 is the limit; None where it has no value."""
    call = function(expression, [variable])

    def at(x: Any) -> Any:
        try:
            return real(call(x))
        except (ZeroDivisionError, OverflowError, ValueError):
            return None

    def value(x: Expr) -> Any:
        with mpmath.workprec(PRECISION):
            place = mpmath.mpf(x.p) / x.q
            found = at(place)
            if found is not None:
                return found
            far = NUDGE * max(1, abs(place))
            below, above = at(place - far), at(place + far)
            if below is None or above is None or abs(below - above) > 1e-6 * (1 + abs(above)):
                return None
            return (below + above) / 2

    return value

"""What each variable grows by in a step: the integrator of every equation is chosen here.

All variables grow at once, from the values before the step, with h the step and inputs standing
still. In this order the first that fits is taken:

exact
    Variables that form a linear system with constant coefficients, ``x' = A x + b(inputs)``:
    ``x <- x + (P - 1) x + Q b`` with ``P = exp(A h)``, ``Q`` the integral of ``exp(A s)`` over the
    step.
exponential
    A variable that is linear in itself, at a rate that is a number or a function of one other
    variable, ``x' = A x + B``: solved exactly while the others stand still, ``x <- x + (exp(A h) -
    1) x + Q B``, or as Rush and Larsen do with gates ``x <- x + (1 - exp(A(v) h)) (-B(v)/A(v) -
    x)``.
Euler
    ``x <- x + h f``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import mpmath
import numpy as np
import sympy

from golden.cells.equations.constants import PRECISION, Constants
from golden.cells.equations.dynamics import Dynamics, Equation
from golden.cells.equations.parse import Expr, symbol

STEP = symbol("dt")


@dataclass(frozen=True, slots=True)
class Update:
    """What a variable grows by in a step."""

    variable: Equation
    method: str
    """"exact", "exponential" or "Euler"."""
    increment: Expr
    target: Expr | None = None
    """Where the variable goes while others stand still, if that is a function of one of them."""


def updates(dynamics: Dynamics, constants: Constants, method: str) -> tuple[Update, ...]:
    """Choose an integrator for every variable.

    Parameters
    ----------
    constants : Constants
        With the step; propagators are added.
    method : str
        "auto", or "Euler" for all.
    """
    linear = _linear(dynamics) if method == "auto" else []
    found = {x.name: update for x, update in _exact(linear, dynamics, constants)}
    for x in dynamics.variables:
        if x.name not in found:
            own = _exponential(x, dynamics, constants) if method == "auto" else None
            found[x.name] = own or Update(x, "Euler", STEP * x.derivative)
    return tuple(found[x.name] for x in dynamics.variables)


def _linear(dynamics: Dynamics) -> list[Equation]:
    """Return the largest set of variables that form a linear system."""
    chosen = list(dynamics.variables)
    while True:
        inside = {x.symbol for x in chosen}
        outside = {x.symbol for x in dynamics.variables} - inside
        kept = [x for x in chosen if _is_linear(x, inside, outside, dynamics.moving)]
        if len(kept) == len(chosen):
            return kept
        chosen = kept


def _is_linear(x: Equation, inside: set, outside: set, moving: frozenset) -> bool:
    slopes = [sympy.diff(x.derivative, y) for y in sorted(inside, key=str)]
    return not x.derivative.free_symbols & outside and all(
        not slope.free_symbols & moving for slope in slopes
    )


def _exact(
    linear: list[Equation], dynamics: Dynamics, constants: Constants
) -> Iterable[tuple[Equation, Update]]:
    symbols = [x.symbol for x in linear]
    nothing = dict.fromkeys(symbols, 0)
    drives = [x.derivative.subs(nothing) for x in linear]
    matrix = [[sympy.diff(x.derivative, y) for y in symbols] for x in linear]
    decay, gain = _propagators(linear, matrix, constants)
    for i, x in enumerate(linear):
        grown = sum(
            (decay[i][j] * y + gain[i][j] * drives[j] for j, y in enumerate(symbols)),
            sympy.Integer(0),
        )
        yield x, Update(x, "exact", grown)


def _propagators(linear: list[Equation], matrix: list, constants: Constants) -> tuple:
    """Return symbols of P - 1 and Q; entries that are 0 for all neurons are 0."""
    n = len(linear)
    entries = [
        [constants.value(cell, f"the rate of {x.name}") for cell in row]
        for x, row in zip(linear, matrix, strict=True)
    ]
    h = constants.value(STEP, "the step")
    shape = np.broadcast_shapes(*(np.shape(cell) for row in entries for cell in row))
    flat = np.stack([np.broadcast_to(c, shape).ravel() for row in entries for c in row] or [[]])
    rows, back = np.unique(flat, axis=1, return_inverse=True)
    solved = [_solved(column.reshape(n, n), float(h)) for column in rows.T] if n else []
    symbols: list[list[list[Expr]]] = []
    for kind, name in enumerate(("decay", "gain")):
        table = []
        for i, x in enumerate(linear):
            line = []
            for j, y in enumerate(linear):
                values = np.array([s[kind][i][j] for s in solved])[back.ravel()].reshape(shape)
                there = sympy.Symbol(f"{name}({x.name}, {y.name})", real=True)
                if values.any():
                    constants.values[there] = values
                line.append(there if values.any() else sympy.Integer(0))
            table.append(line)
        symbols.append(table)
    return symbols[0], symbols[1]


def _solved(matrix: np.ndarray, h: float) -> tuple[list, list]:
    """Return P - 1 and Q from the exponential of [[A, 1], [0, 0]] h."""
    n = len(matrix)
    with mpmath.workprec(PRECISION):
        block = mpmath.zeros(2 * n)
        for i in range(n):
            block[i, n + i] = h
            for j in range(n):
                block[i, j] = mpmath.mpf(float(matrix[i, j])) * h
        whole = mpmath.expm(block)
        # What cannot be reached is 0, but for rounding far below any format.
        clean = mpmath.mpf(2) ** (-PRECISION // 2)
        decay = [[whole[i, j] - (i == j) for j in range(n)] for i in range(n)]
        gain = [[whole[i, n + j] for j in range(n)] for i in range(n)]
        return _floats(decay, clean), _floats(gain, clean)


def _floats(part: list, least: Any) -> list:
    return [[float(x) if abs(x) > least else 0.0 for x in row] for row in part]


def _exponential(x: Equation, dynamics: Dynamics, constants: Constants) -> Update | None:
    rate = sympy.diff(x.derivative, x.symbol)
    moving = rate.free_symbols & dynamics.moving
    if rate == 0 or x.symbol in moving or len(moving) > 1:
        return None
    drive = x.derivative.subs(x.symbol, 0)
    if not moving:
        decay, gain = _propagators([x], [[rate]], constants)
        target = -drive / rate if len(drive.free_symbols & dynamics.moving) == 1 else None
        grown = decay[0][0] * x.symbol + gain[0][0] * drive
        return Update(x, "exponential", grown, target)
    if (drive.free_symbols & dynamics.moving) - moving:
        return None
    target = -drive / rate
    return Update(x, "exponential", (1 - sympy.exp(rate * STEP)) * (target - x.symbol), target)

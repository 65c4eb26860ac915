"""Elementary functions in float64, the same bits on every machine.

Only + - * / and exact operations are used, which IEEE 754 rounds one way; numpy's own ``exp``
differs in the last bit from machine to machine, and formats are taken from runs with these.
Within 1e-13 of the function, relative to the largest of 1 and its value.
"""

from typing import Any

import numpy as np

LOG2 = 0.6931471805599453
HALF_PI = 1.5707963267948966
TERMS = 18


def exp(x: Any) -> Any:
    """Return e**x by Taylor's series of the remainder of x by log 2."""
    x = np.clip(np.asarray(x, np.float64), -745.0, 709.0)
    whole = np.floor(x / LOG2 + 0.5)
    rest, total = x - whole * LOG2, np.ones_like(x)
    for n in range(TERMS, 0, -1):
        total = 1.0 + total * rest / n
    return np.ldexp(total, whole.astype(np.int64))


def log(x: Any) -> Any:
    """Return the logarithm by the series of atanh; nan for what has none."""
    fraction, power = np.frexp(np.asarray(x, np.float64))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (fraction - 0.75) / (fraction + 0.75)
        total = np.zeros_like(ratio)
        for n in range(2 * TERMS + 1, 0, -2):
            total = 1.0 / n + total * ratio * ratio
        found = 2.0 * ratio * total + LOG_THREE_QUARTERS + power * LOG2
    return np.where(fraction > 0, found, np.nan)


LOG_THREE_QUARTERS = -0.2876820724517809


def sin(x: Any) -> Any:
    """Return the sine by Taylor's series of the remainder of x by pi / 2."""
    return _turned(x, 0)


def cos(x: Any) -> Any:
    """Return the cosine."""
    return _turned(x, 1)


def _turned(x: Any, quarters: int) -> Any:
    x = np.asarray(x, np.float64)
    whole = np.floor(x / HALF_PI + 0.5)
    rest = x - whole * HALF_PI
    square, odd, even = rest * rest, np.ones_like(x), np.ones_like(x)
    for n in range(TERMS, 0, -2):
        even = 1.0 - even * square / (n * (n - 1))
        odd = 1.0 - odd * square / (n * (n + 1))
    quadrant = np.mod(whole + quarters, 4)
    part = np.where(np.mod(quadrant, 2) == 0, odd * rest, even)
    return np.where(quadrant >= 2, -part, part)


def sinh(x: Any) -> Any:
    """Return the hyperbolic sine."""
    return (exp(x) - exp(-np.asarray(x))) / 2.0


def cosh(x: Any) -> Any:
    """Return the hyperbolic cosine."""
    return (exp(x) + exp(-np.asarray(x))) / 2.0


def tanh(x: Any) -> Any:
    """Return the hyperbolic tangent."""
    twice = exp(2.0 * np.clip(np.asarray(x, np.float64), -20.0, 20.0))
    return (twice - 1.0) / (twice + 1.0)

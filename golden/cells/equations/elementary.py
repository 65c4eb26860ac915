"""Elementary functions in float64, the same bits on every machine.

Only + - * / and exact operations are used, which IEEE 754 rounds one way; a library's own ``exp``
differs in the last bit from machine to machine, and formats are taken from runs with these.
Within 1e-13 of the function, relative to the larger of 1 and its value.
"""

import math

from golden.numbers.compiled import compiled, elementwise

LOG2 = 0.6931471805599453
LOG_THREE_QUARTERS = -0.2876820724517809
HALF_PI = 1.5707963267948966
TERMS = 18


@compiled
def _exp(x):
    """Taylor's series of the remainder of x by log 2."""
    x = min(max(x, -745.0), 709.0)
    whole = math.floor(x / LOG2 + 0.5)
    rest, total = x - whole * LOG2, 1.0
    for n in range(TERMS, 0, -1):
        total = 1.0 + total * rest / n
    return math.ldexp(total, int(whole))


@compiled
def _turned(x, quarters):
    """Taylor's series of the sine or cosine of the remainder of x by pi / 2."""
    whole = math.floor(x / HALF_PI + 0.5)
    rest, odd, even = x - whole * HALF_PI, 1.0, 1.0
    for n in range(TERMS, 0, -2):
        even = 1.0 - even * rest * rest / (n * (n - 1))
        odd = 1.0 - odd * rest * rest / (n * (n + 1))
    quadrant = (whole + quarters) % 4
    part = odd * rest if quadrant % 2 == 0 else even
    return -part if quadrant >= 2 else part


@elementwise
def exp(x):
    """Return e**x."""
    return _exp(x)


@elementwise
def log(x):
    """Return the logarithm by the series of atanh; nan for what has none."""
    if not x > 0.0:
        return math.nan
    fraction, power = math.frexp(x)
    ratio, total = (fraction - 0.75) / (fraction + 0.75), 0.0
    for n in range(2 * TERMS + 1, 0, -2):
        total = 1.0 / n + total * ratio * ratio
    return 2.0 * ratio * total + LOG_THREE_QUARTERS + power * LOG2


@elementwise
def sin(x):
    """Return the sine."""
    return _turned(x, 0)


@elementwise
def cos(x):
    """Return the cosine."""
    return _turned(x, 1)


@elementwise
def sinh(x):
    """Return the hyperbolic sine."""
    return (_exp(x) - _exp(-x)) / 2.0


@elementwise
def cosh(x):
    """Return the hyperbolic cosine."""
    return (_exp(x) + _exp(-x)) / 2.0


@elementwise
def tanh(x):
    """Return the hyperbolic tangent."""
    twice = _exp(2.0 * min(max(x, -20.0), 20.0))
    return (twice - 1.0) / (twice + 1.0)

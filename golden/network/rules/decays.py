"""What is left of a trace after so many steps: looked up by age, never multiplied step by step.

So there is no dead zone in which a rounded trace no longer decays, and whoever looks at it late
sees what whoever looked in every step would have seen.
"""

from functools import cache

import mpmath

from golden.cells.value import Value

AGE_BITS = 20
AGE_MOST = (1 << AGE_BITS) - 1
"""Steps since the last event, at most: of what is older, or never was, nothing may be left."""
LONGEST = 1 << 16
"""Steps of the longest time constant: after `AGE_MOST` steps nothing is left of it."""
FINE_BITS = 8
SHORT = 1 << 10
"""Entries of the longest table that stays in one piece."""
DIGITS = 30


def fraction(operand_bits: int) -> int:
    """Return the binary point of what is left: 1, too, is then a factor of a product."""
    return operand_bits - 2


def ends(tau: float, point: int) -> int:
    """Return the first age, in steps, at which nothing is left: e**(-age/tau) rounds to 0."""
    with mpmath.workdps(DIGITS):
        age = int(mpmath.mpf(tau) * mpmath.log(mpmath.mpf(2) ** (point + 1)))
    while _share(age, tau, point):
        age += 1
    return age


@cache
def shares(tau: float, first: int, last: int, stride: int, point: int) -> tuple[int, ...]:
    """Return e**(-age/tau) at ages ``first`` to ``last``, in steps, rounded to nearest."""
    return tuple(_share(age, tau, point) for age in range(first, last + 1, stride))


def _share(age: int, tau: float, point: int) -> int:
    with mpmath.workdps(DIGITS):
        share = mpmath.exp(-mpmath.mpf(age) / mpmath.mpf(tau))
        return int(mpmath.nint(mpmath.ldexp(share, point)))


def left(age: Value, tau: float) -> Value:
    """Return e**(-age/tau), ``tau`` in steps.

    From one table of up to `SHORT` entries, whose last one is 0, or from two: ``coarse[age >>
    FINE_BITS] fine[age mod 2**FINE_BITS]``, rounded to nearest.
    """
    point = fraction(age.trace.operand_bits)
    last = ends(tau, point)
    if last < SHORT:
        return age.clipped(0, last).look_up(shares(tau, 0, last, 1, point), point)
    step = 1 << FINE_BITS
    last = -(-last // step)
    age = age.clipped(0, (last << FINE_BITS) | (step - 1))
    coarse = age.floored(-FINE_BITS).times2(-FINE_BITS)
    coarse = coarse.look_up(shares(tau, 0, last << FINE_BITS, step, point), point)
    fine = age.lowest(FINE_BITS).look_up(shares(tau, 0, step - 1, 1, point), point)
    return (coarse * fine).rounded(point)

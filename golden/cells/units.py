"""Functions of one value, built from the operations of `golden.cells.value`.

============== ================================================= ==================================
function       made of                                           worst error
============== ================================================= ==================================
`interpolated` 1 table of n + 1 entries read twice, 1 product    1 last place, and w**2/8 of the
                                                                 second derivative
`power2`       `interpolated` from 0 to 1, 1 shift by a value    1 / 25,000 of the result, with 64
                                                                 entries, and half a last place
`exponential`  `power2` of x log2(e), 1 product more             1 / 18,000, and half a last place
============== ================================================= ==================================

Entries of tables come from mpmath with `DIGITS` digits, so that they are the same on every machine.
"""

from collections.abc import Callable
from typing import Any

import mpmath

from golden.cells.value import Value

DIGITS = 30
"""Decimal digits with which a table is computed."""
FINEST = 15
"""Binary point of the table of 2**x: entries are 1 to 2."""


def sampled(
    function: Callable[[Any], Any], low: float, high: float, intervals: int, point: int
) -> tuple[int, ...]:
    """Return a function at ``low``, ..., ``high``, both included, at a binary point.

    Parameters
    ----------
    function : callable
        From an mpmath number to an mpmath number.
    """
    return _integers(_exact(function, low, high, intervals), point)


def _exact(function: Callable[[Any], Any], low: float, high: float, intervals: int) -> list[Any]:
    with mpmath.workdps(DIGITS):
        start, width = mpmath.mpf(low), (mpmath.mpf(high) - low) / intervals
        return [function(start + k * width) for k in range(intervals + 1)]


def _integers(values: list[Any], point: int) -> tuple[int, ...]:
    with mpmath.workdps(DIGITS):
        scale = mpmath.mpf(2) ** point
        return tuple(int(mpmath.nint(value * scale)) for value in values)


def normalised(
    function: Callable[[Any], Any], low: float, high: float, intervals: int, size: int
) -> tuple[tuple[int, ...], int]:
    """Return `sampled` at the point at which the largest magnitude fills ``size`` bits; the point.

    Raises
    ------
    ValueError
        If the function is 0 everywhere.
    """
    values = _exact(function, low, high, intervals)
    largest = max(abs(x) for x in values)
    if largest == 0:
        raise ValueError("a table must have an entry that is not 0")
    point = size - int(mpmath.frexp(largest)[1])
    table = _integers(values, point)
    if max(map(abs, table)) < 1 << size:
        return table, point
    return _integers(values, point - 1), point - 1


def interpolated(x: Value, entries: tuple[int, ...], point: int, low: int, shift: int) -> Value:
    """Return a function of x from a table, straight between its entries, rounded once to nearest.

    For the integer n of x, kept within the table, with ``i, r = divmod(n - low, 2**shift)``, it is
    ``entries[i] + (entries[i + 1] - entries[i]) * r / 2**shift``. Of r the upper bits count that
    fit a factor.

    Parameters
    ----------
    x : Value
    entries : tuple of int
        Values at ``low + i * 2**shift``, at binary point ``point``; two neighbours differ by less
        than a factor may have.
    low : int
        The n of the first entry.
    shift : int
        Bits of n between two entries; 0 if each n has its own.
    """
    top = low + ((len(entries) - 1) << shift)
    places = x.clipped(low, top if shift == 0 else top - 1) - x.trace.number(low, x.point)
    index = places.floored(x.point - shift)
    here = index.look_up(entries, point)
    if shift == 0:
        return here
    rises = [b - a for a, b in zip(entries, entries[1:], strict=False)]
    there = (index + x.trace.number(1, index.point)).look_up(entries, point)
    rise = (there - here).within(min(rises), max(rises))
    rest = places.lowest(shift).times2(x.point - shift)
    rest = rest.floored(min(shift, x.trace.operand_bits - 1))
    return (here + (rise * rest).rounded(point)).within(min(entries), max(entries))


def power2(x: Value, point: int, top: int, intervals: int = 64) -> Value:
    """Return 2**x.

    ``2**floor(x)`` is a shift, ``2**(x - floor(x))`` comes from a table with `FINEST` fraction
    bits; the result is rounded to nearest once more after the shift.

    Parameters
    ----------
    point : int
        Of what is returned.
    top : int
        x is clipped below ``top``, so that the result is at most ``2**top``.
    intervals : int
        Of the table, a power of two.
    """
    trace, size = x.trace, intervals.bit_length() - 1
    least = -point - 2
    x = x.floored(max(x.point, 0))
    x = x.clipped(least << x.point, (top << x.point) - 1)
    whole = x.floored(0)
    part = x.lowest(x.point).floored(max(size, min(x.point, FINEST)))
    table = sampled(lambda f: mpmath.mpf(2) ** f, 0, 1, intervals, FINEST)
    mantissa = interpolated(part, table, FINEST, 0, part.point - size)
    wide = mantissa.floored(max(FINEST, point + top))
    places = trace.number(wide.point - point - 1) - whole
    return wide.shifted(places).times2(wide.point - point - 1).rounded(point)


def exponential(x: Value, point: int, top: int, intervals: int = 64) -> Value:
    """Return e**x as `power2` of x log2(e); x log2(e) is clipped below ``top``."""
    size = x.trace.operand_bits - 2
    with mpmath.workdps(DIGITS):
        log2e = int(mpmath.nint(mpmath.mpf(2) ** size / mpmath.log(2)))
    scaled = x.factor() * x.trace.number(log2e, size)
    return power2(scaled.rounded(min(scaled.point, 2 * FINEST)), point, top, intervals)

"""A function of one value as a table: its entries come from mpmath, the same on every machine."""

from collections.abc import Callable
from typing import Any

import numpy as np

from golden.cells.units import interpolated, sampled
from golden.cells.value import Value


def tabulated(
    x: Value, function: Callable[[Any], Any], ends: tuple[float, float], width: float, point: int
) -> Value:
    """Return a function of x: a table that runs straight from entry to entry.

    Parameters
    ----------
    function : callable
        From an mpmath number to an mpmath number.
    ends : pair of floats
        Where the table begins and ends, rounded to entries; beyond, it is as there.
    width : float
        From entry to entry at most; the next lower power of two is taken.
    point : int
        Of entries and of what is returned.
    """
    power = int(np.floor(np.log2(width)))
    first, last = (int(np.rint(end / 2.0**power)) for end in ends)
    entries = sampled(function, first * 2.0**power, last * 2.0**power, last - first, point)
    x = x.floored(max(x.point, -power))
    return interpolated(x, entries, point, first << (x.point + power), x.point + power)

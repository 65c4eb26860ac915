"""Functions of one variable as tables: entries from mpmath, and how far they are off."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import mpmath
import numpy as np
import sympy

from golden.cells.equations.parse import Expr

Curve = Callable[[Expr], Any]


@dataclass(frozen=True, slots=True)
class Lookup:
    """A table for `golden.cells.units.interpolated`."""

    name: str
    """The function, as the report says it."""
    entries: tuple[int, ...]
    point: int
    low: int
    shift: int
    error: float
    """Of table and interpolation, relative to the largest entry: worst at and halfway between
    entries."""


def tabulated(
    name: str, curve: Curve, ends: tuple[int, int], x_point: int, most: int, bits: int
) -> Lookup:
    """Make the table of a function over integers of a variable.

    Parameters
    ----------
    name : str
        The function in words.
    curve : callable
        From an exact x to mpmath's number, or None where it has no finite real value.
    ends : pair of int
        First and last integer of the variable, whose binary point is ``x_point``.
    most : int
        Intervals at most.
    bits : int
        Of the magnitude of the largest entry.

    Raises
    ------
    ValueError
        If the function has no value somewhere, or is 0 everywhere.
    """
    low, high = ends
    shift = max(0, (-((low - high) // most) - 1).bit_length())
    n = -((low - high) >> shift) + 1
    places = [low + (i << shift) for i in range(n)]
    exact = [_value(name, curve, place, high, x_point) for place in places]
    largest = max(abs(x) for x in exact)
    if largest == 0:
        raise ValueError(f"{name} must not be 0 everywhere")
    point = bits - int(mpmath.frexp(largest)[1])
    with mpmath.workprec(100):
        entries = tuple(int(mpmath.nint(mpmath.ldexp(x, point))) for x in exact)
    off = [abs(float(mpmath.ldexp(x, point)) - e) for x, e in zip(exact, entries, strict=True)]
    if shift:
        for place, a, b in zip(places, entries, entries[1:], strict=False):
            middle = place + (1 << (shift - 1))
            if middle <= high:
                real = _value(name, curve, middle, high, x_point)
                off.append(abs(float(mpmath.ldexp(real, point)) - (a + b) / 2))
    return Lookup(name, entries, point, low, shift, float(np.max(off)) / 2.0**bits)


def _value(name: str, curve: Curve, place: int, high: int, x_point: int) -> Any:
    """Return the function at an integer; the last entry may lie beyond the end."""
    found = curve(_quantity(place, x_point))
    if found is None and place > high:
        found = curve(_quantity(high, x_point))
    if found is None:
        where = float(_quantity(place, x_point))
        raise ValueError(f"{name} must be a finite number over its whole range, not at {where:g}")
    return found


def _quantity(integer: int, point: int) -> Expr:
    return sympy.Rational(integer) / sympy.Integer(2) ** point

"""Numbers with units as people give them: 3, "20 ms", an array, or (array, "nS")."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from golden.cells.equations.parse import expression
from golden.cells.equations.units import NONE, Dimension, said

NUMBER = re.compile(r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*\*?\s*(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Measure:
    """What a number is told in."""

    name: str
    size: Fraction
    """In base units."""
    dimension: Dimension


def unit(text: str, what: str) -> Measure:
    """Read a unit: "mV", "nS", "uA/cm**2", "1" for none.

    Raises
    ------
    ValueError
        If it is none.
    """
    found = expression(text, {}, what)
    size = found.expression
    if not size.is_Rational or size <= 0 or found.dimension is None:
        raise ValueError(f"{what} must be a unit such as mV, not {text}")
    return Measure(text, Fraction(size.p, size.q), found.dimension)


def numbers(given: Any, what: str) -> tuple[np.ndarray, Dimension]:
    """Return numbers in base units, shape () or (neurons,), and their dimension.

    Raises
    ------
    ValueError
        If they are no finite numbers, or the unit is none.
    """
    own = Measure("1", Fraction(1), NONE)
    if isinstance(given, str):
        match = NUMBER.fullmatch(given)
        if match is None:
            raise ValueError(f"{what} must be a number with its unit, not {given!r}")
        # "0.02/ms" is what one writes.
        after = f"1{match[2]}" if match[2].startswith("/") else match[2] or "1"
        given, own = float(match[1]), unit(after, f"unit of {what}")
    elif isinstance(given, tuple) and len(given) == 2 and isinstance(given[1], str):
        given, own = given[0], unit(given[1], f"unit of {what}")
    try:
        found = np.asarray(given, np.float64)
    except (TypeError, ValueError):
        raise ValueError(f"{what} must be a number or an array of them, not {given!r}") from None
    if found.ndim > 1 or found.size == 0:
        raise ValueError(f"{what} must be a number or one a neuron, not of shape {found.shape}")
    if not np.isfinite(found).all():
        raise ValueError(f"{what} must be finite, not {found[~np.isfinite(found)].flat[0]}")
    return found * float(own.size), own.dimension


def in_unit(given: Any, own: Measure, what: str) -> np.ndarray:
    """Return numbers in base units; plain ones are in the variable's own unit.

    Raises
    ------
    ValueError
        As `numbers`, or if the unit is of another dimension.
    """
    found, dimension = numbers(given, what)
    has_unit = isinstance(given, str) or (isinstance(given, tuple) and isinstance(given[1], str))
    if dimension == NONE and not (has_unit and own.dimension != NONE and _told(given)):
        return found * float(own.size)
    if dimension != own.dimension:
        raise ValueError(f"{what} must be in {said(own.dimension)}, not {said(dimension)}")
    return found


def _told(given: Any) -> bool:
    """Tell whether a unit was written, not a bare number in quotes."""
    return not isinstance(given, str) or bool(NUMBER.fullmatch(given)[2])  # pyright: ignore


def pair(given: Any, own: Measure, what: str) -> tuple[float, float]:
    """Return the two ends of a range in base units.

    Raises
    ------
    ValueError
        If it is no range.
    """
    if isinstance(given, str) or not isinstance(given, Sequence) or len(given) != 2:
        raise ValueError(f"{what} must be two numbers such as (-100, 50), not {given!r}")
    low, high = (float(in_unit(end, own, what)) for end in given)
    if low >= high:
        raise ValueError(f"{what} must go up, not from {given[0]} to {given[1]}")
    return low, high

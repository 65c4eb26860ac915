"""Numbers as people give them: read once, copied, and refused if they are none.

What is copied here may be changed by its owner afterwards without changing the network.
"""

import operator
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

EXACT = 2.0**53
"""Below it a float holds every whole number."""


@contextmanager
def blamed(who: str) -> Generator[None]:
    """Within this context, what is refused says of whom."""
    try:
        yield
    except ValueError as error:
        raise ValueError(f"{who}: {error}") from None


def numbers(given: Any, what: str) -> NDArray[np.float64]:
    """Return a number or an array of numbers, of any shape, as floats of its own.

    Raises
    ------
    ValueError
        If it is neither, or one of them is not finite.
    """
    try:
        values = np.array("nothing" if given is None else given)
        if values.dtype.kind not in "biufO":
            raise TypeError
        values = values.astype(np.float64)
    except (TypeError, ValueError, OverflowError):
        shown = " ".join(str(given).split())[:40]
        raise ValueError(f"{what} must be a number or an array of numbers, not {shown}") from None
    if not np.isfinite(values).all():
        raise ValueError(f"{what} must be finite, not {values[~np.isfinite(values)].flat[0]}")
    return values


def whole_numbers(given: Any, what: str) -> NDArray[np.int64]:
    """Return a whole number or an array of them as integers.

    Raises
    ------
    ValueError
        If one is no whole number, or not below 2**53.
    """
    values = numbers(given, what)
    broken = (values != np.rint(values)) | (np.abs(values) >= EXACT)
    if broken.any():
        raise ValueError(f"{what} must be whole, not {values[broken].flat[0]:g}")
    return values.astype(np.int64)


def whole(given: Any, what: str, least: int, most: int | None = None) -> int:
    """Return a whole number of a range.

    Raises
    ------
    ValueError
        If it is none.
    """
    try:
        value = operator.index(given)
    except TypeError:
        raise ValueError(f"{what} must be a whole number, not {given!r}") from None
    if value < least or most is not None and value > most:
        ends = f"{least} to {most}" if most is not None else f"{least} or more"
        raise ValueError(f"{what} must be {ends}, not {value}")
    return int(value)


def shape(values: np.ndarray) -> str:
    """Return how many values there are, "3" or "2 x 3"."""
    return " x ".join(map(str, values.shape)) or "1"

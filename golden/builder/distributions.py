"""Weights and delays as people give them: a number, one for each synapse, or a distribution."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from golden.builder.given import numbers, shape


@dataclass(frozen=True, slots=True)
class Distribution:
    """Draws numbers."""

    name: str
    draw: Callable[[np.random.Generator, int], NDArray[np.float64]]


def uniform(low: float, high: float) -> Distribution:
    """Return numbers between ``low`` and ``high``, each as likely."""
    return Distribution(f"uniform({low}, {high})", lambda random, n: random.uniform(low, high, n))


def whole(low: int, high: int) -> Distribution:
    """Return whole numbers ``low`` to ``high``, both included."""
    return Distribution(
        f"whole({low}, {high})", lambda random, n: random.integers(low, high + 1, n).astype(float)
    )


def normal(mean: float, deviation: float) -> Distribution:
    """Return normally distributed numbers."""
    return Distribution(
        f"normal({mean}, {deviation})", lambda random, n: random.normal(mean, deviation, n)
    )


def values(given: Any, n: int, random: np.random.Generator, what: str) -> NDArray[np.float64]:
    """Return one number for each of ``n``.

    Raises
    ------
    ValueError
        If there is another number of them, or one is not finite.
    """
    if isinstance(given, Distribution):
        drawn = given.draw(random, n)
    else:
        drawn = numbers(given, what)
        if drawn.ndim == 0:
            drawn = np.full(n, float(drawn))
    if drawn.shape != (n,):
        raise ValueError(f"{what} must be one number or {n}, not {shape(drawn)}")
    if not np.isfinite(drawn).all():
        raise ValueError(f"{what} must be finite, not {drawn[~np.isfinite(drawn)][0]}")
    return drawn

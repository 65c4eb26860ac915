"""Weights and delays as people give them: a number, one for each synapse, or a distribution."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from golden.builder.given import numbers, shape, whole_numbers


@dataclass(frozen=True, slots=True)
class Distribution:
    """Draws numbers."""

    name: str
    draw: Callable[[np.random.Generator, int], NDArray[np.float64]]


def _ends(name: str, low: Any, high: Any) -> tuple[float, float]:
    least, most = _number(low, f"low of {name}"), _number(high, f"high of {name}")
    if least > most:
        raise ValueError(f"high of {name} must be {low} or more, not {high}")
    return least, most


def _number(given: Any, what: str) -> float:
    found = numbers(given, what)
    if found.ndim:
        raise ValueError(f"{what} must be one number, not {shape(found)}")
    return float(found)


def uniform(low: float, high: float) -> Distribution:
    """Return numbers between ``low`` and ``high``, each as likely."""
    least, most = _ends("uniform", low, high)
    return Distribution(f"uniform({low}, {high})", lambda random, n: random.uniform(least, most, n))


def whole(low: int, high: int) -> Distribution:
    """Return whole numbers ``low`` to ``high``, both included."""
    _ends("whole", low, high)
    first, last = int(whole_numbers(low, "low of whole")), int(whole_numbers(high, "high of whole"))
    return Distribution(
        f"whole({low}, {high})",
        lambda random, n: random.integers(first, last + 1, n).astype(float),
    )


def normal(mean: float, deviation: float) -> Distribution:
    """Return normally distributed numbers."""
    centre = _number(mean, "mean of normal")
    spread = _number(deviation, "deviation of normal")
    if spread < 0:
        raise ValueError(f"deviation of normal must be 0 or more, not {deviation}")
    return Distribution(
        f"normal({mean}, {deviation})", lambda random, n: random.normal(centre, spread, n)
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

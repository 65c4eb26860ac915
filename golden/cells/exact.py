"""Linear equations over one step, solved exactly; the same bits on every machine, as by mpmath.

Parameters are numbers, or arrays with one number a neuron; so is what is returned.
"""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any

import mpmath
import numpy as np

DIGITS = 60
"""Decimal digits; differences of two rates that are equal in all but their last bit lose half."""


def _exactly(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compute with mpmath what is written for numbers, for each neuron."""

    @lru_cache(maxsize=65_536)
    def one(*given: float) -> float:
        with mpmath.workdps(DIGITS):
            return float(function(*map(mpmath.mpf, given)))

    @wraps(function)
    def each(*given: Any) -> Any:
        arrays = np.broadcast_arrays(*(np.asarray(x, np.float64) for x in given))
        if arrays[0].ndim == 0:
            return one(*(float(x) for x in arrays))
        return np.array([one(*map(float, numbers)) for numbers in zip(*arrays, strict=True)])

    return each


@_exactly
def _exp(x: Any) -> Any:
    return mpmath.exp(x)


def exp(x: Any) -> Any:
    """Return e**x, an array of any shape; each different entry is computed once."""
    different, where = np.unique(np.asarray(x, np.float64), return_inverse=True)
    return _exp(different)[where].reshape(np.shape(x))


@_exactly
def loss(dt: Any, tau: Any) -> Any:
    """Return the share that is lost in a step of what decays with ``tau``: 1 - e**(-dt/tau)."""
    return -mpmath.expm1(-dt / tau)


@_exactly
def deviation(dt: Any, tau: Any) -> Any:
    """Return the noise of a step that keeps a leaky sum at a deviation of 1."""
    return mpmath.sqrt(-mpmath.expm1(-2 * dt / tau))


def _area(dt: Any, rate: Any) -> Any:
    """Return the integral of e**(-rate t) over a step."""
    return dt if rate == 0 else -mpmath.expm1(-dt * rate) / rate


@_exactly
def held(dt: Any, rate: Any) -> Any:
    """Return v after a step of ``v' = 1 - rate v`` from 0."""
    return _area(dt, rate)


@_exactly
def decaying(dt: Any, rate: Any, tau: Any) -> Any:
    """Return v after a step of ``v' = i - rate v, i' = -i / tau`` from v = 0, i = 1."""
    return mpmath.exp(-rate * dt) * _area(dt, 1 / tau - rate)


@_exactly
def rising(dt: Any, rate: Any, tau: Any) -> Any:
    """Return v after a step of ``v' = i - rate v`` from v = 0, where i is e t/tau e**(-t/tau)."""
    gap = 1 / tau - rate
    area = dt * dt / 2 if gap == 0 else (1 - mpmath.exp(-gap * dt) * (1 + gap * dt)) / (gap * gap)
    return mpmath.e / tau * mpmath.exp(-rate * dt) * area


@_exactly
def coupling(dt: Any, tau: Any) -> Any:
    """Return e t/tau e**(-t/tau) after a step."""
    return dt / tau * mpmath.exp(1 - dt / tau)


@_exactly
def highest(rise: Any, decay: Any) -> Any:
    """Return the peak of e**(-t/decay) - e**(-t/rise)."""
    ratio = rise / decay
    return ratio ** (ratio / (1 - ratio)) - ratio ** (1 / (1 - ratio))

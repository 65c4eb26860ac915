"""A published behaviour: a cell, a current, a step and a time."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from golden.cells.cell import Cell

Times = NDArray[np.float64]
Current = Callable[[Times], Times]
"""A current at times in ms."""


@dataclass(frozen=True, eq=False)
class Behaviour:
    """What is done to one neuron."""

    name: str
    cell: Cell
    dt: float
    """Step in ms, a power of two."""
    duration: float
    """ms."""
    current: Current
    """The current at times in ms, in the unit of the cell's receptor ``current``."""

    def currents(self, dt: float | None = None) -> NDArray[np.float64]:
        """Return the current of every step: at the time at which the step begins."""
        dt = dt or self.dt
        return self.current(np.arange(round(self.duration / dt)) * np.float64(dt))


def pulses(*spans: tuple[float, float, float], base: float = 0.0) -> Current:
    """Return a current of ``base``, and another one strictly between two times.

    Parameters
    ----------
    spans : tuples (after, before, amount)
        ms, ms, current.
    """

    def current(t: Times) -> Times:
        level = np.full(t.shape, base)
        for after, before, amount in spans:
            level[(t > after) & (t < before)] = amount
        return level

    return current


def ramp(start: float, slope: float, base: float = 0.0) -> Current:
    """Return a current of ``base`` that rises by ``slope`` a ms from ``start`` on."""
    return lambda t: base + slope * np.maximum(t - start, 0)

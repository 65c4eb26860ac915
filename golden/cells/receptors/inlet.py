"""What a receptor is to its cell, and the two that keep nothing."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from golden.cells import exact
from golden.cells.trace import Trace
from golden.cells.value import Value

WEIGHT_BITS = 21
"""s8.12 of the largest current or conductance divided by 256."""


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """A patch of a cell, as a receptor in it sees it."""

    v: Value
    """The potential at the begin of the step."""
    v_unit: float
    """mV, or whatever v is in: v is ``value * v_unit + v_zero``."""
    v_zero: Any
    unit: float
    """A returned value of 1 is so much current."""
    most: float
    """The largest current that must fit."""
    widest: float
    """The largest conductance."""
    gain: Any = 1.0
    """By neuron, what a current counts for."""
    held: Any = None
    """What a current of 1 returned lifts v by in a step, in `v_unit`; None if currents are to be
    returned as they are."""
    rate: Any = None
    """1/ms at which v leaks, for a cell that integrates currents exactly."""
    wide: bool = False
    """Whether currents go so far that a factor's last place counts."""
    strength: Any = 1.0
    """1/ms by which such a current of 1 lifts v."""

    @property
    def full(self) -> Any:
        """What a current of 1 that flows all through a step gives."""
        return (1.0 if self.held is None else self.held) * self.gain

    @property
    def whole(self) -> bool:
        """Whether products must take all bits: v is wide, or nothing leaks."""
        return self.wide or self.hoards

    @property
    def hoards(self) -> bool:
        """Whether v leaks nothing, so that a remainder of a current would add up forever."""
        return self.rate is not None and not np.any(self.rate)

    def share(self, dt: float, tau: Any, rising: bool = False) -> Any:
        """Return what a current that was 1 at the begin of a step, or begins to rise, gives."""
        if self.held is None or self.rate is None:
            return 0.0 * self.full if rising else self.full
        solve = exact.rising if rising else exact.decaying
        return self.strength * self.gain * solve(dt, self.rate, tau)


@dataclass(frozen=True)
class Inlet:
    """Where spikes and currents enter a cell: a name, and what it makes of them."""

    name: str

    def current(self, trace: Trace, patch: Patch) -> Value:
        """Return the current, and write what is kept of it."""
        raise NotImplementedError


def refuse_others(receptors: Any) -> None:
    """Refuse what are no receptors.

    Raises
    ------
    ValueError
        If one is none.
    """
    if not isinstance(receptors, list | tuple):
        raise ValueError(f"receptors must be a tuple of receptors, not {receptors!r}")
    for receptor in receptors:
        if not isinstance(receptor, Inlet):
            raise ValueError(f"a receptor must be one such as Delta('exc'), not {receptor!r}")


def weight_point(most: float, unit: float) -> int:
    """Return the binary point of a weight: ``most`` and a little less than twice as much fit."""
    return WEIGHT_BITS - 1 - int(np.ceil(np.log2(most / unit)))


@dataclass(frozen=True)
class Delta(Inlet):
    """A spike of weight w lifts v by w; not an option of cells that integrate in substeps."""

    def current(self, trace: Trace, patch: Patch) -> Value:
        """Return by how much v is lifted."""
        unit = patch.v_unit
        return trace.receptor(self.name, WEIGHT_BITS, weight_point(256 * unit, unit), unit)


@dataclass(frozen=True)
class StepCurrent(Inlet):
    """A current that flows for one step: where currents from outside enter."""

    def current(self, trace: Trace, patch: Patch) -> Value:
        """Return it."""
        largest = float(np.max(patch.full))
        unit = patch.unit / largest
        x = trace.receptor(self.name, WEIGHT_BITS, weight_point(patch.most, unit), unit)
        share = patch.full / largest
        if np.all(share == 1):
            return x
        return x.factor() * trace.constant(f"share of {self.name}", share)

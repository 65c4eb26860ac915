"""Integrate-and-fire without a leak.

::

    C v' = I        v >= threshold: v = reset

A step is exact. What it does in which order: `golden.cells.integrators.integrator`.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from golden.cells.integrators.integrator import Integrator
from golden.cells.parameters import above
from golden.cells.receptors.inlet import Delta, Inlet, Patch, StepCurrent
from golden.cells.trace import Trace
from golden.cells.value import Value

LONGEST = 2.0**24
"""ms."""
MOST = 256
"""How far a current lifts v within a ms at most, in the power of two in which v is counted."""


@dataclass(frozen=True, kw_only=True)
class IF(Integrator):
    """Integrate-and-fire: what arrives stays until there is a spike.

    Parameters
    ----------
    capacitance : float or array
        A current of one lifts v by 1 / capacitance in a ms.
    current : float or array
        A current that always flows.
    rest
        Where v starts; there is nothing that leads back to it.
    reset, threshold, v, refractory, while_refractory, subtract, strict, lowest, noise
        As of `golden.cells.integrators.integrator.Integrator`.
    receptors : tuple of Inlet
        As of `golden.cells.integrators.lif.LIF`.
    """

    capacitance: Any = 1.0
    current: Any = 0.0
    receptors: tuple[Inlet, ...] = (Delta("delta"), StepCurrent("current"))

    def inlets(self) -> tuple[Inlet, ...]:
        """Return the receptors."""
        return self.receptors

    def check(self) -> None:
        """Refuse parameters that make no sense."""
        super().check()
        above(0, "capacitance", self.capacitance)

    def leak(self, dt: float) -> Any:
        """Return 0."""
        return 0.0

    def longest(self) -> Any:
        """Return more than any: nothing decays, so v has all its fraction bits."""
        return LONGEST

    def swing(self, dt: float) -> Any:
        """Return the deviation of a random walk."""
        return np.sqrt(dt)

    def offset(self, dt: float) -> Any:
        """Return what the current that always flows adds."""
        return dt * np.asarray(self.current, float) / self.capacitance

    def patch(self, trace: Trace, v: Value, unit: float) -> Patch:
        """Currents of one lift v by 1 / capacitance in a ms."""
        least = float(np.min(self.capacitance))
        return Patch(
            v,
            unit,
            self.rest,
            unit * least,
            MOST * unit * least,
            MOST * least,
            gain=least / np.asarray(self.capacitance, float),
            held=trace.dt,
            wide=self.room > 1,
            rate=0.0,
        )

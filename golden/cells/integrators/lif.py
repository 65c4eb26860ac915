"""Leaky integrate-and-fire cells (L. Lapicque, 1907; R. B. Stein, Biophysical Journal 5, 1965).

::

    tau v' = rest - v + R I        v >= threshold: v = reset

A step of h ms is exact for currents that are constant or decay exponentially::

    v <- v - k (v - rest) + sum of what currents do within the step,    k = 1 - e**(-h/tau)

The order of a step, refractory habits and formats: `golden.cells.integrators.integrator`.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from golden.cells import exact
from golden.cells.integrators.integrator import Integrator
from golden.cells.parameters import above, one_of
from golden.cells.receptors.inlet import Delta, Inlet, Patch, StepCurrent
from golden.cells.trace import Trace
from golden.cells.value import Value

METHODS = ("exact", "euler", "second order")
MOST = 256
"""Where a current leads v at most, in the power of two in which v is counted; and the largest
conductance in the cell's own."""


@dataclass(frozen=True, kw_only=True)
class LIF(Integrator):
    """Leaky integrate-and-fire.

    Parameters
    ----------
    tau : float or array
        ms.
    resistance : float or array
        mV for a current of one: weights of 1 mV if it is 1.
    current : float or array
        A current that always flows.
    method : str
        "exact" as above; "euler": k = h/tau, and currents count as if they were constant within
        the step, k R I; "second order": the same with k = h/tau - (h/tau)**2 / 2 (Neurapse's LIF).
    rest, reset, threshold, v, refractory, while_refractory, subtract, strict, lowest, noise
        As of `golden.cells.integrators.integrator.Integrator`.
    measure : str
        Of v, for pictures.
    receptors : tuple of Inlet
        Of `golden.cells.receptors`, the one of synapses that name none first; weights are
        currents (R I in mV), conductances (R g without a unit), or, at a `Delta`, what v rises by.

    States are ``v`` (mV), what receptors keep, and ``refractory`` (ms).
    """

    tau: Any = 20.0
    rest: Any = -65.0
    reset: Any = -65.0
    threshold: Any = -50.0
    resistance: Any = 1.0
    current: Any = 0.0
    method: str = "exact"
    measure: str = "mV"
    receptors: tuple[Inlet, ...] = (Delta("delta"), StepCurrent("current"))

    def inlets(self) -> tuple[Inlet, ...]:
        """Return the receptors."""
        return self.receptors

    def check(self) -> None:
        """Refuse parameters that make no sense."""
        super().check()
        one_of(METHODS, "method", self.method)
        above(0, "tau", self.tau, " ms")
        above(0, "resistance", self.resistance)

    def leak(self, dt: float) -> Any:
        """Return k."""
        share = dt / np.asarray(self.tau, float)
        if self.method == "exact":
            return exact.loss(dt, self.tau)
        if (share > 1).any():
            raise ValueError(
                f"tau must be at least dt, {dt:g} ms, for method {self.method}, not "
                f"{np.min(self.tau):g} ms"
            )
        return share if self.method == "euler" else share - share * share / 2

    def longest(self) -> Any:
        """Return tau."""
        return self.tau

    def offset(self, dt: float) -> Any:
        """Return what the current that always flows adds."""
        return self.leak(dt) * self.resistance * np.asarray(self.current, float)

    def patch(self, trace: Trace, v: Value, unit: float) -> Patch:
        """Currents of one lead v to R."""
        largest = float(np.max(self.resistance))
        rate = 1 / np.asarray(self.tau, float) if self.method == "exact" else None
        return Patch(
            v,
            unit,
            self.rest,
            unit / largest,
            MOST * unit / largest,
            MOST / largest,
            gain=np.asarray(self.resistance, float) / largest,
            held=self.leak(trace.dt),
            wide=self.room > 1,
            rate=rate,
            strength=1.0 if rate is None else rate,
        )

"""The adaptive exponential integrate-and-fire neuron.

R. Brette, W. Gerstner, J. Neurophysiol. 94, 2005::

    C v' = -gL (v - EL) + gL DT exp((v - VT) / DT) - w + I     v >= peak: v = Vr, w = w + b
    tau_w w' = a (v - EL) - w

It is computed in powers of two: with ``z = (v - VT) / (DT ln 2)`` and ``y = w / (gL DT ln 2)``, j
and the resting zL likewise, exp((v - VT) / DT) is 2**z, and a step of h ms of forward Euler is::

    z <- z + (h gL / C) (zL - z + 2**(z + log2(1 / ln 2)) + j - y)
    y <- y + (h / tau_w) (a / gL (z - zL) - y)                         from the old z
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from golden.cells.excitable import Excitable
from golden.cells.parameters import above
from golden.cells.receptors.inlet import Patch
from golden.cells.trace import Trace
from golden.cells.units import power2
from golden.cells.value import Value, maximum, select

LN2 = 0.6931471805599453
LOG2_LOG2E = 0.5287663729448977
Z_BITS, Z_POINT = 22, 15
Y_BITS, Y_POINT = 26, 18
J_BITS = 28
MOST, WIDEST = 256, 256
"""The largest current and conductance of a receptor, divided by gL: mV and 1."""
TOP = 8
"""2**z and the sum of all that moves z are limited at 2**TOP, which is never where the peak is at
VT + 5 DT."""


@dataclass(frozen=True)
class AdEx(Excitable):
    """Adaptive exponential integrate-and-fire.

    Parameters
    ----------
    C : float or array
        Capacitance, pF.
    gL : float or array
        Leak, nS.
    EL, VT, Vr : float or array
        Where v rests, where it takes off, where it is after a spike, mV.
    DT : float or array
        Sharpness of the take-off, mV.
    a : float or array
        Adaptation below threshold, nS.
    tau_w : float or array
        Of adaptation, ms.
    b : float or array
        What a spike adds to w, pA.
    peak : float or array
        Where v spikes, mV; ``VT + 5 DT`` if it is None. In one step of 1/8 ms v may fly from there
        to anywhere, and w would see it: with 0 mV spikes come farther from the equation's.
    v, w : float or array
        Where they start, mV and pA; v at EL if it is None.
    substeps : int
        Steps within one step of the network. Once v is at the peak it waits there for the end.
    refractory : float or array
        ms, rounded to steps, in which v stays where it was reset to, and w goes on.
    receptors, current
        As of `golden.cells.excitable.Excitable`; pA and nS.

    States are ``v`` (mV), ``w`` (pA), and ``refractory`` (ms) if it is not 0; arrivals at
    ``current`` (pA) count for this one step.
    """

    C: Any = 281.0
    gL: Any = 30.0
    EL: Any = -70.6
    VT: Any = -50.4
    DT: Any = 2.0
    a: Any = 4.0
    tau_w: Any = 144.0
    b: Any = 80.5
    Vr: Any = -70.6
    peak: Any = None
    v: Any = None
    w: Any = 0.0
    substeps: int = 1
    refractory: Any = 0.0

    def _check(self) -> None:
        """Refuse what is divided by and not above 0."""
        for name in ("C", "gL", "DT", "tau_w", "substeps"):
            above(0, name, getattr(self, name))

    def step(self, trace: Trace) -> None:
        """Integrate v and w from their old values; then reset."""
        self._check()
        h, z_unit = trace.dt / self.substeps, self.DT * LN2
        y_unit = self.gL * z_unit
        start = self.EL if self.v is None else self.v
        peak = self.VT + 5 * self.DT if self.peak is None else self.peak
        z = trace.state("v", Z_BITS, Z_POINT, start, z_unit, self.VT, measure="mV")
        y = trace.state("w", Y_BITS, Y_POINT, self.w, y_unit)
        most = float(np.max(self.gL))
        patch = Patch(z, z_unit, self.VT, y_unit, MOST * most, WIDEST * most)
        j = self.inflow(trace, patch, J_BITS, Y_POINT)
        left, calm = self._patience(trace)

        def level(name: str, v: Any) -> Value:
            return trace.constant(name, (v - self.VT) / z_unit, Z_POINT)

        z_peak, z_reset, z_rest = level("peak", peak), level("Vr", self.Vr), level("EL", self.EL)
        lift = trace.number(round(LOG2_LOG2E * 2**Z_POINT), Z_POINT)
        kappa = trace.constant("gL / C", h * self.gL / self.C)
        slope = trace.constant("a", h / self.tau_w * self.a / self.gL)
        rate = trace.constant("1 / tau_w", h / self.tau_w)
        fine = trace.operand_bits - 1 - TOP

        fired = trace.number(0)
        for _ in range(self.substeps):
            rise = z_rest - z + power2(z + lift, fine, TOP) + (j - y)
            risen = z + kappa * rise.rounded(fine).fitted(trace.operand_bits)
            drift = slope * (z - z_rest).factor() - rate * y.factor()
            y = trace.saturated((y + drift).rounded(Y_POINT), Y_BITS, "w")
            z = select(fired | ~calm, z, risen.rounded(Z_POINT).fitted(Z_BITS))
            fired = (z >= z_peak) & calm

        trace.write("v", select(fired, z_reset, z))
        trace.write("w", select(fired, y + trace.constant("b", self.b / y_unit, Y_POINT), y))
        if left is not None:
            steps = trace.constant("refractory", self._waits(trace.dt), 0)
            after = select(fired, steps, maximum(left - trace.number(1), trace.number(0)))
            trace.write("refractory", after)
        trace.spike(fired, z)

    def _waits(self, dt: float) -> Any:
        return np.rint(np.asarray(self.refractory, float) / dt)

    def _patience(self, trace: Trace) -> tuple[Value | None, Value]:
        """Return how many steps v must still wait, if it ever must, and whether it need not."""
        most = int(np.max(self._waits(trace.dt)))
        if most == 0:
            return None, ~trace.number(0)
        left = trace.state("refractory", most.bit_length() + 1, 0, 0.0, trace.dt)
        return left, left < trace.number(1)

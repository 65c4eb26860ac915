"""Izhikevich's neuron (E. M. Izhikevich, IEEE Trans. Neural Networks 14(6), 2003; 15(5), 2004).

::

    v' = 0.04 v**2 + 5 v + 140 - u + I        v >= 30: v = c, u = u + d
    u' = a (b v - u)

As 0.04 v**2 + 5 v + 140 is 0.04 (v + 62.5)**2 - 16.25, a step of h ms is one square and no other
multiplication in ``x = 0.04 h (v + 62.5)``, with ``y = 0.04 h**2 u`` and ``j = 0.04 h**2 I``::

    x <- min(x + x*x + (j - y), peak)         forward Euler, `substeps` times a step
    y <- y + a dt (b h x - y) + a b dt ...    once a step, from the new x
"""

from dataclasses import dataclass
from typing import Any

from golden.cells.cell import Cell
from golden.cells.trace import Trace
from golden.cells.value import minimum, select

HALFWAY = 62.5
"""Minus the v in mV at which 0.04 v**2 + 5 v is least."""
BIAS = 16.25
PEAK = 30.0
X_BITS, X_POINT = 18, 14
Y_BITS, Y_POINT = 28, 22


@dataclass(frozen=True)
class Izhikevich(Cell):
    """Quadratic integrate-and-fire with a slow recovery variable.

    Parameters
    ----------
    a : float or array
        Rate of recovery, 1/ms.
    b : float or array
        Sensitivity of recovery to v.
    c : float or array
        v after a spike, mV.
    d : float or array
        What a spike adds to u.
    v : float or array
        Where v starts, mV; ``u`` starts at ``b v`` if it is None.
    substeps : int
        Steps of v within one step of the network; u takes one.

    States are ``v`` (mV) and ``u``; arrivals at ``current`` count for this one step.
    """

    a: Any = 0.02
    b: Any = 0.2
    c: Any = -65.0
    d: Any = 8.0
    v: Any = -65.0
    u: Any = None
    substeps: int = 1

    def step(self, trace: Trace) -> None:
        """Integrate v, clip it at the peak, then u from the new v; then reset."""
        h = trace.dt / self.substeps
        v_unit, u_unit = 1 / (0.04 * h), 1 / (0.04 * h * h)
        u_start = self.b * self.v if self.u is None else self.u
        x = trace.state("v", X_BITS, X_POINT, self.v, v_unit, -HALFWAY)
        y = trace.state("u", Y_BITS, Y_POINT, u_start, u_unit)
        j = trace.receptor("current", Y_BITS, Y_POINT, u_unit)
        peak = trace.constant("peak", (PEAK + HALFWAY) / v_unit, X_POINT)
        drive = j - y - trace.constant("bias", BIAS / u_unit, Y_POINT)

        fired = trace.number(0)
        for _ in range(self.substeps):
            risen = minimum((x + (x * x + drive).rounded(X_POINT)), peak)
            x = select(fired, x, risen).fitted(X_BITS)
            fired = x >= peak

        rate = trace.constant("a", self.a * trace.dt)
        slope = trace.constant("a b", self.a * trace.dt * self.b * h)
        rest = trace.constant("a b v0", self.a * trace.dt * self.b * HALFWAY / u_unit, Y_POINT)
        y = y + (slope * x - rate * y.factor()).rounded(Y_POINT) - rest

        jump = trace.constant("d", self.d / u_unit, Y_POINT)
        trace.write(
            "v", select(fired, trace.constant("c", (self.c + HALFWAY) / v_unit, X_POINT), x)
        )
        trace.write("u", select(fired, y + jump, y))
        trace.spike(fired, x)

"""Leaky integrate-and-fire whose threshold rises with every spike (BindsNET's AdaptiveLIFNodes).

::

    theta <- theta - theta (1 - e**(-h/tau_theta))
    v >= threshold + theta: v = reset, theta = theta + theta_plus
"""

from dataclasses import dataclass
from typing import Any

from golden.cells import exact
from golden.cells.integrators.lif import LIF
from golden.cells.parameters import above, guard_bits
from golden.cells.trace import Trace
from golden.cells.value import Value, select

THETA_BITS = 8
LEAST_POINT, MOST_POINT = 12, 22
DITHER = 16
"""Bits of the random word by which a decay is rounded that is too slow for theta's last place."""


@dataclass(frozen=True, kw_only=True)
class AdaptiveLIF(LIF):
    """Leaky integrate-and-fire with an adaptive threshold.

    Parameters
    ----------
    theta : float or array
        Where theta starts, mV above the threshold.
    theta_plus : float or array
        What a spike adds.
    tau_theta : float or array
        ms.
    others
        As of `golden.cells.integrators.lif.LIF`.

    Theta decays in every step, before the comparison, refractory or not, and so that what is
    compared is the decayed one; it rises after it. It is a state, s7 in the power of two in which
    v is counted, with 7 + ceil(log2(tau_theta / dt)) fraction bits, 12 to 22. Where it would need
    more, its decay is rounded up or down at random, in proportion, so that its mean is right.
    """

    theta: Any = 0.0
    theta_plus: Any = 0.05
    tau_theta: Any = 1e7

    def check(self) -> None:
        """Refuse parameters that make no sense."""
        super().check()
        above(0, "tau_theta", self.tau_theta, " ms")

    def fire(self, trace: Trace, v: Value, unit: float, calm: Value | None) -> tuple[Value, Value]:
        """Return whether v reaches the threshold and theta, and by how much."""
        wanted = 7 + guard_bits(self.tau_theta, trace.dt)
        point = min(max(LEAST_POINT, wanted), MOST_POINT)
        old = trace.state("theta", THETA_BITS + point, point, self.theta, unit)
        lost = trace.constant("decay of theta", exact.loss(trace.dt, self.tau_theta)) * old.factor()
        if wanted > MOST_POINT:
            dither = trace.random(DITHER).times2(-DITHER - point)
            theta = (old - lost + dither).floored(point)
        else:
            theta = (old - lost).rounded(point)
        margin = v - self.limit(trace, v, unit) - theta.rounded(v.point)
        fired = self.reached(trace, margin, calm)
        more = trace.constant("theta_plus", self.theta_plus / unit, point)
        trace.write("theta", theta + select(fired, more, trace.number(0)))
        return fired, margin

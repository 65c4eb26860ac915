"""Spike response model with escape noise (W. Gerstner, W. Kistler, 2002; BindsNET's SRM0Nodes).

::

    tau v' = rest - v + R I
    rho = rho_0 e**((v - threshold) / d_threshold)
    a spike with probability 1 - e**(-rho h), and v = reset
"""

from dataclasses import dataclass

import mpmath
import numpy as np

from golden.cells.integrators.lif import LIF
from golden.cells.parameters import above
from golden.cells.tables import tabulated
from golden.cells.trace import Trace
from golden.cells.value import Value

FAR, CLOSE = -16, 4
"""d_threshold from the threshold at which the table of the probability begins and ends."""
FINE = 16
"""Entries for each d_threshold, or up to twice as many."""
SLOPE_BITS = 5
"""Places by which a probability is wider than what may be multiplied: neighbours in the table
differ by less."""


@dataclass(frozen=True, kw_only=True)
class SRM0(LIF):
    """Leaky integrator that spikes at random, the more probably the higher v is.

    Parameters
    ----------
    rho_0 : float
        Rate at the threshold, 1/ms.
    d_threshold : float
        mV by which the rate grows e-fold.
    others
        As of `golden.cells.integrators.lif.LIF`. The margin of who competes is v - threshold.

    The probability is a table of v - threshold, straight between entries, of 22 bits (20 with
    factors of 16), compared with a random word: below 2**-22 it is 0.
    """

    threshold: float = -50.0
    rho_0: float = 1.0
    d_threshold: float = 5.0

    def check(self) -> None:
        """Refuse parameters that make no sense."""
        super().check()
        for name in ("rho_0", "d_threshold"):
            value = getattr(self, name)
            if np.ndim(value):
                raise ValueError(f"{name} must be one number for all neurons, not an array")
            above(0, name, value)

    def fire(self, trace: Trace, v: Value, unit: float, calm: Value | None) -> tuple[Value, Value]:
        """Return whether a random word is below the probability."""
        margin = v - self.limit(trace, v, unit)
        steep = self.d_threshold / unit
        bits = trace.operand_bits + SLOPE_BITS - 1
        likely = tabulated(
            margin,
            lambda x: -mpmath.expm1(-self.rho_0 * trace.dt * mpmath.exp(x / steep)),
            (FAR * steep, CLOSE * steep),
            steep / FINE,
            bits,
        )
        fired = trace.random(bits).times2(-bits) < likely
        return (fired if calm is None else fired & calm), margin

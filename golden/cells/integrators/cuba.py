"""The current-based cell of Loihi and of NIR: two decays, and nothing between them.

::

    u <- u + w for each spike
    v <- v - dv (v - rest) + u + bias       v > threshold: v = reset
    u <- u - du u

u counts as a whole in every step: a spike of weight w lifts v by w in the step in which it
arrives, by (1 - du) w in the next one, and so on, whatever dt is. With NIR's constants, by Euler
steps: du = dt / tau_syn, dv = dt / tau_mem, weight = w_in r dt / tau_mem (dt / tau_syn of it where
a spike is one step long rather than an impulse).
(M. Davies et al., IEEE Micro 38(1), 2018; J. E. Pedersen et al., Nature Communications 15, 2024.)
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from golden.cells.integrators.integrator import Integrator
from golden.cells.parameters import above
from golden.cells.receptors.currents import CurrentDecay
from golden.cells.receptors.inlet import Inlet, Patch, StepCurrent
from golden.cells.trace import Trace
from golden.cells.value import Value

MOST = 256


@dataclass(frozen=True, kw_only=True)
class CubaLIF(Integrator):
    """Leaky integrate-and-fire whose input decays, too.

    Parameters
    ----------
    du, dv : float or array
        Shares of the current and of v that a step loses, above 0 and up to 1.
    bias : float or array
        What every step adds to v.
    strict : bool
        True: a spike needs more than the threshold.
    rest, reset, threshold, v, refractory, while_refractory, subtract, lowest, noise
        As of `golden.cells.integrators.integrator.Integrator`.

    Receptors are ``synapse``, which decays, and ``current``, which lasts for a step; both are in
    the unit of v. States are ``v``, ``synapse`` (u) and ``refractory``.
    """

    du: Any = 0.2
    dv: Any = 0.05
    bias: Any = 0.0
    strict: bool = True

    def inlets(self) -> tuple[Inlet, ...]:
        """Return what decays, and what lasts for a step."""
        return CurrentDecay("synapse", loss=self.du), StepCurrent("current")

    def check(self) -> None:
        """Refuse parameters that make no sense."""
        super().check()
        for name, share in (("du", self.du), ("dv", self.dv)):
            above(0, name, share)
            if np.any(np.asarray(share) > 1):
                raise ValueError(f"{name} must be at most 1, not {np.max(share):g}")

    def leak(self, dt: float) -> Any:
        """Return dv."""
        return self.dv

    def longest(self) -> Any:
        """Return the time constant, in steps."""
        return 1 / np.asarray(self.dv, float)

    def offset(self, dt: float) -> Any:
        """Return the bias."""
        return self.bias

    def patch(self, trace: Trace, v: Value, unit: float) -> Patch:
        """Currents count as they are."""
        return Patch(v, unit, self.rest, unit, MOST * unit, MOST, held=1.0)

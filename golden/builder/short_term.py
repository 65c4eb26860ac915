"""Short-term plasticity as people give it, and its tables."""

from dataclasses import dataclass
from functools import cache

import mpmath
import numpy as np

from golden.network.release import FINE_BITS, ONE, Decay, Release

LONGEST = 1 << 18
"""Steps of a time constant, so that its table stays small."""


@dataclass(frozen=True, slots=True)
class ShortTerm:
    """Synapses that tire and recover (Tsodyks and Markram); given to `Network.connect`.

    A spike transmits ``weight * u * x``, the first one of a neuron ``weight * U``.

    Parameters
    ----------
    U : float
        Share of the resources that a spike uses, more than 0 and at most 1.
    tau_rec : float
        ms in which resources x recover; 0: at once, nothing tires.
    tau_fac : float
        ms in which u falls back to U; 0: at once, nothing facilitates.

    Raises
    ------
    ValueError
        If one of them is outside its range.
    """

    U: float = 0.5
    tau_rec: float = 800.0
    tau_fac: float = 0.0

    def __post_init__(self):
        if not ONE * self.U >= 0.5 or self.U > 1:
            raise ValueError(f"U must be {0.5 / ONE:g} to 1, not {self.U}")
        for name in ("tau_rec", "tau_fac"):
            if not 0 <= getattr(self, name) < float("inf"):
                raise ValueError(f"{name} must be 0 ms or more, not {getattr(self, name)}")

    def release(self, dt: float) -> Release:
        """Return it in integers and steps of ``dt`` ms.

        Raises
        ------
        ValueError
            If a time constant has more than `LONGEST` steps.
        """
        for name in ("tau_rec", "tau_fac"):
            if getattr(self, name) > LONGEST * dt:
                raise ValueError(
                    f"{name} must be at most {LONGEST} steps of {dt:g} ms, not "
                    f"{getattr(self, name):g} ms"
                )
        use = int(np.rint(self.U * ONE))
        return Release(use, decay(ONE, self.tau_rec / dt), decay(ONE - use, self.tau_fac / dt))


def decay(begin: int, tau: float) -> Decay:
    """Return ``begin * exp(-age / tau)``, ``tau`` in steps, up to where it rounds to 0."""
    coarse: list[int] = []
    if tau > 0:
        while not coarse or coarse[-1]:
            coarse.append(_exponential(begin, len(coarse) << FINE_BITS, tau))
    return Decay(np.array(coarse or [0], np.int32), np.array(_fine(tau), np.int32))


@cache
def _fine(tau: float) -> tuple[int, ...]:
    return tuple(_exponential(ONE, age, tau) if tau else 0 for age in range(1 << FINE_BITS))


def _exponential(begin: int, age: int, tau: float) -> int:
    with mpmath.workdps(30):
        return int(mpmath.nint(begin * mpmath.exp(-mpmath.mpf(age) / mpmath.mpf(tau))))

"""Release: with short-term plasticity, what a spike transmits depends on the spikes before it.

The model of Tsodyks and Markram, as events (W. Maass and H. Markram, Neural Networks 15, 2002,
equations 2 and 3; the order of NEST's ``tsodyks2_synapse``). Every presynaptic neuron of a
connection has a resource x, 1 at first, and a release probability u, ``U`` at first. At a spike of
step t whose predecessor was ``age`` steps ago::

    x <- 1 + (x - x u - 1) exp(-age dt / tau_rec)        with the old u
    u <- U + u (1 - U) exp(-age dt / tau_fac)
    efficacy = u x                                       travels with the spike
    weight (efficacy)                                    arrives at each synapse

In integers u, x and efficacy have 16 bits, ``ONE`` is 1, ``r(n)`` is ``(n + ONE / 2) >> POINT``::

    x <- ONE - r((ONE - (x - r(u x))) recovery[age])
    u <- use + r(u facilitation[age])
    efficacy = r(u x)
    r(weight efficacy)                                   what arrives

Both decay by age, by one look-up, never step by step: so there is no dead zone.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from golden.numbers.formats import Array

POINT = 15
ONE = 1 << POINT
FINE_BITS = 8
NEVER = -(1 << 40)
"""Step of the last spike of who has not spiked: so long ago that nothing is left of it."""


def rounded(product: Array) -> Array:
    """Return a product's upper bits, to nearest, a half upwards."""
    return (product + ONE // 2) >> POINT


@dataclass(frozen=True, slots=True, eq=False)
class Decay:
    """An exponential by age in steps: the product of two short tables."""

    coarse: NDArray[np.int32]
    """Its value at multiples of ``2**FINE_BITS`` steps, 0 to ``ONE``; the last entry is 0."""
    fine: NDArray[np.int32]
    """What is left after 0 to ``2**FINE_BITS - 1`` steps, ``ONE`` for all."""

    def after(self, age: Array) -> Array:
        """Return ``r(coarse[age >> FINE_BITS] fine[age mod 2**FINE_BITS])``; 0 beyond the end."""
        place = np.minimum(age >> FINE_BITS, len(self.coarse) - 1)
        return rounded(self.coarse[place].astype(np.int64) * self.fine[age % (1 << FINE_BITS)])


@dataclass(frozen=True, slots=True, eq=False)
class Release:
    """Constants of a connection."""

    use: int
    """U, 1 to ``ONE``."""
    recovery: Decay
    """Begins at ``ONE``."""
    facilitation: Decay
    """Begins at ``ONE - use``."""


@dataclass(slots=True, eq=False)
class ReleaseState:
    """What a connection's presynaptic neurons know; arrays of shape (neurons of the group,)."""

    x: Array
    u: Array
    last: Array
    """Step of the last spike, `NEVER` before the first."""
    sent: list[Array] = field(default_factory=list)
    """Efficacies of the spikes in the history, the latest step first: of the group's own spikes,
    ascending by neuron."""

    @classmethod
    def start(cls, release: Release, neurons: int) -> "ReleaseState":
        """Return the state before step 0."""
        return cls(
            np.full(neurons, ONE, np.int64),
            np.full(neurons, release.use, np.int64),
            np.full(neurons, NEVER, np.int64),
        )

    def emit(self, release: Release, step: int, neurons: Array, longest: int) -> None:
        """Let neurons spike in a step; ``longest`` steps stay in the history."""
        x, u, age = self.x[neurons], self.u[neurons], step - self.last[neurons]
        x = ONE - rounded((ONE - (x - rounded(u * x))) * release.recovery.after(age))
        u = release.use + rounded(u * release.facilitation.after(age))
        self.x[neurons], self.u[neurons], self.last[neurons] = x, u, step
        self.sent.insert(0, rounded(u * x))
        del self.sent[longest:]

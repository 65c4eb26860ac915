"""Monitors: what a network's user looks at; the same object whatever ran the network."""

import numpy as np
from numpy.typing import NDArray

from golden.builder.population import Part
from golden.cells.program import Scale
from golden.network.taps import Chunk, Tap

LIMIT = 10_000_000
"""Spikes or numbers that a monitor keeps, unless it is told otherwise."""


class Monitor:
    """Keeps up to ``limit`` numbers; what comes later is counted as lost."""

    def __init__(self, limit: int):
        self.limit = limit
        self.lost = 0
        self._kept = 0

    def _room(self, n: int, each: int = 1) -> int:
        """Return how many of ``n`` there is room for, and count the others as lost."""
        taken = max(0, min(n, (self.limit - self._kept) // max(each, 1)))
        self._kept += taken * each
        self.lost += n - taken
        return taken


class SpikeMonitor(Monitor):
    """Spikes of some neurons.

    ``t`` are steps and ``i`` neurons, counted through what is recorded; ``times`` are ms.
    """

    def __init__(self, parts: tuple[Part, ...], firsts: list[int], dt: float, limit: int):
        super().__init__(limit)
        self.parts, self.dt = parts, dt
        self._firsts = firsts
        self._when: list[NDArray[np.int64]] = []
        self._who: list[NDArray[np.int64]] = []

    def take(self, chunk: Chunk) -> None:
        """Keep what belongs here."""
        when, who, at = [], [], 0
        for part, first in zip(self.parts, self._firsts, strict=True):
            mine = (chunk.spike_neurons >= first) & (chunk.spike_neurons < first + part.size)
            when.append(chunk.spike_steps[mine])
            who.append(chunk.spike_neurons[mine] - first + at)
            at += part.size
        steps, neurons = np.concatenate(when), np.concatenate(who)
        order = np.lexsort((neurons, steps))[: self._room(len(steps))]
        self._when.append(steps[order])
        self._who.append(neurons[order])

    @property
    def neurons(self) -> int:
        """How many are recorded."""
        return sum(part.size for part in self.parts)

    @property
    def t(self) -> NDArray[np.int64]:
        """Steps of the spikes, ascending."""
        return np.concatenate([np.zeros(0, np.int64), *self._when])

    @property
    def i(self) -> NDArray[np.int64]:
        """Selection of the spikes."""
        return np.concatenate([np.zeros(0, np.int64), *self._who])

    @property
    def times(self) -> NDArray[np.float64]:
        """Times of the spikes in ms."""
        return self.t * np.float64(self.dt)


class StateMonitor(Monitor):
    """A state variable of some neurons of one population.

    ``t`` are the steps after which it was read, ``integers`` and ``values`` have shape (samples,
    neurons); values are in the variable's own unit.
    """

    def __init__(self, part: Part, tap: Tap, scale: Scale, dt: float, limit: int):
        super().__init__(limit)
        self.part, self.tap, self.scale, self.dt = part, tap, scale, dt
        self._steps: list[NDArray[np.int64]] = []
        self._samples: list[NDArray[np.int64]] = []

    def take(self, steps: NDArray[np.int64], samples: NDArray[np.int64]) -> None:
        """Keep samples that were read after ``steps``."""
        room = self._room(len(steps), samples.shape[1])
        self._steps.append(steps[:room])
        self._samples.append(samples[:room])

    @property
    def t(self) -> NDArray[np.int64]:
        """Steps."""
        return np.concatenate([np.zeros(0, np.int64), *self._steps])

    @property
    def times(self) -> NDArray[np.float64]:
        """Ends of these steps, in ms."""
        return (self.t + 1) * np.float64(self.dt)

    @property
    def integers(self) -> NDArray[np.int64]:
        """As they are."""
        return np.concatenate([np.zeros((0, len(self.tap.neurons)), np.int64), *self._samples])

    @property
    def values(self) -> NDArray[np.float64]:
        """In the unit of the variable."""
        return self.scale.quantity(self.integers, self.tap.neurons)

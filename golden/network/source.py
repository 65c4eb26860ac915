"""What comes from outside in a step: spikes of sources, and currents."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from golden.numbers.formats import Array
from golden.numbers.hash import WORD_BITS, words

POISSON = 128
"""Purpose of a source's random words; below it are a cell's own."""
NOISE = 129
"""Of noise currents; the number of the drive is added."""
NOISE_BYTES = 4
NOISE_MEAN = NOISE_BYTES * 255 // 2
NOISE_DEVIATION = (NOISE_BYTES * (256**2 - 1) / 12) ** 0.5
"""Of the sum of four bytes, which is normal but for its ends at 3.45 deviations."""
NOISE_POINT = 16


@dataclass(frozen=True, slots=True)
class SpikeSource:
    """Makes spikes."""

    def spikes(self, step: int, keys: list[int], index: Array) -> Array:
        """Return which of its neurons spike in a step, ascending.

        Parameters
        ----------
        keys : list of int
            Of the step, from `golden.numbers.hash.round_keys`.
        index : array of int64
            Numbers of the neurons in the whole network.
        """
        raise NotImplementedError


@dataclass(frozen=True, slots=True, eq=False)
class Chance(SpikeSource):
    """Spikes with a probability in every step: Poisson and Bernoulli.

    A neuron spikes if its random word of 32 bits is below its threshold.
    """

    thresholds: Array
    """Shape (neurons,), 0 to 2**32."""

    def spikes(self, step: int, keys: list[int], index: Array) -> Array:
        """Compare a random word with the threshold."""
        return np.flatnonzero(words(keys, POISSON, index) < self.thresholds)


@dataclass(frozen=True, slots=True, eq=False)
class Metronome(SpikeSource):
    """Spikes in step t if ``t >= phase`` and ``t - phase`` is a multiple of the period."""

    period: Array
    """Steps, shape (neurons,), 1 or more."""
    phase: Array
    """Steps, shape (neurons,), 0 or more."""

    def spikes(self, step: int, keys: list[int], index: Array) -> Array:
        """Divide."""
        since = step - self.phase
        return np.flatnonzero((since >= 0) & (since % self.period == 0))


@dataclass(frozen=True, slots=True, eq=False)
class Train(SpikeSource):
    """Spikes from a list."""

    steps: Array
    """Ascending."""
    neurons: Array
    """Ascending within a step, each at most once."""

    def spikes(self, step: int, keys: list[int], index: Array) -> Array:
        """Look them up."""
        begin, end = np.searchsorted(self.steps, (step, step + 1))
        return self.neurons[begin:end]


@dataclass(frozen=True, slots=True, eq=False)
class Drive:
    """A current into a receptor of some neurons of a group: what arrives there in every step.

    In step t it is ``levels[k]`` for the last k with ``changes[k] <= t``, 0 before the first. With
    a ``deviation`` the level is noise instead, another in every step and neuron:
    ``((b - NOISE_MEAN) * deviation + half) >> NOISE_POINT``, b the sum of the four bytes of a
    random word.
    """

    group: int
    receptor: str
    first: int
    """Of the neurons of the group that it reaches."""
    changes: NDArray[np.int64]
    """Steps, ascending."""
    levels: NDArray[np.int32]
    """Shape (changes, neurons)."""
    deviation: NDArray[np.int32] | None = None
    """Shape (neurons,), times ``2**NOISE_POINT`` for one unit of a sum of bytes."""
    purpose: int = NOISE

    def level(self, step: int, keys: list[int], index: Array) -> Array:
        """Return what arrives in a step, shape (neurons,); ``index`` as in `SpikeSource.spikes`."""
        if self.deviation is not None:
            word = words(keys, self.purpose, index)
            total = sum((word >> shift) & 255 for shift in range(0, WORD_BITS, 8))
            half = 1 << (NOISE_POINT - 1)
            return ((total - NOISE_MEAN) * self.deviation + half) >> NOISE_POINT
        last = int(np.searchsorted(self.changes, step, side="right")) - 1
        if last < 0:
            return np.zeros(self.levels.shape[1], np.int64)
        return self.levels[last].astype(np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class RewardTrain:
    """Rewards told in advance, to what leads to a group: `golden.network.reward`."""

    group: int | None
    """None: to everybody."""
    steps: NDArray[np.int64]
    """Ascending."""
    amounts: NDArray[np.int32]
    """Shape (steps, neurons of the group), or (steps, 1)."""

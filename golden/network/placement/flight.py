"""How many spikes are on their way at once: what the queue of a chip must hold."""

import numpy as np

from golden.network.placement.placement import Placement
from golden.numbers.formats import Array


def most_flying(placement: Placement, steps: Array, neurons: Array) -> int:
    """Return the most places of the queue that spikes of a run take, begun with none on their way.

    Parameters
    ----------
    steps, neurons : arrays of one shape
        Of every spike, those from outside too, as `golden.network.taps.Chunk` has them.
    """
    runs = placement.runs
    lasts = np.zeros(placement.chip.axons, np.int64)
    np.maximum.at(lasts, runs.axon, runs.delay)
    which, axons = placement.axons.of(placement.blueprint, neurons)
    delay = lasts[axons]
    begin = steps[which][delay > 0]
    end = begin + delay[delay > 0]
    if not len(begin):
        return 0
    first = int(begin.min())
    change = np.zeros(int(end.max()) - first + 1, np.int64)
    np.add.at(change, begin - first, 1)
    np.add.at(change, end - first, -1)
    return int(np.cumsum(change).max())

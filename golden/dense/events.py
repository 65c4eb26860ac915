"""Stage 2, events: spikes of one step become axon addresses in ascending order."""

import numpy as np
from numpy.typing import NDArray

NEVER = 0
"""Value of ``last`` of an axon that has not spiked in this presentation."""


def events(spikes: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the addresses of the axons that spike in this step, lowest first.

    Parameters
    ----------
    spikes : (n_axons,) bool
        Output of :func:`golden.dense.encoder.encode`.

    Returns
    -------
    (n_events,) int64
        The end-of-step mark of the hardware queue is the end of this array.
    """
    return np.flatnonzero(spikes).astype(np.int64)


def stamp(last: NDArray[np.int64], axons: NDArray[np.int64], step: int) -> NDArray[np.int64]:
    """Note the step of each axon's last spike, as ``step + 1`` so that 0 can mean never.

    The *age* of an axon at step ``t`` is ``t + 1 - last``: 0 if it spikes in this very step.
    """
    last = last.copy()
    last[axons] = step + 1
    return last

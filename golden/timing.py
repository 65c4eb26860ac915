"""What a presentation costs in clock cycles.

The schedule of the hardware, whose limit is the port of the weight memory (one word of ``n_lanes``
weights a cycle)::

    cycles = events * n_words                 integrate every event's row
           + busy steps * n_words             leak and compete, in steps with an event
           + sweeps * n_axons                 plasticity, two cycles a synapse if single_port

Pipeline latencies and the host link are not in it: it is the bound that the hardware is held to.
"""

import numpy as np
from numpy.typing import NDArray

from golden.params import Params


def cycles(
    p: Params,
    events: NDArray[np.int64],
    busy_steps: NDArray[np.int64],
    sweeps: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return clock cycles per presentation, (n,), for counts of the same shape."""
    per_synapse = 2 if p.single_port else 1
    return (events + busy_steps) * p.n_words + sweeps * p.n_axons * per_synapse

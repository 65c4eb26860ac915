"""The least a presentation can cost: what the ports of the memories allow, without any latency."""

import numpy as np
from numpy.typing import NDArray

from golden.dense.params import Params


def bound(
    p: Params,
    events: NDArray[np.int64],
    elections: NDArray[np.int64],
    sweeps: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return clock cycles per presentation, (n,), for counts of the same shape.

    ::

        bound = events * n_words                 integrate every event's row
              + elections * n_words              every election
              + sweeps * n_axons                 plasticity, two cycles a synapse if single_port
    """
    per_synapse = 2 if p.single_port else 1
    return (events + elections) * p.n_words + sweeps * p.n_axons * per_synapse

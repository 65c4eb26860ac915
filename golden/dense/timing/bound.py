"""The least a presentation can cost: what the port of the weight memory allows.

Elections read the neuron memory and not that port, so they are no part of it; nor is any latency.
"""

import numpy as np
from numpy.typing import NDArray

from golden.dense.params import Params


def bound(p: Params, events: NDArray[np.int64], sweeps: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return clock cycles per presentation, (n,), for counts of the same shape.

    ::

        bound = events * n_words                 integrate every event's row
              + sweeps * n_axons                 plasticity; with single_port writes come on top
    """
    return events * p.n_words + sweeps * p.n_axons

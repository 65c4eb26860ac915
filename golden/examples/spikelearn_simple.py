"""Ten cells, ten currents: the stronger the input, the sooner and the oftener a cell fires.

spikelearn's simplenetwork: leaky cells with a time constant of 4 steps and a threshold of 1, with
constant inputs of 0, 0.2 and so on to 1.8. A step after a spike is lost.
"""

import numpy as np

from golden.builder import Network
from golden.cells import LIF

DURATION = 10


def network(seed: int = 1) -> Network:
    """Make it."""
    net = Network(dt="1 ms", seed=seed)
    cell = LIF(tau=4, rest=0, reset=0, threshold=1, refractory=1)
    layer = net.population(10, cell, "l1")
    net.current(layer, np.arange(10) * 0.2, receptor="current")
    return net

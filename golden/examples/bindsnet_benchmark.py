"""How fast is a layer? n Poisson inputs of 0 to 100 Hz, each connected with all of n leaky cells.

BindsNET's benchmark (Hazan et al., Frontiers in Neuroinformatics 12, 2018): normally distributed
weights, and its LIFNodes: while a cell is refractory, its v leaks and what arrives is dropped.
"""

import numpy as np

from golden.builder import Network, Poisson, normal
from golden.cells import LIF

DURATION = 1000


def network(seed: int = 1, n: int = 1000) -> Network:
    """Make it."""
    net = Network(dt="1 ms", seed=seed)
    rates = np.random.default_rng(seed).uniform(0, 100, n)
    inputs = net.input(n, Poisson(rates), "X")
    cell = LIF(
        tau=100, rest=-65, reset=-65, threshold=-52, refractory=5, while_refractory="leak", room=8
    )
    layer = net.population(n, cell, "Y")
    net.connect(inputs, layer, weight=normal(0, 1))
    return net

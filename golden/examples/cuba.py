"""Four thousand cells keep each other firing, out of step, at six spikes a second: currents.

Vogels and Abbott (2005), as benchmark 2 of Brette et al. (Journal of Computational Neuroscience 23,
2007): leaky cells with exponential currents, 80 % of them excitatory, 2 % of all pairs connected.
They rest above their threshold; inhibition, five times as strong, keeps them from firing at once.
"""

import numpy as np

from golden.builder import Network, fixed_probability
from golden.cells import LIF, CurrentExponential

DURATION = 1000


def network(
    seed: int = 1, size: int = 4000, excitation: float = 1.62, inhibition: float = 9.0
) -> Network:
    """Make it; weights are currents times resistance, in mV."""
    net = Network(dt="1/8 ms", seed=seed)
    cell = LIF(
        tau=20,
        rest=-49,
        reset=-60,
        threshold=-50,
        refractory=5,
        v=np.random.default_rng(seed).uniform(-60, -50, size),
        receptors=(CurrentExponential("exc", tau=5), CurrentExponential("inh", tau=10)),
    )
    cells = net.population(size, cell, "cells")
    exc, inh = cells[: size * 4 // 5], cells[size * 4 // 5 :]
    by_chance = fixed_probability(80 / size, self_too=True)
    net.connect(exc, cells, by_chance, weight=excitation, receptor="exc")
    net.connect(inh, cells, by_chance, weight=-inhibition, receptor="inh")
    return net

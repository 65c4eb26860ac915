"""Four thousand cells keep each other firing, irregularly, after one kick: conductances.

Vogels and Abbott (2005), as benchmark 1 of Brette et al. (Journal of Computational Neuroscience 23,
2007): leaky cells with exponential conductances in units of the leak, 80 % of them excitatory, 2 %
of all pairs connected. Nothing drives them but each other: for the first 50 ms they are stirred.
"""

import numpy as np

from golden.builder import Network, SpikeTrain, fixed_probability
from golden.cells import LIF, ConductanceExponential

DURATION = 1000


def network(
    seed: int = 1, size: int = 4000, excitation: float = 0.6, inhibition: float = 6.7
) -> Network:
    """Make it; weights are conductances in units of the leak."""
    net = Network(dt="1/8 ms", seed=seed)
    random = np.random.default_rng(seed)
    cell = LIF(
        tau=20,
        rest=-60,
        reset=-60,
        threshold=-50,
        refractory=5,
        v=random.uniform(-60, -50, size),
        receptors=(
            ConductanceExponential("exc", tau=5, reversal=0),
            ConductanceExponential("inh", tau=10, reversal=-80),
        ),
    )
    cells = net.population(size, cell, "cells")
    exc, inh = cells[: size * 4 // 5], cells[size * 4 // 5 :]
    by_chance = fixed_probability(80 / size, self_too=True)
    net.connect(exc, cells, by_chance, weight=excitation, receptor="exc")
    net.connect(inh, cells, by_chance, weight=inhibition, receptor="inh")
    kick = net.input(100, SpikeTrain(np.repeat(np.arange(50.0), 20), np.arange(1000) % 100), "kick")
    net.connect(kick, cells, fixed_probability(0.05), weight=excitation, receptor="exc")
    return net

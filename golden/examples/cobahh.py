"""Four thousand Hodgkin-Huxley cells keep each other firing, irregularly, after one kick.

Benchmark 3 of Brette et al. (Journal of Computational Neuroscience 23, 2007): cells of Traub and
Miles with exponential conductances, 80 % of them excitatory, 2 % of all pairs connected. For the
first 50 ms they are stirred.
"""

import numpy as np

from golden.builder import Network, SpikeTrain, fixed_probability
from golden.cells import ConductanceExponential, TraubMiles

DURATION = 500


def network(
    seed: int = 1, size: int = 4000, excitation: float = 6.0, inhibition: float = 67.0
) -> Network:
    """Make it; weights are conductances in nS."""
    net = Network(dt="1/32 ms", seed=seed)
    cell = TraubMiles(
        v=np.random.default_rng(seed).normal(-65, 5, size).clip(-80, -50),
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

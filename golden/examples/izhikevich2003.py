"""A thousand cortical neurons, all connected with all: rhythms from noise alone.

Izhikevich, Simple model of spiking neurons (2003), figure 3 and its program. Excitatory cells lie
between regular spiking and chattering, inhibitory ones between fast spiking and low threshold; the
thalamus is noise. Within a second, alpha and gamma rhythms come and go.
"""

import numpy as np

from golden.builder import Network, uniform
from golden.cells import Izhikevich

DURATION = 1000


def network(
    seed: int = 1,
    excitatory: int = 800,
    inhibitory: int = 200,
    excitation: float = 0.5,
    inhibition: float = 1.0,
    noise: float = 5.0,
) -> Network:
    """Make it; ``excitation`` and ``inhibition`` are the largest weights."""
    net = Network(dt="1 ms", seed=seed)
    random = np.random.default_rng(seed)
    re, ri = random.random(excitatory), random.random(inhibitory)
    exc = net.population(
        excitatory,
        Izhikevich(a=0.02, b=0.2, c=-65 + 15 * re**2, d=8 - 6 * re**2, substeps=2),
        "exc",
    )
    inh = net.population(
        inhibitory,
        Izhikevich(a=0.02 + 0.08 * ri, b=0.25 - 0.05 * ri, c=-65, d=2, substeps=2),
        "inh",
    )
    net.connect(exc, exc + inh, weight=uniform(0, excitation))
    net.connect(inh, exc + inh, weight=uniform(-inhibition, 0))
    net.noise(exc, noise)
    net.noise(inh, noise * 2 / 5)
    return net

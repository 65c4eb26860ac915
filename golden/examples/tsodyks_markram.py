"""One synapse that tires and one that warms up, at five rates: who hears a begin, who what lasts.

M. Tsodyks, K. Pawelzik and H. Markram, Neural Computation 10 (1998). Every input beats at its own
rate and excites two cells. One hears it through a synapse that tires: it answers to the first beats
only. The other one's synapse facilitates: it answers when a fast beat has lasted for a while.
"""

from golden.builder import Network, Periodic, ShortTerm, one_to_one
from golden.cells import LIF

DURATION = 2000


def network(
    seed: int = 1,
    tiring: float = 60.0,
    warming: float = 120.0,
    recovery: float = 800.0,
    facilitation: float = 530.0,
) -> Network:
    """Make it; ``tiring`` and ``warming`` are weights in mV, the others time constants in ms."""
    net = Network(dt="1/2 ms", seed=seed)
    # 5, 10, 20, 40 and 80 spikes a second.
    beat = net.input(5, Periodic([200, 100, 50, 25, 12.5]), "beat")
    cell = LIF(tau=20, rest=-70, reset=-70, threshold=-50)
    begun, lasting = net.population(5, cell, "begun"), net.population(5, cell, "lasting")
    net.connect(beat, begun, one_to_one(), tiring, plasticity=ShortTerm(0.5, recovery, 0))
    net.connect(beat, lasting, one_to_one(), warming, plasticity=ShortTerm(0.03, 130, facilitation))
    return net

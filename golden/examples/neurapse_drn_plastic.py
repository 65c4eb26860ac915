"""Neurapse's dynamic random network, whose excitatory synapses learn by STDP of the nearest spikes.

Neurapse's example_DRN with plastic weights, which a pair changes by a share of themselves. Its code
compares an arrival with the first spike ever of the target, here with the last one, as is meant.
"""

from golden.builder import Network
from golden.examples import neurapse_drn
from golden.network.rules import PairSTDP

DURATION = 2000


def network(seed: int = 1, size: int = 500, gamma: float = 0.4, fan_out: float = 0.1) -> Network:
    """Make it; ``gamma`` is excitation in units of inhibition, and scales what is learned."""
    return neurapse_drn.dynamic(seed, size, gamma, fan_out, rule(gamma))


def rule(gamma: float) -> PairSTDP:
    """Return the rule; weights are in mV, and have no bounds there."""
    return PairSTDP(
        w_max=500,
        a_plus=0.01 * gamma,
        a_minus=0.07 * gamma,
        pairs="nearest",
        dependence="proportional",
        bits=18,
    )

"""A thousand excitatory cells and twenty inhibitory ones, sparsely connected, under Poisson rain.

spikelearn's recurrentnetwork: leaky cells with a time constant of 4 steps, 5 % of all pairs
connected; of 200 inputs, 100 spike in every other step on average.
"""

from golden.builder import Bernoulli, Network, fixed_probability
from golden.cells import LIF, StepCurrent

DURATION = 1000


def network(
    seed: int = 1,
    outside: float = 0.3,
    exc_exc: float = 0.1,
    exc_inh: float = 0.2,
    inh_exc: float = 0.5,
) -> Network:
    """Make it; weights are currents that flow for one step."""
    net = Network(dt="1 ms", seed=seed)
    cell = LIF(tau=4, rest=0, reset=0, threshold=1, refractory=1, receptors=(StepCurrent("in"),))
    exc, inh = net.population(1000, cell, "exc"), net.population(20, cell, "inh")
    rain = net.input(200, Bernoulli([0.5] * 100 + [0.0] * 100), "input")
    sparse = fixed_probability(0.05, self_too=True)
    net.connect(rain, exc, sparse, weight=outside)
    net.connect(inh, exc, sparse, weight=-inh_exc)
    net.connect(exc, exc, sparse, weight=exc_exc)
    net.connect(exc, inh, sparse, weight=exc_inh)
    return net

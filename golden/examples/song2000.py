"""A cell whose thousand synapses compete by STDP: half of them become strong, half of them weak.

Song, Miller and Abbott, Competitive Hebbian learning through spike-timing-dependent synaptic
plasticity (2000): a leaky cell with conductances, 1,000 excitatory Poisson inputs that learn, 200
inhibitory ones of 10 Hz that do not. The mean weight adapts so that the cell fires irregularly.
Conductances are in units of that of the leak. Weights start as uniform draws, there at the top.
"""

from golden.builder import Network, Poisson, all_to_all, uniform
from golden.cells import LIF, ConductanceExponential
from golden.network.rules import PairSTDP

DURATION = 10_000


def network(seed: int = 1, rate: float = 20.0, gmax: float = 0.015, a_plus: float = 0.005):
    """Make it; ``rate`` is that of excitatory inputs, Hz, ``a_plus`` a part of ``gmax``."""
    net = Network(dt="1/8 ms", seed=seed)
    receptors = (
        ConductanceExponential("exc", tau=5, reversal=0),
        ConductanceExponential("inh", tau=5, reversal=-70),
    )
    cell = LIF(tau=20, rest=-70, reset=-60, threshold=-54, refractory=0, receptors=receptors)
    post = net.population(1, cell, "cell")
    exc, inh = net.input(1000, Poisson(rate), "exc"), net.input(200, Poisson(10), "inh")
    weight = uniform(0, gmax)
    net.connect(exc, post, all_to_all(), weight=weight, receptor="exc", rule=rule(gmax, a_plus))
    net.connect(inh, post, all_to_all(), weight=0.05, receptor="inh")
    return net


def rule(gmax: float = 0.015, a_plus: float = 0.005) -> PairSTDP:
    """Return the rule of weights up to ``gmax``, of which ``a_plus`` is a share."""
    return PairSTDP(w_max=gmax, a_plus=a_plus * gmax, a_minus=1.05 * a_plus * gmax)

"""Neurapse's dynamic random network: 25 Poisson inputs set off 500 cells with delays up to 20 ms.

Neurapse's example_DRN with constant weights: leaky cells, currents that are the difference of two
exponentials, excitation delayed by 1 to 20 ms, inhibition by 1 ms and onto excitatory cells only.
Unlike there, a current lasts until it has decayed, and no pair is connected twice.
"""

from golden.builder import Network, Poisson, fixed_fan_out, one_to_one, uniform
from golden.cells import LIF, CurrentTwoExponentials
from golden.network.rules import Rule

DURATION = 2000


def network(seed: int = 1, size: int = 500, gamma: float = 1.0, fan_out: float = 0.1) -> Network:
    """Make it; ``gamma`` is excitation in units of inhibition, ``fan_out`` a part of all."""
    return dynamic(seed, size, gamma, fan_out)


def dynamic(seed: int, size: int, gamma: float, fan_out: float, rule: Rule | None = None):
    """Make it; excitatory synapses may learn by a rule."""
    net = Network(dt="1/8 ms", seed=seed)
    weight = 3000 / 30  # pA over nS of leak: mV
    cell = LIF(
        tau=10,  # 300 pF over 30 nS
        rest=-70,
        reset=-70,
        threshold=20,
        refractory=2,
        method="second order",
        room=16,
        receptors=(CurrentTwoExponentials("synapse", decay=15, rise=3.75, normal=False),),
    )
    exc = net.population(size * 4 // 5, cell, "exc")
    inh = net.population(size - len(exc), cell, "inh")
    rain = net.input(25, Poisson(100), "rain")
    each = fixed_fan_out(round(size * fan_out), self_too=True)
    net.connect(exc, exc + inh, each, weight=gamma * weight, delay=uniform(1, 20), rule=rule)
    net.connect(inh, exc, each, weight=-weight, delay=1)
    net.connect(rain, exc[:25], one_to_one(), weight=weight)
    return net

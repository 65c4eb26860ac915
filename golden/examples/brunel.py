"""Twelve thousand five hundred cells that fire irregularly while the whole beats: Brunel's network.

N. Brunel, Dynamics of sparsely connected networks (Journal of Computational Neuroscience 8, 2000):
every cell hears 1,000 excitatory and 250 inhibitory ones with 1.5 ms of delay, and as many spikes
from outside as would lift it twice to its threshold. With g = 5 and eta = 2 it is in the
asynchronous irregular regime. The spikes from outside are their mean and a normal noise of their
deviation.
"""

from golden.builder import Network, fixed_fan_in
from golden.cells import LIF, Delta

DURATION = 500


def network(
    seed: int = 1, order: int = 2500, g: float = 5.0, eta: float = 2.0, jump: float = 0.1
) -> Network:
    """Make it.

    ``order`` inhibitory cells and four times as many excitatory ones; an inhibitory spike counts
    ``g`` times as much as an excitatory one, ``jump`` mV; eta is the rate from outside, in what
    would just reach the threshold.
    """
    net = Network(dt="1/8 ms", seed=seed)
    tau, threshold, fan_in = 20.0, 20.0, order * 4 // 10
    cell = LIF(
        tau=tau, rest=0, reset=10, threshold=threshold, refractory=2, receptors=(Delta("jump"),)
    )
    exc = net.population(order * 4, cell, "exc")
    inh = net.population(order, cell, "inh")
    for source, sources, weight in ((exc, fan_in, jump), (inh, fan_in // 4, -g * jump)):
        by_chance = fixed_fan_in(sources, self_too=True)
        net.connect(source, exc + inh, by_chance, weight=weight, delay=1.5)
    a_step = eta * threshold / (jump * tau) * net.dt
    net.current(exc + inh, jump * a_step)
    net.noise(exc + inh, jump * a_step**0.5)
    return net

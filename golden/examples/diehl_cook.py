"""Digits, shown to a hundred cells that learn without labels: the winner inhibits all others.

Diehl and Cook, Unsupervised learning of digit recognition using spike-timing-dependent plasticity
(2015), as BindsNET has it: pixels as Poisson spikes, cells whose threshold rises with every spike,
each with an inhibitory cell of its own that silences all others, weights that learn by the nearest
pairs and are scaled to a sum of 78.4 after each image. An image lasts 250 ms, and 350 ms of rest
let v and traces decay that are reset there. Inhibition leads v to -100 mV and no further, its
reversal potential in the paper, so that who was inhibited in one image may win the next.
"""

import numpy as np

from golden.builder import ImageSequence, Network, from_matrix, one_to_one
from golden.cells import LIF, AdaptiveLIF
from golden.datasets import load_dataset
from golden.network.rules import PairSTDP

DURATION = 6000
SHOWN, REST = 250, 350
"""Steps of an image, and of the rest after it."""


def network(
    seed: int = 1,
    cells: int = 100,
    images: int = 10,
    inhibition: float = 120.0,
    theta_plus: float = 0.05,
) -> Network:
    """Make it; ``theta_plus`` is by what a spike raises a cell's threshold, mV."""
    net = Network(dt="1 ms", seed=seed)
    digits = load_dataset("digits", size=(28, 28)).train_images[:images]
    pixels = net.input(784, ImageSequence(digits, "bernoulli", SHOWN, REST, rate_shift=3), "X")
    inhibitory = LIF(
        tau=10,
        rest=-60,
        reset=-45,
        threshold=-40,
        refractory=2,
        while_refractory="leak",
    )
    exc = net.population(cells, excitatory(theta_plus), "exc", winners=1)
    inh = net.population(cells, inhibitory, "inh")
    rule = PairSTDP(
        w_max=1, a_plus=1e-2, a_minus=1e-4, pairs="nearest", norm=78.4, every=SHOWN + REST
    )
    start = 0.3 * np.random.default_rng(seed).random((784, cells))
    net.connect(pixels, exc, from_matrix(start), zeros=0.01, rule=rule)
    net.connect(exc, inh, one_to_one(), weight=22.5)
    net.connect(inh, exc, from_matrix(-inhibition * (1 - np.eye(cells))))
    return net


def excitatory(theta_plus: float) -> AdaptiveLIF:
    """Return a cell whose threshold rises with every spike."""
    return AdaptiveLIF(
        tau=100,
        rest=-65,
        reset=-60,
        threshold=-52,
        refractory=5,
        while_refractory="leak",
        room=4,
        lowest=-100,
        theta_plus=theta_plus,
        tau_theta=1e7,
    )

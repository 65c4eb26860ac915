"""Ten digits, shown one after the other, and what 100 cells with random weights make of them.

BindsNET's TwoLayerNetwork before it has learned anything: pixels as Poisson rates, leaky cells, and
weights that are scaled so that those of a cell add up to 78.4.
"""

import numpy as np

from golden.builder import ImageSequence, Network, from_matrix
from golden.cells import LIF
from golden.datasets import load_dataset

DURATION = 1500


def network(seed: int = 1, cells: int = 100, norm: float = 78.4) -> Network:
    """Make it: 100 ms an image, and 50 ms of rest."""
    net = Network(dt="1 ms", seed=seed)
    images = load_dataset("digits", size=(28, 28)).train_images[:10]
    pixels = net.input(784, ImageSequence(images, "bernoulli", 100, 50, rate_shift=3), "X")
    weights = 0.3 * np.random.default_rng(seed).random((784, cells))
    weights *= norm / weights.sum(axis=0)
    cell = LIF(tau=100, rest=-65, reset=-65, threshold=-52, refractory=5, while_refractory="leak")
    layer = net.population(cells, cell, "Y")
    net.connect(pixels, layer, from_matrix(weights), zeros=0.01)
    return net

"""Digits, shown to cells that each see a window of them: those of one window compete.

BindsNET's LocallyConnectedNetwork, which learns as its network of Diehl and Cook does (see
diehl-cook): windows of 12 x 12 pixels, 4 pixels apart, with 25 cells each, whose weights add up to
0.2 for each pixel. At most one cell spikes in a step, and silences the others of its window for
some time. An image lasts 250 ms, and 350 ms of rest let v and traces decay that are reset there.
"""

import numpy as np

from golden.builder import ImageSequence, Network, from_matrix, from_pairs
from golden.datasets import load_dataset
from golden.examples.diehl_cook import REST, SHOWN, excitatory
from golden.network.rules import PairSTDP

DURATION = 6000
SIDE = 28


def network(
    seed: int = 1,
    window: int = 12,
    stride: int = 4,
    filters: int = 25,
    images: int = 10,
    inhibition: float = 25.0,
    theta_plus: float = 0.05,
) -> Network:
    """Make it; ``theta_plus`` is by what a spike raises a cell's threshold, mV."""
    net = Network(dt="1 ms", seed=seed)
    digits = load_dataset("digits", size=(SIDE, SIDE)).train_images[:images]
    pixels = net.input(SIDE**2, ImageSequence(digits, "bernoulli", SHOWN, REST, rate_shift=3), "X")
    seen = windows(window, stride)
    cells = net.population(filters * len(seen), excitatory(theta_plus), "Y", winners=1)
    rule = PairSTDP(
        w_max=1,
        a_plus=1e-2,
        a_minus=1e-4,
        pairs="nearest",
        norm=0.2 * window**2,
        every=SHOWN + REST,
    )
    # Cells of a window are neighbours.
    pre = np.repeat(seen, filters, axis=0).ravel()
    post = np.repeat(np.arange(cells.size), window**2)
    start = np.random.default_rng(seed).random(len(pre))
    net.connect(pixels, cells, from_pairs(pre, post), weight=start, zeros=0.01, rule=rule)
    rivals = np.kron(np.eye(len(seen)), 1 - np.eye(filters))
    net.connect(cells, cells, from_matrix(-inhibition * rivals))
    return net


def windows(window: int, stride: int) -> np.ndarray:
    """Return the pixels of every window, shape (windows, pixels)."""
    first = np.arange(0, SIDE - window + 1, stride)
    corner = (first[:, None] * SIDE + first).ravel()
    inside = (np.arange(window)[:, None] * SIDE + np.arange(window)).ravel()
    return corner[:, None] + inside

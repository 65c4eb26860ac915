"""A network that is shown images: it learns from some, its cells are labelled, and it answers.

Labels and answers are those of the dense core (`golden.dense.classifier`): the first spikes of a
presentation vote, each with a table that was counted from training images.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from golden.builder.network import Network
from golden.datasets import load_dataset
from golden.dense import classifier
from golden.dense.params import Params
from golden.dense.wta import NOBODY
from golden.examples import diehl_cook
from golden.examples.plastic import bindsnet_lc
from golden.network.engine.engine import Engine
from golden.network.source import Train
from golden.network.state import NetworkState

Ints = NDArray[np.int64]
AT_ONCE = 100
"""Images whose spikes are drawn at once."""
PIXEL = 2048
"""A pixel of value x spikes in a step with probability x / `PIXEL`."""
VOTES, VOTE_BITS = 16, 8
LABELLED = 5000
"""Images that are shown once more to label the cells, the last ones of those learned from."""
COLUMNS = (
    "network",
    "dataset",
    "seed",
    "learned",
    "labelled",
    "tested",
    "votes_percent",
    "activity_percent",
    "silent",
    "spikes_an_image",
    "overflows",
)


NETWORKS: dict[str, tuple[Any, str]] = {
    "diehl-cook": (diehl_cook, "exc"),
    "bindsnet-lc": (bindsnet_lc, "Y"),
}
"""By name: what makes a network, and the population that answers."""


def rows(name: str, images: int, data_dir: Path | None, seed: int = 1) -> Iterator[dict[str, Any]]:
    """Yield what a network answers to MNIST's test images.

    Parameters
    ----------
    name : str
        One of `NETWORKS`.
    images : int
        That it learns from: MNIST's first ones, each shown once.
    """
    data = load_dataset("mnist", data_dir)
    pixels, labels = data.train_images[:images], data.train_labels[:images].astype(np.int64)
    made, cells = NETWORKS[name]
    learning, asked = (
        Shown(net, "X", cells, made.SHOWN, made.REST, seed)
        for net in (made.network(seed), made.network(seed, theta_plus=0.0))
    )
    learning.show(pixels, learning=True)
    # Thresholds stay what they are, as weights do.
    asked.state = learning.state
    firsts, counts = asked.show(pixels[-LABELLED:], learning=False)
    labels = labels[-LABELLED:]
    test, answered = asked.show(data.test_images, learning=False)
    truth = data.test_labels
    votes = by_votes(asked.cells, (firsts, labels), test)
    activity = by_activity(counts, labels, answered)
    yield {
        "network": name,
        "dataset": "mnist",
        "seed": seed,
        "learned": len(pixels),
        "labelled": len(labels),
        "tested": len(truth),
        "votes_percent": f"{100 * (votes == truth).mean():.2f}",
        "activity_percent": f"{100 * (activity == truth).mean():.2f}",
        "silent": int((answered.sum(axis=1) == 0).sum()),
        "spikes_an_image": f"{answered.sum(axis=1).mean():.2f}",
        "overflows": asked.state.overflows,
    }


class Shown:
    """A network to which images are shown, one after the other; it keeps its state.

    Parameters
    ----------
    net : Network
    pixels, cells : str
        The input, and the population that answers.
    shown, rest : int
        Steps of an image, and of the rest after it.
    """

    def __init__(self, net: Network, pixels: str, cells: str, shown: int, rest: int, seed: int):
        self.blueprint = net.build().blueprint
        self.pixels = net.populations[pixels].number
        group = self.blueprint.groups[net.populations[cells].number]
        self.first, self.cells = group.first, group.size
        self.shown, self.rest = shown, rest
        self.state = NetworkState.start(self.blueprint)
        self.random = np.random.default_rng(seed)

    def show(self, images: NDArray[np.uint8], learning: bool) -> tuple[Ints, Ints]:
        """Show images; return the first spikes of each, (n, `VOTES`), and all by cell, (n, cells).

        Where there are fewer than `VOTES`, the others are `golden.dense.wta.NOBODY`.
        """
        parts = [
            self._show(images[first : first + AT_ONCE], learning)
            for first in range(0, len(images), AT_ONCE)
        ]
        firsts, counts = (np.concatenate(column) for column in zip(*parts, strict=True))
        return firsts, counts

    def _show(self, images: NDArray[np.uint8], learning: bool) -> tuple[Ints, Ints]:
        each, begin = self.shown + self.rest, self.state.step
        self.state.learn(tuple(bool(r.learning) and learning for r in self.blueprint.rows))
        engine = Engine(self._with(self._train(images, begin)), self.state)
        firsts = np.full((len(images), VOTES), NOBODY)
        counts = np.zeros((len(images), self.cells), np.int64)
        done = 0
        while done < each * len(images):
            chunk = engine.advance(each * len(images) - done)
            done += chunk.steps
            who = chunk.spike_neurons - self.first
            mine = (who >= 0) & (who < self.cells)
            when = (chunk.spike_steps[mine] - begin) // each
            for image, neuron in zip(when, who[mine], strict=True):
                rank = counts[image].sum()
                if rank < VOTES:
                    firsts[image, rank] = neuron
                counts[image, neuron] += 1
        self.state = engine.state()
        return firsts, counts

    def _train(self, images: NDArray[np.uint8], begin: int) -> Train:
        pixels = images.reshape(len(images), 1, -1)
        size = (len(images), self.shown, pixels.shape[2])
        spikes = self.random.integers(0, PIXEL, size, np.int16) < pixels
        image, step, pixel = np.nonzero(spikes)
        return Train(begin + image * (self.shown + self.rest) + step, pixel)

    def _with(self, train: Train):
        groups = list(self.blueprint.groups)
        groups[self.pixels] = replace(groups[self.pixels], source=train)
        return replace(self.blueprint, groups=tuple(groups))


def by_votes(cells: int, labelled: tuple[Ints, Ints], asked: Ints) -> Ints:
    """Return answers, (n,), to first spikes; ``labelled`` are such, and labels of their images."""
    p = Params(n_neurons=cells, vote_spikes=VOTES, vote_bits=VOTE_BITS)
    votes = classifier.tabulate(p, classifier.count(p, *labelled))
    return np.array([classifier.decide(p, votes, row) for row in asked])


def by_activity(counts: Ints, labels: Ints, asked: Ints) -> Ints:
    """Return BindsNET's answers by all activity: a cell stands for the label it spikes most for.

    That is the label with the highest mean count; the answer is the label whose cells spike most,
    on the mean of these cells.
    """
    images = np.bincount(labels, minlength=10)[:, None]
    total = np.array([counts[labels == k].sum(axis=0) for k in range(10)])
    label = (total / np.maximum(images, 1)).argmax(axis=0)
    mine = label[:, None] == np.arange(10)
    return (asked @ mine / np.maximum(mine.sum(axis=0), 1)).argmax(axis=1)

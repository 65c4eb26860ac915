"""The trained neurons: what each stands for, how often it won, and which ones stand out."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from golden.dense import homeostasis
from golden.dense.engine import infer
from golden.dense.wta import NOBODY
from golden.report.pictures import pictures, thumbnail
from golden.training.outcome import Outcome

LOOKED_AT = 10_000
"""Training images of which means are made: they are the same to the eye with more."""
SHOWN = 400
"""About how many neurons are drawn."""
NOTHING = "nothing"
"""What a neuron that never won stands for."""
FAIR_SHARES = 5
"""A neuron with more than so many times its fair share of the wins is dominant."""


class Neurons(NamedTuple):
    """Neurons in order of their index."""

    names: tuple[str, ...]
    """What a label stands for, (n_classes)."""
    groups: NDArray[np.int64]
    """Label of every neuron, and ``len(names)`` for those that never won, (n_neurons,)."""
    wins: NDArray[np.int64]
    """Voting spikes in response to the training images, of any rank, (n_neurons,)."""
    theta: NDArray[np.int64]
    """Adaptive thresholds, whole weight steps of them, (n_neurons,)."""
    shown: NDArray[np.int64]
    """Neurons to draw, by group and then by wins, the most winning first."""
    pictures: NDArray[np.uint8]
    """RGBA pictures of the weights of ``shown``, (n_shown, rows, columns, 4)."""
    means: NDArray[np.uint8]
    """Means of the images that each of ``shown`` won, `mean_images`, (n_shown, rows, columns)."""
    oriented: bool
    """The pictures are of weights projected back through the oriented field."""

    @classmethod
    def of(cls, outcome: Outcome) -> "Neurons":
        """Collect what the report tells of the neurons."""
        p, state, classes = outcome.model.params, outcome.model.state, outcome.model.classes
        known = outcome.dataset.class_names[: p.n_classes]
        names = (*known, *(str(label) for label in range(len(known), p.n_classes)))
        wins = outcome.responses.sum(axis=(0, 2))
        groups = np.where(wins == 0, len(names), classes)
        shown = choose(groups, wins, SHOWN)
        drawn = pictures(p, state.w[:, shown])
        means = thumbnail(mean_images(outcome)[shown])
        oriented = p.receptive_field == "oriented"
        theta = homeostasis.threshold(p, 0, state.theta, 0)
        return cls(names, groups, wins, theta, shown, drawn, means, oriented)

    @property
    def dead(self) -> NDArray[np.bool_]:
        """Neurons that never won, (n_neurons,)."""
        return self.wins == 0

    @property
    def dominant(self) -> NDArray[np.bool_]:
        """Neurons with far more than a fair share of the wins, (n_neurons,)."""
        return self.wins > self.dominant_share * self.wins.sum()

    @property
    def dominant_share(self) -> float:
        """Share of all wins above which a neuron is dominant; in a tiny network, half of them."""
        return min(FAIR_SHARES / len(self.wins), 0.5)

    def name(self, neuron: int) -> str:
        """Return the name of the label that a neuron stands for, or `NOTHING`."""
        return NOTHING if self.dead[neuron] else self.names[self.groups[neuron]]


def mean_images(outcome: Outcome) -> NDArray[np.uint8]:
    """Return the mean of the training images to which each neuron was the first to spike.

    Those among the first `LOOKED_AT`; 0 for a neuron that won none of them. Rounded down.

    Returns
    -------
    (n_neurons, height, width) uint8
        Grey values, 0 is no ink.
    """
    model, images = outcome.model, outcome.dataset.train_images[:LOOKED_AT]
    records = infer(model.params, model.state, images.reshape(len(images), -1))
    first = np.concatenate([record.spikes[:, 0] for record in records])
    means = np.zeros((model.params.n_neurons, *images.shape[1:]), np.uint8)
    for neuron in set(first.tolist()) - {NOBODY}:
        won = images[first == neuron]
        means[neuron] = won.sum(axis=0, dtype=np.int64) // len(won)
    return means


def choose(classes: NDArray[np.int64], wins: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """Return about ``most`` neurons by label and wins; every label keeps its most winning ones.

    If not all can be shown, every label is cut at the same rank, at least 1.

    Parameters
    ----------
    classes, wins : (n_neurons,) int64
        Label and wins of every neuron.
    """
    order = np.lexsort((np.arange(len(wins)), -wins, classes))
    ordered = classes[order]
    rank = np.arange(len(order)) - np.searchsorted(ordered, ordered)
    if len(order) <= most:
        return order
    sizes = np.cumsum(np.bincount(rank))
    deepest = max(1, int(np.searchsorted(sizes, most, side="right")))
    return order[rank < deepest]

"""A network that is shown images: it learns from some, its cells are labelled, and it answers.

Labels and answers are those of the dense core (`golden.dense.classifier`): the first spikes of a
presentation vote, each with a table that was counted from training images.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from golden.datasets import load_dataset
from golden.dense import classifier
from golden.dense.params import Params
from golden.examples import diehl_cook
from golden.examples.plastic import bindsnet_lc, shikhargupta, shikhargupta_repaired
from golden.study.learning.shown import VOTES, Exhibit, Shown, dense, layered

Ints = NDArray[np.int64]
VOTE_BITS = 8
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


NETWORKS: dict[str, Exhibit] = {
    "diehl-cook": dense(diehl_cook, "exc"),
    "bindsnet-lc": dense(bindsnet_lc, "Y"),
    "shikhargupta": layered(shikhargupta, "16"),
    "shikhargupta-layers": layered(shikhargupta, "64,16,8"),
    "shikhargupta-repaired": layered(shikhargupta_repaired, "16"),
    "shikhargupta-repaired-layers": layered(shikhargupta_repaired, "64,16,8"),
}
"""By name."""


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
    learning, asked = (Shown(NETWORKS[name], seed, asked) for asked in (False, True))
    learning.show(pixels, learning=True)
    # Thresholds stay what they are, as weights do.
    asked.states = learning.states
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
        "overflows": sum(state.overflows for state in asked.states),
    }


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

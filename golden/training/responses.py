"""What neurons answer: responses to many images, vote tables from them, labels by them."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from golden.dense import classifier, encoder, engine
from golden.dense.core import State
from golden.dense.params import Params
from golden.dense.receptive_field import receptive_field


def record(
    p: Params,
    state: State,
    images: NDArray[np.uint8],
    advance: Callable[[int], None] = lambda n: None,
) -> engine.Record:
    """Present images (n, height * width) without learning, calling ``advance`` with counts done."""
    parts = []
    for part in engine.infer(p, state, images):
        parts.append(part)
        advance(len(part.spikes))
    return engine.Record(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def silent(p: Params, images: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Tell which images (n, height * width) give no event at all, (n,)."""
    return np.array([not _any_event(p, image.astype(np.int64)) for image in images], np.bool_)


def _any_event(p: Params, pixels: NDArray[np.int64]) -> bool:
    seen, state = receptive_field(p, pixels), encoder.start(p)
    for step in range(p.n_steps if seen.any() else 0):
        spikes, state = encoder.encode(p, seen, state, step)
        if spikes.any():
            return True
    return False


def answers(p: Params, votes: NDArray[np.int64], spikes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the label, (n,), for every row of ``spikes``, (n, vote_spikes)."""
    return np.array([classifier.decide(p, votes, row) for row in spikes], dtype=np.int64)


def confusion(
    p: Params, labels: NDArray[np.int64], answered: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Count images by (true label, answer), (n_classes, n_classes)."""
    counts = np.zeros((p.n_classes, p.n_classes), dtype=np.int64)
    np.add.at(counts, (labels, answered), 1)
    return counts

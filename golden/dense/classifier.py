"""Stage 8, classifier: spikes become a label.

The first ``vote_spikes`` spikes of a presentation vote, each with a table of its own (rank 0 for
the first spike, and so on): ``votes[rank, neuron, label]``. The label with the largest sum wins;
ties, and a presentation without a spike, go to the lowest label. The tables are made from the
responses to training images only: every one presented once more, without learning.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from golden.dense.params import Params
from golden.dense.wta import NOBODY

LOG_STEPS = 16
"""Steps per factor of two in `log2_steps`: 16."""
VOTE_RANGE = 7
"""A label that is ``2**7`` times rarer than a neuron's commonest gets no vote."""


def decide(p: Params, votes: NDArray[np.int64], spikes: Sequence[int]) -> int:
    """Return the label for the spiking neurons; parameters are those of `scores`."""
    return int(np.argmax(scores(p, votes, spikes)))


def scores(p: Params, votes: NDArray[np.int64], spikes: Sequence[int]) -> NDArray[np.int64]:
    """Return the votes for every label, (n_classes,).

    Parameters
    ----------
    votes : (vote_spikes, n_neurons, n_classes) int64
        Format ``vote``.
    spikes : sequence of int
        Neurons in order of their spikes, or `golden.dense.wta.NOBODY`; only the first
        ``vote_spikes`` count.
    """
    score = np.zeros(p.n_classes, dtype=np.int64)
    for rank, neuron in enumerate(spikes[: p.vote_spikes]):
        if neuron != NOBODY:
            score += votes[rank, neuron]
    return score


def count(p: Params, spikes: NDArray[np.int64], labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Count responses to labelled images.

    Parameters
    ----------
    spikes : (n, vote_spikes) int64
        Neurons in order of their spikes, `golden.dense.wta.NOBODY` where there were fewer.
    labels : (n,) int64
        Labels of the images.

    Returns
    -------
    (vote_spikes, n_neurons, n_classes) int64
        How often each neuron spiked as rank-th for each label.
    """
    responses = np.zeros((p.vote_spikes, p.n_neurons, p.n_classes), dtype=np.int64)
    for rank in range(p.vote_spikes):
        spiked = spikes[:, rank] != NOBODY
        np.add.at(responses[rank], (spikes[spiked, rank], labels[spiked]), 1)
    return responses


def log2_steps(n: int) -> int:
    """Return ``floor(16 * log2(n))`` exactly; ``n`` is at least 1."""
    # n**16 has floor(16 * log2(n)) + 1 bits, so no logarithm needs to be rounded.
    return (n**LOG_STEPS).bit_length() - 1


def tabulate(p: Params, responses: NDArray[np.int64]) -> NDArray[np.int64]:
    """Make the vote tables: logarithms of response frequencies, so adding is Bayes' rule.

    Later ranks weigh less: a vote of rank ``r`` is at most ``most = vote_max * 4 // (4 + r)``,
    where ``vote_max = 2**vote_bits - 1``. For a neuron that responded in this rank ``n[c]`` times
    to label ``c``, at most ``n_max`` times to any label, and half a response of prior for every
    label::

        rarity = log2_steps(2 * n_max + 1) - log2_steps(2 * n[c] + 1)
        vote   = max(0, most - (2 * most * rarity + scale) // (2 * scale))

    where ``scale = VOTE_RANGE * LOG_STEPS = 7 * 16``: the quotient is rounded half up. A neuron
    that never responded votes ``most`` for every label, which decides nothing.

    Returns
    -------
    (vote_spikes, n_neurons, n_classes) int64
        Format ``vote``.
    """
    logs = np.array([log2_steps(2 * int(n) + 1) for n in responses.flat], dtype=np.int64)
    logs = logs.reshape(responses.shape)
    rarity = logs.max(axis=2, keepdims=True) - logs
    most = np.array([p.vote.max * 4 // (4 + rank) for rank in range(p.vote_spikes)])
    scale = VOTE_RANGE * LOG_STEPS
    votes = most[:, None, None] - (2 * most[:, None, None] * rarity + scale) // (2 * scale)
    return np.maximum(votes, 0)


def classes(responses: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the label each neuron stands for, (n_neurons,): its commonest as first to spike.

    Ties, and neurons that never were the first, go to the lowest label.
    """
    return np.argmax(responses[0], axis=1)

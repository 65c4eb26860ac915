"""Classifier: votes for a label, responses counted, and vote tables made from them by hand."""

from dataclasses import replace

import numpy as np
import pytest

from golden.dense import classifier
from golden.dense.core import present
from golden.dense.wta import NOBODY
from golden.training import responses
from sim.battery.networks import TINY
from tests.shared.by_hand import ints, network

P = replace(TINY, vote_spikes=2, n_classes=3)


def tables(*ranks) -> np.ndarray:
    return np.array(ranks, dtype=np.int64)


# By hand: decide


@pytest.mark.parametrize(
    ("votes", "spikes", "label"),
    [
        pytest.param([[[0, 2], [1, 0]]] * 2, (0,), 1, id="largest-vote"),
        pytest.param([[[1, 1], [0, 0]]] * 2, (0,), 0, id="tie-to-lowest-label"),
        pytest.param([[[0, 2], [9, 0]]] * 2, (), 0, id="no-spike-to-lowest-label"),
        pytest.param([[[0, 2], [0, 0]], [[0, 0], [3, 0]]], (0, 1), 0, id="each-rank-its-table"),
        pytest.param([[[0, 2], [0, 0]], [[0, 0], [3, 0]]], (0, -1), 1, id="nobody-is-mute"),
        pytest.param([[[0, 2], [9, 0]], [[0, 0], [1, 0]]], (0, 1, 1), 1, id="third-spike-is-mute"),
        pytest.param([[[0, 2], [1, 0]], [[0, 0], [1, 0]]], (0, 1), 1, id="sum-of-votes"),
    ],
)
def test_spikes_vote_for_a_label(votes, spikes, label):
    p = replace(TINY, vote_spikes=2)
    assert classifier.decide(p, np.array(votes, dtype=np.int64), spikes) == label


def test_scores_are_the_votes_of_all_who_count():
    votes = tables([[0, 2, 0], [9, 0, 3]], [[5, 5, 5], [1, 0, 4]])
    assert classifier.scores(P, votes, (0, 1, 1)).tolist() == [1, 2, 4]


def test_every_row_of_spikes_gets_its_answer():
    votes = tables([[0, 2, 0], [0, 0, 3]], [[9, 0, 0], [9, 0, 0]])
    spikes = tables([0, NOBODY], [1, NOBODY], [1, 0], [NOBODY, NOBODY])
    assert responses.answers(P, votes, spikes).tolist() == [1, 2, 0, 0]


def test_confusion_counts_true_label_by_answer():
    counts = responses.confusion(P, ints(0, 1, 1, 2, 1), ints(0, 2, 2, 2, 1))
    assert counts.tolist() == [[1, 0, 0], [0, 1, 2], [0, 0, 1]]


# By hand: count


def test_count_by_rank_neuron_and_label():
    spikes = tables([0, 1], [0, NOBODY], [1, 0], [NOBODY, NOBODY], [0, 1])
    counts = classifier.count(P, spikes, ints(2, 2, 0, 1, 2))
    assert counts.tolist() == [[[0, 0, 3], [1, 0, 0]], [[1, 0, 0], [0, 0, 2]]]


# By hand: tabulate


@pytest.mark.parametrize(
    ("n", "steps"),
    [(1, 0), (2, 16), (3, 25), (4, 32), (5, 37), (7, 44), (15, 62), (255, 127), (256, 128)],
)
def test_logarithm_in_sixteenths_of_an_octave(n, steps):
    assert classifier.log2_steps(n) == steps  # 25.36, 37.15, 44.92, 62.51, 127.91


def test_votes_fall_with_rarity():
    # First rank: log2(2n + 1) of 3, 1 and 0 is 44, 25 and 0 steps; 255 * 19 / 112 is 43.26 and
    # 255 * 44 / 112 is 100.18. Second rank: at most 255 * 4 // 5 = 204; 204 * 25 / 112 is 45.54.
    counts = tables([[3, 1, 0], [0, 3, 3]], [[1, 0, 1], [0, 0, 1]])
    assert classifier.tabulate(P, counts).tolist() == [
        [[255, 212, 155], [155, 255, 255]],
        [[204, 158, 204], [158, 158, 204]],
    ]


def test_half_a_vote_is_rounded_away():
    p = replace(P, vote_bits=3, vote_spikes=1)
    # log2 of 19, 13 and 1 is 67, 59 and 0 steps: 7 * 8 / 112 is 0.5 and 7 * 67 / 112 is 4.19.
    votes = classifier.tabulate(p, tables([[9, 6, 0], [6, 9, 6]]))
    assert votes.tolist() == [[[7, 6, 3], [6, 7, 6]]]


def test_label_too_rare_gets_no_vote():
    p = replace(P, vote_spikes=1)  # log2(127) is 111 steps, log2(129) is 112 or 7 octaves
    assert classifier.tabulate(p, tables([[63, 0, 1], [64, 0, 1]])).tolist() == [
        [[255, 2, 59], [255, 0, 57]]  # 255 * 111, 86, 112 and 87 / 112: 252.7, 195.8, 255, 198.1
    ]


def test_far_too_rare_label_gets_no_negative_vote():
    p = replace(P, vote_spikes=1)
    assert classifier.tabulate(p, tables([[60000, 0, 0], [1, 1, 1]]))[0, 0].tolist() == [255, 0, 0]


@pytest.mark.parametrize(
    ("rank", "most"),
    [(0, 255), (1, 204), (2, 170), (3, 145), (4, 127), (63, 15)],
    ids=["first", "second", "third", "fourth", "fifth", "last"],
)
def test_later_ranks_weigh_less(rank, most):
    p = replace(P, vote_spikes=64)
    counts = np.zeros((64, 2, 3), dtype=np.int64)
    counts[:, 0, 1] = 1
    assert classifier.tabulate(p, counts)[rank, 0].max() == most


def test_dead_neuron_prefers_no_label():
    votes = classifier.tabulate(P, tables([[0, 0, 0], [1, 0, 0]], [[0, 0, 0], [0, 0, 0]]))
    assert votes[:, 0].tolist() == [[255] * 3, [204] * 3]


# By hand: classes


def test_neuron_stands_for_its_commonest_label_as_first_to_spike():
    counts = tables([[1, 5, 2], [3, 0, 3]], [[9, 0, 0], [0, 9, 0]])
    assert classifier.classes(counts).tolist() == [1, 0]  # ties go to the lowest label


def test_dead_neuron_stands_for_the_lowest_label():
    assert classifier.classes(tables([[0, 0, 0], [0, 0, 1]])).tolist() == [0, 2]


# Equality


def test_logarithm_is_exact():
    for n in range(1, 10001):
        steps = classifier.log2_steps(n)
        assert 2**steps <= n**16 < 2 ** (steps + 1)


def test_votes_fit_their_format():
    rng = np.random.default_rng(1)
    for bits in (1, 2, 8, 16):
        p = replace(P, vote_bits=bits)
        votes = classifier.tabulate(p, rng.integers(0, 500, (2, 2, 3)))
        assert (p.vote.check(votes).max(axis=(1, 2)) == [p.vote.max, p.vote.max * 4 // 5]).all()


def test_recorded_responses_are_those_of_the_step_model():
    p = replace(TINY, encoder="rate", vote_spikes=2)
    state, done = network(p, (9, 3), (2, 8), (5, 5)), []
    images = np.random.default_rng(2).integers(0, 256, (5, 3)).astype(np.uint8)
    record = responses.record(p, state, images, done.append)
    spikes = [present(p, state, image.astype(np.int64))[0].spikes for image in images]
    assert [row[row != NOBODY].tolist() for row in record.spikes] == [list(row) for row in spikes]
    assert (record.counts.shape, done) == ((5, 6), [5])

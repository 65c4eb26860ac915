"""Weight memory: rows are axons, columns are neurons."""

from dataclasses import replace

import numpy as np

from golden.dense import synapse
from sim.battery.networks import TINY
from tests.shared.by_hand import ints

W = np.array([[1, 2], [3, 4], [5, 6]], dtype=np.int64)


# By hand


def test_row_is_one_axon_to_every_neuron():
    assert synapse.row(W, 1).tolist() == [3, 4]


def test_column_is_one_neuron_from_every_axon():
    assert synapse.column(W, 1).tolist() == [2, 4, 6]


def test_replacing_a_column_leaves_the_others_and_the_argument():
    new = synapse.with_column(W, 0, ints(-1, -2, -3))
    assert new.tolist() == [[-1, 2], [-2, 4], [-3, 6]]
    assert W.tolist() == [[1, 2], [3, 4], [5, 6]]


def test_initial_weights_reach_the_low_bound_and_stop_below_the_high_one():
    p = replace(TINY, height=20, width=20, w_init_low=-2, w_init_high=3)
    w = synapse.initial(p, 7)
    assert (w.shape, w.dtype) == ((400, 2), np.int64)
    assert np.unique(w).tolist() == [-2, -1, 0, 1, 2]


# Equality


def test_initial_weights_follow_numpys_default_stream():
    expected = np.random.default_rng(5).integers(-4, 5, (3, 2))
    assert synapse.initial(TINY, 5).tolist() == expected.tolist()


def test_seeds_give_different_weights():
    assert synapse.initial(TINY, 1).tolist() != synapse.initial(TINY, 2).tolist()

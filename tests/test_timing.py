"""Cycles: the schedule of the hardware by hand."""

from dataclasses import replace

import numpy as np
import pytest

from golden.timing import cycles
from tests.networks import TINY, ints

P = replace(TINY, n_neurons=10, n_lanes=4)
"""Three words a row, three axons."""

NONE = np.zeros(1, dtype=np.int64)


# By hand


@pytest.mark.parametrize(
    ("events", "busy_steps", "sweeps", "expected"),
    [
        pytest.param(0, 0, 0, 0, id="nothing-happens"),
        pytest.param(7, 0, 0, 21, id="three-words-an-event"),
        pytest.param(0, 5, 0, 15, id="three-words-a-busy-step"),
        pytest.param(0, 0, 2, 6, id="one-cycle-a-synapse-of-a-sweep"),
        pytest.param(7, 5, 2, 42, id="sum"),
    ],
)
def test_cycles_of_one_presentation(events, busy_steps, sweeps, expected):
    assert cycles(P, ints(events), ints(busy_steps), ints(sweeps)).tolist() == [expected]


def test_presentations_are_counted_apart():
    assert cycles(P, ints(1, 0, 7), ints(0, 2, 5), ints(0, 0, 1)).tolist() == [3, 6, 39]


@pytest.mark.parametrize(
    ("n_lanes", "expected"),
    [
        pytest.param(1, 10, id="one-neuron-at-a-time"),
        pytest.param(4, 3, id="last-word-not-full"),
        pytest.param(5, 2, id="full-words"),
        pytest.param(10, 1, id="all-at-once"),
    ],
)
def test_lanes_share_the_work(n_lanes, expected):
    assert cycles(replace(P, n_lanes=n_lanes), ints(1), NONE, NONE).tolist() == [expected]


def test_lanes_do_not_shorten_a_sweep():
    assert cycles(replace(P, n_lanes=10), NONE, NONE, ints(2)).tolist() == [6]


def test_single_port_doubles_sweeps_only():
    p = replace(P, single_port=True)
    assert cycles(p, NONE, NONE, ints(2)).tolist() == [12]
    assert cycles(p, ints(7), ints(5), NONE).tolist() == [36]


def test_oriented_field_sweeps_its_own_axons():
    p = replace(P, receptive_field="oriented", height=4, width=4, rf_stride=2)
    assert cycles(p, NONE, NONE, ints(1)).tolist() == [8]

"""Events: addresses in ascending order, and time stamps in which 0 means never."""

import numpy as np
import pytest

from golden.dense.events import NEVER, events, stamp
from tests.shared.by_hand import flags, ints


@pytest.mark.parametrize(
    ("spikes", "axons"),
    [
        pytest.param((1, 0, 1, 1), [0, 2, 3], id="ascending"),
        pytest.param((0, 0, 0, 0), [], id="no-event"),
        pytest.param((0, 0, 0, 1), [3], id="last-axon"),
        pytest.param((1, 1, 1, 1), [0, 1, 2, 3], id="everybody"),
    ],
)
def test_spikes_become_addresses_lowest_first(spikes, axons):
    addresses = events(flags(*spikes))
    assert addresses.tolist() == axons
    assert addresses.dtype == np.int64


def test_step_zero_is_not_never():
    assert stamp(ints(NEVER, NEVER), ints(1), 0).tolist() == [0, 1]


def test_stamp_is_step_plus_one_and_others_keep_theirs():
    assert stamp(ints(2, 3, 0), ints(0, 2), 6).tolist() == [7, 3, 7]


def test_stamp_leaves_its_argument_alone():
    last = ints(0, 0)
    stamp(last, ints(0, 1), 5)
    assert last.tolist() == [0, 0]

"""Rates: spikes counted in bins, however the run is cut into pieces."""

import numpy as np
import pytest

from golden.builder import Network, SpikeTrain


def counted(every, pieces, limit=100):
    net = Network(dt="1/2 ms")
    train = net.input(4, SpikeTrain([0, 0, 1, 2.5, 7, 7.5], [0, 1, 0, 3, 2, 2]), "train")
    monitor = net.record(train[:3], "rate", every=every, limit=limit)
    for steps in pieces:
        net.run(steps=steps)
    return monitor


# By hand


def test_bins_of_five_steps():
    monitor = counted(5, [19])
    # 2 spikes at step 0 and 1 at step 2; none; one at step 14; the one at step 15 waits.
    assert monitor.t.tolist() == [0, 5, 10]
    assert monitor.counts.tolist() == [3, 0, 1]
    assert monitor.times.tolist() == [1.25, 3.75, 6.25]
    assert monitor.values.tolist() == [400, 0, pytest.approx(1000 / 7.5)]
    assert monitor.lost == 0


def test_what_finds_no_room_is_counted_as_lost():
    monitor = counted(5, [20], limit=2)
    assert (monitor.counts.tolist(), monitor.lost) == ([3, 0], 2)


# Refusals


def test_a_bin_has_a_step():
    net = Network()
    with pytest.raises(ValueError, match=r"^every must be 1 or more, not 0$"):
        net.record(net.input(1, SpikeTrain([1])), "rate", every=0)


# Equality


@pytest.mark.parametrize("pieces", [[1] * 19, [4, 1, 9, 5], [18, 1]])
def test_pieces_of_a_run_do_not_matter(pieces):
    np.testing.assert_array_equal(counted(5, pieces).counts, counted(5, [19]).counts)

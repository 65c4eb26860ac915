"""Connectors: who is connected with whom."""

# What is refused here is of a wrong type on purpose.
# pyright: reportArgumentType=false

import numpy as np
import pytest

from golden.builder import (
    Network,
    all_to_all,
    convolution,
    difference_of_gaussians,
    fixed_fan_in,
    fixed_fan_out,
    fixed_probability,
    from_matrix,
    from_pairs,
    gaussian_probability,
    grid,
    local_windows,
    one_to_one,
    scale_free,
    small_world,
)
from sim.battery.tiny import Adder


def made(connector, pre, post, same=False, seed=1):
    sources = np.arange(pre)
    targets = sources if same else pre + np.arange(post)
    pairs = connector.pairs(sources, targets, np.random.default_rng(seed))
    return list(zip(pairs.pre.tolist(), pairs.post.tolist(), strict=True)), pairs.weight


# By hand


def test_small_patterns():
    assert made(all_to_all(), 2, 2, same=True)[0] == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert made(all_to_all(self_too=False), 2, 2, same=True)[0] == [(0, 1), (1, 0)]
    assert made(all_to_all(self_too=False), 1, 2)[0] == [(0, 0), (0, 1)]
    assert made(one_to_one(), 3, 3)[0] == [(0, 0), (1, 1), (2, 2)]
    assert made(from_pairs([2, 0], [1, 1]), 3, 2)[0] == [(2, 1), (0, 1)]


@pytest.mark.parametrize(
    "connector",
    [
        all_to_all(self_too=False),
        fixed_probability(0.9),
        fixed_fan_out(3),
        fixed_fan_in(3),
        gaussian_probability((2, 3), 9),
        difference_of_gaussians((2, 3), (2, 1), (1, 2)),
    ],
    ids=lambda c: c.name,
)
def test_nobody_is_connected_with_itself_where_the_sides_overlap(connector):
    """Neurons 2 to 7 with neurons 4 to 9: 4 is third among the sources and first of the targets."""
    sources, targets = np.arange(2, 8), np.arange(4, 10)
    pre, post, weight = connector.pairs(sources, targets, np.random.default_rng(1))
    assert not (sources[pre] == targets[post]).any()
    assert {(2, 4), (6, 7)} <= set(zip(sources[pre], targets[post], strict=True)) or len(pre) == 18
    assert (pre == post).any()
    assert weight is None or len(weight) == len(pre)


def test_parts_that_overlap_leave_out_the_neuron_itself():
    net = Network(dt=1)
    cells = net.population(5, Adder(), "cells")
    net.connect(cells[:3], cells[1:], all_to_all(self_too=False), weight=1, delay=1)
    (rows,) = net.build().blueprint.rows
    pre = np.repeat(np.arange(5), np.diff(rows.start)).tolist()
    assert list(zip(pre, rows.post.tolist(), strict=True)) == [
        (0, 1), (0, 2), (0, 3), (0, 4), (1, 2), (1, 3), (1, 4), (2, 1), (2, 3), (2, 4)
    ]  # fmt: skip


def test_a_matrix_gives_its_weights():
    pairs, weight = made(from_matrix([[0, 2.5], [-1, 0], [0, 0]]), 3, 2)
    assert pairs == [(0, 1), (1, 0)]
    assert weight is not None
    assert weight.tolist() == [2.5, -1]


def test_a_grid_of_three_by_three():
    centre = {post for pre, post in made(grid((3, 3), diagonal=False), 9, 9, True)[0] if pre == 4}
    corner = {post for pre, post in made(grid((3, 3)), 9, 9, True)[0] if pre == 0}
    wrapped = {post for pre, post in made(grid((3, 3), wrap=True), 9, 9, True)[0] if pre == 0}
    assert centre == {1, 3, 5, 7}
    assert corner == {1, 3, 4}
    assert wrapped == {1, 2, 3, 4, 5, 6, 7, 8}


def test_a_convolution_by_hand():
    # 3 x 3 sources, kernel 2 x 2, 2 x 2 targets: target 3 sees sources 4, 5, 7, 8
    pairs, weight = made(convolution((3, 3), [[1, 2], [0, 4]]), 9, 4)
    assert weight is not None
    seen = {p: w for p, w in zip(pairs, weight, strict=True) if p[1] == 3}
    assert seen == {(4, 3): 1, (5, 3): 2, (8, 3): 4}
    padded, _ = made(convolution((2, 2), [[1, 1, 1]] * 3, padding=1), 4, 4)
    assert len(padded) == 16
    strided, _ = made(local_windows((4, 4), 2, stride=2), 16, 4)
    assert {pre for pre, post in strided if post == 3} == {10, 11, 14, 15}


def test_a_mexican_hat_is_high_near_and_low_far():
    connector = difference_of_gaussians((1, 5), near=(2, 1), far=(1, 2), self_too=True)
    pairs, weight = made(connector, 5, 5, same=True)
    assert weight is not None
    row = {post: w for (pre, post), w in zip(pairs, weight, strict=True) if pre == 0}
    # 2 exp(-d^2/2) - exp(-d^2/8), with d = 0, 1, 2
    assert [round(row[d], 4) for d in range(3)] == [1.0, 0.3306, -0.3359]


# What is drawn


@pytest.mark.parametrize("same", [False, True])
def test_fans_are_as_wide_as_asked_and_never_double(same):
    for connector, side in ((fixed_fan_out(7), 0), (fixed_fan_in(7), 1)):
        pairs, _ = made(connector, 20, 20, same)
        assert len(set(pairs)) == len(pairs) == 140
        assert set(np.bincount([p[side] for p in pairs])) == {7}
        assert (not same) or all(i != j for i, j in pairs)
        assert pairs == sorted(pairs)


def test_a_probability_is_kept_on_average():
    pairs, _ = made(fixed_probability(0.1), 300, 300, same=True)
    assert 8500 < len(pairs) < 9450  # 8,970 expected, 90 a deviation
    assert all(i != j for i, j in pairs)
    near, _ = made(gaussian_probability((20, 20), 1.5), 400, 400, same=True)
    distance = [np.hypot(i // 20 - j // 20, i % 20 - j % 20) for i, j in near]
    assert 1.5 < float(np.mean(distance)) < 2.2


def test_a_small_world_keeps_its_number_of_synapses():
    ring, _ = made(small_world(4, 0.0), 10, 10, same=True)
    assert [j for i, j in ring if i == 0] == [1, 2, 8, 9]
    rewired, _ = made(small_world(4, 0.5), 60, 60, same=True)
    assert len(set(rewired)) == len(rewired) == 240
    assert all(i != j for i, j in rewired)
    far = sum(min(abs(i - j), 60 - abs(i - j)) > 2 for i, j in rewired)
    assert 80 < far < 140  # half of 240 are moved, some of them to near places


def test_scale_free_has_hubs_and_both_directions():
    pairs, _ = made(scale_free(2), 300, 300, same=True)
    assert set(pairs) == {(j, i) for i, j in pairs}
    degree = np.bincount([i for i, _ in pairs])
    assert len(pairs) == 2 * 2 * 298
    assert degree[2:].min() == 2
    assert degree.max() > 20


def test_the_same_seed_gives_the_same_pairs():
    for connector in (fixed_fan_out(3), fixed_probability(0.3), small_world(2, 0.5), scale_free(1)):
        first, again, other = (made(connector, 20, 20, True, seed)[0] for seed in (1, 1, 2))
        assert first == again != other


# Refusals


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (
            lambda: made(one_to_one(), 3, 4),
            "one_to_one() must have 3 targets, as many as sources, not 4",
        ),
        (lambda: fixed_probability(1.5), "p of fixed_probability must be 0 to 1, not 1.5"),
        (
            lambda: made(fixed_fan_out(20), 20, 20, same=True),
            "fixed_fan_out(20) must ask for 0 to 19 partners, not 20",
        ),
        (
            lambda: from_pairs([1, 2, 1], [3, 4, 3]),
            "from_pairs must have each pair once, not 1 to 3 again",
        ),
        (
            lambda: from_pairs([1, 2], [3]),
            "from_pairs must have two lists of one length, not of 2 and 1",
        ),
        (
            lambda: made(from_pairs([5], [0]), 5, 1),
            "source of from_pairs must be 0 to 4, not 5",
        ),
        (
            lambda: made(from_matrix([[1, 2]]), 2, 1),
            "from_matrix must have a matrix of 2 x 1, not 1 x 2",
        ),
        (lambda: from_pairs([0.7], [1]), "a neuron of from_pairs must be whole, not 0.7"),
        (lambda: from_matrix([[1, np.nan]]), "a weight of from_matrix must be finite, not nan"),
        (lambda: fixed_fan_in(2.5), "n of fixed_fan_in must be a whole number, not 2.5"),
        (
            lambda: made(grid((3, 3)), 9, 8),
            "shape of grid(3 x 3, 1) must have 8 places, one for each target, not 3 x 3",
        ),
        (
            lambda: made(small_world(4, 0.1), 9, 9),
            "small_world must be within one population of more than 4 neurons, not from 9 to 9",
        ),
        (lambda: small_world(3, 0), "neighbours of small_world must be even and 2 or more, not 3"),
        (lambda: grid(9), "shape must be (rows, columns), not 9"),
        (lambda: local_windows((4, 0), 2), "shape must be (rows, columns), not (4, 0)"),
        (
            lambda: local_windows((4, 4), 2, 0),
            (
                "convolution(4 x 4, kernel 2 x 2) must have a stride of 1 or more and a padding of "
                "0 or more, not 0, 0"
            ),
        ),
        (
            lambda: local_windows((4, 4), 0),
            "local_windows(4 x 4, 0) must have a window of 1 or more, not 0",
        ),
        (lambda: scale_free(0), "links of scale_free must be 1 or more, not 0"),
    ],
)
def test_impossible_patterns_are_refused(make, text):
    with pytest.raises(ValueError) as refused:  # noqa: PT011
        make()
    assert str(refused.value) == text

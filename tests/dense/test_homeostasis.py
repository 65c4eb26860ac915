"""Thresholds: their parts, their rise, their decay, by hand."""

from dataclasses import replace

import pytest

from golden.dense import homeostasis
from golden.dense.core import present
from sim.battery.networks import TINY
from tests.shared.by_hand import AT, ints, network

# By hand


def test_starts_equal_for_everybody():
    assert homeostasis.initial(TINY).tolist() == [10, 10]


def test_start_counts_whole_weight_steps():
    assert homeostasis.initial(replace(TINY, theta_shift=3)).tolist() == [80, 80]


@pytest.mark.parametrize(
    ("peak", "changes", "expected"),
    [
        pytest.param(9, {"v_th": 4}, 4, id="fixed-part-alone"),
        pytest.param(3, {"v_th": 4, "activity_gain": 2}, 10, id="grows-with-activity"),
        pytest.param(3, {"activity_gain": 5, "activity_shift": 2}, 3, id="floors-fraction"),
        pytest.param(3, {"v_th": -9, "activity_gain": 2}, -3, id="negative-fixed-part"),
        pytest.param(3, {"v_th": 120, "activity_gain": 2}, 126, id="just-below-largest-v"),
        pytest.param(4, {"v_th": 120, "activity_gain": 2}, 127, id="capped-at-largest-v"),
    ],
)
def test_base_threshold_follows_the_busiest_step(peak, changes, expected):
    assert homeostasis.base_threshold(replace(TINY, **changes), peak) == expected


@pytest.mark.parametrize(
    ("offset", "expected"),
    [
        pytest.param(0, [12, 22], id="no-offset"),
        pytest.param(7, [12, 22], id="fraction-is-floored"),
        pytest.param(8, [11, 21], id="one-whole"),
        pytest.param(160, [-8, 2], id="may-be-negative"),
    ],
)
def test_threshold_is_base_plus_theta_less_offset(offset, expected):
    p = replace(TINY, offset_shift=3)
    assert homeostasis.threshold(p, 2, ints(10, 20), offset).tolist() == expected


@pytest.mark.parametrize(
    ("theta", "expected"),
    [
        pytest.param(0, 2, id="nothing"),
        pytest.param(7, 2, id="fraction-is-floored"),
        pytest.param(8, 3, id="one-whole"),
        pytest.param(2047, 257, id="largest"),
    ],
)
def test_threshold_leaves_the_fraction_of_theta_out(theta, expected):
    p = replace(TINY, theta_shift=3)
    assert homeostasis.threshold(p, 2, ints(0, theta), 0).tolist() == [2, expected]


def test_fractions_of_two_kinds_are_floored_each_for_itself():
    p = replace(TINY, theta_shift=1, offset_shift=1)
    assert homeostasis.threshold(p, 0, ints(21, 20), 5).tolist() == [8, 8]  # 10 - 2, not 8.0 or 7.5


@pytest.mark.parametrize(
    ("theta", "expected"),
    [
        pytest.param(10, 17, id="plain"),
        pytest.param(248, 255, id="reaches-rail"),
        pytest.param(249, 255, id="saturates"),
    ],
)
def test_only_the_winners_theta_rises(theta, expected):
    before = ints(10, theta)
    assert homeostasis.rise(replace(TINY, theta_plus=7), before, 0, 1)[0].tolist() == [10, expected]
    assert before.tolist() == [10, theta]


def test_theta_with_a_fraction_has_more_bits_to_saturate():
    p = replace(TINY, theta_shift=3, theta_plus=7)
    assert homeostasis.rise(p, ints(2040, 2041), 0, 0)[0].tolist() == [2047, 2041]
    assert homeostasis.rise(p, ints(2040, 2041), 0, 1)[0].tolist() == [2040, 2047]


@pytest.mark.parametrize(
    ("offset", "expected"),
    [
        pytest.param(0, 3, id="plain"),
        pytest.param(508, 511, id="reaches-rail"),
        pytest.param(509, 511, id="saturates"),
    ],
)
def test_offset_rises_with_every_win(offset, expected):
    p = replace(TINY, offset_shift=1, offset_plus=3)
    assert homeostasis.rise(p, ints(0, 0), offset, 0)[1] == expected


@pytest.mark.parametrize(
    ("presented", "expected"),
    [
        pytest.param(2, [3, 4, 255], id="before-the-period"),
        pytest.param(3, [3, 3, 192], id="end-of-period-with-dead-zone"),
        pytest.param(4, [3, 4, 255], id="after-the-period"),
        pytest.param(6, [3, 3, 192], id="end-of-second-period"),
    ],
)
def test_theta_decays_once_a_period(presented, expected):
    p = replace(TINY, theta_decay_shift=2, theta_decay_period=3)
    assert homeostasis.decay(p, ints(3, 4, 255), presented).tolist() == expected


def test_decay_goes_on_behind_the_point():
    p = replace(TINY, theta_shift=3, theta_decay_shift=2, theta_decay_period=1)
    assert homeostasis.decay(p, ints(3, 8), 1).tolist() == [3, 6]


def test_no_decay_without_a_shift():
    p = replace(TINY, theta_decay_period=1)
    assert homeostasis.decay(p, ints(3, 255), 1).tolist() == [3, 255]


# By hand: over presentations


def test_presentation_adds_the_activity_of_its_busiest_step():
    p = replace(TINY, activity_gain=3, v_th=1)
    state = network(p, (0, 0), (0, 0), (0, 0), theta=ints(10, 20))
    steps = present(p, state, ints(AT[0], AT[3], AT[3]))[0].steps
    assert steps[0].threshold.tolist() == [17, 27]  # two events in the last step


def test_raised_theta_and_offset_count_from_the_next_step():
    p = replace(TINY, encoder="rate", n_steps=2, theta_plus=5, offset_shift=1, offset_plus=3)
    state = network(p, (15, 0), (0, 0), (0, 0))
    presentation, after = present(p, state, ints(255, 0, 0), learn=True)
    assert [step.threshold.tolist() for step in presentation.steps] == [[10, 10], [14, 9]]
    assert after.theta.tolist() == [20, 10]
    assert after.offset == 6


def test_rises_of_half_a_step_raise_every_second_threshold():
    p = replace(TINY, encoder="rate", n_steps=5, theta_shift=1, theta_plus=1)
    state = network(p, (15, 0), (0, 0), (0, 0))
    presentation, after = present(p, state, ints(255, 0, 0), learn=True)
    thresholds = [step.threshold.tolist() for step in presentation.steps]
    assert thresholds == [[10, 10], [10, 10], [11, 10], [11, 10], [12, 10]]
    assert after.theta.tolist() == [25, 20]


def test_decay_counts_this_presentation():
    p = replace(TINY, theta_decay_shift=1, theta_decay_period=2)
    state = network(p, (0, 0), (0, 0), (0, 0))
    thetas = []
    for _ in range(4):
        _, state = present(p, state, ints(0, 0, 0), learn=True)
        thetas.append(state.theta.tolist())
    assert thetas == [[10, 10], [5, 5], [5, 5], [3, 3]]
    assert state.presented == 4


def test_theta_decays_after_the_last_rise():
    p = replace(TINY, theta_plus=6, theta_decay_shift=2, theta_decay_period=1)
    state = network(p, (15, 0), (0, 0), (0, 0))
    after = present(p, state, ints(255, 0, 0), learn=True)[1]
    assert after.theta.tolist() == [12, 8]  # 16 - 4, 10 - 2


def test_counter_of_presentations_wraps():
    state = network(TINY, (0, 0), (0, 0), (0, 0), presented=2**32 - 1)
    assert present(TINY, state, ints(0, 0, 0), learn=True)[1].presented == 0

"""Plasticity: gains by age, rounding and bounds, and deferred depression, by hand."""

from dataclasses import replace

import pytest

from golden.dense import stdp
from golden.dense.core import present
from golden.dense.stdp import PUNISH, REWARD
from sim.battery.networks import TINY
from tests.shared.by_hand import ALL_ONES_NEXT, AT, WORDS, ints, network, sweeps

ONE = replace(TINY, width=1, dw_shift=2, soft_bounds=True)
"""One synapse; from register 1 it draws r = 0, from `ALL_ONES_NEXT` r = 3."""

FIVE = replace(TINY, width=5, a_plus=(7, 6), a_minus=3, a_late=(5, 4))


def late(window: int, **changes):
    """Lower a weight by 1 for an input up to ``window`` steps after the spike."""
    return replace(TINY, a_late=(1,) * window, **changes)


# By hand: gains


@pytest.mark.parametrize(
    ("step", "last", "gains"),
    [
        pytest.param(4, (5, 4, 3, 1, 0), [7, 6, -3, -3, -3], id="window-ends-after-its-length"),
        pytest.param(
            0, (1, 0, 0, 0, 0), [7, -3, -3, -3, -3], id="never-is-not-recent-at-the-start"
        ),
    ],
)
def test_age_zero_is_this_very_step(step, last, gains):
    assert stdp.pairing(FIVE, ints(*last), step, REWARD).tolist() == gains


def test_punishment_reverses_both_signs():
    assert stdp.pairing(FIVE, ints(5, 4, 3, 0, 0), 4, PUNISH).tolist() == [-7, -6, 3, 3, 3]


def test_empty_window_depresses_everybody():
    p = replace(FIVE, a_plus=())
    assert stdp.pairing(p, ints(5, 4, 3, 0, 0), 4, REWARD).tolist() == [-3] * 5


def test_later_inputs_are_depressed_by_their_distance():
    last = ints(3, 4, 5, 6, 0)  # in the step of the spike, one, two and three later, never
    assert stdp.lateness(FIVE, last, 2).tolist() == [0, -5, -4, 0, 0]


def test_earlier_inputs_are_not_late():
    assert stdp.lateness(FIVE, ints(2, 1, 0, 3, 4), 2).tolist() == [0, 0, 0, 0, -5]


# By hand: one weight


@pytest.mark.parametrize(
    ("w", "gain", "lowest", "highest"),
    [
        pytest.param(2, 1, 5, 6, id="up-by-distance-to-w-max"),
        pytest.param(-3, -1, -6, -7, id="down-by-distance-to-w-min"),
        pytest.param(12, -1, 5, 5, id="down-exactly"),
        pytest.param(14, 1, 14, 15, id="last-step-up-needs-luck"),
        pytest.param(-15, -1, -15, -16, id="last-step-down-needs-luck"),
        pytest.param(15, 9, 15, 15, id="stays-at-w-max"),
        pytest.param(-16, -9, -16, -16, id="stays-at-w-min"),
        pytest.param(10, 8, 15, 15, id="overshoot-stops-at-w-max"),
        pytest.param(-10, -8, -16, -16, id="overshoot-stops-at-w-min"),
        pytest.param(3, 0, 3, 3, id="no-gain-no-change"),
    ],
)
def test_soft_change_is_rounded_stochastically(w, gain, lowest, highest):
    assert stdp.sweep(ONE, ints(w), ints(gain), 1)[0].tolist() == [lowest]
    assert stdp.sweep(ONE, ints(w), ints(gain), ALL_ONES_NEXT)[0].tolist() == [highest]


@pytest.mark.parametrize(
    ("w", "gain", "lowest", "highest"),
    [
        pytest.param(0, 1, 0, 1, id="up-by-a-quarter"),
        pytest.param(0, -1, 0, -1, id="down-by-a-quarter"),
        pytest.param(0, 4, 1, 1, id="up-by-one-exactly"),
        pytest.param(0, -7, -1, -2, id="down-by-seven-quarters"),
        pytest.param(14, 12, 15, 15, id="stops-at-w-max"),
        pytest.param(-15, -12, -16, -16, id="stops-at-w-min"),
    ],
)
def test_hard_change_does_not_ask_the_distance(w, gain, lowest, highest):
    p = replace(ONE, soft_bounds=False)
    assert stdp.sweep(p, ints(w), ints(gain), 1)[0].tolist() == [lowest]
    assert stdp.sweep(p, ints(w), ints(gain), ALL_ONES_NEXT)[0].tolist() == [highest]


@pytest.mark.parametrize("soft", [False, True], ids=["hard", "soft"])
@pytest.mark.parametrize(
    ("w", "gain", "hard_and_soft"),
    [
        pytest.param(15, 9, (15, 15), id="above-is-not-raised"),
        pytest.param(-16, -9, (-16, -16), id="below-is-not-lowered"),
        pytest.param(15, 0, (15, 15), id="above-stays-without-gain"),
        pytest.param(-16, 0, (-16, -16), id="below-stays-without-gain"),
        pytest.param(15, -1, (14, 7), id="above-comes-down-by-the-change"),
        pytest.param(-16, 1, (-15, -10), id="below-comes-up-by-the-change"),
        pytest.param(15, -199, (-14, -14), id="above-stops-at-w-min"),
        pytest.param(-16, 199, (6, 6), id="below-stops-at-w-max"),
    ],
)
def test_weight_outside_its_bounds_moves_homewards_only(w, gain, hard_and_soft, soft):
    p = replace(ONE, w_min=-14, w_max=6, soft_bounds=soft)
    assert stdp.sweep(p, ints(w), ints(gain), ALL_ONES_NEXT)[0].tolist() == [hard_and_soft[soft]]


# By hand: random words of a sweep


def test_every_axon_draws_in_ascending_order_also_without_gain():
    p = replace(TINY, dw_shift=8)  # words 0, 4 and 157
    column, register = stdp.sweep(p, ints(0, 0, 0), ints(0, 252, 98), 1)
    assert column.tolist() == [0, 1, 0]
    assert register == WORDS[2]
    assert stdp.sweep(p, ints(0, 0, 0), ints(-255, -251, -99), 1)[0].tolist() == [0, 0, -1]


def test_whole_gains_draw_too():
    assert stdp.sweep(TINY, ints(0, 0, 0), ints(2, -3, 0), 1)[1] == WORDS[2]


def test_sweep_leaves_its_argument_alone():
    column = ints(1, 2, 3)
    stdp.sweep(TINY, column, ints(1, 1, -1), 1)
    assert column.tolist() == [1, 2, 3]


# By hand: deferred depression over the steps of a presentation


@pytest.mark.parametrize(
    ("pixels", "column"),
    [
        pytest.param((AT[0], AT[1], AT[2]), [10, -1, -1], id="both-in-window"),
        pytest.param((AT[0], AT[1], AT[3]), [10, -1, 0], id="one-step-too-late"),
        pytest.param((AT[0], AT[0], 0), [10, 0, 0], id="in-step-of-spike-or-never"),
    ],
)
def test_window_closes_with_its_last_step(pixels, column):
    state = network(TINY, (10, 0), (0, 0), (0, 0))
    presentation, after = present(late(2), state, ints(*pixels), learn=True)
    assert after.w[:, 0].tolist() == column
    assert sweeps(presentation) == [(0,), (), (0,), ()]
    assert presentation.closing == ()


def test_open_window_closes_at_the_end():
    state = network(TINY, (10, 0), (0, 0), (0, 0))
    presentation, after = present(late(4), state, ints(AT[0], AT[2], AT[3]), learn=True)
    assert after.w[:, 0].tolist() == [10, -1, -1]
    assert sweeps(presentation) == [(0,), (), (), ()]
    assert (presentation.closing, presentation.n_sweeps) == ((0,), 2)


def test_window_never_looks_ahead():
    p = late(2, stop_after=1)
    state = network(p, (10, 0), (0, 0), (0, 0))
    presentation, after = present(p, state, ints(*AT[:3]), learn=True)
    assert after.w[:, 0].tolist() == [10, 0, 0]
    assert (sweeps(presentation), presentation.closing) == ([(0,)], (0,))


def test_window_closes_before_the_neurons_next_lesson():
    p = late(9, a_plus=(20,), a_minus=2)
    state = network(p, (10, 0), (15, 0), (0, 0))
    presentation, after = present(p, state, ints(*AT[:2], 0), learn=True)
    assert sweeps(presentation) == [(0,), (0, 0), (), ()]
    assert presentation.closing == (0,)  # the window of the second spike
    assert after.w[:, 0].tolist() == [13, 15, -4]  # 15 - 2 - 1, and only then up to the bound


def test_window_that_ends_at_the_neurons_next_spike_closes_once():
    state = network(TINY, (10, 0), (10, 0), (0, 0))
    presentation, _ = present(late(1), state, ints(*AT[:2], 0), learn=True)
    assert sweeps(presentation) == [(0,), (0, 0), (0,), ()]


def test_ending_windows_close_before_this_steps_lesson():
    state = network(TINY, (0, 10), (0, 0), (10, 0))
    presentation, _ = present(late(2), state, ints(AT[0], 0, AT[2]), learn=True)
    assert sweeps(presentation) == [(1,), (), (1, 0), ()]


def test_windows_open_at_the_end_close_oldest_first():
    state = network(TINY, (0, 10), (10, 0), (0, 0))
    presentation, _ = present(late(9), state, ints(*AT[:2], 0), learn=True)
    assert presentation.closing == (1, 0)


def test_learning_reads_the_ages_of_this_step():
    p = replace(TINY, a_plus=(3, 2), a_minus=1)
    state = network(p, (4, 0), (4, 0), (4, 0))
    after = present(p, state, ints(*AT[:3]), learn=True)[1]
    assert after.w[:, 0].tolist() == [3, 6, 7]  # ages 2, 1 and 0 at the only spike


def test_learning_clears_the_ages():
    state = network(TINY, (0, 0), (0, 0), (0, 0), last=ints(9, 9, 9))
    after = present(TINY, state, ints(0, AT[2], 0), learn=True)[1]
    assert after.last.tolist() == [0, 3, 0]

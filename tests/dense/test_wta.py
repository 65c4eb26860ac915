"""Winner-take-all: elections, ballots, inhibition and refractory steps by hand."""

from dataclasses import replace

import pytest

from golden.dense import wta
from golden.dense.core import present
from golden.dense.wta import NOBODY, Flags
from sim.battery.networks import TINY
from tests.shared.by_hand import AT, flags, ints, network, winners

THREE = replace(TINY, n_neurons=3)
EVERY_STEP = replace(TINY, encoder="rate", n_steps=7)
"""A pixel of 255 spikes in every step, one of 127 in steps 1, 3 and 5."""


# By hand: one election


@pytest.mark.parametrize(
    ("margin", "candidates", "winner"),
    [
        pytest.param((-1, 0, -5), (1, 1, 1), 1, id="at-threshold-wins"),
        pytest.param((-1, -2, -3), (1, 1, 1), NOBODY, id="one-below-threshold"),
        pytest.param((3, 5, 4), (1, 1, 1), 1, id="largest-margin"),
        pytest.param((3, 5, 5), (1, 1, 1), 1, id="tie-to-lowest-index"),
        pytest.param((0, 0, 0), (1, 1, 1), 0, id="tie-of-all"),
        pytest.param((9, 5, 6), (0, 1, 1), 2, id="not-a-candidate"),
        pytest.param((9, 5, 6), (0, 0, 0), NOBODY, id="no-candidate"),
        pytest.param((9, -1, -1), (0, 1, 1), NOBODY, id="only-other-is-above"),
    ],
)
def test_largest_margin_wins(margin, candidates, winner):
    assert wta.elect(ints(*margin), flags(*candidates)) == winner


@pytest.mark.parametrize(
    ("margin", "candidates", "winner"),
    [
        pytest.param((-7, -3, -9), (1, 1, 1), 1, id="nearest-below"),
        pytest.param((-7, -3, -3), (1, 1, 1), 1, id="tie-to-lowest-index"),
        pytest.param((-7, -3, -9), (1, 0, 1), 0, id="still-needs-a-candidate"),
        pytest.param((5, 6, 7), (0, 0, 0), NOBODY, id="no-candidate"),
    ],
)
def test_force_waives_the_threshold_only(margin, candidates, winner):
    assert wta.elect(ints(*margin), flags(*candidates), force=True) == winner


def test_refractory_and_barred_neurons_are_not_eligible():
    assert wta.eligible(Flags(ints(0, 1, 0), flags(0, 0, 1))).tolist() == [True, False, False]


def test_everybody_is_eligible_at_the_start():
    assert wta.eligible(wta.start(THREE)).tolist() == [True, True, True]


# By hand: ballot


@pytest.mark.parametrize(
    ("n_voters", "voters"),
    [
        pytest.param(0, (), id="nobody-asked"),
        pytest.param(1, (3,), id="second-best"),
        pytest.param(3, (3, 0, 2), id="best-first-and-tie-to-lowest-index"),
        pytest.param(9, (3, 0, 2), id="no-more-than-candidates"),
    ],
)
def test_ballot_waives_the_threshold(n_voters, voters):
    candidates = flags(1, 1, 1, 1, 0)
    assert wta.ballot(ints(-5, 3, -5, 0, 2), candidates, 1, n_voters) == voters
    assert candidates.tolist() == [True, True, True, True, False]


def test_ballot_follows_the_first_spike_and_ends_inference():
    p = replace(TINY, n_neurons=4, ballot=True, vote_spikes=3)
    state = network(p, (5, 0, 5, 9), (0, 15, 0, 0), (0, 0, 0, 0))
    presentation, _ = present(p, state, ints(AT[0], AT[1], 0))
    assert presentation.spikes == (1, 3, 0)
    assert winners(presentation) == [NOBODY, 1]


def test_learning_takes_no_ballot():
    p = replace(TINY, ballot=True, vote_spikes=2)
    state = network(p, (10, 9), (0, 0), (0, 0))
    assert present(p, state, ints(255, 0, 0))[0].spikes == (0, 1)
    assert present(p, state, ints(255, 0, 0), learn=True)[0].spikes == (0,)


# By hand: after the election


def test_winner_is_reset_and_losers_are_inhibited():
    p = replace(THREE, v_inhibit=5, v_reset=-3, refrac=2)
    v, after = wta.settle(p, ints(9, 20, -126), Flags(ints(0, 0, 0), flags(0, 0, 0)), 1)
    assert v.tolist() == [4, -3, -128]
    assert after.refrac_left.tolist() == [0, 2, 0]
    assert after.barred.tolist() == [False, False, False]


def test_without_a_winner_only_refractory_steps_count_down():
    p = replace(THREE, v_inhibit=5, refrac=9, bar_losers=True)
    v, after = wta.settle(p, ints(9, 9, 9), Flags(ints(2, 1, 0), flags(0, 0, 1)), NOBODY)
    assert v.tolist() == [9, 9, 9]
    assert after.refrac_left.tolist() == [1, 0, 0]
    assert after.barred.tolist() == [False, False, True]


def test_refractory_loser_is_not_inhibited_even_in_its_last_step():
    p = replace(THREE, v_inhibit=5)
    v, after = wta.settle(p, ints(7, 7, 20), Flags(ints(1, 0, 0), flags(0, 0, 0)), 2)
    assert v.tolist() == [7, 2, 0]
    assert after.refrac_left.tolist() == [0, 0, 0]


def test_losers_are_barred_if_wanted():
    p = replace(THREE, bar_losers=True)
    assert wta.settle(p, ints(0, 0, 9), wta.start(p), 2)[1].barred.tolist() == [True, True, False]


def test_bars_of_earlier_steps_stay():
    after = wta.settle(THREE, ints(0, 0, 9), Flags(ints(0, 0, 0), flags(0, 1, 0)), 2)[1]
    assert after.barred.tolist() == [False, True, False]


def test_settling_leaves_its_arguments_alone():
    v, before = ints(9, 9, 9), wta.start(THREE)
    wta.settle(replace(THREE, v_inhibit=1, refrac=1, bar_losers=True), v, before, 0)
    assert v.tolist() == [9, 9, 9]
    assert not before.refrac_left.any()
    assert not before.barred.any()


# By hand: over the steps of a presentation


@pytest.mark.parametrize(
    ("refrac", "expected"),
    [
        pytest.param(0, [0, 0, 0, 0, 0, 0, 0], id="may-spike-in-next-step"),
        pytest.param(1, [0, -1, 0, -1, 0, -1, 0], id="frozen-for-one-step"),
        pytest.param(2, [0, -1, -1, 0, -1, -1, 0], id="frozen-for-two-steps"),
    ],
)
def test_winner_is_frozen_for_refrac_steps(refrac, expected):
    p = replace(EVERY_STEP, refrac=refrac)
    presentation, _ = present(p, network(p, (10, 0), (0, 0), (0, 0)), ints(255, 0, 0))
    assert winners(presentation) == expected


@pytest.mark.parametrize(
    ("bar_losers", "expected"),
    [(False, [0, 1, 0, 1, 0, 1, 0]), (True, [0, -1, 0, -1, 0, -1, 0])],
    ids=["free-losers", "barred-losers"],
)
def test_barred_losers_never_win_again(bar_losers, expected):
    p = replace(EVERY_STEP, bar_losers=bar_losers)
    state = network(p, (10, 0), (-9, 15), (0, 0))  # step 1: 1 against 15
    presentation, _ = present(p, state, ints(255, 127, 0))
    assert winners(presentation) == expected


def test_bars_end_with_the_presentation():
    p = replace(TINY, bar_losers=True)
    state = network(p, (15, 0), (0, 15), (0, 0))
    _, state = present(p, state, ints(255, 0, 0), learn=True)
    assert present(p, state, ints(0, 255, 0), learn=True)[0].spikes == (1,)


@pytest.mark.parametrize(
    ("pixels", "force", "expected"),
    [
        pytest.param((AT[1], 0, 0), True, [-1, -1, -1, 1], id="in-the-last-step-only"),
        pytest.param((0, AT[1], 0), True, [-1, 0, -1, -1], id="not-after-a-spike"),
        pytest.param((0, 0, AT[3]), True, [-1, -1, -1, 0], id="also-with-an-event"),
        pytest.param((0, 0, 0), True, [-1, -1, -1, 0], id="black-image-to-lowest-index"),
        pytest.param((AT[1], 0, 0), False, [-1, -1, -1, -1], id="not-unless-asked"),
    ],
)
@pytest.mark.parametrize("learn", [False, True], ids=["inference", "learning"])
def test_spike_is_forced_in_the_last_step_if_nobody_spiked(pixels, force, expected, learn):
    p = replace(TINY, force_spike=force)
    state = network(p, (-5, -4), (12, 0), (3, 2))
    assert winners(present(p, state, ints(*pixels), learn=learn)[0]) == expected


@pytest.mark.parametrize(("votes", "n_steps"), [(1, 1), (2, 3), (5, 7)], ids=["one", "two", "all"])
def test_inference_ends_with_its_last_vote(votes, n_steps):
    p = replace(EVERY_STEP, stop_after=1, vote_spikes=votes, refrac=1)
    presentation, _ = present(p, network(p, (10, 0), (0, 0), (0, 0)), ints(255, 0, 0))
    assert len(presentation.steps) == n_steps
    assert presentation.spikes == (0,) * min(votes, 4)

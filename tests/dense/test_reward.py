"""Reward: who may win, who learns from a spike, and in which direction, by hand."""

from dataclasses import replace

import pytest

from golden.dense import reward
from golden.dense.core import present
from golden.dense.stdp import PUNISH, REWARD
from golden.dense.wta import NOBODY
from sim.battery.networks import TINY
from tests.shared.by_hand import AT, WORDS, flags, ints, network, sweeps, winners

ERROR = replace(TINY, reward="error", reward_margin=3)
CLASS = replace(TINY, reward="class")

# By hand


def test_reward_class_lets_only_the_right_ones_win():
    assert reward.candidates(CLASS, flags(0, 1)).tolist() == [False, True]


@pytest.mark.parametrize("name", ["none", "error"])
def test_other_rewards_let_everybody_win(name):
    assert reward.candidates(replace(TINY, reward=name), flags(0, 1)).tolist() == [True, True]


@pytest.mark.parametrize("name", ["none", "class"])
def test_winner_alone_is_rewarded(name):
    p = replace(TINY, reward=name)
    lessons = reward.lessons(p, ints(9, 8), flags(1, 1), flags(0, 1), 0)
    assert lessons == ((0, REWARD),)


@pytest.mark.parametrize("name", ["none", "class", "error"])
def test_nobody_learns_without_a_spike(name):
    p = replace(TINY, reward=name)
    assert reward.lessons(p, ints(-1, -1), flags(1, 1), flags(0, 1), NOBODY) == ()


@pytest.mark.parametrize(
    ("margin", "right", "expected"),
    [
        pytest.param((9, 6, 0), (1, 0, 0), (), id="right-and-just-far-enough"),
        pytest.param((9, 7, 0), (1, 0, 0), ((0, REWARD), (1, PUNISH)), id="right-but-too-close"),
        pytest.param((9, 8, 0), (1, 1, 0), (), id="companion-is-no-rival"),
        pytest.param((9, 7, 7), (1, 0, 0), ((0, REWARD), (1, PUNISH)), id="tied-rivals"),
        pytest.param((9, 8, 8), (1, 1, 1), (), id="right-without-rival"),
        pytest.param((9, -2, -5), (0, 1, 1), ((1, REWARD), (0, PUNISH)), id="wrong"),
        pytest.param((9, 8, -5), (0, 0, 1), ((2, REWARD), (0, PUNISH)), id="wrong-with-companion"),
        pytest.param((9, -5, -5), (0, 1, 1), ((1, REWARD), (0, PUNISH)), id="wrong-tied-rivals"),
        pytest.param((9, 8, 7), (0, 0, 0), ((0, PUNISH),), id="wrong-without-rival"),
    ],
)
def test_errors_teach_winner_and_rival(margin, right, expected):
    lessons = reward.lessons(ERROR, ints(*margin), flags(1, 1, 1), flags(*right), 0)
    assert lessons == expected


def test_rival_could_have_won():
    lessons = reward.lessons(ERROR, ints(9, 8, -5), flags(1, 0, 1), flags(0, 1, 1), 0)
    assert lessons == ((2, REWARD), (0, PUNISH))


def test_winner_may_be_the_last_neuron():
    lessons = reward.lessons(ERROR, ints(-5, 1, 9), flags(1, 1, 1), flags(0, 1, 0), 2)
    assert lessons == ((1, REWARD), (2, PUNISH))


def test_margin_of_zero_leaves_every_right_winner_alone():
    p = replace(ERROR, reward_margin=0)
    assert reward.lessons(p, ints(9, 9), flags(1, 1), flags(1, 0), 0) == ()


# By hand: over the steps of a presentation


def test_class_gate_holds_in_learning_only():
    state = network(CLASS, (15, 12), (0, 0), (0, 0))
    right = flags(0, 1)
    learned = present(CLASS, state, ints(255, 0, 0), learn=True, right=right)[0]
    assert winners(learned)[0] == 1
    assert winners(present(CLASS, state, ints(255, 0, 0), right=right)[0])[0] == 0


def test_wrong_winner_loses_its_weights_to_the_rival():
    p = replace(ERROR, a_plus=(1,), a_minus=2, theta_plus=4)
    state = network(p, (12, 5), (0, 0), (0, 0))
    presentation, after = present(p, state, ints(255, 0, 0), learn=True, right=flags(0, 1))
    assert after.w.tolist() == [[11, 6], [2, -2], [2, -2]]
    assert sweeps(presentation)[0] == (1, 0)  # reward first
    assert after.theta.tolist() == [14, 10]  # of the one that spiked


def test_margins_are_those_of_the_election():
    p = replace(ERROR, v_inhibit=100)
    state = network(p, (12, 9), (0, 0), (0, 0))
    presentation, _ = present(p, state, ints(255, 0, 0), learn=True, right=flags(1, 0))
    assert sweeps(presentation)[0] == ()  # 3 ahead
    presentation, _ = present(p, state, ints(255, 1, 0), learn=True, right=flags(0, 1))
    assert sweeps(presentation)[0] == (1, 0)


def test_theta_rises_only_with_a_lesson():
    p = replace(ERROR, theta_plus=4, offset_plus=1)
    state = network(p, (15, 0), (0, 0), (0, 0))
    after = present(p, state, ints(255, 0, 0), learn=True, right=flags(1, 0))[1]
    assert (after.theta.tolist(), after.offset, after.lfsr) == ([10, 10], 0, 1)


def test_punished_neuron_gets_no_window_and_closes_its_own():
    p = replace(ERROR, a_late=(1,) * 9)
    state = network(p, (12, 10), (0, 14), (0, 0))
    # Step 0: neuron 0 is right but too close. Step 1: neuron 1 is wrong, its rival is neuron 0.
    presentation, _ = present(p, state, ints(*AT[:2], 0), learn=True, right=flags(1, 0))
    assert winners(presentation)[:2] == [0, 1]
    assert sweeps(presentation)[:2] == [(0, 1), (0, 0, 1)]
    assert presentation.closing == (0,)


@pytest.mark.parametrize(
    ("chance", "first"),
    [
        pytest.param(0, 0, id="nobody-dropped"),
        pytest.param(4, 1, id="word-equal-to-chance-stays"),
        pytest.param(5, 2, id="word-below-chance-is-barred"),
        pytest.param(158, NOBODY, id="everybody-barred"),
    ],
)
def test_drop_chance_bars_neurons_from_learning(chance, first):
    p = replace(TINY, n_neurons=3, drop_chance=chance)  # words 0, 4 and 157
    state = network(p, (15, 14, 13), (0, 0, 0), (0, 0, 0))
    presentation, _ = present(p, state, ints(255, 0, 0), learn=True)
    assert winners(presentation) == [first, NOBODY, NOBODY, NOBODY]
    assert winners(present(p, state, ints(255, 0, 0))[0])[0] == 0  # inference drops nobody


@pytest.mark.parametrize(("chance", "register"), [(0, 1), (1, WORDS[1])], ids=["off", "on"])
def test_drop_chance_draws_one_word_a_neuron(chance, register):
    p = replace(TINY, drop_chance=chance)
    state = network(p, (0, 0), (0, 0), (0, 0))
    assert present(p, state, ints(255, 0, 0), learn=True)[1].lfsr == register


# Refusals


@pytest.mark.parametrize("name", ["class", "error"])
def test_learning_by_reward_needs_the_right_neurons(name):
    p = replace(TINY, reward=name)
    state = network(p, (0, 0), (0, 0), (0, 0))
    with pytest.raises(ValueError, match=rf"^right must be given for reward '{name}', not None$"):
        present(p, state, ints(0, 0, 0), learn=True)
    assert present(p, state, ints(0, 0, 0))[0].spikes == ()

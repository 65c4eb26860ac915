# amaranth: UnusedElaboratable=no
"""The teacher in gates: every winner and rival against golden's lessons."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from golden.dense import reward, wta
from golden.dense.params import REWARDS
from golden.dense.stdp import PUNISH, REWARD
from hdl.dense.reward import Reward
from sim.battery.networks import TINY
from tests.hdl.bench import run

SMALL = replace(TINY, n_neurons=5, n_lanes=2, v_width=2, theta_width=1, theta_init=0)
SMALL = replace(SMALL, reward="error")
WINNER, RIVAL = 3, 2


def lessons_of(p, right, there, behind):
    """Return golden's lessons for a network of a winner and perhaps a rival."""
    margins = np.full(p.n_neurons, 7)
    margins[RIVAL] -= behind
    candidates = np.arange(p.n_neurons) == WINNER
    candidates[RIVAL] = there
    camp = np.full(p.n_neurons, bool(right))
    camp[RIVAL] = not right
    return list(reward.lessons(p, margins, candidates, camp, WINNER))


def place(ctx, p, port, neuron):
    ctx.set(port.word, neuron // p.n_lanes)
    ctx.set(port.lane, neuron % p.n_lanes)


def rtl_lessons(p, cases):
    """Ask for the lessons of each (won, right, found)."""
    dut, told = Reward(p), []

    async def bench(ctx):
        ctx.set(dut.reward, REWARDS.index(p.reward))
        place(ctx, p, dut.winner, WINNER)
        place(ctx, p, dut.rival, RIVAL)
        for case in cases:
            for name, value in zip(("won", "right", "found"), case, strict=True):
                ctx.set(getattr(dut, name), value)
            told.append([])
            for lesson in (dut.first, dut.second)[: ctx.get(dut.count)]:
                neuron = ctx.get(lesson.neuron.word) * p.n_lanes + ctx.get(lesson.neuron.lane)
                direction = PUNISH if ctx.get(lesson.punish) else REWARD
                told[-1].append(reward.Lesson(neuron, direction))
            await ctx.tick()

    run(dut, bench)
    return told


# By hand


@pytest.mark.parametrize(
    ("case", "lessons"),
    [
        pytest.param((0, 1, 1), [], id="nobody-won"),
        pytest.param((1, 1, 0), [], id="right-without-a-rival-that-is-near"),
        pytest.param((1, 1, 1), [(3, REWARD), (2, PUNISH)], id="right-and-just-ahead"),
        pytest.param((1, 0, 1), [(2, REWARD), (3, PUNISH)], id="wrong"),
        pytest.param((1, 0, 0), [(3, PUNISH)], id="wrong-without-a-rival"),
    ],
)
def test_lessons_by_hand(case, lessons):
    assert rtl_lessons(SMALL, [case]) == [lessons]


# Equality


@pytest.mark.parametrize("reward_margin", [0, 1, 2])
def test_every_error_equals_golden(reward_margin):
    p = replace(SMALL, reward_margin=reward_margin)
    cases = list(product((0, 1), (0, 1), range(4)))
    expected = [lessons_of(p, *case) for case in cases]
    found = [there and not (right and behind >= reward_margin) for right, there, behind in cases]
    assert {len(lessons) for lessons in expected} == {0, 1, 2}
    asked = [(1, right, near) for (right, _, _), near in zip(cases, found, strict=True)]
    assert rtl_lessons(p, asked) == expected


@pytest.mark.parametrize("kind", ["none", "class"])
def test_other_rewards_equal_golden(kind):
    p = replace(SMALL, reward=kind)
    cases = list(product((1,), (0, 1), (0, 1)))
    expected = [lessons_of(p, right, found, 2) for _, right, found in cases]
    assert rtl_lessons(p, cases) == expected == [[(WINNER, REWARD)]] * len(cases)


@pytest.mark.parametrize("kind", REWARDS)
def test_nobody_learns_when_nobody_wins(kind):
    p = replace(SMALL, reward=kind)
    cases = list(product((0,), (0, 1), (0, 1)))
    nothing = reward.lessons(p, np.zeros(5), np.ones(5), np.ones(5), wta.NOBODY)
    assert rtl_lessons(p, cases) == [list(nothing)] * len(cases)

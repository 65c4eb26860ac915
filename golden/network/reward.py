"""Rewards: numbers from outside that say how well it went, to rules that ask for them.

A reward of step t is given before anything else of that step happens: of all that arrived and
spiked before t, and of nothing of t (`golden.network.learning`). Rewards of one step are given one
after the other.
"""

import numpy as np

from golden.network.blueprint import Blueprint
from golden.network.state import NetworkState
from golden.numbers.formats import Array
from golden.numbers.hash import round_keys


def due(blueprint: Blueprint, step: int) -> list[tuple[int | None, Array]]:
    """Return what was told in advance for a step: to which group, and how much."""
    return [
        (reward.group, reward.amounts[k])
        for reward in blueprint.rewards
        for k in np.flatnonzero(reward.steps == step)
    ]


def give(blueprint: Blueprint, state: NetworkState, group: int | None, amounts: Array) -> None:
    """Give a reward before the next step: to what leads to a group, or to everybody.

    Parameters
    ----------
    amounts : array of shape (neurons of the group,) or (1,)
        Integers of `golden.network.rules.words.REWARD_POINT`.
    """
    keys = round_keys(blueprint.seed, state.step)
    for rows, learned in zip(blueprint.rows, state.learned, strict=True):
        if learned and group in (None, rows.target):
            each = np.broadcast_to(amounts, (blueprint.groups[rows.target].size,))
            learned.give(rows, state.step, keys, each)

"""Runs the specification, step by step: slow, and right by definition."""

from collections.abc import Sequence

import numpy as np

from golden.network.blueprint import Blueprint
from golden.network.core import step
from golden.network.reward import give
from golden.network.state import NetworkState
from golden.network.taps import Chunk, Tap
from golden.numbers.formats import Array


class StepModel:
    """A network that runs in golden's step model.

    Parameters
    ----------
    blueprint : Blueprint
    state : NetworkState
        From where on; it is changed.
    taps : sequence of Tap
    """

    def __init__(self, blueprint: Blueprint, state: NetworkState, taps: Sequence[Tap] = ()):
        self.blueprint = blueprint
        self._state = state
        self._taps = taps

    def advance(self, steps: int) -> Chunk:
        """Do some steps."""
        spikes, samples = [], [[] for _ in self._taps]
        first = self._state.step
        for _ in range(steps):
            now = self._state.step
            spikes.append(step(self.blueprint, self._state))
            for tap, kept in zip(self._taps, samples, strict=True):
                if now % tap.every == 0:
                    kept.append(self._state.words[tap.group][tap.variable][tap.neurons])
        when = np.repeat(np.arange(first, first + steps), [len(s) for s in spikes])
        who = np.concatenate(spikes) if spikes else np.zeros(0, np.int64)
        stacked = [
            np.array(kept, np.int64).reshape(-1, len(tap.neurons))
            for tap, kept in zip(self._taps, samples, strict=True)
        ]
        return Chunk(steps, when, who, stacked)

    def give(self, group: int | None, amounts: Array) -> None:
        """Give a reward before the next step: see `golden.network.reward.give`."""
        give(self.blueprint, self._state, group, amounts)

    def state(self) -> NetworkState:
        """Return the state after the steps so far."""
        return self._state

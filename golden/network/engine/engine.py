"""A network that runs compiled."""

from collections.abc import Sequence

import numpy as np

from golden.network.blueprint import Blueprint
from golden.network.engine.learning import flush_all, reward
from golden.network.engine.recent import Recent
from golden.network.engine.run import run
from golden.network.engine.tables import Arrays
from golden.network.reward import due
from golden.network.rules.words import REWARD
from golden.network.state import NetworkState
from golden.network.taps import Chunk, Tap
from golden.network.taps import due as tapped
from golden.numbers.formats import Array

SPIKES = 1 << 18
"""Spikes that are kept before they are handed over."""
SAMPLES = 1 << 22
"""Numbers of taps that are kept before they are handed over."""


MOST_STEPS = 1 << 30
"""Steps that are done before anything is handed over: their numbers fit 32 bits."""


class Engine:
    """Runs a network as `golden.network.stepping.StepModel` does, bit for bit.

    Parameters
    ----------
    blueprint : Blueprint
    state : NetworkState
        From where on.
    taps : sequence of Tap
    """

    def __init__(self, blueprint: Blueprint, state: NetworkState, taps: Sequence[Tap] = ()):
        self.blueprint = blueprint
        self._taps = taps
        self._arrays = Arrays(blueprint, taps, SPIKES + blueprint.neurons)
        self._arrays.load(state)
        self._saturated = [dict(counted) for counted in state.saturated]
        self._first_saturated = [dict(first) for first in state.first_saturated]
        self._step = state.step
        self._recent = Recent(blueprint, state)
        self._spikes = np.array(state.spikes, np.int64)
        told = [each.steps for each in blueprint.rewards]
        self._rewards = np.unique(np.concatenate([np.zeros(0, np.int64), *told]))
        self._edges = np.array([g.first for g in blueprint.groups] + [blueprint.neurons])

    def advance(self, steps: int) -> Chunk:
        """Do up to ``steps`` steps: fewer, if more happens than can be kept, or for a reward."""
        for group, amounts in due(self.blueprint, self._step):
            self.give(group, amounts)
        later = self._rewards[np.searchsorted(self._rewards, self._step, "right") :]
        steps = min([steps, *(later[:1] - self._step).tolist()])
        a_step = sum(len(tap.neurons) / tap.every for tap in self._taps)
        steps = max(1, min(steps, MOST_STEPS, int(SAMPLES / a_step) if a_step else steps))
        counts = [len(tapped(self._step, steps, tap.every)) for tap in self._taps]
        samples = np.zeros(
            sum(n * len(t.neurons) for n, t in zip(counts, self._taps, strict=True)), np.int32
        )
        done, n = run(
            self._arrays.net,
            self.blueprint.seed,
            self._step,
            steps,
            samples.ctypes.data,
            self.blueprint.neurons,
        )
        tables = self._arrays.tables
        when, who = (tables[name][:n].astype(np.int64) for name in ("when", "who"))
        when += self._step
        chunk = Chunk(done, when, who, self._split(samples, done))
        self._step += done
        self._spikes += np.histogram(who, self._edges)[0]
        self._recent.add(self._step, when, who, tables["sent"])
        return chunk

    def spikes(self, steps: int) -> tuple[Array, Array]:
        """Do so many steps, all of them; return step and neuron of every spike."""
        when, who = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        while steps:
            chunk = self.advance(steps)
            steps -= chunk.steps
            when.append(chunk.spike_steps)
            who.append(chunk.spike_neurons)
        return np.concatenate(when), np.concatenate(who)

    def give(self, group: int | None, amounts: Array) -> None:
        """Give a reward before the next step: see `golden.network.reward.give`."""
        flush_all(self._arrays.net, self._step)
        for place, learner in self._arrays.learners.rewarded(group):
            learner.given[REWARD][:] = amounts
            reward(self._arrays.net, self.blueprint.seed, self._step, place)
            learner.mark(self._step)

    def _split(self, samples: np.ndarray, done: int) -> list[np.ndarray]:
        """Give every tap its samples: they lie step by step, tap by tap."""
        kept: list[list[np.ndarray]] = [[] for _ in self._taps]
        if len(self._taps) == 1:
            tap = self._taps[0]
            n = len(tapped(self._step, done, tap.every)) * len(tap.neurons)
            return [samples[:n].astype(np.int64).reshape(-1, len(tap.neurons))]
        at = 0
        for step in range(self._step, self._step + done if self._taps else 0):
            for tap, mine in zip(self._taps, kept, strict=True):
                if step % tap.every == 0:
                    mine.append(samples[at : at + len(tap.neurons)])
                    at += len(tap.neurons)
        return [
            np.array(mine, np.int64).reshape(-1, len(tap.neurons))
            for tap, mine in zip(self._taps, kept, strict=True)
        ]

    def state(self) -> NetworkState:
        """Return the state after the steps so far."""
        blueprint, arrays = self.blueprint, self._arrays
        words = [
            {s.name: arrays.row(i, f"state {s.name}") for s in g.program.states}
            if g.program
            else {}
            for i, g in enumerate(blueprint.groups)
        ]
        saturated, firsts = [], []
        for number, group in enumerate(blueprint.groups):
            counted = dict(self._saturated[number])
            began = dict(self._first_saturated[number])
            names = group.program.counters() if group.program else ()
            places = range(*arrays.counts.begin[number : number + 2])
            found = zip(arrays.tables["firsts"][places], names, places, strict=True)
            # A word may saturate at several places of a program: its first case is the earliest.
            for first, name, place in sorted(found):
                counted[name] += int(arrays.tables["counts"][place])
                if first >= 0:
                    began.setdefault(name, int(first))
            saturated.append(counted)
            firsts.append(began)
        history = self._recent.history(self._step)
        releases = [
            arrays.release(k, self._recent.sent(k, self._step)) for k in range(len(blueprint.rows))
        ]
        flush_all(arrays.net, self._step)
        learned, spikes = arrays.learners.state(), self._spikes.tolist()
        return NetworkState(
            self._step, words, history, saturated, firsts, releases, learned, spikes
        )

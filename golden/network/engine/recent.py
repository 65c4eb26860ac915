"""Spikes that may still be on their way, for the state that the engine hands over."""

import numpy as np

from golden.network.blueprint import Blueprint
from golden.network.engine.synapses import released
from golden.network.state import NetworkState


class Recent:
    """The spikes of the last steps, and what they transmit where plasticity is short-term.

    Parameters
    ----------
    blueprint : Blueprint
    state : NetworkState
        From where on.
    """

    def __init__(self, blueprint: Blueprint, state: NetworkState):
        self._blueprint = blueprint
        firsts = [g.first for g in blueprint.groups]
        self._released = released(blueprint)
        self._sources = np.array([blueprint.rows[k].source for k in self._released], np.int64)
        self._edges = np.array(firsts[1:])
        ages = range(len(state.history), 0, -1)
        nothing = np.zeros(0, np.int64)
        self._when = np.concatenate([
            nothing,
            *(np.full(len(state.history[age - 1]), state.step - age) for age in ages),
        ])
        self._who = np.concatenate([nothing, *(state.history[age - 1] for age in ages)])
        self._sent: dict[int, np.ndarray] = {}
        for k in self._released:
            release = state.releases[k]
            assert release is not None
            self._sent[k] = np.concatenate([nothing, *(release.sent[age - 1] for age in ages)])

    def _group(self, who: np.ndarray) -> np.ndarray:
        return np.searchsorted(self._edges, who, "right")

    def add(self, step: int, when: np.ndarray, who: np.ndarray, log: np.ndarray) -> None:
        """Take the spikes up to a step, and forget those that have arrived everywhere.

        Parameters
        ----------
        log : array
            Efficacies: of every spike those of its group's connections, in order.
        """
        group = self._group(who)
        each = np.bincount(self._sources, minlength=len(self._blueprint.groups))[group]
        begin = np.cumsum(each) - each
        for place, k in enumerate(self._released):
            source = self._sources[place]
            mine = begin[group == source] + place - np.searchsorted(self._sources, source)
            self._sent[k] = np.concatenate([self._sent[k], log[mine]])
        self._when, self._who = (np.concatenate(x) for x in ((self._when, when), (self._who, who)))
        still = self._when >= step - self._blueprint.longest
        group = self._group(self._who)
        for k, source in zip(self._released, self._sources, strict=True):
            self._sent[k] = self._sent[k][still[group == source]]
        self._when, self._who = self._when[still], self._who[still]

    def history(self, step: int) -> list[np.ndarray]:
        """Return the spikes of the last steps before ``step``, the latest first."""
        ages = range(1, min(self._blueprint.longest, step) + 1)
        return [self._who[self._when == step - age] for age in ages]

    def sent(self, number: int, step: int) -> list[np.ndarray]:
        """Return the efficacies of these at rows with short-term plasticity, if they are such."""
        if number not in self._sent:
            return []
        when = self._when[self._group(self._who) == self._blueprint.rows[number].source]
        ages = range(1, min(self._blueprint.longest, step) + 1)
        return [self._sent[number][when == step - age] for age in ages]

"""Rows with a rule laid out for the compiled loop, and what they have learned read back."""

from collections.abc import Callable

import numpy as np

from golden.cells.evaluate import evaluate
from golden.cells.program import Program
from golden.network.blueprint import Blueprint, Rows
from golden.network.engine import net as r
from golden.network.engine.events import NAMES, POSTS, Events, fields
from golden.network.engine.objects import addresses
from golden.network.learning import LearningState
from golden.network.rules.decays import AGE_MOST
from golden.network.rules.learning import Learning
from golden.network.rules.synapse import WEIGHT
from golden.network.rules.words import REWARD
from golden.network.state import NetworkState
from golden.numbers.formats import Array

_COMPILED: dict[tuple, dict[str, int]] = {}


def compiled(learning: Learning) -> dict[str, int]:
    """Return the addresses of a rule's functions; they are kept as `kernel.compiled` keeps its."""
    made_of = (
        tuple((word.name, word.low, word.high, word.scale.point) for word in learning.words),
        learning.traces,
        learning.point,
        *map(_content, learning.programs),
    )
    if made_of not in _COMPILED:
        _COMPILED[made_of] = addresses(Events(learning).text(), *NAMES)
    return _COMPILED[made_of]


def _content(program: Program) -> tuple:
    return (
        tuple((v.operation, v.operands, v.detail, v.low, v.high) for v in program.values),
        tuple((c.name, int(c.values)) for c in program.constants),
        tuple(program.written.items()),
    )


class LearningRows:
    """One set of rows with a rule.

    Parameters
    ----------
    slots : int
        Steps to come that arrivals are kept for, a power of two.
    """

    def __init__(self, rows: Rows, targets: int, slots: int):
        assert rows.learning is not None
        self.rows, self.learning, self.slots = rows, rows.learning, slots
        runs = rows.runs()
        self.runs = len(runs) - 1
        self.delay = rows.delay[runs[:-1]].astype(np.int32)
        self.run_start = np.searchsorted(runs[:-1], rows.start)
        self.queue = np.zeros(slots * self.runs, np.int32)
        self.queued = np.zeros(slots, np.int64)
        sizes = {"pre": self.runs, "post": targets, REWARD: targets}
        rewarded = self.learning.rewarded
        self.given: dict[str, np.ndarray] = {
            "runs": runs,
            "delay": self.delay,
            "post": rows.post.astype(np.int32),
            "arrived": np.zeros(self.runs, np.int64),
            "spiked": np.zeros(targets, np.int64),
            "posts": np.zeros(targets, np.int64),
            "when": np.zeros(targets * POSTS, np.int64),
            "before": np.zeros(targets * POSTS, np.int64),
            REWARD: np.zeros(targets if rewarded else 0, np.int32),
            "rewarded": np.zeros(1 if rewarded else 0, np.int64),
        }
        for word in self.learning.words:
            self.given[f"word {word.name}"] = np.zeros(rows.synapses, np.int32)
        for word in self.learning.traces:
            self.given[f"trace {word.name}"] = np.zeros(sizes[word.side], np.int32)
            if word.side == "post":
                self.given[f"old {word.name}"] = np.zeros(targets * POSTS, np.int32)
        self.rule = np.array([
            self.learning.first if name == "first" else self.given[name].ctypes.data
            for name in fields(self.learning)
        ])
        self.functions = compiled(self.learning)
        self.total = np.zeros(targets, np.int64)
        self.on = True

    def row(self, blueprint: Blueprint, sums: int) -> list[int]:
        """Return its row of the table of rules, in the order of the columns."""
        source, target = (blueprint.groups[x] for x in (self.rows.source, self.rows.target))
        return [
            self.rule.ctypes.data,
            *(self.functions[name] for name in NAMES),
            int(self.on),
            sums,
            self.rows.source,
            self.rows.target,
            target.first,
            source.first,
            self.run_start.ctypes.data,
            self.delay.ctypes.data,
            self.runs,
            self.queue.ctypes.data,
            self.queued.ctypes.data,
            self.given["posts"].ctypes.data,
            0,
            self.learning.period,
            self.learning.norm,
            self.given["post"].ctypes.data,
            self.given[f"word {WEIGHT}"].ctypes.data,
            self.rows.synapses,
            self.learning.weight.low,
            self.learning.weight.high,
            self.total.ctypes.data,
            len(self.total),
        ]

    def load(self, state: LearningState) -> None:
        """Take over what is known; nothing is left to be replayed."""
        self.on = state.on
        for name, values in state.words.items():
            self.given[f"word {name}"][:] = values
        for name, values in state.traces.items():
            self.given[f"trace {name}"][:] = values
        self.given["arrived"][:], self.given["spiked"][:] = state.arrived, state.spiked
        self.given[REWARD][:], self.given["rewarded"][:] = state.reward, state.rewarded
        self.given["posts"][:] = 0
        self.queued[:] = 0

    def resend(self, neuron: int, step: int, age: int) -> None:
        """Let what a neuron has sent in a step arrive, where it has not yet after ``age``."""
        for run in range(self.run_start[neuron], self.run_start[neuron + 1]):
            if self.delay[run] >= age:
                slot = (step + int(self.delay[run])) % self.slots
                self.queue[slot * self.runs + self.queued[slot]] = run
                self.queued[slot] += 1

    def state(self) -> LearningState:
        """Return what is known, when all has been replayed."""

        def read(name: str) -> Array:
            return self.given[name].astype(np.int64)

        return LearningState(
            self.on,
            {word.name: read(f"word {word.name}") for word in self.learning.words},
            {word.name: read(f"trace {word.name}") for word in self.learning.traces},
            read("arrived"),
            read("spiked"),
            read(REWARD),
            read("rewarded"),
        )

    def mark(self, step: int) -> None:
        """Note in the traces of rewards the one that has been given."""
        program = self.learning.marks[REWARD]
        when = np.minimum(step - self.given["rewarded"], AGE_MOST)
        seen = {name: self.given[f"trace {name}"].astype(np.int64) for name in program.written}
        seen[REWARD] = self.given[REWARD].astype(np.int64)
        seen[f"{REWARD} age"] = np.broadcast_to(when, seen[REWARD].shape)
        for name, values in evaluate(program, seen, {}, [], seen[REWARD]).states.items():
            self.given[f"trace {name}"][:] = values
        self.given["rewarded"][:] = step


class Learners:
    """All rows with a rule, by their number."""

    def __init__(self, blueprint: Blueprint, slots: int, address: Callable[[int, str], int]):
        self._blueprint, self._address = blueprint, address
        self.of = {
            k: LearningRows(rows, blueprint.groups[rows.target].size, slots)
            for k, rows in enumerate(blueprint.rows)
            if rows.learning
        }
        self.table = np.zeros((len(self.of), r.LEARN_COLUMNS), np.int64)
        self._fill()

    def _fill(self) -> None:
        for row, learner in zip(self.table, self.of.values(), strict=True):
            into = self._address(learner.rows.target, learner.rows.receptor)
            row[:] = learner.row(self._blueprint, into)

    def load(self, state: NetworkState) -> None:
        """Take over a state."""
        for k, learner in self.of.items():
            learned = state.learned[k]
            assert learned is not None
            learner.load(learned)
        self._fill()

    def rewarded(self, group: int | None) -> list[tuple[int, LearningRows]]:
        """Return those that a reward to a group, or to everybody, reaches, and their places."""
        return [
            (place, learner)
            for place, learner in enumerate(self.of.values())
            if learner.on and learner.learning.rewarded and group in (None, learner.rows.target)
        ]

    def state(self) -> list[LearningState | None]:
        """Return what is known, of all rows."""
        return [
            self.of[k].state() if k in self.of else None for k in range(len(self._blueprint.rows))
        ]

"""Small chips that learn, and what their rules do at once, as golden does it."""

from collections import defaultdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from golden.cells.evaluate import evaluate
from golden.cells.program import Program, Receptor, Scale
from golden.network.chip import Chip
from golden.network.rules import Rule
from golden.network.rules.decays import AGE_MOST
from golden.network.rules.learner import LearningUnit
from golden.network.rules.learning import Learning, learning
from golden.network.rules.synapse import SENT
from golden.numbers.hash import round_keys
from tests.hdl.network.small import changed

RECEPTOR = Receptor("in", 16, Scale(0))
SEED = 0x5EED_CAFE
SIZES = {"runs": 8, "synapses": 32, "posts": 4, "span_bits": 5}


def learned(rule: Rule) -> Learning:
    """Return a rule in integers, for weights without a fraction."""
    return learning(rule, 1.0, RECEPTOR, np.array([rule.w_min]), 0)


def learner_chip(rule: Rule, sizes: dict[str, int] | None = None, **changes: Any) -> Chip:
    """Return the small chip with a learner."""
    unit = LearningUnit.of(learned(rule), **(SIZES | (sizes or {})))
    return changed(learner=unit, **changes)


class Eager:
    """A rule whose synapses learn at once.

    Parameters
    ----------
    rule : Rule
    synapses : (run, place) of each
    words : by name, of each synapse
    numbers : of each synapse, whose random words are drawn with the seed `SEED`
    """

    def __init__(
        self,
        rule: Rule,
        synapses: list[tuple[int, int]],
        words: dict[str, list[int]],
        numbers: list[int],
    ):
        self.learning, self.synapses, self.numbers = learned(rule), synapses, numbers
        self.words = {name: list(values) for name, values in words.items()}
        self.last: dict[tuple[str, int], int] = {}
        self.traces: dict[tuple[str, int], dict[str, int]] = defaultdict(dict)

    def arrive(self, step: int, run: int) -> list[int]:
        """Let a spike arrive; return what its synapses transmit."""
        mine = [k for k, (own, _) in enumerate(self.synapses) if own == run]
        sent = [self._act(self.learning.on_pre, step, k)[SENT] for k in mine]
        self._mark("pre", step, run)
        return sent

    def spike(self, step: int, place: int) -> None:
        """Let a place have a post."""
        for k, (_, own) in enumerate(self.synapses):
            if own == place:
                self._act(self.learning.on_post, step, k)
        self._mark("post", step, place)

    def end_epoch(self, step: int) -> None:
        """Let an epoch end."""
        for k in range(len(self.synapses)):
            self._act(self.learning.on_epoch, step, k)

    def _act(self, program: Program, step: int, k: int) -> dict[str, int]:
        run, place = self.synapses[k]
        seen = {name: values[k] for name, values in self.words.items()}
        for side, whose in (("pre", run), ("post", place)):
            seen |= self._seen(side, step, whose)
        found = _run(program, seen, round_keys(SEED, step), self.numbers[k])
        for name, values in self.words.items():
            values[k] = found[name]
        return found

    def _seen(self, side: str, step: int, whose: int) -> dict[str, int]:
        last = self.last.get((side, whose))
        age = AGE_MOST if last is None else min(step - last, AGE_MOST)
        own = self.traces[side, whose]
        names = [word.name for word in self.learning.traces if word.side == side]
        return {name: own.get(name, 0) for name in names} | {f"{side} age": age}

    def _mark(self, side: str, step: int, whose: int) -> None:
        seen = self._seen(side, step, whose)
        self.traces[side, whose] = _run(self.learning.marks[side], seen, [], 0)
        self.last[side, whose] = step


def _run(program: Program, seen: dict[str, int], keys: list[int], number: int) -> dict[str, int]:
    given = {name: np.array([value], np.int64) for name, value in seen.items()}
    found = evaluate(program, given, {}, keys, np.array([number])).states
    return {name: int(np.broadcast_to(values, 1)[0]) for name, values in found.items()}


def follow(eager: Eager, rows: NDArray[np.void], ends: tuple[int, ...] = ()) -> list[int]:
    """Let arrivals and posts happen as a record shows them; return what was transmitted.

    ``ends`` are the steps at whose ends an epoch is.
    """
    sent: list[int] = []
    for step in range(int(rows["step"].max()) + 1):
        now = rows[rows["step"] == step]
        for run in now["mark_run"][now["mark"] == 1].tolist():
            sent += eager.arrive(step, run)
        if step in ends:
            eager.end_epoch(step)
        for place in now["note_place"][now["note"] == 1].tolist():
            eager.spike(step, place)
    return sent

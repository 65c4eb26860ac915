"""Learning: what synapses do at arrivals and at post spikes, at once, synapse by synapse.

Every set of rows with a rule (`golden.network.rules.learning.Learning`) has, of every synapse, its
words; of every *run*, the synapses of one presynaptic neuron that have one delay, the step of the
last arrival and the added traces as they were after it; of every postsynaptic neuron the same of
its last spike.

Arrival of step t, at all synapses of a run: ``on_pre`` with the ages since the last arrival and
the last post spike, both of steps before t; then ``mark_pre``. What it calls ``sent`` is
transmitted. Post spike of step t, at all synapses of the neuron: ``on_post`` with the ages since
the last arrival, which may be 0, and the last post spike before; then ``mark_post``. In the last
step of an epoch ``on_epoch`` at all synapses, between the two: after the arrivals of that step, and
before its post spikes. If the rule has a ``norm``, the weights of every target are scaled then:
with s the sum of their magnitudes, not 0, and 2**16 the one of a factor

    f = min((norm 2**16 + s / 2) / s, 2**24 - 1)        divisions rounding down
    w <- (w f + 2**15) >> 16,                           within its bounds

A reward of step t, before its arrivals: it is the last one from here on, for ``on_reward`` at all
synapses and for whatever reads it later; then traces of rewards are marked.

Where learning is off, neither happens, and an arrival transmits the weight as it is, in the
receptor's format.
"""

from dataclasses import dataclass

import numpy as np

from golden.cells.evaluate import evaluate
from golden.cells.program import Program
from golden.network.blueprint import Rows
from golden.network.release import NEVER
from golden.network.rules.decays import AGE_MOST
from golden.network.rules.learning import Learning
from golden.network.rules.synapse import SENT, WEIGHT
from golden.network.rules.words import NORM_FACTOR, NORM_POINT, REWARD, REWARD_MOST
from golden.numbers.formats import Array


@dataclass(slots=True, eq=False)
class LearningState:
    """What rows with a rule know."""

    on: bool
    """Whether they learn."""
    words: dict[str, Array]
    """Of every synapse, by name."""
    traces: dict[str, Array]
    """After the last event: of every run, or of every neuron of the target."""
    arrived: Array
    """Step of the last arrival of every run, `NEVER` before the first."""
    spiked: Array
    """Of the last post spike of every neuron of the target."""
    reward: Array
    """The last one, of every neuron of the target; empty if rewards do not matter."""
    rewarded: Array
    """The step of the last one; likewise."""

    @classmethod
    def start(cls, rows: Rows, targets: int) -> "LearningState":
        """Return the state before step 0, with so many neurons in the target."""
        learning, runs = _rule(rows), len(rows.runs()) - 1
        words = zip(learning.words, learning.start, strict=True)
        sizes = {"pre": runs, "post": targets, REWARD: targets}
        return cls(
            True,
            {word.name: start.astype(np.int64) for word, start in words},
            {t.name: np.zeros(sizes[t.side], np.int64) for t in learning.traces},
            np.full(runs, NEVER, np.int64),
            np.full(targets, NEVER, np.int64),
            np.zeros(targets if learning.rewarded else 0, np.int64),
            np.full(1 if learning.rewarded else 0, NEVER, np.int64),
        )

    def having(self, words: dict[str, Array]) -> "LearningState":
        """Return what knows the same but for words of synapses."""
        traces = {name: trace.copy() for name, trace in self.traces.items()}
        events = (self.arrived, self.spiked, self.reward, self.rewarded)
        return LearningState(
            self.on,
            {name: word.copy() for name, word in words.items()},
            traces,
            *(event.copy() for event in events),
        )

    def arrays(self) -> list[Array]:
        """Return all that it knows, in order."""
        on = np.array([self.on], np.int64)
        events = self.arrived, self.spiked, self.reward, self.rewarded
        return [on, *self.words.values(), *self.traces.values(), *events]

    def refill(self, rows: Rows, words: Array, step: int) -> Array:
        """Take what `arrays` has given, before a step, from the first words; return the others.

        Raises
        ------
        ValueError
            If that cannot be what it knew.
        """
        learning = _rule(rows)
        ranges = [
            (0, 1),
            *((word.low, word.high) for word in learning.words),
            *(word.ends(learning.operand_bits) for word in learning.traces),
            *[(NEVER, step - 1)] * 2,
            (-REWARD_MOST, REWARD_MOST),
            (NEVER, step),
        ]
        arrays = self.arrays()
        if len(words) < sum(map(len, arrays)):
            raise ValueError(f"what {rows.name} has learned must be whole")
        for array, (low, high) in zip(arrays, ranges, strict=True):
            array[:], words = words[: len(array)], words[len(array) :]
            if ((array < low) | (array > high)).any():
                raise ValueError(f"what {rows.name} has learned must be {low} to {high}")
        self.on = bool(arrays[0][0])
        return words

    def arrive(self, rows: Rows, step: int, keys: list[int], synapses: Array) -> Array:
        """Let spikes arrive at synapses, whole runs of them; return what each transmits."""
        learning = _rule(rows)
        if not self.on:
            return learning.transmitted(self.words[WEIGHT][synapses])
        run = np.searchsorted(rows.runs(), synapses, "right") - 1
        sent = self._act(rows, learning.on_pre, step, keys, synapses, run)[SENT]
        self._mark(learning, "pre", step, np.unique(run))
        return sent

    def spike(self, rows: Rows, step: int, keys: list[int], neurons: Array) -> None:
        """Let neurons of the target spike."""
        if self.on:
            learning = _rule(rows)
            synapses = np.flatnonzero(np.isin(rows.post, neurons))
            run = np.searchsorted(rows.runs(), synapses, "right") - 1
            self._act(rows, learning.on_post, step, keys, synapses, run)
            self._mark(learning, "post", step, neurons)

    def give(self, rows: Rows, step: int, keys: list[int], amounts: Array) -> None:
        """Take a reward, one of each neuron of the target."""
        learning = _rule(rows)
        if self.on and learning.rewarded:
            self.reward[:] = amounts
            self._everywhere(rows, learning.on_reward, step, keys)
            self._mark(learning, REWARD, step, np.arange(len(amounts)))

    def end_epoch(self, rows: Rows, step: int, keys: list[int]) -> None:
        """Do what is done to all synapses, if this step is the last one of an epoch."""
        learning = _rule(rows)
        if self.on and learning.period and (step + 1) % learning.period == 0:
            self._everywhere(rows, learning.on_epoch, step, keys)
            if learning.norm:
                self._normalise(rows, learning)

    def _everywhere(self, rows: Rows, program: Program, step: int, keys: list[int]) -> None:
        """Run a program at all synapses."""
        run = np.repeat(np.arange(len(self.arrived)), np.diff(rows.runs()))
        self._act(rows, program, step, keys, np.arange(rows.synapses), run)

    def _normalise(self, rows: Rows, learning: Learning) -> None:
        """Scale the weights of every target to their norm."""
        weight, word = self.words[WEIGHT], learning.weight
        total = np.zeros(len(self.spiked), np.int64)
        np.add.at(total, rows.post, np.abs(weight))
        some = np.maximum(total, 1)
        factor = np.minimum(((learning.norm << NORM_POINT) + some // 2) // some, NORM_FACTOR)
        scaled = (weight * factor[rows.post] + (1 << NORM_POINT >> 1)) >> NORM_POINT
        weight[:] = np.clip(scaled, word.low, word.high)

    def _act(
        self,
        rows: Rows,
        program: Program,
        step: int,
        keys: list[int],
        synapses: Array,
        run: Array,
    ) -> dict[str, Array]:
        """Run a program at synapses, and keep what it writes."""
        learning, post = _rule(rows), rows.post[synapses]
        places = {"pre": run, "post": post, REWARD: post}
        seen = {
            **{name: words[synapses] for name, words in self.words.items()},
            **{t.name: self.traces[t.name][places[t.side]] for t in learning.traces},
            "pre age": _age(step, self.arrived[run]),
            "post age": _age(step, self.spiked[post]),
            "delay": rows.delay[synapses].astype(np.int64),
        }
        if learning.rewarded:
            seen[REWARD] = self.reward[post]
            seen[f"{REWARD} age"] = np.broadcast_to(_age(step, self.rewarded), post.shape)
        results = evaluate(program, seen, {}, keys, learning.first + synapses).states
        for name, words in self.words.items():
            words[synapses] = results[name]
        return results

    def _mark(self, learning: Learning, side: str, step: int, at: Array) -> None:
        """Note an event of runs, or of neurons of the target; of a reward, of all of them."""
        program = learning.marks[side]
        last = {"pre": self.arrived, "post": self.spiked, REWARD: self.rewarded}[side]
        when = at if side != REWARD else np.zeros_like(at)
        before = {name: self.traces[name][at] for name in program.written}
        before |= {f"{side} age": _age(step, last[when]), REWARD: self.reward}
        for name, values in evaluate(program, before, {}, [], at).states.items():
            self.traces[name][at] = values
        last[when] = step


def _rule(rows: Rows) -> Learning:
    assert rows.learning is not None
    return rows.learning


def _age(step: int, last: Array) -> Array:
    """Return the steps since the last event."""
    return np.minimum(step - last, AGE_MOST)

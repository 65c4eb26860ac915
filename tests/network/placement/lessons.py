"""What words of a chip that learns mean: "Learning" of `docs/network-hardware.md`, at once.

What waits to be replayed is no word that a host sees, so a post is replayed where it happens.
"""

from typing import Protocol

import numpy as np

from golden.cells.evaluate import evaluate
from golden.cells.program import Program
from golden.network.chip import Chip
from golden.network.interface import Region, added
from golden.network.rules.learner import LearningUnit
from golden.numbers.formats import Array
from golden.numbers.hash import round_keys
from tests.network.placement.words import fields, signed

OLDEST = (1 << 20) - 1
MODULO = 1 << 26


class Words(Protocol):
    """A chip with memories."""

    chip: Chip
    memory: list[Array]

    def __getitem__(self, name: str) -> int: ...

    def __setitem__(self, name: str, value: int) -> None: ...


class Lessons:
    """What synapses of a chip do."""

    def __init__(self, machine: Words):
        self.machine, self.chip = machine, machine.chip
        assert self.chip.learner is not None
        self.learner: LearningUnit = self.chip.learner

    def arrive(self, run: int, synapses: Array) -> Array:
        """Let a run that learns arrive; return what its synapses transmit."""
        if not self.machine["learn"] or self._off(run):
            rule = int(self._region("run_rules")[run]) if self.learner.further else 0
            weight, shift = self._learned(synapses)["w"], self.learner.shifts[rule]
            return (weight + (1 << shift >> 1)) >> shift if shift > 0 else weight << -shift
        sent = self._visit(self.learner.on_pre, run, synapses)["sent"]
        self._mark("pre", "run", np.array([run]))
        return sent

    def post(self, place: int) -> None:
        """Let a neuron spike, if it learns."""
        if self.machine["learn"]:
            for run, synapses in self._runs():
                at = synapses[self._places(run, synapses) == place]
                self._visit(self.learner.on_post, run, at)
            self._mark("post", "post", np.array([place]))

    def start(self) -> None:
        """Let a reward be received, if there is one."""
        machine, program = self.machine, self.learner.on_reward
        if not (self.learner.rewarded and machine["learn"] and machine["reward"]):
            return
        given = np.flatnonzero(self._region("rewards") >> 18)
        for run, synapses in self._runs():
            if program:
                self._visit(program, run, synapses[np.isin(self._places(run, synapses), given)])
        self._mark("reward", "reward", given)
        self._region("rewards")[:] &= (1 << 18) - 1
        machine["reward"] = 0

    def end_walk(self) -> None:
        """End an epoch, if this is its last step."""
        machine, program = self.machine, self.learner.on_epoch
        if program and machine["learn"] and machine["period"] and machine["until"] == 1:
            for run, synapses in self._runs():
                self._visit(program, run, synapses)
            if self.learner.norm:
                self._scale()

    def _scale(self) -> None:
        """Let the magnitudes of a place's weights add up to the norm."""
        word, runs = self.learner.words[0], list(self._runs())
        sums = dict.fromkeys(range(self.chip.places), 0)
        for run, synapses in runs:
            weights = self._learned(synapses)["w"].tolist()
            for place, weight in zip(self._places(run, synapses).tolist(), weights, strict=True):
                sums[place] += abs(weight)
        for run, synapses in runs:
            weights = self._learned(synapses)["w"].tolist()
            for place, k, w in zip(
                self._places(run, synapses).tolist(), synapses.tolist(), weights, strict=True
            ):
                total = max(sums[place], 1)
                factor = min((self.learner.norm * 65536 + total // 2) // total, 16_777_215)
                scaled = min(max((w * factor + 32768) // 65536, word.low), word.high)
                self._region("learned_w")[k] = scaled % (1 << self._width("w"))

    def end_step(self) -> None:
        """Count the steps of an epoch."""
        until = self.machine["until"] if self.learner.on_epoch else 0
        if until:
            self.machine["until"] = self.machine["period"] if until == 1 else until - 1

    def _runs(self):
        """Yield address and synapses of all runs that learn and are not switched off."""
        begin = 0
        for run in range(self.machine["learned"]):
            (count,) = fields(self.machine.memory[Region.RUNS][run], self.chip.count_bits)
            if not self._off(run):
                yield run, np.arange(begin, begin + count)
            begin += count

    def _off(self, run: int) -> bool:
        last = int(self._region("run_lasts")[run])
        return last < MODULO and last % 2 == 1

    def _region(self, name: str) -> Array:
        return self.machine.memory[added(self.chip)[name]]

    def _places(self, run: int, synapses: Array) -> Array:
        chip = self.chip
        behind = chip.count_bits + chip.gap_bits + 1
        family = int(self.machine.memory[Region.RUNS][run]) >> behind
        inlet = int(self.machine.memory[Region.FAMILIES][family]) >> chip.family_weight_bits
        slots = self.machine.memory[Region.SYNAPSES][synapses] & ((1 << chip.slot_bits) - 1)
        return chip.place_bases[chip.inlets[inlet][0]] + slots

    def _learned(self, synapses: Array) -> dict[str, Array]:
        return {
            word.name: signed(
                self._region(f"learned_{word.name}")[synapses], self._width(word.name)
            )
            for word in self.learner.words
        }

    def _width(self, name: str) -> int:
        word = next(word for word in self.learner.words if word.name == name)
        return 1 + max((x if x >= 0 else ~x).bit_length() for x in (word.low, word.high))

    def _age(self, owner: str, at: Array) -> Array:
        lasts = self._region(f"{owner}_lasts")[at]
        age = np.minimum((self.machine["step"] - lasts) % MODULO, OLDEST)
        return np.where(lasts // MODULO, age, OLDEST)

    def _traces(self, side: str, owner: str, at: Array) -> dict[str, Array]:
        words = [word for word in self.learner.traces if word.side == side]
        found = {w.name: self._region(f"{owner}_trace_{i}")[at] for i, w in enumerate(words)}
        return {name: signed(t, 18) if side == "reward" else t for name, t in found.items()}

    def _rewards(self, at: Array) -> dict[str, Array]:
        if not self.learner.rewarded:
            return {}
        amounts = signed(self._region("rewards")[at] % (1 << 18), 18)
        return {"reward": amounts, "reward age": self._age("reward", at)}

    def _visit(self, program: Program, run: int, synapses: Array) -> dict[str, Array]:
        runs, places = np.full(len(synapses), run), self._places(run, synapses)
        seen = {
            **self._learned(synapses),
            **self._traces("pre", "run", runs),
            **self._traces("post", "post", places),
            "pre age": self._age("run", runs),
            "post age": self._age("post", places),
            **self._traces("reward", "reward", places),
            **self._rewards(places),
        }
        for name in self.learner.standing:
            seen[name] = self._region(f"run_{name}s")[runs]
        keys, numbers = [], synapses
        if self.learner.draws:
            keys = round_keys(self.machine["seed"], self.machine["step"])
            numbers = self._region("synapse_numbers")[synapses]
        found = evaluate(program, seen, {}, keys, numbers).states
        for word in self.learner.words:
            mask = (1 << self._width(word.name)) - 1
            self._region(f"learned_{word.name}")[synapses] = found[word.name] & mask
        return found

    def _mark(self, side: str, owner: str, at: Array) -> None:
        if side in self.learner.marks:
            seen = self._traces(side, owner, at) | {f"{side} age": self._age(owner, at)}
            seen |= self._rewards(at) if side == "reward" else {}
            found = evaluate(self.learner.marks[side], seen, {}, [], at).states
            words = [word for word in self.learner.traces if word.side == side]
            for i, word in enumerate(words):
                mask = (1 << (18 if side == "reward" else self.learner.trace_bits)) - 1
                self._region(f"{owner}_trace_{i}")[at] = found[word.name] & mask
        self._region(f"{owner}_lasts")[at] = self.machine["step"] % MODULO | MODULO

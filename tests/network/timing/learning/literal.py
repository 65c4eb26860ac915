"""The ring as the page says it, one clock cycle after the other, in plain Python."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from golden.cells.evaluate import evaluate
from golden.cells.program import Program
from golden.network.rules.synapse import SENT
from golden.network.timing.learning.plasticity import Plasticity
from golden.network.timing.memories import Memories
from golden.numbers.formats import Fmt
from golden.numbers.hash import round_keys
from tests.network.timing.literal import Literal

LAST, EVER, OLDEST = (1 << 26) - 1, 1 << 26, (1 << 20) - 1


def off(last: int) -> bool:
    """Tell whether a word of a last arrival says that the run is switched off."""
    return not last & EVER and last % 2 == 1


def age(step: int, last: int) -> int:
    """Return the steps since a last event."""
    return min((step - last) & LAST, OLDEST) if last & EVER else OLDEST


@dataclass
class Going:
    """A visit that is under way."""

    enters: int
    """Next, or leaves if it has no pass left."""
    run: int
    synapse: int
    inlet: int
    slot: int
    place: int
    amount: int
    words: dict[str, int]
    before: dict[str, int]
    """Traces."""
    lasts: tuple[int, int]
    """Of arrivals of its run, and of posts so far."""
    passes: int = 0
    done: int = 0


class LiteralRing(Literal):
    """A queue, a walker and a ring.

    Parameters
    ----------
    phase : str
        "walk", "replay" or "epoch".
    """

    def __init__(self, memories: Memories, plasticity: Plasticity, phase: str):
        super().__init__(memories)
        assert self.chip.learner is not None
        self.learner, self.phase = self.chip.learner, phase
        self.held = {n: memories.words(memories.added[n]).tolist() for n in memories.learning}
        self.step, self.base = memories.registers["step"], plasticity.posts.base
        self.seed = memories.registers["seed"]
        self.learn, self.learned = (memories.registers[name] for name in ("learn", "learned"))
        self.posts = [part.copy() for part in plasticity.posts.arrays]
        self.turn = self.learner.turn(self.chip.fabric)
        self.known: tuple[int, dict[str, int]] = (0, {})
        """Of the run that the walker goes through."""
        self.ring: list[Going] = []
        self.landing: list[tuple[int, ...]] = []
        self.marking: list[tuple[int, int, list[int]]] = []
        self.writes: list[tuple[int, ...]] = []
        self.marks: list[tuple[int, ...]] = []

    def sweep(self, first: int) -> int:
        """Go through all runs that learn; return the last cycle."""
        if not self.learned:
            return first
        run, synapse, c = 0, 0, first
        while True:
            c += 1
            ready = self.waiting is not None and len(self.issuing) <= 1 and self._open(c)
            waiting, self._next = self.waiting, None
            if run < self.learned and (waiting is None or ready):
                count, _, _, family = self._fields(run)
                self._next = (synapse, count, family, 0, run)
                run, synapse = run + 1, synapse + count
            if self._end_of_cycle(c, ready, waiting) and run == self.learned:
                return c

    def _open(self, c: int) -> bool:
        return not any(v.enters == c + 4 and 0 < v.done < v.passes for v in self.ring)

    def _end_of_cycle(self, c: int, ready: bool, waiting) -> bool:
        run = waiting[-1] if ready else self.learned
        learns = self.learn and run < self.learned and not off(self.held["run_lasts"][run])
        if self.phase == "walk" and learns:
            self._mark(c, run)
        for when, run, traces in self.marking:
            if when == c:
                self.held["run_lasts"][run] = self.step & LAST | EVER
                for i, trace in enumerate(traces):
                    self.held[f"run_trace_{i}"][run] = trace
                self.marks.append((c, run, *traces))
        # Visits of a run have what was there when it was taken, however late they are issued.
        taken = self._known(waiting[-1]) if ready else self.known
        landed = super()._end_of_cycle(c, ready, waiting)
        self.known = taken
        return landed

    def _known(self, run: int) -> tuple[int, dict[str, int]]:
        """Return the last arrival and the traces of a run, if it learns."""
        if run >= self.learned:
            return 0, {}
        words = enumerate(self.learner.side("pre"))
        traces = {word.name: self.held[f"run_trace_{i}"][run] for i, word in words}
        return self.held["run_lasts"][run], traces

    def _mark(self, taken: int, run: int) -> None:
        words = self.learner.side("pre")
        traces = []
        if words:
            before = {w.name: self.held[f"run_trace_{i}"][run] for i, w in enumerate(words)}
            before["pre age"] = age(self.step, self.held["run_lasts"][run])
            after = self._run(self.learner.marks["pre"], before)
            traces = [after[word.name] for word in words]
        self.marking.append((taken + self.turn, run, traces))

    def _flow(self, c: int) -> bool:
        for v in [v for v in self.ring if v.enters == c]:
            if v.done and v.done == v.passes:
                self._leave(c, v)
            else:
                self._pass(v)
                v.enters += self.turn
        if self.issuing and self._open(c):
            self.ring.append(self._visit(c, *self.issuing.popleft()))
        for when, *about in self.landing:
            if when == c:
                self._add(c, *about)
        return not self.ring and not any(when > c for when, *_ in self.landing)

    def _visit(self, c: int, synapse: int, family: int, _, run: int) -> Going:
        inlet, slot, amount = self._weighed(synapse, family)
        place = self.chip.place_bases[self.chip.inlets[inlet][0]] + slot
        learns = run < self.learned
        words, before, lasts = {}, {}, (0, 0)
        if learns:
            for w in self.learner.words:
                region = self.held[f"learned_{w.name}"]
                words[w.name] = Fmt(self._bits(w.name), w.low < 0).wrap(region[synapse])
            for i, w in enumerate(self.learner.side("post")):
                before[w.name] = self.held[f"post_trace_{i}"][place]
            before |= self.known[1]
            lasts = self.known[0], self.held["post_lasts"][place]
            rule = self.held["run_rules"][run] if self.learner.further else 0
            weight, shift = words[self.learner.words[0].name], self.learner.shifts[rule]
            amount = (weight + (1 << shift) // 2) >> shift if shift > 0 else weight << -shift
        n = int(self.posts[0][place])
        passes = 1
        if learns and self.learn and not off(lasts[0]):
            passes = max(1, n) if self.phase == "replay" else n + 1
        return Going(c + 4, run, synapse, inlet, slot, place, amount, words, before, lasts, passes)

    def _bits(self, name: str) -> int:
        low, high = next((w.low, w.high) for w in self.learner.words if w.name == name)
        return max((~x if x < 0 else x).bit_length() for x in (low, high)) + (low < 0)

    def _pass(self, v: Going) -> None:
        counts, when, traces = self.posts
        k, learns = v.done, v.run < self.learned and self.learn and not off(v.lasts[0])
        v.done += 1
        if not learns:
            return
        if k < counts[v.place]:
            then = self.base + int(when[v.place, k])
            if not v.lasts[0] & EVER or (then - v.lasts[0]) % (1 << 26) < 1 << 25:
                self._act(v, self.learner.on_post, then)
            v.lasts = v.lasts[0], then & LAST | EVER
            for i, word in enumerate(self.learner.side("post")):
                v.before[word.name] = int(traces[v.place, k, i])
        elif self.phase == "walk":
            v.amount = self._act(v, self.learner.on_pre, self.step)[SENT]
        elif self.phase == "epoch":
            assert self.learner.on_epoch is not None
            self._act(v, self.learner.on_epoch, self.step)

    def _act(self, v: Going, program: Program, step: int) -> dict[str, int]:
        ages = (age(step, last) for last in v.lasts)
        seen = v.words | v.before | dict(zip(("pre age", "post age"), ages, strict=True))
        keys, number = [], 0
        for name in self.learner.standing:
            seen[name] = self.held[f"run_{name}s"][v.run]
        if self.learner.draws:
            keys, number = round_keys(self.seed, step), self.held["synapse_numbers"][v.synapse]
        found = self._run(program, seen, keys, number)
        v.words = {name: found[name] for name in v.words}
        return found

    def _run(
        self, program: Program, seen: dict[str, int], keys: Sequence[int] = (), number: int = 0
    ) -> dict[str, int]:
        given = {name: np.array([value]) for name, value in seen.items()}
        states = evaluate(program, given, {}, list(keys), np.array([number])).states
        return {name: int(values[0]) for name, values in states.items()}

    def _leave(self, c: int, v: Going) -> None:
        self.ring.remove(v)
        if v.words and self.learn and not off(v.lasts[0]):
            masked = [v.words[w.name] % (1 << self._bits(w.name)) for w in self.learner.words]
            self.writes.append((c, v.synapse, *masked))
            for w, word in zip(self.learner.words, masked, strict=True):
                self.held[f"learned_{w.name}"][v.synapse] = word
        if self.phase == "walk":
            self.landing.append((c + 2, v.inlet, v.slot, v.amount))

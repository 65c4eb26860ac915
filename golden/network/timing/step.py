"""One step, phase after phase."""

import numpy as np
from numpy.typing import NDArray

from golden.cycles.stimulus import Feed
from golden.cycles.track import Track
from golden.network.chip import Chip
from golden.network.competition import winners
from golden.network.interface import STEP_BITS, Phase, Region, header
from golden.network.timing.cells import Fired, run
from golden.network.timing.junctions import flowed
from golden.network.timing.learning.plasticity import Plasticity
from golden.network.timing.memories import Memories
from golden.network.timing.queue import push_rows
from golden.network.timing.record import Sheet
from golden.network.timing.releases import lasting, waiting
from golden.network.timing.script import KindTimes, Section, groups, pipelines
from golden.network.timing.walk import walk
from golden.numbers.compiled import entry
from golden.numbers.formats import Array
from golden.numbers.hash import DROPPED, ROUNDS, round_keys

KEYS = DROPPED + ROUNDS
LOAD = 1
"""Cycles of LOAD beside one for every word of the record."""
SETTLED = 2
"""Cycles that constants have to settle without a longer LOAD."""
ELECTION = 2
"""Cycles of a round of an election beside one for everybody who fired."""


class Steps:
    """Does steps on a memories, and lays what they show.

    Parameters
    ----------
    memories : Memories
        It is changed.
    track : Track
        Where they are laid.
    taken : array of bool
        In which cycles a spike may be taken; behind its end in all.
    external : Feed
        Axons that spike, and ends.
    """

    def __init__(
        self,
        memories: Memories,
        track: Track[Sheet],
        taken: NDArray[np.bool_],
        external: Feed,
    ):
        self.memories, self.track = memories, track
        self._taken, self._external = taken, external
        self._kinds = pipelines(memories.chip)
        self._learner = Plasticity(memories, track) if memories.chip.learner else None
        self._script: Array = np.zeros(0, np.int64)
        self._groups: list[Section] = []

    def begin(self) -> None:
        """Read the script, which no step changes."""
        script = np.append(self.memories.packed[Region.SCRIPT], self.memories.registers["groups"])
        if not np.array_equal(script, self._script):
            self._script, self._groups = script, groups(self.memories, self._kinds)
        if self._learner:
            self._learner.begin(self._groups)

    def reward(self) -> None:
        """Do what comes at a start, before the first step."""
        if self._learner:
            self._learner.reward()

    def step(self, end: int) -> bool:
        """Do a step; return whether it came to its end.

        It does not if the end of its externals is not put forward before cycle ``end``.
        """
        memories, track = self.memories, self.track
        registers = memories.registers
        if memories.chip.random:
            track.spend(Phase.KEYS, KEYS)
        keys = round_keys(registers["seed"], registers["step"]) if memories.chip.random else []
        self._walk()
        if registers.get("junctions"):
            track.spend(Phase.JUNCTIONS, flowed(memories, track.grid, track.now) + 1 - track.now)
        if registers["listen"] and not self._listen(end):
            return False
        for group in self._groups:
            track.spend(Phase.LOAD, load(memories.chip, group.pipeline))
            fired = run(memories, track.grid, group, track.now, keys)
            track.spend(Phase.RUN, fired.last + 1 - track.now)
            self._emit(group, fired)
        track.spend(Phase.ENDSTEP, 1)
        track.step = registers["step"] = (registers["step"] + 1) & ((1 << STEP_BITS) - 1)
        if self._learner:
            self._learner.end_step()
        return True

    def finish(self) -> None:
        """Do what comes behind the last step of a run."""
        if self._learner:
            self._learner.finish()

    def _walk(self) -> None:
        """WALK, and what a learner does before and after it."""
        track, learner = self.track, self._learner
        if learner:
            learner.ahead()
            learner.walk()
            learner.after()
        else:
            last = walk(self.memories, track.grid, track.now)
            track.spend(Phase.WALK, last + 1 - track.now)

    def _listen(self, end: int) -> bool:
        """EXTERNAL: take axons until an end; return whether there was one."""
        chip = self.memories.chip
        track, registers, feed = self.track, self.memories.registers, self._external
        if registers["quiet"]:
            registers["quiet"] -= 1
            track.spend(Phase.EXTERNAL, 1)
            return True
        cycles, axons, now, last = [], [], track.now, False
        while not last:
            free = now
            now = max(free, feed.valid)
            track.grid.span(free, min(now + 1, end), external_ready=1)
            if now >= end:
                break
            last, value = feed.head
            feed.accept(now)
            if last:
                registers["quiet"] = value
                now += 1
            else:
                now += int(lasting(chip, value))
                cycles.append(now + int(waiting(chip, value)))
                axons.append(value)
        track.spend(Phase.EXTERNAL, (now if last else end) - track.now)
        push_rows(self.memories, track.grid, np.array(cycles), np.array(axons))
        return bool(last)

    def _emit(self, group: Section, fired: Fired) -> None:
        """ELECT and EMIT."""
        track, n = self.track, len(fired.places)
        if not n:
            return
        left = np.ones(n, np.bool_)
        if 0 < group.winners < n:
            track.spend(Phase.ELECT, group.winners * (n + ELECTION))
            left[:] = False
            left[winners(np.ones(n, np.int64), fired.margin, group.winners)] = True
        # A column of each neuron: its axons, one behind the other.
        axons = np.array(group.axons)[:, None] + fired.places[left]
        lasts = lasting(self.memories.chip, axons)
        busy = np.ones(n, np.int64)
        busy[left] = lasts.sum(axis=0)
        visible, gone = np.empty((2, n), np.int64)
        emitted(track.now + 1, left & (not group.silent), busy, self._taken, visible, gone)
        last = int(gone[-1] + busy[-1])
        if self._learner:
            last = max(last, self._learner.note(group, fired.places[left], gone[left]))
        track.spend(Phase.EMIT, last + 1 - track.now)
        if not group.silent:
            neurons = group.neuron[fired.places[left]]
            track.grid.offered(visible[left], gone[left], neurons)
        pushes = gone[left] + np.cumsum(lasts, axis=0) + waiting(self.memories.chip, axons)
        push_rows(self.memories, track.grid, pushes.T.ravel(), axons.T.ravel())


def load(chip: Chip, pipeline: KindTimes) -> int:
    """Return the cycles of LOAD for a group of a kind."""
    words = header(chip) + len(pipeline.constants)
    return words + LOAD + max(0, pipeline.schedule.settling - SETTLED)


@entry
def emitted(first, told, busy, taken, visible, gone):
    """Write in which cycle each entry of the list is visible, and in which it is gone.

    The next one is visible so many cycles later as it is busy.
    """
    cycle = first
    for i in range(len(told)):
        visible[i] = cycle
        while told[i] and cycle < len(taken) and not taken[cycle]:
            cycle += 1
        gone[i] = cycle
        cycle += busy[i]

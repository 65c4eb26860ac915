"""A learner on the grid: what it does in every phase of a step, and what that shows."""

import numpy as np

from golden.cycles.track import Track
from golden.network.chip import DUE_BITS, unit
from golden.network.interface import Phase, Region
from golden.network.timing.junctions import summed
from golden.network.timing.learning import ring
from golden.network.timing.learning.checks import beginnings, check
from golden.network.timing.learning.norms import scaled
from golden.network.timing.learning.posts import Posts
from golden.network.timing.learning.rewards import receive
from golden.network.timing.learning.tables import layout, programs, targets
from golden.network.timing.learning.visits import EPOCHAL, REPLAYING, REWARDING, SCALING, WALK
from golden.network.timing.learning.words import SEED
from golden.network.timing.memories import Memories
from golden.network.timing.queue import COLUMNS
from golden.network.timing.record import Sheet
from golden.network.timing.script import Section
from golden.network.timing.walk import arrivals, show_moved, sizes
from golden.numbers.formats import Array

SETTLING = 4
"""Cycles of SETTLE beside one a place."""
NOTED = 6
"""From the cycle in which a neuron is taken in EMIT to time 0 of what marks its post."""


class Plasticity:
    """What a chip's learner does.

    Parameters
    ----------
    memories : Memories
        Of a chip with a learner; it is changed.
    track : Track
        Where it is laid.
    """

    def __init__(self, memories: Memories, track: Track[Sheet]):
        chip = memories.chip
        self._memories, self._track, self._unit = memories, track, unit(chip)
        self._at, self._programs = layout(memories), programs(self._unit)
        self._targets, self._sizes = targets(chip), sizes(chip)
        self.posts = Posts(chip)
        self._latency = self._unit.latency(chip.fabric)
        self._turn = self._unit.turn(chip.fabric)
        given = len(self._unit.words) + len(self._unit.traces) + (4 if self._unit.rewarded else 2)
        self._given: Array = np.zeros(given, np.int64)
        self._begins: Array = np.zeros(0, np.int64)
        self._walked: Array = np.zeros(self._unit.runs, np.int64)
        """The number of the walk in which each run came last."""
        self._walks = 0

    def begin(self, groups: list[Section]) -> None:
        """Look at what a host has written.

        Raises
        ------
        ValueError
            If it cannot be.
        """
        self._begins = beginnings(self._memories)
        self._programs.hashed[SEED] = self._memories.registers["seed"]
        check(self._memories, self._begins, groups)

    def reward(self) -> None:
        """Do what comes at a start, if a host has given a reward."""
        registers = self._memories.registers
        if registers["learn"] and registers.get("reward"):
            if self._unit.on_reward:
                self._sweep(Phase.REWARD, REWARDING)
            receive(self._memories, self._track, self._at, self._programs, self._given)

    def ahead(self) -> None:
        """Do what comes before WALK."""
        if self.posts.urgent(self._memories.registers["step"]):
            self._replay()

    def walk(self) -> None:
        """WALK."""
        memories, track, first = self._memories, self._track, self._track.now
        registers, packed = memories.registers, memories.packed
        head, length = registers["head"], registers["length"]
        if not length:
            track.spend(Phase.WALK, 1)
            return
        today = registers["step"] & ((1 << DUE_BITS) - 1)
        runs, entries = packed[Region.RUNS], packed[Region.QUEUE_RUNS]
        total = arrivals(today, head, length, entries, runs, self._sizes)
        moved, out = (
            np.empty((length, COLUMNS), np.int64),
            self._room(total, self._walks_runs(total)),
        )
        self._walks += 1
        last = ring.walked(
            first,
            today,
            head,
            length,
            (entries, packed[Region.QUEUE_SYNAPSES], memories.efficacies),
            (self._begins, self._walked),
            self._core(WALK),
            moved,
            out,
        )
        if wrong := out[2][ring.WRONG]:
            raise ValueError(
                f"run {wrong - 1}, which learns, must come with its own first synapse, and once "
                "in a step"
            )
        self._show(*out)
        last = max(last, self._arrive(out[0]))
        track.grid.reserve(last + 2)
        show_moved(memories, track.grid, moved)
        track.spend(Phase.WALK, last + 1 - first)

    def after(self) -> None:
        """EPOCH, if it is time, and what follows it."""
        registers = self._memories.registers
        if registers["learn"] and registers.get("period") and registers["until"] == 1:
            self._sweep(Phase.EPOCH, EPOCHAL)
            if self.posts.pending:
                self._settle()
            if self._unit.norm:
                scaled(self._memories, self._track, self._at, self._targets, self._begins)
                self._sweep(Phase.SCALE, SCALING)

    def note(self, group: Section, places: Array, taken: Array) -> int:
        """Note that neurons of a group were taken in these cycles; return the last of a note."""
        memories, registers = self._memories, self._memories.registers
        if not (group.noted and registers["learn"] and len(places)):
            return self._track.now
        place = group.pipeline.first_place + group.slot[places]
        counts, traces = self.posts.note(
            registers["step"], place, memories, self._at, self._programs, self._given
        )
        cycles, grid = taken + NOTED + self._latency, self._track.grid
        grid.reserve(int(cycles[-1]) + 2)
        shown = {f"note_{i}": column for i, column in enumerate(traces.T)}
        grid.mark(cycles, note=1, note_place=place, note_count=counts, **shown)
        return int(cycles[-1])

    def end_step(self) -> None:
        """ENDSTEP: an epoch is one step nearer."""
        registers = self._memories.registers
        if until := registers.get("until"):
            registers["until"] = until - 1 if until > 1 else registers["period"]

    def finish(self) -> None:
        """Replay what waits, behind the last step."""
        if self.posts.pending:
            self._replay()

    def _replay(self) -> None:
        self._sweep(Phase.REPLAY, REPLAYING)
        self._settle()

    def _settle(self) -> None:
        self._track.spend(Phase.SETTLE, self._memories.chip.places + SETTLING)
        self.posts.settle(self._memories.registers["step"], self._memories, self._at)

    def _sweep(self, phase: Phase, visits: int) -> None:
        """Visit all synapses that learn."""
        first, out = self._track.now, self._room(int(self._begins[-1]), 0)
        ring.swept(first, self._begins, self._core(visits), out)
        self._show(*out)
        last = max(first, int(out[0][:, ring.LEAVE].max(initial=first)))
        self._track.spend(phase, last + 1 - first)

    def _walks_runs(self, total: int) -> int:
        """Return how many runs that learn a walk can meet, of so many synapses."""
        registers = self._memories.registers
        return min(total, registers["learned"]) if registers["learn"] else 0

    def _room(self, visits: int, marks: int) -> tuple[Array, Array, Array]:
        """Return room for what happens."""
        words, traces = len(self._unit.words), len(self._unit.side("pre"))
        return (
            np.empty((visits, ring.FIRST_WORD + words), np.int64),
            np.empty((marks, ring.FIRST_TRACE + traces), np.int64),
            np.zeros(3, np.int64),
        )

    def _core(self, visits: int):
        """Return what the compiled parts need, for a phase in which nothing is in the ring yet."""
        registers, packed = self._memories.registers, self._memories.packed
        now = np.array([
            visits,
            registers["step"],
            self.posts.base,
            registers["learn"],
            registers["learned"],
            self._latency,
            self._walks,
        ])
        learner = (
            self._memories.learned,
            self._at,
            self.posts.arrays,
            self._programs,
            self._given,
            self._targets,
            np.full(self._turn, -1, np.int64),
        )
        rows = packed[Region.RUNS], packed[Region.SYNAPSES], packed[Region.FAMILIES]
        return rows, self._sizes, now, learner

    def _arrive(self, visits: Array) -> int:
        """Let what is transmitted arrive, in the order of leaving; return the last cycle."""
        memories = self._memories
        visits = visits[np.argsort(visits[:, ring.LEAVE])]
        inlet, slot = visits[:, ring.INLET], visits[:, ring.SLOT_AT]
        cycles, shown = visits[:, ring.LEAVE] + ring.SUMMED, np.empty(len(visits), np.int64)
        summed(
            memories.bases[inlet] + slot,
            visits[:, ring.AMOUNT],
            memories.sum_bits[inlet],
            memories.cells,
            shown,
        )
        self._track.grid.reserve(int(cycles.max(initial=0)) + 2)
        self._track.grid.arrive(cycles, inlet, slot, shown)
        return int(cycles.max(initial=0))

    def _show(self, visits: Array, marks: Array, filled: Array) -> None:
        """Show what is learned, and arrivals that are marked."""
        grid, words = self._track.grid, self._unit.words
        visits = visits[visits[:, ring.SYNAPSE] >= 0]
        marks = marks[: filled[ring.MARKS]]
        grid.reserve(int(visits[:, ring.LEAVE].max(initial=0)) + 2)
        learned = {f"learned_{w.name}": visits[:, ring.FIRST_WORD + i] for i, w in enumerate(words)}
        grid.mark(
            visits[:, ring.LEAVE], learned=1, learned_synapse=visits[:, ring.SYNAPSE], **learned
        )
        traces = {f"mark_{i}": column for i, column in enumerate(marks[:, ring.FIRST_TRACE :].T)}
        grid.mark(marks[:, ring.MARK], mark=1, mark_run=marks[:, ring.MARK_RUN], **traces)

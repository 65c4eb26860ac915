"""Records of the script, each with what belongs to its group in the memories."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from golden.cells.program import Program
from golden.cells.schedule import Schedule
from golden.network.chip import Chip, Kind
from golden.network.interface import (
    BRANCH_PRESENT,
    HEADER,
    INDEX_BITS,
    KIND_BITS,
    NOTED,
    SILENT,
    WINNERS_AT,
    Region,
    header,
)
from golden.network.timing.memories import Memories
from golden.numbers.formats import Array, Fmt, narrowest


@dataclass(frozen=True)
class KindTimes:
    """A kind, with what its groups need again and again."""

    kind: Kind
    schedule: Schedule
    first_word: int
    """Of the kind, in ``chip.words``."""
    first_place: int
    """Of its slots, if it has inlets."""

    @cached_property
    def constants(self) -> dict[str, Fmt]:
        """Formats of the registers, in the order of the script."""
        found = {v.detail: v for v in self.kind.program.values if v.operation == "constant"}
        return {
            name: Fmt(*narrowest(found[name].low, found[name].high)) for name in self.kind.constants
        }

    @cached_property
    def writes(self) -> dict[tuple[str, str], int]:
        """Times by kind of what goes out and its name."""
        schedule = self.schedule
        return {
            (word.kind, word.name): schedule.writes[port] for port, word in schedule.outputs.items()
        }

    def words(self, memories: Memories) -> dict[str, Array]:
        """Return the values of its states and varying constants by name: views."""
        receptors = len(self.kind.inlet_bits)
        named = self.kind.words[: len(self.kind.words) - receptors]
        return {word.name: memories.word(self.first_word + k) for k, word in enumerate(named)}

    def sums(self, memories: Memories) -> dict[str, Array]:
        """Return the sums of its receptors by name: views."""
        receptors = self.kind.program.receptors
        first = self.first_word + len(self.kind.words) - len(receptors)
        return {r.name: memories.word(first + k) for k, r in enumerate(receptors)}


def pipelines(chip: Chip) -> tuple[KindTimes, ...]:
    """Return those of all kinds."""
    found, first = [], 0
    for kind, place in zip(chip.kinds, chip.place_bases, strict=False):
        found.append(KindTimes(kind, kind.schedule(chip.fabric), first, place))
        first += len(kind.words)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Section:
    """A group as the script has it; arrays are views of a memories's memories."""

    pipeline: KindTimes
    program: Program
    """With the group's constants."""
    winners: int
    """0: all."""
    silent: bool
    noted: bool
    """Its posts are, by a learner."""
    slot: Array
    """Of every neuron."""
    neuron: Array
    """Numbers in the network."""
    axons: tuple[int, ...]
    """Of the first neuron: its first one, and those of branches that are present."""
    states: Mapping[str, Array]
    sums: Mapping[str, Array]

    @property
    def size(self) -> int:
        """Neurons."""
        return len(self.slot)


def groups(memories: Memories, kinds: tuple[KindTimes, ...]) -> list[Section]:
    """Return what the script says, which the memories's register ``groups`` counts.

    Raises
    ------
    ValueError
        If a group's kind or slots are not there.
    """
    found, address, script = [], 0, memories.packed[Region.SCRIPT].tolist()
    for _ in range(memories.registers["groups"]):
        number = script[address] & ((1 << KIND_BITS) - 1)
        if number >= len(kinds):
            raise ValueError(f"kind of a group must be 0 to {len(kinds) - 1}, not {number}")
        end = address + header(memories.chip) + len(kinds[number].constants)
        found.append(_group(memories, kinds[number], script[address:end]))
        address = end
    return found


def _group(memories: Memories, pipeline: KindTimes, record: list[int]) -> Section:
    branches = memories.chip.branches
    what, slot, size, neuron, axon = record[:HEADER]
    behind, constants = record[HEADER:][:branches], record[HEADER + branches :]
    kind = pipeline.kind
    if not 1 <= size <= kind.slots - slot:
        raise ValueError(
            f"a group must have 1 to {kind.slots - slot} neurons from slot {slot} of {kind.name} "
            f"on, not {size}"
        )
    slots, words = slice(slot, slot + size), pipeline.words(memories)
    values = {
        name: np.asarray(shape.wrap(value))
        for (name, shape), value in zip(pipeline.constants.items(), constants, strict=True)
    } | {name: words[name][slots] for name in kind.varying}
    return Section(
        pipeline,
        with_constants(kind.program, values),
        what >> WINNERS_AT & ((1 << KIND_BITS) - 1) if memories.chip.elects else 0,
        bool(what & SILENT),
        bool(what & NOTED) and memories.chip.learner is not None,
        slot + np.arange(size),
        neuron + np.arange(size),
        (axon, *(b & ((1 << INDEX_BITS) - 1) for b in behind if b & BRANCH_PRESENT)),
        {state.name: words[state.name][slots] for state in kind.program.states},
        {name: sums[slots] for name, sums in pipeline.sums(memories).items()},
    )


def with_constants(program: Program, values: Mapping[str, Array]) -> Program:
    """Return a program with other values of its constants."""
    constants = tuple(replace(c, values=values[c.name]) for c in program.constants)
    return replace(program, constants=constants)

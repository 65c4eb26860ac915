"""The network core in Python: its memories, interpreted step by step.

Written from docs/network-hardware.md, without its cycles: what lies where, and what a step does
with it. Cells are golden's.
"""

from collections.abc import Generator
from dataclasses import replace

import numpy as np

from golden.cells.evaluate import StepOutcome, evaluate
from golden.cells.program import Program
from golden.network.chip import DUE_BITS, Chip, Kind
from golden.network.competition import winners
from golden.network.interface import (
    COUNTER_BITS,
    HEADER,
    KIND_BITS,
    SHOWN_STEP_BITS,
    SILENT,
    WINNERS_AT,
    Region,
    extents,
    registers,
)
from golden.numbers.formats import Array, index_bits
from golden.numbers.hash import round_keys
from hdl.link.network.protocol import END_BIT
from sim.device.requests import CoreModel

MOST_COUNT = (1 << COUNTER_BITS) - 1
Spike = tuple[int, int]
"""Step and neuron."""
Running = Generator[Spike | None, int, None]
"""A run: yields spikes, or None where it wants an item from outside, which is sent."""


class NetworkModel(CoreModel):
    """What a network core does.

    Parameters
    ----------
    chip : Chip
        What it is made for.
    """

    def __init__(self, chip: Chip):
        self.chip = chip
        self.shape = extents(chip)
        self.registers = dict.fromkeys(registers(chip), 0)
        self.memories = [np.zeros(size, np.int64) for size, _ in self.shape]
        """By region; the first is not used."""

    def reset(self) -> None:
        """Put all registers back."""
        self.registers = dict.fromkeys(self.registers, 0)

    def read(self, region: int, index: int) -> int:
        """Return a word."""
        if region == Region.REGISTERS:
            return list(self.registers.values())[index]
        return int(self.memories[region][index])

    def write(self, region: int, index: int, word: int) -> None:
        """Write a word."""
        if region == Region.REGISTERS:
            name, bits = list(registers(self.chip).items())[index]
            self.registers[name] = word & ((1 << bits) - 1)
        else:
            self.memories[region][index] = word & ((1 << self.shape[region][1]) - 1)

    def run(self, steps: int) -> Running:
        """Do steps."""
        for _ in range(steps):
            self._walk()
            yield from self._external()
            at = 0
            for _ in range(self.registers["groups"]):
                yield from self._group(at)
                at += HEADER + len(self._kind(at).constants)
            self.registers["step"] = (self.registers["step"] + 1) % (1 << 32)

    def _walk(self):
        """Look at every entry of the queue once."""
        held, now = self.registers, self.registers["step"] % (1 << DUE_BITS)
        for _ in range(held["length"]):
            run, due = self._queued(held["head"])
            synapse = int(self.memories[Region.QUEUE_SYNAPSES][held["head"]])
            held["head"] = (held["head"] + 1) % self.chip.queue
            held["length"] -= 1
            more = True
            while due == now and more:
                run, synapse, due, more = self._arrive(run, synapse, due)
            if more:
                self._put(run, synapse, due)

    def _queued(self, place):
        bits = index_bits(self.chip.runs)
        word = int(self.memories[Region.QUEUE_RUNS][place])
        return word & ((1 << bits) - 1), word >> bits

    def _arrive(self, run: int, synapse: int, due: int) -> tuple[int, int, int, bool]:
        """Let a run's synapses add; return where the next one lies, when, and whether it is."""
        chip, word = self.chip, int(self.memories[Region.RUNS][run])
        count, word = word & ((1 << chip.count_bits) - 1), word >> chip.count_bits
        gap, word = word & ((1 << chip.gap_bits) - 1), word >> chip.gap_bits
        common = int(self.memories[Region.FAMILIES][word >> 1])
        kind, receptor = chip.inlets[common >> chip.family_weight_bits]
        sums = self.memories[self._region(kind, receptor)]
        bits = chip.kinds[kind].inlet_bits[receptor]
        words = self.memories[Region.SYNAPSES][synapse : synapse + count]
        for own in words.tolist():
            slot, weight = own & ((1 << chip.slot_bits) - 1), own >> chip.slot_bits
            weight = _signed(weight, chip.weight_bits)
            if not chip.weight_bits:
                weight = _signed(common, chip.family_weight_bits)
            sums[slot] = (sums[slot] + weight) & ((1 << bits) - 1)
        return run + 1, synapse + count, (due + gap) % (1 << DUE_BITS), bool(word & 1)

    def _region(self, kind: int, receptor: int) -> int:
        """Return the region of an inlet's sums."""
        inlet = self.chip.kinds[kind].words[-len(self.chip.kinds[kind].inlet_bits) + receptor]
        return self._regions(kind)[inlet.name]

    def _regions(self, kind: int) -> dict[str, int]:
        """Return the regions of a kind's words by their names."""
        first = len(Region)
        return {word.name: first + i for i, (k, word) in enumerate(self.chip.words) if k == kind}

    def _put(self, run, synapse, due):
        held = self.registers
        place = (held["head"] + held["length"]) % self.chip.queue
        word = run | due << index_bits(self.chip.runs)
        self.write(Region.QUEUE_RUNS, place, word)
        self.write(Region.QUEUE_SYNAPSES, place, synapse)
        held["length"] += 1

    def _push(self, axon: int) -> None:
        """Let an axon's row wait."""
        word, bits = int(self.memories[Region.ROW_RUNS][axon]), index_bits(self.chip.runs)
        delay, held = word >> bits & ((1 << DUE_BITS) - 1), self.registers
        if not word >> bits + DUE_BITS:
            return
        if held["length"] == self.chip.queue:
            held["lost"] = min(MOST_COUNT, held["lost"] + 1)
            return
        due = (held["step"] + delay) % (1 << DUE_BITS)
        synapse = int(self.memories[Region.ROW_SYNAPSES][axon])
        self._put(word & ((1 << bits) - 1), synapse, due)

    def _external(self) -> Running:
        held = self.registers
        if not held["listen"]:
            return
        if held["quiet"]:
            held["quiet"] -= 1
            return
        while not (item := (yield None)) & END_BIT:
            self._push(item % self.chip.axons)
        held["quiet"] = item & (END_BIT - 1)

    def _kind(self, at: int) -> Kind:
        """Return the kind of the record at a place."""
        word = int(self.memories[Region.SCRIPT][at])
        return self.chip.kinds[word & ((1 << KIND_BITS) - 1)]

    def _group(self, at: int) -> Running:
        """Do a group's step."""
        script = self.memories[Region.SCRIPT]
        what, slot, n, first, axon = script[at : at + HEADER].tolist()
        number, most = what & ((1 << KIND_BITS) - 1), what >> WINNERS_AT & ((1 << KIND_BITS) - 1)
        end = at + HEADER + len(self._kind(at).constants)
        outcome = self._cells(number, slice(slot, slot + n), first, script[at + HEADER : end])
        for index in winners(outcome.spike, outcome.margin, most or None).tolist():
            if not what & SILENT:
                yield self.registers["step"] % (1 << SHOWN_STEP_BITS), first + index
            self._push(axon + index)

    def _cells(self, number: int, slots: slice, first: int, constants: Array) -> StepOutcome:
        kind, regions = self.chip.kinds[number], self._regions(number)
        held = {
            word.name: _signed(self.memories[regions[word.name]][slots], word.width, word.signed)
            for word in kind.words
        }
        program = _loaded(kind, held, constants.tolist())
        registers = self.registers
        keys = round_keys(registers["seed"], registers["step"])
        index = first + np.arange(slots.stop - slots.start)
        outcome = evaluate(program, held, held, keys, index)
        for word in kind.words:
            if word.name in outcome.states:
                mask = (1 << word.width) - 1
                self.memories[regions[word.name]][slots] = outcome.states[word.name] & mask
        for receptor in program.receptors:
            self.memories[regions[receptor.name]][slots] = 0
        for name, cases in outcome.saturated.items():
            counter = f"{kind.name}_{name}"
            registers[counter] = min(MOST_COUNT, registers[counter] + cases)
        return outcome


def _loaded(kind: Kind, held: dict[str, Array], constants: list[int]) -> Program:
    """Return a kind's program with the constants of a group."""
    ranges = {v.detail: v for v in kind.program.values if v.operation == "constant"}
    common = dict(zip(kind.constants, constants, strict=True))
    made = []
    for constant in kind.program.constants:
        if constant.name in common:
            word, taken = common[constant.name], ranges.get(constant.name)
            value = np.int64(_signed(word, 32, taken is not None and taken.low < 0))
        else:
            value = held[constant.name]
        made.append(replace(constant, values=value))
    return replace(kind.program, constants=tuple(made))


def _signed(word, bits: int, signed: bool = True):
    """Return what the low bits of a word mean; 0 if there are none."""
    if not bits:
        return 0
    word = word & ((1 << bits) - 1)
    return word - ((word >> bits - 1 & 1) << bits) if signed else word

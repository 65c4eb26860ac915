"""A small kind of cell, chips of it, and a core in Amaranth's simulator that is told what to do."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from golden.cells.cell import Cell
from golden.cells.program import Program
from golden.cells.schedule import GENERIC
from golden.cells.trace import Trace
from golden.cells.value import select
from golden.cycles.stimulus import Stimulus
from golden.network.chip import Chip, Kind
from golden.network.interface import HEADER, Phase, Region, registers, streams
from hdl.network.core import NetworkCore
from sim.targets.target import open_target

CELLS = max(Region) + 1
"""The first region of words."""
REQUEST = 7
"""Cycles from one request to the next, if nothing stalls."""


@dataclass(frozen=True)
class Adder(Cell):
    """v grows by what arrives and by a bias; at the threshold it spikes and is 0."""

    bits: int = 12
    noisy: bool = False

    def step(self, trace: Trace) -> None:
        """Do it."""
        v = trace.state("v", self.bits, 0, 0)
        level = v + trace.receptor("in", self.bits, 0) + trace.constant("bias", 3000, 0)
        if self.noisy:
            level = level + trace.random(4)
        fired = level >= trace.constant("threshold", 4000, 0)
        trace.write("v", select(fired, trace.number(0), level))
        trace.spike(fired, level)


def adder(**changes: Any) -> Kind:
    """Return a kind of adders; 16 of them."""
    program: Program = Adder(**changes).program(1.0)
    return Kind("adder", program, 16, inlet_bits=(16,))


CHIP = Chip(
    (adder(),),
    GENERIC,
    script_words=64,
    axons=16,
    runs=32,
    synapses=64,
    queue=8,
    count_bits=4,
    gap_bits=8,
    family_bits=1,
    weight_bits=13,
    family_weight_bits=0,
)
"""One kind, one inlet, a weight a synapse."""


@dataclass
class Session:
    """Requests, then runs of a core; `rows` gives the record of every cycle."""

    chip: Chip
    bus: list[tuple[int, int, int, int]] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)

    def write(self, region: int, index: int, value: int) -> None:
        """Write a word."""
        self.bus.append((1, region, index, value & 0xFFFF_FFFF))

    def read(self, region: int, index: int) -> None:
        """Read a word."""
        self.bus.append((0, region, index, 0xFFFF_FFFF))

    def register(self, name: str, value: int) -> None:
        """Write a register."""
        self.write(Region.REGISTERS, list(registers(self.chip)).index(name), value)

    def group(self, neurons: int, constants: tuple[int, ...], **head: int) -> None:
        """Add a group to the script.

        ``head`` are ``kind``, ``winners``, ``silent``, ``noted``, ``slot``, ``number``, ``axon``,
        where they are not 0.
        """
        names = ("kind", "winners", "silent", "noted", "slot", "number", "axon")
        given = dict.fromkeys(names, 0) | head
        first = given["kind"] | given["winners"] << 8 | given["silent"] << 16 | given["noted"] << 17
        words = (first, given["slot"], neurons, given["number"], given["axon"], *constants)
        at = self.places.get("script", 0)
        for i, word in enumerate(words):
            self.write(Region.SCRIPT, at + i, word)
        self.places |= {"script": at + len(words), "groups": self.places.get("groups", 0) + 1}
        self.register("groups", self.places["groups"])
        assert len(words) == HEADER + len(self.chip.kinds[given["kind"]].constants)

    def row(self, axon: int, run: int, synapse: int, delay: int) -> None:
        """Say where a row begins."""
        bits = (self.chip.runs - 1).bit_length()
        self.write(Region.ROW_RUNS, axon, run | delay << bits | 1 << bits + 8)
        self.write(Region.ROW_SYNAPSES, axon, synapse)

    def run(self, at: int, count: int, gap: int = 0, more: int = 0, family: int = 0) -> None:
        """Write a run."""
        c = self.chip
        word = count | gap << c.count_bits | more << c.count_bits + c.gap_bits
        self.write(Region.RUNS, at, word | family << c.count_bits + c.gap_bits + 1)

    def synapse(self, at: int, slot: int, weight: int) -> None:
        """Write a synapse."""
        weight &= (1 << self.chip.weight_bits) - 1
        self.write(Region.SYNAPSES, at, slot | weight << self.chip.slot_bits)

    def entry(self, place: int, run: int, synapse: int, due: int) -> None:
        """Write an entry of the queue."""
        bits = (self.chip.runs - 1).bit_length()
        self.write(Region.QUEUE_RUNS, place, run | due << bits)
        self.write(Region.QUEUE_SYNAPSES, place, synapse)

    def rows(
        self, cycles: int, steps: int = 1, core: NetworkCore | None = None, **others: Any
    ) -> NDArray[np.void]:
        """Do all requests, then ``steps``; return the cycles after the last request's response.

        ``others`` are the items of the stream ``external``, and patterns of streams by
        ``STREAM_go``, from the cycle on in which the run may start.
        """
        heard = self.stimulus(cycles, steps, **others)
        with open_target("pysim", core or NetworkCore(self.chip)) as target:
            found = target.run(heard)
        self.answers = found["response"][found["response_valid"] == 1].tolist()
        return found[len(self.bus) * REQUEST :]

    def stimulus(self, cycles: int, steps: int = 1, **others: Any) -> Stimulus:
        """Return what the core hears for `rows`."""
        quiet = len(self.bus) * REQUEST
        go = {name: np.ones(quiet + cycles, np.bool_) for name in streams(self.chip)}
        go["start"][:quiet] = False
        for name in go:
            if (pattern := others.get(f"{name}_go")) is not None:
                go[name][quiet:] = pattern
        items = {"bus": self.bus, "start": [steps], "external": others.get("external", [])}
        return Stimulus(items, go)


def cycles(rows: NDArray[np.void], name: str, value: int = 1) -> list[int]:
    """Return the cycles in which a field has a value."""
    return np.flatnonzero(rows[name] == value).tolist()


def phases(rows: NDArray[np.void]) -> list[tuple[str, int]]:
    """Return the phases in their order, each with its cycles."""
    found: list[tuple[str, int]] = []
    for number in rows["phase"].tolist():
        name = Phase(number).name
        if found and found[-1][0] == name:
            found[-1] = name, found[-1][1] + 1
        else:
            found.append((name, 1))
    return found


def marked(rows: NDArray[np.void], strobe: str, *names: str) -> list[tuple[int, ...]]:
    """Return the cycle and other fields wherever a strobe is 1."""
    return [(c, *(int(rows[name][c]) for name in names)) for c in cycles(rows, strobe)]


def changed(**changes: Any) -> Chip:
    """Return the chip with changes."""
    return replace(CHIP, **changes)

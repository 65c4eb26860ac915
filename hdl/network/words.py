"""The words of cells: where a pipeline takes them and leaves them, and a memory of one."""

from dataclasses import dataclass

from amaranth.hdl import Module, Shape, unsigned
from amaranth.lib import data, memory, wiring
from amaranth.lib.wiring import In, Out

from golden.cells.schedule import Schedule
from golden.network.chip import CellMemory, Kind
from golden.numbers.formats import Fmt, index_bits
from hdl.numbers.formats import shape

ENTERED = 1
"""Cycles from a neuron's entrance to its own time 0."""


@dataclass(frozen=True)
class CellWord:
    """A word of a kind: its memory, and when it is read and written."""

    word: CellMemory
    source: str
    """Port of the pipeline that takes it, "" if none does."""
    times: tuple[int, ...]
    """At which its ports take it."""
    result: str
    """Port that gives the new state, "" if it is no state."""
    written: int
    """When that is."""
    lead: int
    """Cycles from its address to the pipeline."""

    @property
    def reads(self) -> tuple[int, ...]:
        """When its addresses are given, in cycles after the entrance.

        If the pipeline takes nothing, there is one, for the host.
        """
        return tuple(time - self.lead + ENTERED for time in self.times) or (0,)

    @property
    def write(self) -> int:
        """When it is written, in cycles after the entrance: a new state, or 0 at an inlet."""
        return self.written + ENTERED if self.result else self.reads[-1] + 1


def places(kind: Kind, schedule: Schedule) -> tuple[list[CellWord], list[CellWord], list[CellWord]]:
    """Return a kind's states, varying constants, inlets."""
    named = {(word.kind, word.name): port for port, word in schedule.inputs.items()}
    results = {(word.kind, word.name): port for port, word in schedule.outputs.items()}
    sorts = ("state",) * len(kind.program.states) + ("constant",) * len(kind.varying)
    found: dict[str, list[CellWord]] = {"state": [], "constant": [], "arrival": []}
    for i, word in enumerate(kind.words):
        sort = sorts[i] if i < len(sorts) else "arrival"
        source, result = named.get((sort, word.name), ""), results.get((sort, word.name), "")
        times = tuple(schedule.reads[source]) if source else ()
        written = schedule.writes[result] if result else 0
        lead = schedule.fabric.word_cycles
        found[sort].append(CellWord(word, source, times, result, written, lead))
    return found["state"], found["constant"], found["arrival"]


class WordMemory(wiring.Component):
    """One port to write, and one to read for each of the pipeline's reads.

    Parameters
    ----------
    word : CellMemory
    slots, ports : int
        Words, ports to read.
    lead : int
        Cycles from an address to the pipeline: 2, or 1 without registers behind the memory.

    Members
    -------
    read : In(ports)
        Show the word of this port's address from the next cycle on.
    addresses : In(array)
    shown : Out(word)
        What the first port shows.
    kept : Out(array of words)
        For the pipeline: what each showed in the cycle before, or with a lead of 1 shows.
    write, address, value : In(1), In, In(word)
    """

    def __init__(self, word: CellMemory, slots: int, ports: int, lead: int):
        self.word, self.slots, self.ports, self.lead = word, slots, ports, lead
        address, form = index_bits(slots), self.form
        super().__init__({
            "read": In(ports),
            "addresses": In(data.ArrayLayout(unsigned(address), ports)),
            "shown": Out(form),
            "kept": Out(data.ArrayLayout(form, ports)),
            "write": In(1),
            "address": In(address),
            "value": In(form),
        })

    @property
    def form(self) -> Shape:
        """Of a word."""
        return shape(Fmt(self.word.width, self.word.signed))

    def elaborate(self, platform):
        m = Module()
        m.submodules.words = words = memory.Memory(shape=self.form, depth=self.slots, init=[])
        writes = words.write_port()
        m.d.comb += [
            writes.en.eq(self.write),
            writes.addr.eq(self.address),
            writes.data.eq(self.value),
        ]
        for i in range(self.ports):
            reads = words.read_port()
            m.d.comb += [reads.en.eq(self.read[i]), reads.addr.eq(self.addresses[i])]
            domain = m.d.sync if self.lead > 1 else m.d.comb
            domain += self.kept[i].eq(reads.data)
            if i == 0:
                m.d.comb += self.shown.eq(reads.data)
        return m

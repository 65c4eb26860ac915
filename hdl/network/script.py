"""The script: LOAD reads the record of the next group, a word a cycle."""

from amaranth.hdl import Array, Const, Module, Signal, unsigned
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from golden.cells.schedule import Schedule
from golden.network.chip import Chip
from golden.network.interface import (
    DATA_BITS,
    HEADER,
    INDEX_BITS,
    KIND_BITS,
    NOTED,
    SETTLED,
    WINNERS_AT,
    header,
)
from golden.numbers.formats import index_bits
from hdl.network.tables import HOST, LoadedMemory

SILENT_BIT = WINNERS_AT + KIND_BITS
NOTED_BIT = NOTED.bit_length() - 1


class GroupScript(wiring.Component):
    """Records one behind the other, and what is kept of one.

    Parameters
    ----------
    chip : Chip
    schedules : of its kinds
        How long their constants must stand before the first neuron.

    Members
    -------
    rewind : In(1)
        The next record is the first one.
    load : In(1)
        In LOAD.
    done : Out(1)
        In its last cycle.
    data : Out(32)
        A word of the record; or what the host reads.
    first_en, neurons_en, number_en : Out(1)
        It is the group's first slot, its neurons, the number of the first one.
    branches, present : Out
        Only in a chip with branches: their axons, and which are present.
    constant_en : Out
        It is this constant of the kind, one bit each.
    kind, winners, silent, first_neuron, first_axon : Out
        Kept.
    noted, first_place : Out
        Only in a chip that learns: posts of the group are noted; the place of its first slot.
    host : In(Access)
    """

    def __init__(self, chip: Chip, schedules: list[Schedule]):
        self.chip = chip
        self.constants = [len(kind.constants) for kind in chip.kinds]
        extra = (max(0, schedule.settling - SETTLED) for schedule in schedules)
        self.header = header(chip)
        words = (self.header + n for n in self.constants)
        self.lasts = [n + more for n, more in zip(words, extra, strict=True)]
        super().__init__({
            "rewind": In(1),
            "load": In(1),
            "done": Out(1),
            "data": Out(DATA_BITS),
            **{name: Out(1) for name in ("first_en", "neurons_en", "number_en")},
            "constant_en": Out(max(self.constants)),
            "kind": Out(index_bits(len(chip.kinds))),
            "winners": Out(KIND_BITS if chip.elects else 0),
            "silent": Out(1),
            "first_neuron": Out(INDEX_BITS),
            "first_axon": Out(index_bits(chip.axons)),
            **(self._branches() if chip.branches else {}),
            **(self._learning() if chip.learner else {}),
            "host": HOST,
        })

    def _branches(self):
        axon = unsigned(index_bits(self.chip.axons))
        n = self.chip.branches
        return {"branches": Out(data.ArrayLayout(axon, n)), "present": Out(n)}

    def _learning(self):
        return {"noted": Out(1), "first_place": Out(index_bits(self.chip.places))}

    def elaborate(self, platform):
        m = Module()
        m.submodules.words = words = LoadedMemory(self.chip.script_words, DATA_BITS)
        wiring.connect(m, wiring.flipped(self.host), words.host)
        address, cycle = Signal.like(words.address), Signal(range(max(self.lasts) + 1))
        reads = cycle < self.header + self._of_kind(self.constants)
        m.d.comb += [
            words.address.eq(address),
            self.data.eq(words.word),
            self.done.eq(self.load & (cycle == self._of_kind(self.lasts))),
        ]
        with m.If(self.rewind):
            m.d.sync += address.eq(0)
        with m.Elif(self.load & reads):
            m.d.sync += address.eq(address + 1)
        m.d.sync += cycle.eq(0)
        with m.If(self.load & ~self.done):
            m.d.sync += cycle.eq(cycle + 1)
        self._keep(
            m, [self.load & (cycle == i + 1) for i in range(self.header + max(self.constants))]
        )
        return m

    def _keep(self, m, shown):
        """Keep the head; ``shown[i]`` says that word i is there."""
        head, self_number = shown[0], shown[3]
        m.d.comb += [
            self.first_en.eq(shown[1]),
            self.neurons_en.eq(shown[2]),
            self.number_en.eq(self_number),
            *(self.constant_en[i].eq(shown[self.header + i]) for i in range(len(self.constant_en))),
        ]
        with m.If(head):
            m.d.sync += [self.kind.eq(self.data), self.silent.eq(self.data[SILENT_BIT])]
            m.d.sync += self.winners.eq(self.data[WINNERS_AT:])
        with m.If(self_number):
            m.d.sync += self.first_neuron.eq(self.data)
        if self.chip.learner:
            with m.If(head):
                m.d.sync += self.noted.eq(self.data[NOTED_BIT])
            with m.If(self.first_en):
                base = self._of_kind(self.chip.place_bases[:-1])
                m.d.sync += self.first_place.eq(self.data + base)
        with m.If(shown[4]):
            m.d.sync += self.first_axon.eq(self.data)
        for i in range(self.chip.branches):
            with m.If(shown[HEADER + i]):
                m.d.sync += [self.branches[i].eq(self.data), self.present[i].eq(self.data[-1])]

    def _of_kind(self, numbers):
        if len(set(numbers)) == 1:
            return Const(numbers[0])
        return Array(numbers)[self.kind]

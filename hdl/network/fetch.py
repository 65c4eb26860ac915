"""The first half of WALK: entries of the queue are looked at, runs that are due fetched."""

from enum import Enum

from amaranth.hdl import Module, Mux, Signal
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from golden.network.chip import DUE_BITS, Chip
from golden.network.interface import EFFICACY_BITS
from golden.numbers.formats import index_bits
from hdl.network.ring import QueueEntry


class RunWord(data.StructLayout):
    """A word of the memory of runs."""

    def __init__(self, chip: Chip):
        super().__init__({
            "count": chip.count_bits,
            "gap": chip.gap_bits,
            "more": 1,
            "family": chip.family_bits,
        })


class Waiting(wiring.Signature):
    """A run that is to be walked: its first synapse, how many they are, their family.

    In a chip with plastic axons also the efficacy of its spike.
    """

    def __init__(self, chip: Chip):
        super().__init__({
            **({"efficacy": Out(EFFICACY_BITS)} if chip.plastic_axons else {}),
            "valid": Out(1),
            "ready": In(1),
            "synapse": Out(index_bits(chip.synapses)),
            "count": Out(chip.count_bits),
            "family": Out(chip.family_bits),
        })


class _At(Enum):
    """What is done with the first entry."""

    LOOK = 0
    """Is it due? Then its run is fetched."""
    OFFER = 1
    """Its run is there."""
    GO_ON = 2
    """The run waits: the entry goes, or its next run, due in the same step, is fetched."""


class Fetch(wiring.Component):
    """Put back what is not due; offer the runs of what is.

    Members
    -------
    open : In(1)
        WALK's first cycle.
    length : In
        Of the queue, in that cycle.
    step : In(8)
        The step, modulo 256.
    entry : In(QueueEntry)
        The queue's first one, from the second cycle after ``open`` on.
    put_back, drop, new : Out(1), Out(1), Out(QueueEntry)
        To the queue.
    address : Out(index of a run)
    run : In(RunWord)
        What stood there in the cycle before.
    o : Out(Waiting)
        A run that is offered: it goes where there is room.
    left : Out(1)
        An entry will be visible in the next cycle, or the last one is offered.
    """

    def __init__(self, chip: Chip):
        self.chip = chip
        entry = QueueEntry(chip)
        super().__init__({
            "open": In(1),
            "length": In(chip.queue.bit_length()),
            "step": In(DUE_BITS),
            "entry": In(entry),
            "put_back": Out(1),
            "drop": Out(1),
            "new": Out(entry),
            "address": Out(index_bits(chip.runs)),
            "run": In(RunWord(chip)),
            "o": Out(Waiting(chip)),
            "left": Out(1),
        })

    def elaborate(self, platform):
        m = Module()
        at = Signal(_At)
        # What is fetched stays here while its run is offered, and until the entry goes.
        run, synapse = Signal.like(self.address), Signal.like(self.entry.synapse)
        entries = Signal.like(self.length)
        gone, last, passed = Signal(), Signal(), Signal()
        # The cycle after the opening, in which the first entry is not yet visible.
        hidden = Signal()
        m.d.sync += hidden.eq(self.open)
        visible = (entries != 0) & ~hidden
        m.d.comb += [
            gone.eq(self.put_back | self.drop),
            last.eq(entries == 1),
            passed.eq((at == _At.LOOK) & ~hidden & (self.entry.due != self.step)),
            self.left.eq(Mux(self.open, self.length != 0, (entries != 0) & ~(last & passed))),
            self.address.eq(Mux(at == _At.LOOK, self.entry.run, run)),
            self.o.synapse.eq(synapse),
            self.o.count.eq(self.run.count),
            self.o.family.eq(self.run.family),
        ]
        if self.chip.plastic_axons:
            with m.If(at == _At.LOOK):
                m.d.sync += self.o.efficacy.eq(self.entry.efficacy)
        with m.If(self.open):
            m.d.sync += entries.eq(self.length)
        with m.Elif(gone):
            m.d.sync += entries.eq(entries - 1)
        fate = self._fate(m)
        with m.Switch(at):
            with m.Case(_At.LOOK):
                self._look(m, at, run, synapse, visible)
            with m.Case(_At.OFFER):
                self._offer(m, at, run, synapse)
            with m.Case(_At.GO_ON):
                self._go_on(m, at, run, synapse, *fate)
        return m

    def _look(self, m, at, run, synapse, visible):
        due = self.entry.due == self.step
        m.d.comb += [self.put_back.eq(visible & ~due), self.new.eq(self.entry)]
        with m.If(visible & due):
            m.d.sync += [run.eq(self.entry.run), synapse.eq(self.entry.synapse), at.eq(_At.OFFER)]

    def _offer(self, m, at, run, synapse):
        m.d.comb += self.o.valid.eq(1)
        with m.If(self.o.ready):
            m.d.sync += [run.eq(run + 1), synapse.eq(synapse + self.run.count), at.eq(_At.GO_ON)]

    def _fate(self, m):
        """Return whether an entry has more runs, in a later step, and in which, a cycle late.

        What a run says comes from many blocks.
        """
        more, later = Signal(name="more"), Signal(name="later")
        due = Signal.like(self.step)
        m.d.sync += [
            more.eq(self.run.more),
            later.eq(self.run.gap != 0),
            due.eq(self.step + self.run.gap),
        ]
        return more, later, due

    def _go_on(self, m, at, run, synapse, more, later, due):
        m.d.comb += [
            self.new.run.eq(run),
            self.new.synapse.eq(synapse),
            self.new.due.eq(due),
            self.drop.eq(~more),
            self.put_back.eq(more & later),
        ]
        if self.chip.plastic_axons:
            m.d.comb += self.new.efficacy.eq(self.o.efficacy)
        m.d.sync += at.eq(Mux(more & ~later, _At.OFFER, _At.LOOK))

"""REPLAY, EPOCH, SETTLE and their like: runs that learn, and places, one behind the other."""

from amaranth.hdl import Module, Mux, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.network.chip import Chip, unit
from golden.numbers.formats import index_bits
from hdl.network.fetch import RunWord, Waiting
from hdl.parts.delay import delayed


class LearnedRuns(wiring.Component):
    """Offer all runs that learn, in their order.

    Members
    -------
    run : In(1)
        In REPLAY, EPOCH, REWARD or SCALE.
    learned : In
        How many there are.
    address : Out(index of a run)
    word : In(RunWord)
        What stood there in the cycle before.
    o : Out(Waiting)
    left : Out(1)
        A run has not yet gone where there is room.
    """

    def __init__(self, chip: Chip):
        self.chip = chip
        super().__init__({
            "run": In(1),
            "learned": In(unit(chip).runs.bit_length()),
            "address": Out(index_bits(chip.runs)),
            "word": In(RunWord(chip)),
            "o": Out(Waiting(chip)),
            "left": Out(1),
        })

    def elaborate(self, platform):
        m = Module()
        at, offers = Signal.like(self.learned, name="at"), Signal()
        synapse, following = Signal.like(self.o.synapse), Signal.like(self.learned)
        m.d.comb += [
            following.eq(at + (offers & self.o.ready)),
            self.left.eq(self.run & (at != self.learned)),
            self.address.eq(following),
            self.o.valid.eq(offers),
            self.o.synapse.eq(synapse),
            self.o.count.eq(self.word.count),
            self.o.family.eq(self.word.family),
        ]
        m.d.sync += [offers.eq(self.run & (following != self.learned)), at.eq(following)]
        with m.If(offers & self.o.ready):
            m.d.sync += synapse.eq(synapse + self.word.count)
        with m.If(~self.run):
            m.d.sync += [at.eq(0), synapse.eq(0)]
        return m


class AllPlaces(wiring.Component):
    """Take all places, one a cycle.

    Parameters
    ----------
    chip : Chip
    found : int
        Cycles from a place to what is done with it.

    Members
    -------
    run : In(1)
        In SETTLE, or in RECEIVE.
    enter, place : Out
    done : Out(1)
        In its last cycle: it is done with the last place.
    """

    def __init__(self, chip: Chip, found: int):
        self.places, self.found = chip.places, found
        super().__init__({
            "run": In(1),
            "enter": Out(1),
            "place": Out(index_bits(chip.places)),
            "done": Out(1),
        })

    def elaborate(self, platform):
        m = Module()
        over, last = Signal(), self.place == self.places - 1
        m.d.comb += [
            self.enter.eq(self.run & ~over),
            self.done.eq(delayed(m, self.enter & last, self.found)),
        ]
        m.d.sync += self.place.eq(Mux(self.enter, self.place + 1, 0))
        m.d.sync += over.eq(self.run & ~self.done & (over | last))
        return m

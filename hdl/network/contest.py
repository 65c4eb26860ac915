"""ELECT: the neurons with the largest margins, one after the other."""

from amaranth.hdl import Module, Mux, Shape, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.network.chip import Chip
from golden.network.interface import KIND_BITS


class Contest(wiring.Component):
    """Find the last one who wins: all before it win too.

    In each of W passes the list of the fired is read from end to end for the best of those who
    come after the one found last, by margin and then by index: no list of winners is kept.

    Members
    -------
    run : In(1)
        In ELECT: W * (F + 2) cycles.
    winners, fired : In
        W and F.
    place : Out
        Whose entry is to be shown in the next cycle.
    index, margin : In
        That entry.
    done : Out(1)
        In the last cycle.
    held : Out(1)
        There was an election in this group; until ``reset``.
    reset : In(1)
    loses : Out(1)
        The entry that is shown has lost it.
    """

    def __init__(self, chip: Chip, margin: Shape):
        self.chip = chip
        fired = chip.slots.bit_length()
        super().__init__({
            "run": In(1),
            "winners": In(KIND_BITS),
            "fired": In(fired),
            "place": Out(fired),
            "index": In(chip.slot_bits),
            "margin": In(margin),
            "done": Out(1),
            "held": Out(1),
            "reset": In(1),
            "loses": Out(1),
        })

    def elaborate(self, platform):
        m = Module()
        won, k, last = Signal(KIND_BITS), Signal(len(self.fired) + 1), Signal()
        index, margin = Signal.like(self.index), Signal.like(self.margin)
        # Of this pass so far; of the pass before.
        best, top = Signal.like(index), Signal.like(margin)
        worst, least = Signal.like(index), Signal.like(margin)
        there, found, better = Signal(), Signal(), Signal()
        after = (margin < least) | (margin == least) & (index > worst)
        m.d.comb += [
            self.place.eq(k),
            last.eq(k == self.fired + 1),
            self.done.eq(self.run & last & (won + 1 == self.winners)),
            better.eq(there & ((won == 0) | after) & (~found | (margin > top))),
            self.loses.eq(
                self.held & ((self.margin < least) | (self.margin == least) & (self.index > worst))
            ),
        ]
        m.d.sync += [index.eq(self.index), margin.eq(self.margin), there.eq(0)]
        with m.If(self.run):
            m.d.sync += [k.eq(k + 1), there.eq((k != 0) & ~last), self.held.eq(1)]
            with m.If(better):
                m.d.sync += [best.eq(index), top.eq(margin), found.eq(1)]
            with m.If(last):
                m.d.sync += [k.eq(0), found.eq(0), won.eq(Mux(self.done, 0, won + 1))]
                m.d.sync += [
                    worst.eq(Mux(better, index, best)),
                    least.eq(Mux(better, margin, top)),
                ]
        with m.If(self.reset):
            m.d.sync += self.held.eq(0)
        return m

"""From which step on posts wait, and whether they must be replayed before they are too many."""

from amaranth.hdl import Module, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.network.chip import Chip, unit
from golden.network.interface import STEP_BITS
from hdl.network.learning.layouts import event_bits


class Backlog(wiring.Component):
    """``base``, ``pending`` and ``full`` of the page.

    Members
    -------
    step : In(32)
    opening, ending, settled : In(1)
        WALK's first cycle, ENDSTEP, SETTLE's last cycle.
    note, filled : In(1)
        A post is noted; it is the last one for which its place has room.
    base, when : Out
        The step from which posts are counted; steps from there to this one.
    pending : Out(1)
        A post waits.
    pressing : Out(1)
        In ENDSTEP, of the next step, else of this one: posts must be replayed before WALK.
    """

    def __init__(self, chip: Chip):
        orders = ("opening", "ending", "settled", "note", "filled")
        super().__init__({
            "step": In(STEP_BITS),
            **{name: In(1) for name in orders},
            "base": Out(event_bits(unit(chip))),
            "when": Out(unit(chip).span_bits),
            "pending": Out(1),
            "pressing": Out(1),
        })

    def elaborate(self, platform):
        m = Module()
        full, spent = Signal(), self.ending & self.when.all()
        m.d.comb += self.pressing.eq(self.pending & (full | spent))
        with m.If(spent):
            m.d.sync += full.eq(1)
        with m.If(self.ending):
            m.d.sync += self.when.eq(self.when + 1)
        with m.If(self.note):
            m.d.sync += [self.pending.eq(1), full.eq(full | self.filled)]
        with m.If(self.settled | self.opening & ~self.pending):
            m.d.sync += [self.base.eq(self.step), self.when.eq(0), full.eq(0)]
        with m.If(self.settled):
            m.d.sync += self.pending.eq(0)
        return m

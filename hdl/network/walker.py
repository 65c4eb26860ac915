"""The second half of WALK: the synapses of a run, one a cycle."""

from amaranth.hdl import Module, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.network.chip import Chip
from golden.network.interface import EFFICACY_BITS
from golden.numbers.formats import index_bits
from hdl.network.fetch import Waiting
from hdl.network.learning.layouts import RunPast


class Walker(wiring.Component):
    """A place in which one run waits, and the run that is being walked.

    Members
    -------
    i : In(Waiting)
        A run that is to wait; ``ready`` where the place is free in the next cycle.
    issue : Out(1)
        ``address`` and ``family`` are a synapse's.
    address, family : Out
    efficacy : Out
        Of its spike, only in a chip with plastic axons.
    busy : Out(1)
        A run waits or is walked.
    stall, waiting_past, past, begun : In(1), In, Out, Out(1)
        Only in a chip that learns: nothing is issued or taken; what is known of the run that is to
        wait, and of the one that is walked, which was taken in the cycle before.
    """

    def __init__(self, chip: Chip):
        self.chip = chip
        super().__init__({
            "i": In(Waiting(chip)),
            "issue": Out(1),
            "address": Out(index_bits(chip.synapses)),
            "family": Out(chip.family_bits),
            "busy": Out(1),
            **({"efficacy": Out(EFFICACY_BITS)} if chip.plastic_axons else {}),
            **self._learning(),
        })

    def _learning(self):
        if self.chip.learner is None:
            return {}
        past = RunPast(self.chip.learner)
        return {"stall": In(1), "waiting_past": In(past), "past": Out(past), "begun": Out(1)}

    def elaborate(self, platform):
        m = Module()
        waits, take, last = Signal(), Signal(), Signal()
        walks, free = self._pace(m, last)
        synapse, count = Signal.like(self.i.synapse), Signal.like(self.i.count)
        family, left = Signal.like(self.i.family), Signal.like(self.i.count)
        m.d.comb += [
            last.eq(left == 1),
            take.eq(waits & free),
            self.i.ready.eq(~waits | take),
            self.busy.eq(waits | walks),
        ]
        with m.If(take):
            m.d.sync += waits.eq(0)
        with m.If(self.i.ready):
            m.d.sync += [synapse.eq(self.i.synapse), count.eq(self.i.count)]
            m.d.sync += [family.eq(self.i.family), waits.eq(self.i.valid)]
        with m.If(take):
            m.d.sync += [walks.eq(1), self.address.eq(synapse), left.eq(count)]
            m.d.sync += self.family.eq(family)
        with m.Elif(self.issue):
            m.d.sync += [walks.eq(~last), self.address.eq(self.address + 1)]
            m.d.sync += left.eq(left - 1)
        if self.chip.plastic_axons:
            efficacy = Signal.like(self.efficacy)
            with m.If(self.i.ready):
                m.d.sync += efficacy.eq(self.i.efficacy)
            with m.If(take):
                m.d.sync += self.efficacy.eq(efficacy)
        if self.chip.learner:
            self._pass_on(m, take)
        return m

    def _pace(self, m, last):
        """Return whether a run is walked, and whether another one may be taken."""
        if self.chip.learner is None:
            return self.issue, ~self.issue | last
        walks = Signal()
        m.d.comb += self.issue.eq(walks & ~self.stall)
        return walks, (~walks | last) & ~self.stall

    def _pass_on(self, m, take):
        waiting = Signal.like(self.past)
        with m.If(self.i.ready):
            m.d.sync += waiting.eq(self.waiting_past)
        with m.If(take):
            m.d.sync += self.past.eq(waiting)
        m.d.sync += self.begun.eq(take)

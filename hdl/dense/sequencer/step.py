"""A step up to its last event: leaks, then the events of the encoder."""

from amaranth.hdl import Mux

from golden.dense.interface import Phase
from hdl.dense.membrane import LaneOp
from hdl.dense.sequencer.phases import Phases
from hdl.dense.sequencer.state import Election
from hdl.dense.wta import Mark
from hdl.numbers.formats import saturate


class StepPhases(Phases):
    """From a step's first cycle to the one in which all of its events are in."""

    def phases(self):
        leak = {Phase.LEAK: self._leak} if self.p.leak_shift or self.p.leak_sub else {}
        return leak | {Phase.INTEGRATE: self._integrate}

    def _leak(self):
        m, p, s = self.m, self.p, self.state
        fields = {"hold": 1}
        if p.leak_shift:
            fields["op"] = LaneOp.LEAK
        if p.leak_sub:
            fields |= {"const": -self.ports.leak_sub, "above": s.subtracting}
            fields["op"] = Mux(s.subtracting, LaneOp.CONST, fields.get("op", LaneOp.CONST))
        self.issue(**fields)
        self.mark(Mark.KEEP)
        with m.If(s.passed):
            self.go(Phase.INTEGRATE)
            if p.leak_shift and p.leak_sub:
                with m.If(~s.subtracting & (self.ports.leak_sub != 0)):
                    self.go(Phase.LEAK)
                    m.d.sync += s.subtracting.eq(1)

    def _integrate(self):
        m, p, s, events = self.m, self.p, self.state, self.ports.events
        take = self.orders.record.take
        m.d.comb += [take.eq(s.first & events.valid), events.ready.eq(s.first)]
        self.issue(valid=s.weighing, word=s.weighed, op=LaneOp.WEIGHT, hold=1)
        self.mark(Mark.KEEP)
        with m.If(s.passed):
            self.restart()
        with m.If(take):
            higher = saturate(s.reach + p.w.max, p.v)
            m.d.sync += [s.busy.eq(1), s.reach.eq(higher)]
        with m.Elif(s.first):
            self.restart()
            with m.If(self.news.encoder.done):
                self._leave()

    def _leave(self):
        """All events of the step are in: compete if one may have decided, or if it is time to."""
        m, s = self.m, self.state
        force = self.ports.force_spike & ~s.spiked & s.last_step
        m.d.sync += [
            s.won.eq(0),
            s.taught.eq(0),
            s.busy.eq(0),
            s.waive.eq(force),
            s.election.eq(Election.WINNER),
        ]
        with m.If(s.decided | force):
            self.go(Phase.COMPETE)
        with m.Else():
            self.go(Phase.ENDSTEP)
            if self.p.a_late:
                with m.If(s.learn):
                    self.go(Phase.TEACH)

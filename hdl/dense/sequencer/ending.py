"""After a step: what its spike leaves behind; after the last step: decay and decision."""

from amaranth.hdl import Mux

from golden.dense.interface import Phase
from hdl.dense.membrane import LaneOp
from hdl.dense.sequencer.phases import Phases
from hdl.dense.wta import Mark


class EndingPhases(Phases):
    """From the end of a step to the next one, or to the result."""

    def phases(self):
        p = self.p
        built = {Phase.ENDSTEP: self._endstep, Phase.RESET: self._reset}
        built |= {Phase.FINISH: self._finish, Phase.DECIDE: self._decide}
        if p.v_inhibit or p.bar_losers:
            built[Phase.INHIBIT] = self._inhibit
        if p.refrac:
            built[Phase.RELEASE] = self._release
        if p.theta_decay_shift:
            built[Phase.DECAY] = self._decay
        return built

    def _endstep(self):
        m, p, s = self.m, self.p, self.state
        with m.If(s.enough | s.ending):
            m.d.sync += s.finishing.eq(1)
            self.go(Phase.FINISH)
        with m.Else():
            m.d.comb += s.tick.eq(1)
            m.d.sync += s.step.eq(s.next_step)
            self.begin_step()
            if p.refrac:
                refractory = self.news.refractory
                m.d.sync += s.elected.eq(refractory.neuron)
                m.d.sync += s.releasing.eq(refractory.release)
                with m.If(refractory.release):
                    self.go(Phase.RELEASE)
            with m.If(s.won):
                self.go(Phase.RESET)
                if p.v_inhibit or p.bar_losers:
                    with m.If(self._inhibits()):
                        self.go(Phase.INHIBIT)

    def _inhibits(self):
        p, ports = self.p, self.ports
        inhibits = ports.v_inhibit != 0 if p.v_inhibit else 0
        return inhibits | ports.bar_losers if p.bar_losers else inhibits

    def _inhibit(self):
        p, s, ports = self.p, self.state, self.ports
        self.issue(hold=1, const=-ports.v_inhibit if p.v_inhibit else 0)
        self.mark(Mux(ports.bar_losers, Mark.BAR_ALL, Mark.KEEP) if p.bar_losers else Mark.KEEP)
        # The winner's flags may be in the last word, which must be written before they are read.
        self.after(s.k == p.n_words + s.single - 2, Phase.RESET)

    def _reset(self):
        m, s = self.m, self.state
        self.issue_one(s.winner, zero=1, const=self.ports.v_reset)
        self.mark(Mark.RESET, s.winner)
        with m.If(s.written):
            self.begin_step()
            if self.p.refrac:
                with m.If(s.releasing):
                    self.go(Phase.RELEASE)

    def _release(self):
        s = self.state
        self.mark(Mark.RELEASE, s.elected)
        with self.m.If(s.written):
            self.begin_step()

    def _finish(self):
        m, p, s, orders = self.m, self.p, self.state, self.orders
        with m.If(s.learn):
            m.d.comb += orders.homeostasis.count.eq(1)
            self.go(Phase.RESULT)
            if p.theta_decay_shift:
                with m.If(self.news.homeostasis.decay_due):
                    self.go(Phase.DECAY)
        with m.Elif(s.spiked):
            m.d.comb += orders.classifier.start.eq(1)
            self.go(Phase.DECIDE)
        with m.Else():
            self.go(Phase.RESULT)
        if p.a_late:
            m.d.comb += orders.windows.oldest.eq(1)
            with m.If(self.news.windows.any):
                m.d.comb += orders.homeostasis.count.eq(0)
                self.close_window()

    def _decay(self):
        self.issue(theta=1, op=LaneOp.DECAY)
        self.after(self.state.passed, Phase.RESULT)

    def _decide(self):
        with self.m.If(self.news.classifier.done):
            self.go(Phase.RESULT)

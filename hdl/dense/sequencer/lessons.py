"""Who learns from a step: a sweep for every lesson and every window that ends."""

from amaranth.hdl import Signal

from golden.dense.interface import Phase
from hdl.dense.sequencer.phases import Phases
from hdl.dense.wta import Neuron


class LessonPhases(Phases):
    """From the verdict to the step's end, when learning."""

    def phases(self):
        return {Phase.TEACH: self._teach, Phase.SWEEP: self._sweep, Phase.RISE: self._rise}

    def _teach(self):
        m, p, s, reward = self.m, self.p, self.state, self.news.reward
        neuron, punish = Signal(Neuron(p), name="pupil"), Signal(name="punished")
        left = s.taught < reward.count
        with m.If(s.taught == 0):
            m.d.comb += [neuron.eq(reward.first.neuron), punish.eq(reward.first.punish)]
        with m.Else():
            m.d.comb += [neuron.eq(reward.second.neuron), punish.eq(reward.second.punish)]
        with m.If(left):
            self.start_sweep(neuron, punish=punish, reference=s.step)
            m.d.sync += s.taught.eq(s.taught + 1)
        with m.Elif(reward.count != 0):
            self.go(Phase.RISE)
        with m.Else():
            self.go(Phase.ENDSTEP)
        if p.a_late:
            windows, orders = self.news.windows, self.orders.windows
            m.d.comb += orders.neuron.eq(neuron)
            with m.If(windows.ended | (left & windows.hit)):
                self.close_window()
                m.d.sync += s.taught.eq(s.taught)
            with m.Elif(left):
                m.d.comb += orders.open.eq(~punish & (self.ports.ltd_window != 0))

    def _sweep(self):
        with self.m.If(self.news.stdp.done):
            self.go(Phase.TEACH)
            with self.m.If(self.state.finishing):
                self.go(Phase.FINISH)

    def _rise(self):
        s = self.state
        self.m.d.comb += self.orders.homeostasis.rise.eq(s.first)
        self.issue_one(s.winner, theta=1, const=self.ports.theta_plus)
        self.after(s.written, Phase.ENDSTEP)

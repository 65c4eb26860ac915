"""No presentation is under way: the host is served, a start or the result's taker is waited for."""

from amaranth.hdl import Mux

from golden.dense.interface import Phase
from hdl.dense.sequencer.phases import Phases


class RestPhases(Phases):
    """Between presentations."""

    def phases(self):
        return {
            Phase.IDLE: self._idle,
            Phase.HOST: self._host,
            Phase.RESPOND: self._respond,
            Phase.RESULT: self._result,
        }

    def _idle(self):
        m, s, start, bus = self.m, self.state, self.ports.start, self.ports.bus
        m.d.comb += start.ready.eq(self.news.receptive_field.full & ~bus.valid)
        with m.If(bus.valid):
            m.d.sync += s.hosting.eq(1)
            self.go(Phase.HOST)
        with m.Elif(start.valid & start.ready):
            v_reset = self.ports.v_reset
            m.d.sync += [
                s.learn.eq(start.payload.learn),
                s.label.eq(start.payload.label),
                s.step.eq(0),
                s.finishing.eq(0),
                s.enough.eq(0),
                s.busy.eq(0),
                s.reach.eq(Mux(v_reset < 0, 0, v_reset)),
            ]
            self.go(Phase.CLEAR)
            if self.p.activity_gain:
                with m.If(self.ports.activity_gain != 0):
                    m.d.comb += self.orders.encoder.dry.eq(1)
                    self.go(Phase.DRY)

    def _host(self):
        # The request stays on the bus until it is done, so that nobody has to keep it.
        with self.m.If(self.state.hosting[-1]):
            self.go(Phase.RESPOND)

    def _respond(self):
        with self.m.If(self.ports.response.ready):
            self.go(Phase.IDLE)

    def _result(self):
        with self.m.If(self.ports.result.ready):
            self.go(Phase.IDLE)

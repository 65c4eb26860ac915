"""Elections: of the step's winner, of its rival, of those who vote for the label."""

from amaranth.hdl import Mux

from golden.dense.interface import MemoryMap, Phase
from hdl.dense.membrane import LaneOp
from hdl.dense.reward import CLASS, ERROR
from hdl.dense.sequencer.phases import Phases
from hdl.dense.sequencer.state import Election
from hdl.dense.wta import Camp, Mark


class ElectionPhases(Phases):
    """From the first word that is read to what follows from who is elected."""

    def phases(self):
        bar = {Phase.BAR: self._bar} if self.p.ballot else {}
        return {Phase.COMPETE: self._compete, Phase.VERDICT: self._verdict} | bar

    def _compete(self):
        m, s, wta = self.m, self.state, self.orders.wta
        second, reading = s.k[0], s.k < 2 * self.p.n_words
        self.issue(valid=reading, write=0, word=s.k[1:], theta=second, op=LaneOp.MARGIN)
        m.d.comb += [
            wta.begin.eq(s.first),
            wta.read.eq(reading & ~second),
            wta.word.eq(s.k[1:]),
            wta.elect.eq(1),
        ]
        if class_parts := MemoryMap(self.p).class_parts:
            asked = reading if class_parts == 2 else reading & ~second
            taught = s.learn & (self.ports.reward != 0)
            m.d.comb += [self.orders.class_read.eq(asked & taught), wta.camp.eq(self._camp())]
        self.after(s.compete, Phase.VERDICT)

    def _camp(self):
        s = self.state
        gated = s.learn & (self.ports.reward == CLASS)
        rivals = Mux(s.right, Camp.WRONG, Camp.RIGHT)
        return Mux(s.election == Election.RIVAL, rivals, Mux(gated, Camp.RIGHT, Camp.ALL))

    def _verdict(self):
        m, s, wta = self.m, self.state, self.news.wta
        success = self.orders.record.elected
        waived = s.waive | (s.election != Election.WINNER)
        enough = waived | wta.reaches
        m.d.comb += success.eq(wta.found & enough)
        with m.If(success):
            m.d.sync += s.elected.eq(wta.best)
        self.go(Phase.ENDSTEP)
        with m.Switch(s.election):
            with m.Case(Election.WINNER):
                self._verdict_on_winner(success)
            with m.Case(Election.RIVAL):
                m.d.sync += s.found_rival.eq(success)
                self.go(Phase.TEACH)
            with m.Default():
                self._spike(success)
                self._call_voter(success)

    def _spike(self, success):
        """Count the spike of the one who is elected, and know whether it is the last."""
        m, s, last = self.m, self.state, self.state.final
        m.d.comb += self.orders.classifier.spike.eq(success)
        if self.p.ballot:
            last |= self.ports.ballot & ~s.learn
        with m.If(success & last):
            m.d.sync += s.enough.eq(1)

    def _verdict_on_winner(self, success):
        m, p, s, wta = self.m, self.p, self.state, self.news.wta
        self._spike(success)
        m.d.sync += [
            s.won.eq(success),
            s.winner.eq(wta.best),
            s.right.eq(wta.right),
            s.margin.eq(wta.margin_best),
        ]
        with m.If(s.learn):
            if p.a_late:
                self.go(Phase.TEACH)
            with m.If(success):
                self.go(Phase.TEACH)
                if p.reward != "none":
                    with m.If(self.ports.reward == ERROR):
                        m.d.sync += s.election.eq(Election.RIVAL)
                        self.go(Phase.COMPETE)
        if p.ballot:
            with m.Elif(self.ports.ballot):
                self._call_voter(success)

    def _call_voter(self, success):
        if self.p.ballot:
            with self.m.If(success & ~self.state.final):
                self.go(Phase.BAR)

    def _bar(self):
        s = self.state
        self.mark(Mark.BAR, s.elected)
        self.m.d.sync += s.election.eq(Election.VOTER)
        self.after(s.single, Phase.COMPETE)

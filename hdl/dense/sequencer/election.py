"""Elections: of the step's winner, of its rival, of those who vote for the label."""

from amaranth.hdl import Mux, Signal

from golden.dense.interface import MemoryMap, Phase
from hdl.dense.membrane import LaneOp
from hdl.dense.reward import CLASS, ERROR
from hdl.dense.sequencer.phases import Phases
from hdl.dense.sequencer.state import Election
from hdl.dense.wta import LOOK_LATENCY, Camp, Mark

AHEAD = LOOK_LATENCY // 2
"""Words that have been read behind one when it is known whether it is hit."""


class ElectionPhases(Phases):
    """From the first word that is read to what follows from who is elected."""

    def phases(self):
        bar = {Phase.BAR: self._bar} if self.p.ballot else {}
        return {Phase.COMPETE: self._compete, Phase.VERDICT: self._verdict} | bar

    def _compete(self):
        m, s, wta = self.m, self.state, self.orders.wta
        with m.If(s.looking):
            self._look()
        with m.Elif(s.searching):
            self._search()
        with m.Else():
            m.d.comb += [
                wta.begin.eq(1),
                wta.waive.eq(s.waive | (s.election != Election.WINNER)),
            ]
            m.d.sync += s.word.eq(0)
            self._look_on()
        m.d.comb += [wta.word.eq(s.word), wta.voting.eq(s.election == Election.VOTER)]
        if self.p.reward != "none":
            rival = s.election == Election.RIVAL
            m.d.comb += [wta.camp.eq(self._camp()), wta.near.eq(rival & s.right)]

    def _look_on(self):
        self.m.d.sync += [self.state.looking.eq(1), self.state.searching.eq(0)]
        self.restart()

    def _look(self):
        """Read one word after the other, a row a cycle, until one is hit."""
        m, s, wta, n_words = self.m, self.state, self.orders.wta, self.p.n_words
        first, reading = ~s.k[0], s.word < n_words
        self._read(reading, self.news.wta.limit)
        m.d.comb += [
            wta.read.eq(reading & first),
            wta.look.eq(1),
            wta.last.eq(s.word == n_words),
        ]
        m.d.sync += s.word.eq(s.word + s.k[0])
        m.d.sync += s.look_ends.eq(s.k[0] & (s.word == n_words - 2 + AHEAD))
        with m.If(first & self.news.wta.hit):
            # Known when the words behind it have been read already.
            m.d.sync += [s.looking.eq(0), s.searching.eq(1), s.word.eq(s.word - AHEAD)]
            self.restart()
        with m.Elif(s.look_ends):
            m.d.sync += s.looking.eq(0)
            self.go(Phase.VERDICT)

    def _read(self, reading, limit):
        """Issue ``v``, from which a limit is taken, and then ``theta``."""
        second = self.state.k[0]
        self.issue(
            valid=reading,
            write=0,
            word=self.state.word,
            theta=second,
            op=Mux(second, LaneOp.DISTANCE, LaneOp.CONST),
            const=limit,
        )

    def _search(self):
        """Judge one lane of the word after the other."""
        m, s, orders, turns = self.m, self.state, self.orders, self.state.turns(self.p)
        last = Signal()
        self._read(s.k < 2, 0)
        m.d.sync += s.judged.eq(orders.searched)
        m.d.comb += [
            last.eq(s.word == self.p.n_words - 1),
            # A class is chosen two cycles before it is there, a distance one.
            orders.searching.eq(1),
            orders.searched.eq((s.k - 2) >> (turns - 1)),
            orders.wta.read.eq(s.first),
            orders.wta.lane.eq(s.judged),
            orders.wta.last.eq(last),
        ]
        if MemoryMap(self.p).class_parts:
            # Its address is of the cycle before.
            m.d.comb += orders.class_read.eq(~s.first & s.learn & (self.ports.reward != 0))
        with m.If(s.search_ends):
            m.d.sync += s.word.eq(s.word + 1)
            self._look_on()
            with m.If(last):
                m.d.sync += s.looking.eq(0)
                self.go(Phase.VERDICT)

    def _camp(self):
        s = self.state
        gated = s.learn & (self.ports.reward == CLASS)
        rivals = Mux(s.right, Camp.WRONG, Camp.RIGHT)
        return Mux(s.election == Election.RIVAL, rivals, Mux(gated, Camp.RIGHT, Camp.ALL))

    def _verdict(self):
        m, s, wta = self.m, self.state, self.news.wta
        success = self.orders.record.elected
        m.d.comb += success.eq(wta.found)
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
        self.after(s.written, Phase.COMPETE)

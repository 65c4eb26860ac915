"""Before the first step: the dry run, and membranes and flags as they begin."""

from amaranth.hdl import Signal

from golden.dense.interface import Phase
from hdl.dense.sequencer.phases import Phases
from hdl.dense.wta import Mark, Neuron


class OpeningPhases(Phases):
    """From a start to the first step."""

    def phases(self):
        dry = {Phase.DRY: self._dry} if self.p.activity_gain else {}
        return dry | {Phase.CLEAR: self._clear}

    def _dry(self):
        with self.m.If(self.news.encoder.dry_done):
            self.go(Phase.CLEAR)

    def _clear(self):
        m, s = self.m, self.state
        self.issue(zero=1, const=self.ports.v_reset)
        if self.p.drop_chance:
            with m.If(s.learn & (self.ports.drop_chance != 0)):
                self._clear_and_drop()
            with m.Else(), m.If(s.passed):
                self.begin_step()
        else:
            with m.If(s.passed):
                self.begin_step()
        self.mark(Mark.CLEAR)

    def _clear_and_drop(self):
        """Draw for one neuron a cycle; a word is cleared with its last neuron."""
        m, p, s, orders = self.m, self.p, self.state, self.orders
        place, bits = Signal(Neuron(p), name="dropping"), Signal(p.n_lanes, name="drop_bits")
        drawing, chosen, all_bits = Signal(), Signal(), Signal(p.n_lanes, name="dropped")
        full = (place.lane == p.n_lanes - 1) | (s.k == p.n_neurons - 1)
        m.d.comb += [
            drawing.eq(s.k < p.n_neurons),
            orders.stdp.draw.eq(drawing),
            chosen.eq(self.news.stdp.drawn < self.ports.drop_chance),
            all_bits.eq(bits | (chosen << place.lane)),
            orders.wta.dropped.eq(all_bits),
            orders.issue.valid.eq(drawing & full),
            orders.issue.word.eq(place.word),
        ]
        m.d.sync += [place.lane.eq(place.lane + 1), bits.eq(all_bits)]
        with m.If(full):
            m.d.sync += [place.lane.eq(0), place.word.eq(place.word + 1), bits.eq(0)]
        # Two cycles later than the last draw, whose word is written then.
        with m.If(s.k == p.n_neurons + 1):
            m.d.sync += [place.eq(0), bits.eq(0)]
            self.begin_step()

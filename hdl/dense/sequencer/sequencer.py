"""The sequencer: its ports, who follows whom, and what goes on beside the phases."""

from amaranth.hdl import Module, Mux, Signal
from amaranth.lib import stream, wiring
from amaranth.lib.wiring import In, Out

from golden.dense.interface import MemoryMap, Phase, streams
from golden.dense.params import Params
from hdl.dense.membrane import LaneOp
from hdl.dense.sequencer.election import ElectionPhases
from hdl.dense.sequencer.ending import EndingPhases
from hdl.dense.sequencer.lessons import LessonPhases
from hdl.dense.sequencer.opening import OpeningPhases
from hdl.dense.sequencer.rest import RestPhases
from hdl.dense.sequencer.signatures import HANDSHAKE, News, Orders, registers
from hdl.dense.sequencer.state import PhaseRegister, SequencerState
from hdl.dense.sequencer.step import StepPhases
from hdl.dense.wta import LOOK_LATENCY
from hdl.numbers.fields import payload


class Sequencer(wiring.Component):
    """State machine over the stages of a core.

    Parameters
    ----------
    p : Params
        Parameters of the core.
    write : int
        Cycles from the issue of a word to its write: `hdl.dense.membrane.Membrane.delay`.

    Members
    -------
    events : In(stream of word address)
        From the queue: first weight word of an axon that has spiked.
    start : In(stream of {learn : 1, label : label})
        Present the image that has come in.
    bus : In(HANDSHAKE)
        The host's requests; the host's stage takes the payload.
    response, result : Out(HANDSHAKE)
        What the host is answered, and what a presentation ends with; stages give the payload.
    orders : Out(Orders)
        To the stages.
    news : In(News)
        From the stages.
    n_steps, v_reset, ... : In
        The registers of `hdl.dense.sequencer.signatures.registers`, of their shapes.
    """

    def __init__(self, p: Params, write: int):
        self.p, self.at = p, MemoryMap(p)
        self.state = SequencerState(p, write)
        super().__init__({
            "events": In(stream.Signature(self.at.word_bits)),
            "start": In(stream.Signature(payload(streams(p)["start"].fields))),
            "bus": In(HANDSHAKE),
            "response": Out(HANDSHAKE),
            "result": Out(HANDSHAKE),
            "orders": Out(Orders(p)),
            "news": In(News(p)),
            **registers(p),
        })

    def elaborate(self, platform):
        m, s = Module(), self.state
        built = self._phases(m)
        s.phase = PhaseRegister(built)
        m.d.sync += [
            s.k.eq(s.k + 1),
            s.first.eq(0),
            s.written.eq(s.k == s.single - 2),
            s.passed.eq(s.k == s.length - 2),
            s.hosting.eq(s.hosting << 1),
        ]
        self._count(m)
        self._tell(m)
        self._read(m)
        self._search(m)
        m.d.comb += self.orders.issue.op.eq(LaneOp.CONST)
        with m.Switch(s.phase.value):
            for phase, code in s.phase.codes.items():
                with m.Case(code):
                    m.d.comb += self.orders.record.phase.eq(phase)
                    built[phase]()
        return m

    def _phases(self, m):
        """Return what describes each phase that is built."""
        told = (m, self.p, self, self.state)
        rest, opening = RestPhases(*told), OpeningPhases(*told)
        step, election = StepPhases(*told), ElectionPhases(*told)
        lessons, ending = LessonPhases(*told), EndingPhases(*told)
        parts = (rest, opening, step, election, lessons, ending)
        return {phase: method for part in parts for phase, method in part.phases().items()}

    def _count(self, m):
        """Know which step and which spike are the last."""
        s, n_spikes = self.state, self.news.classifier.n_spikes
        limit = Mux(s.learn, self.stop_after, self.vote_spikes)
        # An election, or a step, takes longer than its number takes to come here.
        m.d.sync += [
            s.spiked.eq(n_spikes.any()),
            s.final.eq(n_spikes + 1 == limit),
            s.ending.eq(s.last_step),
            s.last_number.eq(self.n_steps - 1),
            s.no_steps.eq(self.n_steps == 0),
            s.decided.eq(s.busy & (s.reach + self.news.homeostasis.limit >= 0)),
        ]
        m.d.comb += [
            s.next_step.eq(s.step + 1),
            s.last_step.eq((s.step == s.last_number) | s.no_steps),
        ]

    def _tell(self, m):
        """Tell the stages what is so in every phase."""
        s, p, orders = self.state, self.p, self.orders
        m.d.comb += [
            orders.record.step.eq(s.step),
            self.bus.ready.eq(s.hosting[-1]),
            self.response.valid.eq(s.responding),
            self.result.valid.eq(s.resulting),
            orders.hosting.eq(s.hosting),
            orders.integrating.eq(s.integrating),
            orders.deciding.eq(s.phase.at(Phase.DECIDE)),
            orders.judged.eq(s.judged),
            orders.wta.judge.eq(s.judging),
            orders.swept.eq(s.swept),
            orders.encoder.start.eq(s.resting),
            orders.encoder.learn.eq(s.learn),
            orders.encoder.tick.eq(s.tick),
            orders.encoder.next_step.eq(s.next_step),
            orders.wta.label.eq(s.label),
            orders.wta.elected.eq(s.elected),
            orders.reward.won.eq(s.won),
            orders.reward.winner.eq(s.winner),
            orders.reward.right.eq(s.right),
            orders.reward.found.eq(s.found_rival),
            orders.classifier.clear.eq(s.resting),
        ]
        if p.a_late:
            m.d.comb += [orders.windows.clear.eq(s.resting), orders.windows.tick.eq(s.tick)]
        if p.refrac:
            m.d.comb += [
                orders.refractory.clear.eq(s.resting),
                orders.refractory.tick.eq(s.tick),
                orders.refractory.won.eq(s.won),
                orders.refractory.winner.eq(s.winner),
            ]

    def _search(self, m):
        """Know a cycle ahead what is so in a search; beside the phases: but one has searches."""
        s, turns = self.state, self.state.turns(self.p)
        judges = (s.k >= LOOK_LATENCY - 1) & ~s.search_ends & (~s.k[0] if turns == 2 else 1)
        m.d.sync += [
            s.judging.eq(s.searching & judges),
            s.search_ends.eq(s.searching & (s.k == s.search - 2)),
        ]

    def _read(self, m):
        """Address the weight memory; beside the phases, whose choice would come too late for it."""
        s, g, orders = self.state, self.p.n_words, self.orders
        address = Signal(self.at.word_bits)
        rows = [(self.at.class_row + i) * g for i in range(2)]
        row = Mux(s.k[0], rows[1], rows[0]) if self.at.class_parts == 2 else rows[0]
        m.d.comb += [
            orders.row_read.eq(s.integrating & Mux(s.first, self.events.valid, s.k < g)),
            orders.row_word.eq(Mux(s.first, self.events.payload, address)),
        ]
        m.d.sync += [
            address.eq(orders.row_word + 1),
            orders.class_word.eq(row + s.word),
            s.weighing.eq(orders.row_read),
            s.weighed.eq(s.k),
        ]

"""The counters in the link's memory: all that the host can read of them is added here."""

from amaranth.hdl import C, Cat, Mux, Signal

from hdl.link.protocol import Counter, Op
from hdl.link.states import chosen
from hdl.link.tally import event_bytes


class Totals:
    """States of `hdl.link.executor.Executor` that add to counters, byte by byte.

    After a presentation to four, from what the tally and the result say, of which some is also the
    answer; after dropped frames 1 to one of two; for RESET all become 0.

    Parameters
    ----------
    executor : hdl.link.executor.Executor
        Its module, registers and ports.
    """

    def __init__(self, executor):
        self.e = executor
        self.carry, self.operand, self.addend = Signal(), Signal(8), Signal(8)
        """What is carried; what the states are about; what it was in the cycle before, for ADD."""

    def describe(self):
        """Add the states: SPIKES, TOTAL and ADD."""
        e, m = self.e, self.e.m
        m.d.comb += self.operand.eq(self._operand())
        m.d.sync += self.addend.eq(self.operand)
        e.terms.append((e.states.at("SPIKES", "ADD"), self.operand))
        with e.states.state("SPIKES"), m.If(e.answer()):
            m.d.comb += [e.sub_step.eq(1), e.cursor.counters.eq(1)]
            m.d.sync += self.carry.eq(0)
            with m.If(e.part == 3):
                e.states.go("TOTAL")
        with e.states.state("TOTAL"):
            m.d.comb += e.read.eq(1)
            e.states.go("ADD")
        with e.states.state("ADD"):
            self._add()

    def _operand(self):
        """Return the byte that is told in SPIKES, or added in ADD."""
        e = self.e
        counter, result = e.cursor.index, e.result.payload
        telling, presented = e.states.at("SPIKES"), e.op.asks(Op.PRESENT)
        numbers = Cat(result.label, C(0, 8 - len(result.label)), result.n_spikes)
        byte = numbers.word_select(Cat(e.part + ~telling)[:2], 8)
        spikes = telling | (presented & (counter == Counter.SPIKES) & (e.part != 3))
        ticks = ~telling & presented & (counter == Counter.CYCLES)
        ticks |= ~telling & presented & (counter == Counter.EVENTS) & (e.part < event_bytes(e.p))
        return chosen((spikes, byte), (ticks, e.tally.value[:8]))

    def _add(self):
        e, m, index = self.e, self.e.m, self.e.cursor.index
        total, go, ends, told = Signal(9), Signal(), Signal(), Signal()
        presented = e.op.asks(Op.PRESENT)
        clearing = e.op.asks(Op.RESET)
        one = e.reporting & (e.part == 0)
        m.d.comb += [
            total.eq(e.value + self.addend + (self.carry | one)),
            told.eq(presented & (index == Counter.CYCLES)),
            go.eq(~e.busy & (~told | e.o.ready)),
            e.o.valid.eq(told & ~e.busy),
            e.sent.eq(go & told),
            e.write.eq(go),
            e.data.eq(Mux(clearing, 0, total)),
            e.tally.shift.eq(go),
        ]
        last = Mux(clearing, Counter.OVERFLOWS, Counter.PRESENTATIONS)
        m.d.comb += ends.eq((e.part == 3) & (e.reporting | (index == last)))
        with m.If(go):
            e.states.go("TOTAL")
            m.d.comb += e.sub_step.eq(1)
            m.d.sync += self.carry.eq(total[8])
            with m.If(e.part == 3):
                m.d.comb += e.cursor.step.eq(1)
                # A presentation is one more.
                m.d.sync += self.carry.eq(index == Counter.SPIKES)
            with m.If(ends):
                e.states.go("FILL")
                with m.If(presented):
                    e.states.go("END")
                with m.If(e.reporting):
                    e.states.go("EXPECTED")

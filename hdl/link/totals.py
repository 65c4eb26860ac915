"""The counters in the link's memory: all that the host can read of them is added here."""

from amaranth.hdl import Cat, Mux, Signal

from hdl.link.protocol import Counter, Op
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
        self.carry = Signal()

    def states(self):
        """Add the states: SPIKES, TOTAL and ADD."""
        e, m = self.e, self.e.m
        result = e.result.payload
        spikes = Cat(result.n_spikes, Signal(24 - len(result.n_spikes)), result.label)
        spike_byte = Signal(8)
        m.d.comb += spike_byte.eq(spikes.word_select(e.sub[:2], 8))
        with m.State("SPIKES"), m.If(e.answer(spike_byte)):
            m.d.sync += e.sub.eq(Cat(e.sub[:2] + 1)[:2])
            m.d.comb += e.cursor.counters.eq(1)
            with m.If(e.sub[:2] == 2):
                m.d.sync += [e.sub.eq(0), self.carry.eq(0)]
                m.next = "TOTAL"
        with m.State("TOTAL"):
            m.d.comb += e.read.eq(1)
            m.next = "ADD"
        with m.State("ADD"):
            self._add(self._operand(spike_byte))

    def _operand(self, spike_byte):
        """Return the byte that is added, of the counter and byte that are due."""
        e, counter = self.e, self.e.cursor.index
        operand = Signal(8)
        with e.m.If(e.reporting):
            pass
        with e.m.Elif(counter == Counter.CYCLES):
            e.m.d.comb += operand.eq(e.tally.value)
        with e.m.Elif((counter == Counter.EVENTS) & (e.sub < event_bytes(e.p))):
            e.m.d.comb += operand.eq(e.tally.value)
        with e.m.Elif((counter == Counter.SPIKES) & (e.sub != 3)):
            e.m.d.comb += operand.eq(spike_byte)
        return operand

    def _add(self, operand):
        e, m, index = self.e, self.e.m, self.e.cursor.index
        total, go, ends, told = Signal(9), Signal(), Signal(), Signal()
        presented = ~e.reporting & (e.op == Op.PRESENT)
        clearing = ~e.reporting & (e.op == Op.RESET)
        one = e.reporting & (e.sub == 0)
        m.d.comb += [
            total.eq(e.value + operand + (self.carry | one)),
            told.eq(presented & (index == Counter.CYCLES)),
            go.eq(~e.busy & (~told | e.o.ready)),
            e.o.valid.eq(told & ~e.busy),
            e.o.payload.byte.eq(e.tally.value),
            e.sent.eq(go & told),
            e.write.eq(go),
            e.data.eq(Mux(clearing, 0, total)),
            e.tally.shift.eq(go),
        ]
        last = Mux(clearing, Counter.OVERFLOWS, Counter.PRESENTATIONS)
        m.d.comb += ends.eq((e.sub[:2] == 3) & (e.reporting | (index == last)))
        with m.If(go):
            m.next = "TOTAL"
            m.d.sync += [self.carry.eq(total[8]), e.sub.eq(e.sub[:2] + 1)]
            with m.If(e.sub[:2] == 3):
                m.d.comb += e.cursor.step.eq(1)
                # A presentation is one more.
                m.d.sync += [e.sub.eq(0), self.carry.eq(index == Counter.SPIKES)]
            with m.If(ends):
                m.d.comb += e.result.ready.eq(presented)
                m.next = "FILL"
                with m.If(presented):
                    m.next = "END"
                with m.If(e.reporting):
                    m.next = "REPORT_SEQ"

"""Values on their way between frames and the core's bus."""

from amaranth.hdl import Cat, Mux, Signal

from hdl.link.cursor import BYTES
from hdl.link.protocol import Op, Region, Status, value_bits
from hdl.link.tally import CYCLE_BYTES, event_bytes


class Transfers:
    """States of `hdl.link.executor.Executor` for READ and WRITE.

    A READ walks over its indices to judge them, and back, before it reads. A WRITE gathers a value
    in the tally, at its top, and shifts it to the low end.

    Parameters
    ----------
    executor : hdl.link.executor.Executor
        Its module, registers and ports.
    """

    def __init__(self, executor):
        self.e = executor
        self.bits = value_bits(executor.p)
        self.second, self.nibble = Signal(), Signal(4)
        """The value is the second one in its byte; the first one of a byte to send."""

    def _is(self, *bits):
        """Return whether values of the region have so many bits."""
        region = self.e.cursor.region
        return Cat(region == r for r, n in self.bits.items() if n in bits).any()

    def states(self):
        """Add the states."""
        e, m = self.e, self.e.m
        with m.State("REGION"):
            m.d.comb += [
                e.want.eq(1),
                e.used.eq(e.fetched),
                e.cursor.load_region.eq(e.fetched),
                e.tally.clear.eq(1),
            ]
            m.d.sync += self.second.eq(0)
            with m.If(e.fetched):
                m.next = "INDEX"
        with m.State("INDEX"):
            m.d.comb += [e.want.eq(1), e.used.eq(e.fetched)]
            with m.If(e.fetched):
                m.d.comb += e.cursor.load.eq(1 << e.sub[:2])
                m.d.sync += e.sub.eq(e.sub + 1)
                with m.If(e.sub == BYTES - 1):
                    m.d.sync += e.sub.eq(0)
                    m.next = "COUNT"
                    with m.If(e.op == Op.WRITE):
                        m.next = "WHOLE"
        self._judge()
        self._read()
        self._write()
        m.d.comb += [
            e.bus.payload.write.eq(e.op == Op.WRITE),
            e.bus.payload.region.eq(e.cursor.region),
            e.bus.payload.index.eq(e.cursor.index),
            e.bus.payload.data.eq(
                Cat(Mux(self.second, e.tally.value[4:8], e.tally.value[:4]), e.tally.value[4:])
            ),
        ]

    def _judge(self):
        """Walk over the indices of a READ, and back."""
        e, m = self.e, self.e.m
        count, reached = e.value, Signal()
        m.d.comb += reached.eq(e.tally.value[:8] == count)
        with m.State("COUNT"):
            m.d.comb += e.want.eq(1)
            with m.If(e.fetched):
                m.next = "JUDGE"
                too_many = Cat(
                    self._is(32) & count[6:].any(),
                    self._is(16) & count[7],
                    self._is(8) & count.all(),
                )
                with m.If(too_many.any()):
                    e.fail(Status.BAD_LENGTH)
        with m.State("JUDGE"):
            m.next = "FORTH"
            with m.If(reached):
                m.d.comb += e.tally.clear.eq(1)
                m.next = "BACK"
        with m.State("FORTH"):
            m.d.comb += [e.cursor.step.eq(1), e.tally.cycle.eq(1)]
            m.next = "JUDGE"
            with m.If(~e.cursor.exists):
                e.fail(Status.BAD_INDEX)
        with m.State("BACK"):
            m.d.comb += [e.cursor.back.eq(1), e.cursor.step.eq(~reached), e.tally.cycle.eq(1)]
            with m.If(reached):
                length = Mux(self._is(32), count << 2, Mux(self._is(16), count << 1, count))
                if 4 in self.bits.values():
                    length = Mux(self._is(4), (count + 1) >> 1, length)
                m.d.sync += e.left.eq(length + 1)
                m.next = "SIZE"

    def _read(self):
        e, m = self.e, self.e.m
        counters = e.cursor.region == Region.COUNTERS
        read = e.response.payload.data
        with m.State("VALUE"):
            with m.If(counters):
                m.d.comb += e.read.eq(1)
                m.next = "PLACE"
            with m.Else():
                m.d.comb += e.bus.valid.eq(1)
                with m.If(e.bus.ready):
                    m.next = "GIVE"
        with m.State("PLACE"), m.If(e.answer(e.value)):
            m.d.sync += e.sub.eq(e.sub + 1)
            with m.If(e.sub == 3):
                m.d.comb += e.cursor.step.eq(1)
                m.d.sync += e.sub.eq(0)
            m.next = "VALUE"
            with m.If(e.last):
                m.next = "END"
        with m.State("GIVE"), m.If(e.response.valid):
            with m.If(self._is(4) & ~self.second):
                m.d.sync += [self.nibble.eq(read), self.second.eq(1)]
                m.d.comb += [e.response.ready.eq(1), e.cursor.step.eq(1)]
                m.next = "VALUE"
            with m.Else():
                byte = read.word_select(e.sub[:2], 8)
                halves = Cat(self.nibble, read[:4])
                ends = self._ends()
                with m.If(e.answer(Mux(self._is(4), halves, byte))):
                    m.d.sync += e.sub.eq(e.sub + 1)
                    with m.If(ends):
                        m.d.sync += [e.sub.eq(0), self.second.eq(0)]
                        m.d.comb += [e.response.ready.eq(1), e.cursor.step.eq(1)]
                        m.next = "VALUE"
                    with m.If(e.last):
                        m.next = "END"

    def _ends(self):
        """Return whether this is the last byte of a value."""
        sub = self.e.sub
        return self._is(4, 8) | (self._is(16) & sub[0]) | (sub[:2] == 3)

    def _write(self):
        e, m = self.e, self.e.m
        with m.State("WHOLE"):
            m.next = "GATHER"
            parts = Cat(self._is(32) & e.left[:2].any(), self._is(16) & e.left[0])
            with m.If(parts.any()):
                e.fail(Status.BAD_LENGTH)
        with m.State("GATHER"):
            m.d.comb += [e.want.eq(e.fetched | ~e.none), e.used.eq(e.fetched)]
            with m.If(e.fetched):
                m.d.comb += e.tally.shift.eq(1)
                m.d.sync += e.sub.eq(e.sub + 1)
                with m.If(self._ends()):
                    m.next = "ALIGN"
            with m.Elif(e.none):
                m.next = "ANSWER"
        with m.State("ALIGN"):
            m.d.comb += e.tally.shift.eq(1)
            m.d.sync += e.sub.eq(e.sub + 1)
            with m.If(e.sub == CYCLE_BYTES + event_bytes(e.p) - 1):
                m.next = "PUT"
        with m.State("PUT"):
            m.d.sync += e.sub.eq(0)
            with m.If(e.cursor.exists):
                m.d.comb += e.bus.valid.eq(1)
                with m.If(e.bus.ready):
                    m.next = "DONE"
            with m.Elif(self.second & e.none):
                m.next = "ANSWER"
            with m.Else():
                e.fail(Status.BAD_INDEX)
        with m.State("DONE"):
            m.d.comb += e.response.ready.eq(1)
            with m.If(e.response.valid):
                m.d.comb += e.cursor.step.eq(1)
                m.d.sync += self.second.eq(self._is(4) & ~self.second)
                m.next = "SETTLE"
        with m.State("SETTLE"):
            m.next = "GATHER"
            with m.If(self.second):
                m.next = "PUT"

"""Values on their way between frames and the core's bus."""

from amaranth.hdl import Cat, Mux, Signal

from hdl.link.cursor import BYTES
from hdl.link.protocol import COUNTER_REGION, Op, Status, value_bits
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

    def describe(self):
        """Add the states."""
        e, m = self.e, self.e.m
        with e.states.state("REGION"):
            m.d.comb += [e.cursor.load_region.eq(1), e.tally.clear.eq(1)]
            m.d.sync += self.second.eq(0)
            e.fetch("INDEX")
        with e.states.state("INDEX"):
            m.d.comb += [e.cursor.load.eq(1 << e.part), e.sub_step.eq(1)]
            e.fetch("INDEX")
            with m.If(e.part == BYTES - 1):
                m.d.comb += e.sub_clear.eq(1)
                with m.If(e.op.asks(Op.READ)):
                    e.states.go("COUNT")
                with m.Elif(self._parts()):
                    e.fail(Status.BAD_LENGTH)
                with m.Else():
                    e.fetch("GATHER")
        self._judge()
        self._read()
        self._write()
        m.d.comb += [
            e.bus.payload.write.eq(e.op.asks(Op.WRITE)),
            e.bus.payload.region.eq(e.cursor.region),
            e.bus.payload.index.eq(e.cursor.index),
            e.bus.payload.data.eq(
                Cat(Mux(self.second, e.tally.value[4:8], e.tally.value[:4]), e.tally.value[4:])
            ),
        ]

    def _parts(self):
        """Return whether a part of a value is left."""
        left = self.e.left
        return self._is(32) & left[:2].any() | self._is(16) & left[0]

    def _judge(self):
        """Walk over the indices of a READ, and back."""
        e, m = self.e, self.e.m
        count, reached = e.value, Signal()
        m.d.comb += reached.eq(e.tally.value[:8] == count)
        with e.states.state("COUNT"):
            e.states.go("JUDGE")
            too_many = Cat(
                self._is(32) & count[6:].any(),
                self._is(16) & count[7],
                self._is(8) & count.all(),
            )
            with m.If(too_many.any()):
                e.fail(Status.BAD_LENGTH)
        with e.states.state("JUDGE"):
            e.states.go("FORTH")
            with m.If(reached):
                e.states.go("TURN")
        with e.states.state("TURN"):
            # Whether the byte is reached is known late.
            m.d.comb += e.tally.clear.eq(1)
            e.states.go("BACK")
        with e.states.state("FORTH"):
            m.d.comb += [e.cursor.step.eq(1), e.tally.cycle.eq(1)]
            e.states.go("JUDGE")
            with m.If(~e.cursor.exists):
                e.fail(Status.BAD_INDEX)
        with e.states.state("BACK"):
            e.states.go("GROW")
            with m.If(reached):
                e.states.go("EXTENT")
        with e.states.state("GROW"):
            m.d.comb += [
                e.cursor.back.eq(1),
                e.cursor.step.eq(1),
                e.tally.cycle.eq(1),
                # What is left to be sent grows by the bytes of every value.
                e.more[0].eq(self._is(8) | (self._is(4) & ~e.tally.value[0])),
                e.more[1].eq(self._is(16)),
                e.more[2].eq(self._is(32)),
            ]
            e.states.go("BACK")
        with e.states.state("EXTENT"):
            m.d.comb += e.more.eq(1)
            e.states.go("SIZE")

    def _read(self):
        e, m = self.e, self.e.m
        counters = e.cursor.region == COUNTER_REGION
        with e.states.state("VALUE"):
            with m.If(counters):
                m.d.comb += e.read.eq(1)
                e.states.go("PLACE")
            with m.Else():
                e.states.go("ASK")
        self._ask()
        with e.states.state("PLACE"), m.If(e.answer()):
            m.d.comb += [e.sub_step.eq(1), e.cursor.step.eq(e.part == 3)]
            e.states.go("VALUE")
            with m.If(e.last):
                e.states.go("END")
        with e.states.state("GIVE"), m.If(e.response.valid):
            first = self._is(4) & ~self.second
            with m.If(first):
                m.d.sync += [self.nibble.eq(e.response.payload.data), self.second.eq(1)]
                m.d.comb += e.response.ready.eq(1)
                e.states.go("VALUE")
            with m.Else(), m.If(e.answer()):
                m.d.comb += [e.sub_step.eq(1), e.sub_clear.eq(self._ends())]
                m.d.comb += e.response.ready.eq(self._ends())
                with m.If(self._ends()):
                    m.d.sync += self.second.eq(0)
                    e.states.go("VALUE")
                with m.If(e.last):
                    e.states.go("END")
        self._give()

    def _ask(self):
        """Give the request to the core; nothing but this state tells it to."""
        e, m = self.e, self.e.m
        with e.states.state("ASK"):
            m.d.comb += [e.bus.valid.eq(1), e.cursor.step.eq(e.bus.ready)]
            with m.If(e.bus.ready):
                e.states.go("GIVE")
                with m.If(e.op.asks(Op.WRITE)):
                    m.d.sync += self.second.eq(self._is(4) & ~self.second)
                    e.states.go("DONE")

    def _give(self):
        """Say which part of a response is given."""
        e, halves = self.e, self._is(4)
        read, giving = e.response.payload.data, e.states.at("GIVE")
        e.terms.append((giving & halves, Cat(self.nibble, read[:4])))
        for part in range(4):
            chosen = giving & ~halves & (e.part == part)
            e.terms.append((chosen, read[8 * part : 8 * part + 8]))

    def _ends(self):
        """Return whether ``sub`` is the last byte of a value."""
        sub = self.e.sub
        return self._is(4, 8) | (self._is(16) & sub[0]) | (sub[:2] == 3)

    def _write(self):
        e, m = self.e, self.e.m
        with e.states.state("GATHER"):
            m.d.comb += [e.tally.shift.eq(1), e.sub_step.eq(1)]
            with m.If(self._ends()):
                e.states.go("ALIGN")
            with m.Else():
                e.fetch("GATHER")
        with e.states.state("ALIGN"):
            m.d.comb += e.tally.shift.eq(1)
            m.d.comb += e.sub_step.eq(1)
            with m.If(e.sub == CYCLE_BYTES + event_bytes(e.p) - 1):
                e.states.go("PUT")
        with e.states.state("PUT"):
            m.d.comb += e.sub_clear.eq(1)
            with m.If(e.cursor.exists):
                e.states.go("ASK")
            with m.Elif(self.second & e.none):
                e.states.go("ANSWER")
            with m.Else():
                e.fail(Status.BAD_INDEX)
        with e.states.state("DONE"):
            m.d.comb += e.response.ready.eq(1)
            with m.If(e.response.valid):
                with m.If(self.second):
                    e.states.go("PUT")
                with m.Else():
                    e.fetch("GATHER")

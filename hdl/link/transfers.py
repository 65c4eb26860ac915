"""Values on their way between frames and the core's bus."""

from typing import TYPE_CHECKING

from amaranth.hdl import Cat, Module, Mux, Signal, Value

from hdl.link.cursor import BYTES
from hdl.link.graph import LinkState
from hdl.link.protocol import VALUE_BITS, Op, Status
from hdl.link.tally import CYCLE_BYTES

if TYPE_CHECKING:
    from hdl.link.executor import Executor


class Transfers:
    """States of `hdl.link.executor.Executor` for READ and WRITE.

    A READ walks over its indices to judge them, and back, before it reads. A WRITE gathers a value
    in the tally, at its top, and shifts it to the low end.

    Parameters
    ----------
    executor : hdl.link.executor.Executor
        Its registers, ports and verbs.
    """

    def __init__(self, executor: "Executor"):
        self.e = executor
        self.second = Signal()
        """The value is the second one in its byte."""
        self.nibble = Signal(4)
        """The first value of a byte to send."""
        self.sizes = {bits: Signal(name=f"of_{bits}") for bits in VALUE_BITS}
        """Values of the region have so many bits."""
        self.ends = Signal()
        """``sub`` is the last byte of a value."""
        self.taken = Signal()
        """The response is taken in the next cycle: the core has much to do with that."""

    def describe(self, m: Module) -> list[tuple[Value, Value]]:
        """Add the states; return what is given in them."""
        e = self.e
        self._sizes(m)
        m.d.sync += e.response.ready.eq(self.taken)
        with e.states.state(m, LinkState.REGION):
            m.d.comb += [e.cursor.load_region.eq(1), e.tally.clear.eq(1)]
            m.d.sync += self.second.eq(0)
            e.fetch(m, LinkState.INDEX)
        with e.states.state(m, LinkState.INDEX):
            m.d.comb += [e.cursor.load.eq(1 << e.part), e.sub_step.eq(1)]
            e.fetch(m, LinkState.INDEX)
            with m.If(e.part == BYTES - 1):
                m.d.comb += e.sub_clear.eq(1)
                with m.If(e.op.asks(Op.READ)):
                    e.states.go(m, LinkState.COUNT)
                with m.Elif(self._parts()):
                    e.fail(m, Status.BAD_LENGTH)
                with m.Else():
                    e.fetch(m, LinkState.GATHER)
        self._judge(m)
        self._read(m)
        self._write(m)
        m.d.comb += [
            e.bus.payload.write.eq(e.op.asks(Op.WRITE)),
            e.bus.payload.region.eq(e.cursor.region),
            e.bus.payload.index.eq(e.cursor.index),
            e.bus.payload.data.eq(
                Cat(Mux(self.second, e.tally.value[4:8], e.tally.value[:4]), e.tally.value[4:])
            ),
        ]
        return self._given()

    def _sizes(self, m):
        region, extents = self.e.cursor.region, self.e.places.extents
        for bits, known in self.sizes.items():
            same = [region == number for number, extent in extents.items() if extent.bits == bits]
            m.d.sync += known.eq(Cat(same).any())
        # A region that does not exist has bytes, the first of which is judged.
        part, long = self.e.part, self.sizes[32] | (self.sizes[16] & ~self.e.part[0])
        m.d.comb += self.ends.eq(~long | (part == 3))

    def _parts(self):
        """Return whether a part of a value is left."""
        left = self.e.left.number
        return self.sizes[32] & left[:2].any() | self.sizes[16] & left[0]

    def _judge(self, m):
        """Walk over the indices of a READ, and back."""
        e = self.e
        count, reached = e.value, Signal()
        m.d.comb += reached.eq(e.tally.value[:8] == count)
        with e.states.state(m, LinkState.COUNT):
            e.states.go(m, LinkState.JUDGE)
            too_many = Cat(
                self.sizes[32] & count[6:].any(),
                self.sizes[16] & count[7],
                self.sizes[8] & count.all(),
            )
            with m.If(too_many.any()):
                e.fail(m, Status.BAD_LENGTH)
        with e.states.state(m, LinkState.JUDGE):
            e.states.go(m, LinkState.FORTH)
            with m.If(reached):
                e.states.go(m, LinkState.TURN)
        with e.states.state(m, LinkState.TURN):
            # Whether the byte is reached is known late.
            m.d.comb += e.tally.clear.eq(1)
            e.states.go(m, LinkState.BACK)
        with e.states.state(m, LinkState.FORTH):
            m.d.comb += [e.cursor.step.eq(1), e.tally.cycle.eq(1)]
            e.states.go(m, LinkState.JUDGE)
            with m.If(~e.cursor.exists):
                e.fail(m, Status.BAD_INDEX)
        with e.states.state(m, LinkState.BACK):
            e.states.go(m, LinkState.GROW)
            with m.If(reached):
                e.states.go(m, LinkState.EXTENT)
        with e.states.state(m, LinkState.GROW):
            m.d.comb += [
                e.cursor.back.eq(1),
                e.cursor.step.eq(1),
                e.tally.cycle.eq(1),
                # What is left to be sent grows by the bytes of every value.
                e.left.more[0].eq(self.sizes[8] | (self.sizes[4] & ~e.tally.value[0])),
                e.left.more[1].eq(self.sizes[16]),
                e.left.more[2].eq(self.sizes[32]),
            ]
            e.states.go(m, LinkState.BACK)
        with e.states.state(m, LinkState.EXTENT):
            m.d.comb += e.left.more.eq(1)
            e.states.go(m, LinkState.SIZE)

    def _read(self, m):
        e = self.e
        counters = e.cursor.region == e.places.counter_region
        with e.states.state(m, LinkState.VALUE):
            with m.If(counters):
                m.d.comb += e.read.eq(1)
                e.states.go(m, LinkState.PLACE)
            with m.Else():
                e.states.go(m, LinkState.ASK)
        self._ask(m)
        with e.states.state(m, LinkState.PLACE), m.If(e.answer(m)):
            m.d.comb += [e.sub_step.eq(1), e.cursor.step.eq(e.part == 3)]
            e.states.go(m, LinkState.VALUE)
            with m.If(e.left.last):
                e.states.go(m, LinkState.END)
        with e.states.state(m, LinkState.GIVE), m.If(e.response.valid):
            first = self.sizes[4] & ~self.second
            with m.If(first):
                m.d.sync += [self.nibble.eq(e.response.payload.data), self.second.eq(1)]
                m.d.comb += self.taken.eq(1)
                e.states.go(m, LinkState.VALUE)
            with m.Else(), m.If(e.answer(m)):
                m.d.comb += [e.sub_step.eq(1), e.sub_clear.eq(self.ends)]
                m.d.comb += self.taken.eq(self.ends)
                with m.If(self.ends):
                    m.d.sync += self.second.eq(0)
                    e.states.go(m, LinkState.VALUE)
                with m.If(e.left.last):
                    e.states.go(m, LinkState.END)

    def _ask(self, m):
        """Give the request to the core; nothing but this state tells it to."""
        e = self.e
        with e.states.state(m, LinkState.ASK):
            m.d.comb += [e.bus.valid.eq(1), e.cursor.step.eq(e.bus.ready)]
            with m.If(e.bus.ready):
                e.states.go(m, LinkState.GIVE)
                with m.If(e.op.asks(Op.WRITE)):
                    m.d.sync += self.second.eq(self.sizes[4] & ~self.second)
                    e.states.go(m, LinkState.DONE)

    def _given(self):
        """Return which part of a response is given."""
        e, halves = self.e, self.sizes[4]
        read, giving = e.response.payload.data, e.states.at(LinkState.GIVE)
        terms = [(giving & halves, Cat(self.nibble, read[:4]))]
        for part in range(4):
            chosen = giving & ~halves & (e.part == part)
            terms.append((chosen, read[8 * part : 8 * part + 8]))
        return terms

    def _write(self, m):
        e = self.e
        with e.states.state(m, LinkState.GATHER):
            m.d.comb += [e.tally.shift.eq(1), e.sub_step.eq(1)]
            with m.If(self.ends):
                e.states.go(m, LinkState.ALIGN)
            with m.Else():
                e.fetch(m, LinkState.GATHER)
        with e.states.state(m, LinkState.ALIGN):
            m.d.comb += e.tally.shift.eq(1)
            m.d.comb += e.sub_step.eq(1)
            with m.If(e.sub == CYCLE_BYTES + e.service.event_bytes - 1):
                e.states.go(m, LinkState.PUT)
        with e.states.state(m, LinkState.PUT):
            m.d.comb += e.sub_clear.eq(1)
            with m.If(e.cursor.exists):
                e.states.go(m, LinkState.ASK)
            with m.Elif(self.second & e.left.none):
                e.states.go(m, LinkState.ANSWER)
            with m.Else():
                e.fail(m, Status.BAD_INDEX)
        with e.states.state(m, LinkState.DONE):
            m.d.comb += self.taken.eq(1)
            with m.If(e.response.valid):
                with m.If(self.second):
                    e.states.go(m, LinkState.PUT)
                with m.Else():
                    e.fetch(m, LinkState.GATHER)

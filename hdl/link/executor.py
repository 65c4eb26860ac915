"""One request after the other: what it asks for is done, and answered."""

from enum import Enum

from amaranth.hdl import Cat, Const, Module, Mux, Signal, Value
from amaranth.lib import stream, wiring
from amaranth.lib.wiring import In, Out

from hdl.link.answers import Answers
from hdl.link.cursor import Cursor
from hdl.link.graph import LinkState
from hdl.link.left import Left
from hdl.link.ops import Code
from hdl.link.protocol import REPLY, RESET_WORD, LinkMap, Loss, Op, Status
from hdl.link.replies import ITEM
from hdl.link.service import Service
from hdl.link.states import States, chosen
from hdl.link.tally import Tally
from hdl.link.totals import Totals
from hdl.link.transfers import Transfers


class Executor(wiring.Component):
    """Take requests from the queue, let the core do them, and give replies.

    The first two bytes of a reply are given as those of the request are read; all others when the
    request is done. Frames that were dropped are reported between requests. `hdl.link.graph` has
    the states; they are described here, in `Answers`, `Transfers` and `Totals`, and in the service.

    Parameters
    ----------
    ports : dict[str, wiring.Member]
        The other side of the core's streams, ``bus`` and ``response`` among them.
    places : LinkMap
        What lies where in the core.
    service : Service
        What the core adds.

    Members
    -------
    pending, take, read, write, place, data, busy, value
        The other side of `hdl.link.store.Store`.
    bad, overflow : In(1), In(1)
        A frame was dropped.
    o : Out(stream of {byte, end})
        For `hdl.link.replies.Replies`.
    restart : Out(1)
        Reset the core.
    bus, response, and those of the service
        The other side of the core.
    """

    def __init__(self, ports: dict[str, wiring.Member], places: LinkMap, service: Service):
        self.places, self.service = places, service
        members = dict.fromkeys(("pending", "busy", "bad", "overflow"), In(1))
        members |= dict.fromkeys(service.watched, In(1))
        members |= dict.fromkeys(("take", "read", "write", "restart"), Out(1))
        members |= {"place": Out(places.place_bits), "data": Out(8), "value": In(8)}
        super().__init__(members | {"o": Out(stream.Signature(ITEM))} | ports)
        self.states = States(LinkState.IDLE)
        self.cursor = Cursor(places)
        self.tally = Tally(service.event_bytes)
        self.seq = Signal(8)
        """Number of the request; when that is judged, a byte of the service's (not in HELLO)."""
        self.expected = Signal(8)
        """Number that is executed next."""
        self.advance = Signal()
        """The number after the request's is expected next."""
        self.op = Code(service.asks)
        self.reporting = Signal()
        """It is no request, but frames that were dropped."""
        self.dropped = Signal(2)
        """Frames were dropped that have not been reported: bad ones, for want of place."""
        self.status = Signal(4)
        self.fault = Signal(4)
        """What it fails with in this cycle."""
        self.verdict = Signal(4)
        """What it is refused with in this cycle."""
        self.fresh = Signal()
        """The number is the one expected, as of the cycle before."""
        self.far = Signal()
        """The number is none of the 128 before, as of the cycle before."""
        self._of_bytes(service)

    def _of_bytes(self, service):
        self.left = Left()
        self.sub = Signal(range(service.event_bytes + 5))
        """Which byte of a few."""
        self.part = Signal(2)
        """The same modulo four."""
        self.sub_step = Signal()
        self.sub_clear = Signal()
        self.wrong = Signal()
        """The word of RESET is another one."""
        self.sent = Signal()
        """A byte behind the length is taken, of which it is asked how many are left."""

    def elaborate(self, platform) -> Module:
        m = Module()
        m.submodules.cursor = self.cursor
        m.submodules.tally = self.tally
        answers, totals, transfers = Answers(self), Totals(self), Transfers(self)
        self._receive(m)
        terms = [*answers.describe(m), *self._recover(m)]
        self.service.describe(m, self, totals)
        terms += transfers.describe(m)
        terms += totals.describe(m)
        self._registers(m)
        self._wire(m, terms)
        self.states.enter(LinkState.SKIP, self.fault.any())
        self.states.finish(m)
        return m

    def _registers(self, m):
        m.d.comb += self.part.eq(self.sub)
        # -1 if the number is the expected one, 0 to 127 for the 128 before.
        behind = (self.expected + ~self.seq)[:8]
        m.d.sync += [self.fresh.eq(behind.all()), self.far.eq(behind[7])]
        self.left.describe(m, self.take | self.sent)
        with m.If(self.sub_clear):
            m.d.sync += self.sub.eq(0)
        with m.Elif(self.sub_step):
            m.d.sync += self.sub.eq(self.sub + 1)
        with m.If(self.advance):
            m.d.sync += self.expected.eq(self.seq + 1)

    def _wire(self, m, terms):
        states = self.states
        # What is counted is added from ADD; while losses are, a core may be at work and measured.
        shifting = (LinkState.GATHER, LinkState.ALIGN, LinkState.ADD)
        m.d.comb += [
            self.cursor.data.eq(self.value),
            self.cursor.writing.eq(self.op.asks(Op.WRITE)),
            self.cursor.judge.eq(states.at(LinkState.JUDGE, LinkState.ALIGN, LinkState.DONE)),
            self.tally.top.eq(self.value),
            self.tally.shifting.eq(states.at(*shifting) & ~self.reporting),
            self.place.eq(Cat(self.part, self.cursor.index)),
        ]
        own = states.at(LinkState.SEQ, LinkState.OP, LinkState.NONCE, LinkState.PLACE)
        own = (own, self.value ^ Mux(states.at(LinkState.OP), REPLY, 0))
        m.d.comb += self.o.payload.byte.eq(chosen(*terms, own))

    # What the states are made of.

    @property
    def counter(self) -> Value:
        """The number of a counter; what HELLO says has the one behind the last."""
        return self.cursor.index[: len(self.places.counters).bit_length()]

    def give(self, m: Module) -> Value:
        """Offer a byte of the reply; return whether it is taken."""
        m.d.comb += self.o.valid.eq(1)
        return self.o.ready

    def answer(self, m: Module) -> Value:
        """Offer a byte behind the length; return whether it is taken."""
        taken = self.give(m)
        m.d.comb += self.sent.eq(taken)
        return taken

    def fail(self, m: Module, status: int) -> None:
        """End with this status."""
        m.d.comb += self.fault.eq(status)
        self.states.go(m, None)

    def fetch(self, m: Module, state: Enum, otherwise: Enum = LinkState.ANSWER) -> None:
        """Go on with the next byte of the payload in ``value``; or without, if there is none."""
        m.d.comb += self.take.eq(~self.left.none)
        self.states.go(m, state)
        with m.If(self.left.none):
            self.states.go(m, otherwise)

    # The states.

    def _receive(self, m):
        states = self.states
        m.d.sync += [
            self.dropped.eq(self.dropped | Cat(self.bad, self.overflow)),
            self.status.eq(self.status | self.fault | self.verdict),
        ]
        with states.state(m, LinkState.IDLE):
            m.d.comb += [self.cursor.counters.eq(1), self.sub_clear.eq(1), self.left.clear.eq(1)]
            m.d.sync += [self.reporting.eq(self.dropped.any()), self.op.bits.eq(0)]
            m.d.sync += [self.status.eq(0), self.wrong.eq(0)]
            with m.If(self.dropped.any()):
                bad = self.dropped[0]
                m.d.sync += [
                    self.status.eq(Mux(bad, Status.BAD_FRAME, Status.OVERFLOW)),
                    self.dropped.eq(Cat(self.bad, (self.dropped[1] & bad) | self.overflow)),
                ]
                states.go(m, LinkState.SEEK)
            with m.Elif(self.pending):
                m.d.comb += self.take.eq(1)
                states.go(m, LinkState.SEQ)
        with states.state(m, LinkState.SEQ), m.If(self.give(m)):
            m.d.comb += self.take.eq(1)
            m.d.sync += self.seq.eq(self.value)
            states.go(m, LinkState.OP)
        with states.state(m, LinkState.OP):
            m.d.comb += self.left.clear.eq(1)
            with m.If(self.give(m)):
                m.d.comb += self.take.eq(1)
                m.d.sync += self.op.of(self.value)
                states.go(m, LinkState.LENGTH)
        with states.state(m, LinkState.LENGTH):
            m.d.comb += self.left.more.eq(self.value)
            states.go(m, LinkState.CHECK)
        with states.state(m, LinkState.CHECK):
            self._check(m)
        with states.state(m, LinkState.BEGIN):
            states.go(m, LinkState.SKIP)
            with m.If(self.status == Status.OK):
                self._begin(m)

    def _check(self, m):
        """Decide whether the request is executed."""
        system = Signal()
        m.d.comb += system.eq(self.op.known & ~self.op.bits[2:].any())
        self.states.go(m, LinkState.BEGIN)
        with m.If(system | self.fresh):
            m.d.comb += self.advance.eq(~system)
            with m.If(~self.op.known):
                m.d.comb += self.verdict.eq(Status.BAD_OP)
            with m.Elif(self.op.bad_length(self.left.number)):
                m.d.comb += self.verdict.eq(Status.BAD_LENGTH)
            if self.service.refusal:
                transfers = self.op.asks(Op.READ) | self.op.asks(Op.WRITE)
                with m.Elif(self.service.occupied() & transfers):
                    m.d.comb += self.verdict.eq(self.service.refusal)
        with m.Elif(self.far):
            m.d.comb += self.verdict.eq(Status.SEQUENCE)
        with m.Else():
            m.d.comb += self.verdict.eq(Status.DUPLICATE)
        if self.service.settle:
            with m.If(self.service.owes(self)):
                self.states.go(m, self.service.settle[0])

    def _begin(self, m):
        asks = self.service.asks
        first: dict[int, Enum] = {
            Op.RESET: LinkState.WORD,
            Op.READ: LinkState.REGION,
            Op.WRITE: LinkState.REGION,
        }
        first |= {op: ask.first for op, ask in asks.items() if ask.length != 0}
        for op, state in first.items():
            with m.If(self.op.asks(op)):
                self.fetch(m, state)
        with m.If(self.op.asks(Op.STATUS)):
            self.states.go(m, LinkState.ANSWER)
        with m.If(self.op.asks(Op.HELLO)):
            m.d.comb += self.advance.eq(1)
            self.states.go(m, self.service.ready)
        for op, ask in asks.items():
            if ask.length == 0:
                with m.If(self.op.asks(op)):
                    self.states.go(m, ask.first)

    def _recover(self, m):
        states = self.states
        with states.state(m, LinkState.SEEK):
            # HELLO's bytes lie behind the counters.
            bad, lost = (self.service.counters + loss for loss in Loss)
            report = Mux(self.status == Status.BAD_FRAME, bad, lost)
            place = Mux(self.reporting, report, len(self.places.counters))
            m.d.comb += [self.cursor.step.eq(place.any()), self.cursor.offset.eq(place)]
            states.go(m, LinkState.VALUE)
            with m.If(self.reporting):
                states.go(m, LinkState.TOTAL)
        # What is left was 0 in IDLE, so that it is now the op of a report.
        with states.state(m, LinkState.REPORT), m.If(self.give(m)):
            states.go(m, LinkState.ANSWER)
        with states.state(m, LinkState.WORD):
            word = Const(int.from_bytes(RESET_WORD, "big"), 8 * len(RESET_WORD))
            # Judged when all of it has been read: a byte is known late.
            m.d.sync += self.wrong.eq(
                self.wrong | (self.value != word.word_select(self.left.number[:3], 8))
            )
            self.fetch(m, LinkState.WORD, LinkState.RENEW)
        with states.state(m, LinkState.RENEW):
            with m.If(self.wrong):
                self.fail(m, Status.BAD_VALUE)
            with m.Else():
                m.d.comb += self.advance.eq(1)
                self.service.renew(m, self)
                states.go(m, LinkState.TOTAL)
        return [(states.flag(LinkState.REPORT), self.left.number)]

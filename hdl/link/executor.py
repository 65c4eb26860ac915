"""One request after the other: what it asks for is done, and answered."""

from amaranth.hdl import Cat, Const, Module, Mux, Signal
from amaranth.lib import stream, wiring
from amaranth.lib.wiring import In, Out

from golden.params import Params
from hdl.link.cursor import Cursor
from hdl.link.images import Images
from hdl.link.ports import core_ports
from hdl.link.protocol import INFO, NONCE, REPLY, REPORT, RESET_WORD, Counter, Op, Status
from hdl.link.replies import ITEM
from hdl.link.store import PLACE_BITS
from hdl.link.tally import Tally, event_bytes
from hdl.link.totals import Totals
from hdl.link.transfers import Transfers

LENGTHS = {
    Op.HELLO: NONCE,
    Op.STATUS: NONCE,
    Op.RESET: len(RESET_WORD),
    Op.READ: 5,
    Op.PRESENT: 2,
    Op.DISCARD: 0,
}
"""Bytes of the payloads that have always the same; WRITE has 4 at least."""
ANSWERS = {Op.HELLO: NONCE + INFO.size, Op.STATUS: NONCE + 2, Op.PRESENT: 8}
"""Bytes of the answers, without the status, that follow from the op."""


class Code:
    """The op of a request in four bits, and whether there is such an op.

    Only bits 0, 1, 4 and 5 differ between ops.
    """

    def __init__(self):
        self.bits, self.known = Signal(4), Signal()

    @staticmethod
    def packed(op):
        """Return the bits that tell an op, of a number or a signal."""
        return op & 3 | op >> 2 & 12

    def of(self, byte):
        """Return the assignments that take an op in."""
        return [self.bits.eq(Cat(byte[0:2], byte[4:6])), self.known.eq(_any(byte, Op))]

    def __eq__(self, op):
        return self.bits == self.packed(int(op))

    __hash__ = None

    def is_in(self, *ops: Op):
        """Return whether it is one of these."""
        return _any(self.bits, [self.packed(int(op)) for op in ops])


def _any(value, choices):
    return Cat(value == choice for choice in choices).any()


class Executor(wiring.Component):
    """Take requests from the queue, let the core do them, and give replies.

    The first two bytes of a reply are given as those of the request are read; all others when the
    request is done. Frames that were dropped are reported between requests.

    Parameters
    ----------
    p : Params
        What the core is made for.

    Members
    -------
    pending, take, read, write, place, data, busy, value
        The other side of `hdl.link.store.Store`.
    bad, overflow : In(1), In(1)
        A frame was dropped.
    o : Out(stream of {byte, end})
        For `hdl.link.replies.Replies`.
    pixels, start, result, bus, response
        The other side of `hdl.core.Core`.
    event : In(1)
        The core takes an event.
    restart : Out(1)
        Reset the core; it is idle.
    """

    def __init__(self, p: Params):
        self.p = p
        ports = dict.fromkeys(("pending", "busy", "bad", "overflow", "event"), In(1))
        ports |= dict.fromkeys(("take", "read", "write", "restart"), Out(1))
        ports |= {"place": Out(PLACE_BITS), "data": Out(8), "value": In(8)}
        super().__init__(ports | {"o": Out(stream.Signature(ITEM))} | core_ports(p))

    def elaborate(self, platform) -> Module:
        self.m = m = Module()
        m.submodules.cursor = self.cursor = Cursor(self.p)
        m.submodules.tally = self.tally = Tally(self.p)
        self.seq, self.expected = Signal(8), Signal(8)
        self.op, self.status, self.reporting = Code(), Signal(Status), Signal()
        self.left = Signal(8)
        """Bytes of the payload that have not been read, then those that have not been sent."""
        self.none, self.last = Signal(), Signal()
        self.sub = Signal(range(max(4, event_bytes(self.p) + 4) + 1))
        """Which byte of a few."""
        self.want, self.used, self.fetched = Signal(), Signal(), Signal()
        """The next byte of the request is to be read, is no longer needed; it is in ``value``."""
        self.sent = Signal()
        self.dropped = Signal(2)
        self.images, self.transfers, self.totals = Images(self), Transfers(self), Totals(self)
        self._wire()
        with m.FSM():
            self._receive()
            self._reply()
            self._recover()
            self.images.states()
            self.transfers.states()
            self.totals.states()
        return m

    def _wire(self):
        m = self.m
        m.d.comb += [
            self.none.eq(self.left == 0),
            self.last.eq(self.left == 1),
            self.take.eq(self.want & ~self.fetched),
            self.cursor.data.eq(self.value),
            self.cursor.writing.eq(self.op == Op.WRITE),
            self.tally.top.eq(self.value),
            self.tally.event.eq(self.event),
            self.place.eq(Cat(self.sub[:2], self.cursor.index)),
        ]
        m.d.sync += [
            self.fetched.eq(self.want & ~self.used),
            self.dropped.eq(self.dropped | Cat(self.bad, self.overflow)),
        ]
        with m.If(self.take | self.sent):
            m.d.sync += self.left.eq(self.left - 1)

    # What the states are made of.

    def give(self, byte):
        """Offer a byte of the reply; return whether it is taken."""
        self.m.d.comb += [self.o.valid.eq(1), self.o.payload.byte.eq(byte)]
        return self.o.ready

    def answer(self, byte):
        """Offer a byte behind the length; return whether it is taken."""
        taken = self.give(byte)
        self.m.d.comb += self.sent.eq(taken)
        return taken

    def fail(self, status):
        """End with this status."""
        self.m.d.sync += self.status.eq(status)
        self.m.next = "SKIP"

    # The states.

    def _receive(self):
        m = self.m
        with m.State("IDLE"):
            m.d.comb += self.cursor.counters.eq(1)
            m.d.sync += [self.reporting.eq(self.dropped.any()), self.sub.eq(0)]
            with m.If(self.dropped.any()):
                bad = self.dropped[0]
                m.d.sync += [
                    self.status.eq(Mux(bad, Status.BAD_FRAME, Status.OVERFLOW)),
                    self.dropped.eq(Cat(self.bad, (self.dropped[1] & bad) | self.overflow)),
                ]
                m.next = "SEEK"
            with m.Elif(self.pending):
                m.d.sync += self.status.eq(Status.OK)
                m.next = "SEQ"
        with m.State("SEQ"):
            m.d.comb += self.want.eq(1)
            with m.If(self.fetched), m.If(self.give(self.value)):
                m.d.comb += self.used.eq(1)
                m.d.sync += self.seq.eq(self.value)
                m.next = "OP"
        with m.State("OP"):
            m.d.comb += self.want.eq(1)
            with m.If(self.fetched), m.If(self.give(self.value ^ REPLY)):
                m.d.comb += self.used.eq(1)
                m.d.sync += self.op.of(self.value)
                m.next = "LENGTH"
        with m.State("LENGTH"):
            m.d.comb += [self.want.eq(1), self.used.eq(self.fetched)]
            with m.If(self.fetched):
                m.d.sync += self.left.eq(self.value)
                m.next = "CHECK"
        with m.State("CHECK"):
            self._check()

    def _check(self):
        """Decide whether the request is executed."""
        m, system = self.m, Signal()
        behind = Signal(8)
        m.d.comb += behind.eq(self.expected - self.seq)
        m.d.comb += system.eq(self.op.known & self.op.is_in(Op.HELLO, Op.STATUS, Op.RESET))
        with m.If(system | (behind == 0)):
            with m.If(~system):
                m.d.sync += self.expected.eq(self.seq + 1)
            with m.If(~self.op.known):
                self.fail(Status.BAD_OP)
            with m.Elif(self._bad_length()):
                self.fail(Status.BAD_LENGTH)
            with m.Else():
                self._begin()
        with m.Elif(behind > 128):
            self.fail(Status.SEQUENCE)
        with m.Else():
            self.fail(Status.DUPLICATE)

    def _bad_length(self):
        bad = [(self.op == op) & (self.left != length) for op, length in LENGTHS.items()]
        short = (self.op == Op.WRITE) & ~self.left[2:].any()
        return Cat(*bad, short).any()

    def _begin(self):
        m = self.m
        first = {
            Op.HELLO: "FILL",
            Op.STATUS: "ANSWER",
            Op.RESET: "WORD",
            Op.READ: "REGION",
            Op.WRITE: "REGION",
            Op.PIXELS: "PIXEL",
            Op.PRESENT: "LEARN",
            Op.DISCARD: "FILL",
        }
        for op, state in first.items():
            with m.If(self.op == op):
                m.next = state
        with m.If(self.op == Op.HELLO):
            m.d.sync += self.expected.eq(self.seq + 1)

    def _reply(self):
        m = self.m
        with m.State("SKIP"):
            with m.If(self.none):
                m.next = "ANSWER"
            with m.Else():
                m.d.comb += self.take.eq(1)
        with m.State("ANSWER"):
            m.d.sync += self.left.eq(1)
            with m.If(self.status == Status.SEQUENCE):
                m.d.sync += self.left.eq(2)
            with m.If(self.status == Status.OK):
                for op, length in ANSWERS.items():
                    with m.If(self.op == op):
                        m.d.sync += self.left.eq(1 + length)
            m.next = "SIZE"
        with m.State("SIZE"):
            m.d.sync += self.sub.eq(Mux(self.op == Op.PRESENT, 3, 0))
            with m.If(self.give(self.left)):
                m.next = "STATUS"
        with m.State("STATUS"), m.If(self.answer(self.status)):
            with m.If(self.last):
                m.next = "END"
            with m.Elif(self.status == Status.SEQUENCE):
                m.next = "EXPECTED"
            with m.Elif(self.op == Op.PRESENT):
                m.next = "SPIKES"
            with m.Elif(self.op == Op.READ):
                m.next = "VALUE"
            with m.Else():
                m.next = "NONCE"
        with m.State("NONCE"):
            m.d.comb += self.want.eq(1)
            with m.If(self.fetched), m.If(self.give(self.value)):
                m.d.comb += [self.used.eq(1), self.cursor.counters.eq(1)]
                m.d.sync += self.sub.eq(self.sub + 1)
                with m.If(self.sub == NONCE - 1):
                    m.d.sync += self.sub.eq(0)
                    m.next = "EXPECTED"
                    with m.If(self.op == Op.HELLO):
                        m.next = "SEEK"
        with m.State("EXPECTED"), m.If(self.answer(self.expected)):
            m.next = "IMAGE"
            with m.If(self.last):
                m.next = "END"
        with m.State("IMAGE"), m.If(self.answer(self.images.state())):
            m.next = "END"
        with m.State("END"):
            m.d.comb += [self.o.valid.eq(1), self.o.payload.end.eq(1)]
            with m.If(self.o.ready):
                m.next = "IDLE"

    def _recover(self):
        m = self.m
        with m.State("SEEK"):
            # HELLO's bytes lie behind the counters.
            report = Mux(self.status == Status.BAD_FRAME, Counter.BAD_FRAMES, Counter.OVERFLOWS)
            with m.If(self.cursor.index[:3] == Mux(self.reporting, report, len(Counter))):
                m.next = "VALUE"
                with m.If(self.reporting):
                    m.next = "TOTAL"
            with m.Else():
                m.d.comb += self.cursor.step.eq(1)
        with m.State("REPORT_SEQ"), m.If(self.give(self.expected)):
            m.next = "REPORT_OP"
        with m.State("REPORT_OP"), m.If(self.give(REPORT)):
            m.next = "ANSWER"
        with m.State("WORD"):
            word = Const(int.from_bytes(RESET_WORD, "big"), 8 * len(RESET_WORD))
            m.d.comb += [self.want.eq(1), self.used.eq(self.fetched)]
            with m.If(self.fetched):
                wanted = word.word_select(self.left[:3], 8)
                with m.If(self.value != wanted):
                    self.fail(Status.BAD_VALUE)
                with m.Elif(self.none):
                    m.d.sync += self.expected.eq(self.seq + 1)
                    self.images.renew()
                    m.next = "TOTAL"

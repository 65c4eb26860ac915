"""One request after the other: what it asks for is done, and answered."""

from amaranth.hdl import Cat, Const, Module, Mux, Signal
from amaranth.lib import stream, wiring
from amaranth.lib.wiring import In, Out

from golden.dense.params import Params
from hdl.link.cursor import Cursor
from hdl.link.images import Images
from hdl.link.ops import ANSWERS, Code
from hdl.link.ports import core_ports
from hdl.link.protocol import NONCE, REPLY, RESET_WORD, Counter, Op, Status
from hdl.link.replies import ITEM
from hdl.link.states import States, chosen
from hdl.link.store import PLACE_BITS
from hdl.link.tally import Tally, event_bytes
from hdl.link.totals import Totals
from hdl.link.transfers import Transfers


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
        The other side of `hdl.dense.core.Core`.
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
        self.states = States(m)
        m.submodules.cursor = self.cursor = Cursor(self.p)
        m.submodules.tally = self.tally = Tally(self.p)
        self.seq, self.expected, self.advance = Signal(8), Signal(8), Signal()
        self.op, self.reporting, self.dropped = Code(), Signal(), Signal(2)
        self.status, self.fault, self.verdict = Signal(4), Signal(4), Signal(4)
        self.found = Signal()
        """The counter that is sought is reached."""
        self.fresh, self.far = Signal(), Signal()
        """The number is the one expected; it is none of the 128 before: as of the cycle before."""
        self.left = Signal(8)
        """Bytes of the payload that have not been read, then those that have not been sent."""
        self.none, self.last, self.clear, self.more = Signal(init=1), Signal(), Signal(), Signal(8)
        """There are none, in a flip-flop; there is one; there shall be none, or more."""
        self.sub, self.part = Signal(range(event_bytes(self.p) + 5)), Signal(2)
        """Which byte of a few, and modulo four."""
        self.sub_step, self.sub_clear, self.sent = Signal(), Signal(), Signal()
        self.terms = []
        """What is given when, besides ``value``."""
        self.images, self.transfers, self.totals = Images(self), Transfers(self), Totals(self)
        self._receive()
        self._reply()
        self._recover()
        self.images.describe()
        self.transfers.describe()
        self.totals.describe()
        self._registers()
        self._wire()
        self.states.enter("SKIP", self.fault.any())
        self.states.finish()
        return m

    def _registers(self):
        m = self.m
        m.d.comb += [
            self.last.eq(self.left == 1),
            self.part.eq(self.sub),
        ]
        # -1 if the number is the expected one, 0 to 127 for the 128 before.
        behind = (self.expected + ~self.seq)[:8]
        m.d.sync += [self.fresh.eq(behind.all()), self.far.eq(behind[7])]
        with m.If(self.clear):
            m.d.sync += [self.left.eq(0), self.none.eq(1)]
        with m.Elif(self.take | self.sent | self.more.any()):
            # Minus one, unless there is something to add.
            m.d.sync += self.left.eq(self.left + (self.more | (self.take | self.sent).replicate(8)))
            m.d.sync += self.none.eq(self.last & ~self.more.any())
        with m.If(self.sub_clear):
            m.d.sync += self.sub.eq(0)
        with m.Elif(self.sub_step):
            m.d.sync += self.sub.eq(self.sub + 1)
        with m.If(self.advance):
            m.d.sync += self.expected.eq(self.seq + 1)

    def _wire(self):
        m = self.m
        m.d.comb += [
            self.cursor.data.eq(self.value),
            self.cursor.writing.eq(self.op.asks(Op.WRITE)),
            self.tally.top.eq(self.value),
            self.tally.event.eq(self.event),
            self.tally.shifting.eq(self.states.at("GATHER", "ALIGN", "ADD")),
            self.place.eq(Cat(self.part, self.cursor.index)),
        ]
        own = self.states.at("SEQ", "OP", "NONCE", "PLACE")
        self.terms.append((own, self.value ^ Mux(self.states.at("OP"), REPLY, 0)))
        m.d.comb += self.o.payload.byte.eq(chosen(*self.terms))

    # What the states are made of.

    def give(self, byte=None):
        """Offer a byte of the reply, ``value`` by default; return whether it is taken."""
        if byte is not None:
            self.terms.append((self.states.here, byte))
        self.m.d.comb += self.o.valid.eq(1)
        return self.o.ready

    def answer(self, byte=None):
        """Offer a byte behind the length; return whether it is taken."""
        taken = self.give(byte)
        self.m.d.comb += self.sent.eq(taken)
        return taken

    def fail(self, status):
        """End with this status."""
        self.m.d.comb += self.fault.eq(status)
        self.states.leave()

    def fetch(self, state, otherwise="ANSWER"):
        """Go on with the next byte of the payload in ``value``; or without, if there is none."""
        self.m.d.comb += self.take.eq(~self.none)
        self.states.go(state)
        with self.m.If(self.none):
            self.states.go(otherwise)

    # The states.

    def _receive(self):
        m, states = self.m, self.states
        m.d.sync += [
            self.dropped.eq(self.dropped | Cat(self.bad, self.overflow)),
            self.status.eq(self.status | self.fault | self.verdict),
        ]
        with states.state("IDLE"):
            m.d.comb += [self.cursor.counters.eq(1), self.sub_clear.eq(1), self.clear.eq(1)]
            m.d.sync += [self.reporting.eq(self.dropped.any()), self.op.bits.eq(0)]
            m.d.sync += self.status.eq(0)
            with m.If(self.dropped.any()):
                bad = self.dropped[0]
                m.d.sync += [
                    self.status.eq(Mux(bad, Status.BAD_FRAME, Status.OVERFLOW)),
                    self.dropped.eq(Cat(self.bad, (self.dropped[1] & bad) | self.overflow)),
                ]
                states.go("SEEK")
            with m.Elif(self.pending):
                m.d.comb += self.take.eq(1)
                states.go("SEQ")
        with states.state("SEQ"), m.If(self.give()):
            m.d.comb += self.take.eq(1)
            m.d.sync += self.seq.eq(self.value)
            states.go("OP")
        with states.state("OP"):
            m.d.comb += self.clear.eq(1)
            with m.If(self.give()):
                m.d.comb += self.take.eq(1)
                m.d.sync += self.op.of(self.value)
                states.go("LENGTH")
        with states.state("LENGTH"):
            m.d.comb += self.more.eq(self.value)
            states.go("CHECK")
        with states.state("CHECK"):
            self._check()
        with states.state("BEGIN"):
            states.go("SKIP")
            with m.If(self.status == Status.OK):
                self._begin()

    def _check(self):
        """Decide whether the request is executed."""
        m, system = self.m, Signal()
        m.d.comb += system.eq(self.op.known & ~self.op.bits[2:].any())
        self.states.go("BEGIN")
        with m.If(system | self.fresh):
            m.d.comb += self.advance.eq(~system)
            with m.If(~self.op.known):
                m.d.comb += self.verdict.eq(Status.BAD_OP)
            with m.Elif(self.op.bad_length(self.left)):
                m.d.comb += self.verdict.eq(Status.BAD_LENGTH)
        with m.Elif(self.far):
            m.d.comb += self.verdict.eq(Status.SEQUENCE)
        with m.Else():
            m.d.comb += self.verdict.eq(Status.DUPLICATE)

    def _begin(self):
        first = {
            Op.RESET: "WORD",
            Op.READ: "REGION",
            Op.WRITE: "REGION",
            Op.PIXELS: "PIXEL",
            Op.PRESENT: "LEARN",
        }
        for op, state in first.items():
            with self.m.If(self.op.asks(op)):
                self.fetch(state)
        with self.m.If(self.op.asks(Op.STATUS)):
            self.states.go("ANSWER")
        with self.m.If(self.op.asks(Op.HELLO) | self.op.asks(Op.DISCARD)):
            self.m.d.comb += self.advance.eq(self.op.asks(Op.HELLO))
            self.states.go("FILL")

    def _reply(self):
        m, states = self.m, self.states
        with states.state("SKIP"):
            self.fetch("SKIP")
        with states.state("ANSWER"):
            m.d.comb += self.clear.eq(1)
            states.go("MEASURE")
        with states.state("MEASURE"):
            m.d.comb += self.more.eq(1)
            with m.If(self.status == Status.SEQUENCE):
                m.d.comb += self.more.eq(2)
            with m.If(self.status == Status.OK):
                for op, length in ANSWERS.items():
                    with m.If(self.op.asks(op)):
                        m.d.comb += self.more.eq(1 + length)
            states.go("SIZE")
        with states.state("SIZE"), m.If(self.give(self.left)):
            states.go("STATUS")
        with states.state("STATUS"), m.If(self.answer(self.status)):
            with m.If(self.last):
                states.go("END")
            with m.Elif(self.status[1]):
                states.go("EXPECTED")
            with m.Elif(self.op.asks(Op.PRESENT)):
                states.go("SPIKES")
            with m.Elif(self.op.asks(Op.READ)):
                states.go("VALUE")
            with m.Else():
                m.d.comb += self.take.eq(1)
                states.go("NONCE")
        with states.state("NONCE"), m.If(self.answer()):
            m.d.comb += [
                self.take.eq(self.part != NONCE - 1),
                self.cursor.counters.eq(1),
                self.sub_step.eq(1),
            ]
            with m.If(self.part == NONCE - 1):
                states.go("EXPECTED")
                with m.If(self.op.asks(Op.HELLO)):
                    states.go("SEEK")
        with states.state("EXPECTED"), m.If(self.answer(self.expected)):
            states.go("IMAGE")
            with m.If(self.last):
                states.go("END")
            with m.If(self.none):
                states.go("REPORT")
        with states.state("IMAGE"), m.If(self.answer(self.images.state())):
            states.go("END")
        with states.state("END"):
            m.d.comb += [
                self.o.valid.eq(1),
                self.o.payload.end.eq(1),
                self.result.ready.eq(self.op.asks(Op.PRESENT)),
            ]
            with m.If(self.o.ready):
                states.go("IDLE")

    def _recover(self):
        m, states = self.m, self.states
        with states.state("SEEK"):
            # HELLO's bytes lie behind the counters.
            report = Mux(self.status == Status.BAD_FRAME, Counter.BAD_FRAMES, Counter.OVERFLOWS)
            place = Mux(self.reporting, report, len(Counter))
            m.d.sync += self.found.eq(self.cursor.index[:3] == place)
            states.go("FOUND")
        with states.state("FOUND"):
            m.d.comb += self.cursor.step.eq(~self.found)
            states.go("SEEK")
            with m.If(self.found):
                states.go("VALUE")
                with m.If(self.reporting):
                    states.go("TOTAL")
        # What is left was 0 in IDLE, so that it is now the op of a report.
        with states.state("REPORT"), m.If(self.give(self.left)):
            states.go("ANSWER")
        with states.state("WORD"):
            word = Const(int.from_bytes(RESET_WORD, "big"), 8 * len(RESET_WORD))
            wrong = self.value != word.word_select(self.left[:3], 8)
            self.fetch("WORD", "RENEW")
            with m.If(wrong):
                self.fail(Status.BAD_VALUE)
        with states.state("RENEW"):
            m.d.comb += self.advance.eq(1)
            self.images.renew()
            states.go("TOTAL")

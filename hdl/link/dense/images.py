"""Images on their way into the core, and their presentations."""

from enum import Enum, auto

from amaranth.hdl import C, Cat, Module, Mux, Signal, Value

from golden.dense.params import Params
from hdl.link.dense.protocol import COUNTERS, LENGTHS, Image, ImageOp, ImageStatus
from hdl.link.executor import Executor
from hdl.link.graph import LinkState
from hdl.link.protocol import Op, Status
from hdl.link.service import Ask, Service
from hdl.link.states import chosen
from hdl.link.totals import Totals

CYCLES, EVENTS, SPIKES = (COUNTERS.index(name) for name in ("cycles", "events", "spikes"))


class ImageState(Enum):
    """What is done with an image.

    ::

        PIXEL -> SORT -> PIXEL ... -> ANSWER       PIXELS
        SORT -> BLACK -> RUN ... -> PIXEL          a run of zeros
        LEARN -> LABEL -> JUDGED -> START          PRESENT, START
        START -> BUSY -> ANSWER                    PRESENT
        START -> ANSWER                            START: from now on a result is owed
        SETTLE ... -> TOTAL ... -> SETTLED         it is awaited, counted and taken
        SPIKES ... -> TOTAL                        its answer
        FILL ... -> START -> BUSY -> ANSWER        DISCARD: what is left is completed, and presented
        FILL -> ANSWER                             nothing is left
    """

    PIXEL = auto()
    SORT = auto()
    BLACK = auto()
    RUN = auto()
    LEARN = auto()
    LABEL = auto()
    JUDGED = auto()
    START = auto()
    BUSY = auto()
    FILL = auto()
    SPIKES = auto()
    SETTLE = auto()
    SETTLED = auto()


def event_bytes(p: Params) -> int:
    """Return the bytes that hold the events of the longest presentation."""
    return -(-(p.n_axons << p.last.width).bit_length() // 8)


class Images(Service):
    """PIXELS, PRESENT, DISCARD and START.

    Behind START the core presents while the executor takes the next pixels: so the run of zeros is
    counted in what was the request's number, and the tally counts whatever the executor does.

    Parameters
    ----------
    p : Params
        What the core is made for.
    """

    asks = {
        ImageOp.PIXELS: Ask(ImageState.PIXEL, LENGTHS[ImageOp.PIXELS]),
        ImageOp.PRESENT: Ask(ImageState.LEARN, LENGTHS[ImageOp.PRESENT], 8, ImageState.SPIKES),
        ImageOp.DISCARD: Ask(ImageState.FILL, LENGTHS[ImageOp.DISCARD]),
        ImageOp.START: Ask(ImageState.LEARN, LENGTHS[ImageOp.START]),
    }
    watched = {"event": "take"}
    counters = len(COUNTERS)
    ready = ImageState.FILL
    settle = (ImageState.SETTLE, ImageState.SETTLED)

    def __init__(self, p: Params):
        self.p = p
        self.event_bytes = event_bytes(p)
        self.size = p.height * p.width
        self.missing = Signal(range(self.size + 1), init=self.size)
        """Pixels until the image is complete."""
        self.begun = Signal()
        """There are some."""
        self.spoilt = Signal()
        self.complete = Signal()
        self.renewed = Signal()
        """The core is reset in this cycle."""
        self.emptied = Signal()
        """The image goes away in this cycle."""
        self.learn = Signal()
        self.bad = Signal()
        """Learn is neither 0 nor 1, or there is no such label."""
        self.pushed = Signal()
        """A pixel is sent on its way in this cycle."""
        self.counted = Signal()
        """One was in the cycle before: they are at least two cycles apart."""
        self.held = Signal()
        """A pixel is on its way: memory and filter are far apart."""
        self.pixel = Signal(8)
        self.black = Signal()
        """The byte in PIXEL was 0: a byte is known late."""
        self.taken = Signal()
        """The result is taken in the next cycle: the core has much to do with that."""
        self.owing = Signal()
        """A presentation was started, and its result has not been taken."""

    def state(self) -> Value:
        """Return the state of the image as STATUS tells it."""
        partial = Mux(self.begun, Image.PARTIAL, Image.EMPTY)
        return Mux(self.spoilt, Image.SPOILT, Mux(self.complete, Image.COMPLETE, partial))

    def renew(self, m: Module, executor: Executor) -> None:
        """Reset the core; its memories of lines need a whole image to become black again."""
        m.d.comb += [executor.restart.eq(1), self.renewed.eq(1)]

    def describe(self, m: Module, executor: Executor, totals: Totals) -> None:
        """Add the states."""
        e, pixels = executor, executor.pixels
        m.d.comb += [
            e.tally.event.eq(e.event),
            self.complete.eq(self.missing == 0),
            pixels.valid.eq(self.held),
            pixels.payload.eq(self.pixel),
        ]
        with m.If(self.renewed | self.emptied):
            m.d.sync += self.missing.eq(self.size)
        with m.Elif(self.counted):
            m.d.sync += self.missing.eq(self.missing - 1)
        m.d.sync += [
            e.result.ready.eq(self.taken),
            self.counted.eq(self.pushed),
            self.begun.eq((self.begun | self.pushed | self.renewed) & ~self.emptied),
            self.held.eq((self.pushed | (self.held & ~pixels.ready)) & ~self.renewed),
        ]
        # Whether it is sent is known late.
        with m.If(~self.held & ~e.states.at(ImageState.SORT)):
            m.d.sync += self.pixel.eq(Mux(e.states.at(ImageState.PIXEL), e.value, 0))
        self._pixels(m, e)
        self._present(m, e)
        self._discard(m, e)
        self._settle(m, e, totals)
        with e.states.state(m, ImageState.SPIKES), m.If(e.answer(m)):
            m.d.comb += e.sub_step.eq(1)
            with m.If(e.part == 3):
                totals.begin(m)

    def _push(self, m):
        """Send a pixel on its way to the core if none is: black, but in SORT what was read."""
        m.d.comb += self.pushed.eq(~self.held)

    def _spoil(self, m, e, status):
        m.d.sync += self.spoilt.eq(1)
        e.fail(m, status)

    def _pixels(self, m, e):
        blocked = self.complete | self.spoilt
        with e.states.state(m, ImageState.PIXEL), m.If(~self.held):
            m.d.sync += self.black.eq(e.value == 0)
            e.states.go(m, ImageState.SORT)
        with e.states.state(m, ImageState.SORT):
            # Whatever the byte is, the next one is read.
            e.fetch(m, ImageState.PIXEL)
            with m.If(self.black):
                e.states.go(m, ImageState.BLACK)
                with m.If(e.left.none):
                    self._spoil(m, e, Status.BAD_LENGTH)
            with m.Elif(blocked):
                self._spoil(m, e, ImageStatus.OVERRUN)
            with m.Else():
                self._push(m)
        with e.states.state(m, ImageState.BLACK):
            m.d.sync += e.seq.eq(e.value)
            e.states.go(m, ImageState.RUN)
        with e.states.state(m, ImageState.RUN):
            with m.If(~self.held):
                # Counted once too often at the end, where nobody minds. The -1 is not there while
                # loading: so the sum fits one cell a bit with the choice.
                m.d.sync += e.seq.eq(e.seq + e.states.flag(ImageState.RUN).replicate(8))
            with m.If(e.seq == 0):
                e.fetch(m, ImageState.PIXEL)
            with m.Elif(blocked):
                self._spoil(m, e, ImageStatus.OVERRUN)
            with m.Else():
                self._push(m)

    def _present(self, m, e):
        n_classes = self.p.n_classes
        with e.states.state(m, ImageState.LEARN):
            m.d.sync += [self.learn.eq(e.value[0]), self.bad.eq(e.value[1:].any())]
            e.fetch(m, ImageState.LABEL)
        with e.states.state(m, ImageState.LABEL):
            # The label stays in ``value`` until the presentation has begun.
            m.d.sync += self.bad.eq(self.bad | (e.value >= n_classes))
            e.states.go(m, ImageState.JUDGED)
        with e.states.state(m, ImageState.JUDGED):
            e.states.go(m, ImageState.START)
            with m.If(self.bad):
                e.fail(m, Status.BAD_VALUE)
            with m.Elif(~self.complete | self.spoilt):
                e.fail(m, ImageStatus.NO_IMAGE)
        presenting, ahead = self.adds(e), e.op.asks(ImageOp.START)
        m.d.comb += [
            e.start.payload.learn.eq(self.learn & (presenting | ahead)),
            e.start.payload.label.eq(e.value),
        ]
        with e.states.state(m, ImageState.START):
            m.d.comb += [e.start.valid.eq(1), e.tally.clear.eq(1), self.emptied.eq(1)]
            with m.If(e.start.ready):
                e.states.go(m, ImageState.BUSY)
                with m.If(ahead):
                    m.d.sync += self.owing.eq(1)
                    e.states.go(m, LinkState.ANSWER)
        with e.states.state(m, ImageState.BUSY):
            m.d.sync += self.spoilt.eq(0)
            m.d.comb += self.taken.eq(~presenting)
            with m.If(e.result.valid):
                e.states.go(m, LinkState.ANSWER)

    def _discard(self, m, e):
        with e.states.state(m, ImageState.FILL):
            with m.If(~self.begun):
                m.d.sync += self.spoilt.eq(0)
                e.states.go(m, LinkState.ANSWER)
            with m.Elif(self.complete):
                e.states.go(m, ImageState.START)
            with m.Else():
                self._push(m)

    def _settle(self, m, e, totals):
        # All cycles before the one in which the result stands, and one in SETTLE for that.
        settling, lasts = e.states.at(ImageState.SETTLE), self.owing & ~e.result.valid
        m.d.comb += e.tally.cycle.eq(e.states.at(ImageState.BUSY) | lasts | settling)
        with e.states.state(m, ImageState.SETTLE), m.If(e.result.valid):
            totals.begin(m)
        with e.states.state(m, ImageState.SETTLED):
            m.d.comb += [self.taken.eq(1), e.cursor.counters.eq(1)]
            m.d.sync += self.owing.eq(0)
            e.states.go(m, LinkState.BEGIN)

    def owes(self, executor: Executor) -> Value:
        """Return whether a result must be taken first: pixels and STATUS need not wait for it."""
        waits = ~executor.op.asks(ImageOp.PIXELS) & ~executor.op.asks(Op.STATUS)
        return self.owing & waits & ~executor.reporting

    def end(self, m: Module, executor: Executor) -> None:
        """Take the result."""
        m.d.comb += self.taken.eq(self.adds(executor))

    def adds(self, executor: Executor) -> Value:
        """Return whether it is PRESENT."""
        return executor.op.asks(ImageOp.PRESENT)

    def operand(self, executor: Executor) -> Value:
        """Return a byte of label and spikes, then of what the tally and the result say."""
        e = executor
        counter, result = e.counter, e.result.payload
        telling = e.states.at(ImageState.SPIKES)
        presented = self.adds(e) | self.owes(e)
        numbers = Cat(result.label, C(0, 8 - len(result.label)), result.n_spikes)
        byte = numbers.word_select(Cat(e.part + ~telling)[:2], 8)
        spikes = telling | (presented & (counter == SPIKES) & (e.part != 3))
        ticks = ~telling & presented & (counter == CYCLES)
        ticks |= ~telling & presented & (counter == EVENTS) & (e.part < self.event_bytes)
        return chosen((spikes, byte), (ticks, e.tally.value[:8]))

    def told(self, executor: Executor) -> Value:
        """Return whether it is the cycles of PRESENT's own presentation."""
        return self.adds(executor) & ~self.owing & (executor.counter == CYCLES)

    def one_more(self, executor: Executor) -> Value:
        """Return whether the presentations follow: that is one more."""
        return executor.counter == SPIKES

"""Images on their way into the core, and their presentations."""

from amaranth.hdl import Mux, Signal

from hdl.link.protocol import Image, Op, Status


class Images:
    """States of `hdl.link.executor.Executor` for PIXELS, PRESENT and DISCARD.

    Parameters
    ----------
    executor : hdl.link.executor.Executor
        Its module, registers and ports.
    """

    def __init__(self, executor):
        self.e = executor
        self.size = executor.p.height * executor.p.width
        self.missing = Signal(range(self.size + 1), init=self.size)
        """Pixels until the image is complete."""
        self.begun, self.spoilt, self.complete = Signal(), Signal(), Signal()
        self.renewed, self.emptied = Signal(), Signal()
        self.learn, self.bad = Signal(), Signal()
        self.pushed, self.held, self.pixel = Signal(), Signal(), Signal.like(executor.value)
        """A pixel on its way: memory and filter are far apart."""

    def state(self):
        """Return the state of the image as STATUS tells it."""
        partial = Mux(self.begun, Image.PARTIAL, Image.EMPTY)
        return Mux(self.spoilt, Image.SPOILT, Mux(self.complete, Image.COMPLETE, partial))

    def renew(self):
        """Reset the core; its memories of lines need a whole image to become black again."""
        self.e.m.d.comb += [self.e.restart.eq(1), self.renewed.eq(1)]

    def describe(self):
        """Add the states: from PIXEL to BLACK, from LEARN to BUSY, and FILL."""
        m, pixels = self.e.m, self.e.pixels
        m.d.comb += [
            self.complete.eq(self.missing == 0),
            pixels.valid.eq(self.held),
            pixels.payload.eq(self.pixel),
        ]
        with m.If(self.renewed | self.emptied):
            m.d.sync += self.missing.eq(self.size)
        with m.Elif(self.pushed):
            m.d.sync += self.missing.eq(self.missing - 1)
        m.d.sync += [
            self.begun.eq((self.begun | self.pushed | self.renewed) & ~self.emptied),
            self.held.eq((self.pushed | (self.held & ~pixels.ready)) & ~self.renewed),
        ]
        # Whether it is sent is known late.
        with m.If(~self.held):
            m.d.sync += self.pixel.eq(Mux(self.e.states.at("PIXEL"), self.e.value, 0))
        self._pixels()
        self._present()
        self._discard()

    def _push(self):
        """Send a pixel on its way to the core if none is: black, but in PIXEL what was read."""
        self.e.m.d.comb += self.pushed.eq(~self.held)

    def _spoil(self, status):
        self.e.m.d.sync += self.spoilt.eq(1)
        self.e.fail(status)

    def _pixels(self):
        e, m = self.e, self.e.m
        blocked = self.complete | self.spoilt
        black = e.value == 0
        with e.states.state("PIXEL"), m.If(~self.held):
            m.d.comb += e.tally.clear.eq(1)
            # Whatever the byte is, the next one is read: that is known earlier than the byte.
            e.fetch("PIXEL")
            with m.If(black):
                e.states.go("BLACK")
                with m.If(e.none):
                    self._spoil(Status.BAD_LENGTH)
            with m.Elif(blocked):
                self._spoil(Status.OVERRUN)
            with m.Else():
                self._push()
        with e.states.state("BLACK"):
            # Counted once too often at the end, where nobody minds.
            m.d.comb += e.tally.cycle.eq(~self.held)
            with m.If(e.tally.value[:8] == e.value):
                e.states.go("NEXT")
            with m.Elif(blocked):
                self._spoil(Status.OVERRUN)
            with m.Else():
                self._push()
        with e.states.state("NEXT"):
            e.fetch("PIXEL")

    def _present(self):
        e, m = self.e, self.e.m
        n_classes = e.p.n_classes
        with e.states.state("LEARN"):
            m.d.sync += [self.learn.eq(e.value[0]), self.bad.eq(e.value[1:].any())]
            e.fetch("LABEL")
        with e.states.state("LABEL"):
            # The label stays in ``value`` until the presentation has begun.
            e.states.go("START")
            with m.If(self.bad | (e.value >= n_classes)):
                e.fail(Status.BAD_VALUE)
            with m.Elif(~self.complete | self.spoilt):
                e.fail(Status.NO_IMAGE)
        presenting = e.op.asks(Op.PRESENT)
        m.d.comb += [
            e.start.payload.learn.eq(self.learn & presenting),
            e.start.payload.label.eq(e.value),
        ]
        with e.states.state("START"):
            m.d.comb += [e.start.valid.eq(1), e.tally.clear.eq(1), self.emptied.eq(1)]
            with m.If(e.start.ready):
                e.states.go("BUSY")
        with e.states.state("BUSY"):
            m.d.sync += self.spoilt.eq(0)
            m.d.comb += [e.tally.cycle.eq(1), e.result.ready.eq(~presenting)]
            with m.If(e.result.valid):
                e.states.go("ANSWER")

    def _discard(self):
        e, m = self.e, self.e.m
        with e.states.state("FILL"):
            with m.If(~self.begun):
                m.d.sync += self.spoilt.eq(0)
                e.states.go("ANSWER")
            with m.Elif(self.complete):
                e.states.go("START")
            with m.Else():
                self._push()

# amaranth: UnusedElaboratable=no
"""What all receptive fields have in common, and the walk of a window over an image."""

from amaranth.hdl import Cat, Mux, Signal, Value
from amaranth.lib import data, memory, stream, wiring
from amaranth.lib.wiring import In, Out

from golden.dense.interface import RADIUS
from golden.dense.params import Params
from hdl.numbers.formats import shape

PIPELINE = 6
"""Cycles from the last position to the first pixel that is given."""


class ReceptiveField(wiring.Component):
    """What all receptive fields have in common; `receptive_field` makes the one that is wanted.

    FILL takes an image; DRAIN gives its N filtered pixels in axon order, one in every cycle in
    which it is taken; then FILL begins again. Memories are taken to be 0 at power-up, not cleared
    by a reset.

    Parameters
    ----------
    p : Params
        Size of the image, ``receptive_field``, ``rf_shift``, ``rf_stride``.

    Members
    -------
    i : In(stream.Signature(shape(p.pixel)))
        Image in row order.
    o : Out(stream.Signature(shape(p.pixel)))
        ``p.n_axons`` pixels in axon order.
    full : Out(1)
        DRAIN: an image is there, ``o`` is valid.
    """

    def __init__(self, p: Params):
        self.p = p
        pixel = stream.Signature(shape(p.pixel))
        super().__init__({"i": In(pixel), "o": Out(pixel), "full": Out(1)})
        self.filling = Signal()
        """FILL."""
        self.ended = Signal()
        """The last position is accepted."""
        self.fetch = Signal()
        """The next output is addressed."""
        self.pixel = Signal(shape(p.pixel))
        """What is read: that output, in the next cycle."""
        self.last = Signal()
        """It is the last one."""

    def _store(self, m):
        """Make the memory of the pixels that are given, and return its ports."""
        n = self.p.n_axons
        m.submodules.store = store = memory.Memory(shape=shape(self.p.pixel), depth=n, init=[])
        write = store.write_port()
        read = store.read_port(transparent_for=(write,) if n == 1 else ())
        m.d.comb += [read.en.eq(self.fetch), self.pixel.eq(read.data)]
        return write, read


class Walking(ReceptiveField):
    """A field whose window walks over the image.

    FILL walks the image with a margin of two positions on all sides in row order, one position a
    cycle; it waits for pixels inside the image and for nothing in the margin. DRAIN follows the
    last position after ``pipeline`` cycles.

    Parameters
    ----------
    p : Params
        As of `ReceptiveField`.
    n_lines : int
        Pixels above a position that the field needs.
    pipeline : int
        Cycles from the last position to the first pixel that is given.
    """

    def __init__(self, p: Params, n_lines: int, pipeline: int = PIPELINE):
        super().__init__(p)
        self.n_lines, self.pipeline = n_lines, pipeline
        self.ahead = Signal()
        """The next cycle is DRAIN."""
        self.advance = Signal()
        """A position is accepted."""
        self.inside = Signal()
        """It is inside the image."""
        self.x = Signal(range(p.width + 2 * RADIUS))
        """Its column."""
        self.y = Signal(range(p.height + 2 * RADIUS))
        """Its row."""

    def _walk(self, m):
        """Walk the image with its margin; return the column of the position, lowest pixel first.

        Lines hold what lies above and are read for the next position while this one is taken.
        """
        write, read = self._lines(m)
        pixel = Signal(shape(self.p.pixel))
        self._accept(m, self.filling)
        m.d.comb += [
            pixel.eq(Mux(self.inside, self.i.payload, 0)),
            read.addr.eq(self._move(m, self.advance)),
            read.en.eq(self.advance),
            write.addr.eq(self.x),
            write.en.eq(self.advance),
            write.data.eq(Cat(pixel, *[read.data[k] for k in range(self.n_lines - 1)])),
        ]
        self._phases(m)
        return [pixel, *(read.data[k] for k in range(self.n_lines))]

    def _lines(self, m):
        """Make the memory of the pixels above, and return its ports."""
        line = data.ArrayLayout(shape(self.p.pixel), self.n_lines)
        lines = memory.Memory(shape=line, depth=self.p.width + 2 * RADIUS, init=[])
        m.submodules.lines = lines
        return lines.write_port(), lines.read_port()

    def _accept(self, m, free):
        """Accept positions where ``free``."""
        p, x, y = self.p, self.x, self.y
        m.d.comb += [
            self.inside.eq(_between(x, p.width) & _between(y, p.height)),
            self.i.ready.eq(free & self.inside),
            self.advance.eq(free & (self.i.valid | ~self.inside)),
            self.ended.eq(self.advance & self.ends_row & (y == p.height + 2 * RADIUS - 1)),
        ]

    def _move(self, m, en):
        """Go to the next position where ``en``; return its column."""
        x, y, x_next = self.x, self.y, Signal.like(self.x)
        m.d.comb += x_next.eq(Mux(self.ends_row, 0, x + 1))
        with m.If(en):
            m.d.sync += x.eq(x_next)
            with m.If(self.ends_row):
                m.d.sync += y.eq(Mux(y == self.p.height + 2 * RADIUS - 1, 0, y + 1))
        return x_next

    @property
    def ends_row(self) -> Value:
        """Tell whether the position is the last of its row."""
        return self.x == self.p.width + 2 * RADIUS - 1

    def _phases(self, m):
        """FILL, the cycles of the pipeline, DRAIN.

        `fetch` in the cycle before every one that shows more: the first in the last but one of the
        pipeline, the second in the last, for a register lies behind the memory.
        """
        pipe = [f"PIPE{k}" for k in range(self.pipeline)]
        end = self._register(m)
        with m.FSM():
            with m.State("FILL"):
                m.d.comb += self.filling.eq(1)
                with m.If(self.ended):
                    m.next = pipe[0]
            for state, following in zip(pipe, [*pipe[1:], "DRAIN"], strict=True):
                with m.State(state):
                    m.next = following
                    if state == pipe[-2]:
                        m.d.comb += self.fetch.eq(1)
                    if state == pipe[-1]:
                        m.d.comb += [self.ahead.eq(1), self.fetch.eq(~self.last)]
            with m.State("DRAIN"):
                m.d.comb += [self.full.eq(1), self.fetch.eq(self.o.ready & ~self.last)]
                with m.If(self.o.ready & end):
                    m.next = "FILL"

    def _register(self, m):
        """Register the pixel, so that encoders need not wait for memory; return whether it ends."""
        end = Signal()
        with m.If(self.ahead | self.o.ready):
            m.d.sync += [self.o.payload.eq(self.pixel), end.eq(self.last)]
        return end


def _between(index: Value, size: int) -> Value:
    """Return whether a position with margin is inside the image, in one direction."""
    return (index >= RADIUS) & (index < RADIUS + size)

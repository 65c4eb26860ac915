# amaranth: UnusedElaboratable=no
"""Optional receptive field between image and encoder; `golden.dense.receptive_field` in gates."""

from amaranth.hdl import Cat, Module, Mux, Signal, Value, signed, unsigned
from amaranth.lib import data, memory, stream, wiring
from amaranth.lib.wiring import In, Out

from golden.dense.interface import RADIUS
from golden.dense.params import Params
from hdl.dense.gradient import Gradient
from hdl.dense.oriented import Pooling
from hdl.numbers.formats import saturate, shape

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


class Plain(ReceptiveField):
    """No field: pixels as they come. DRAIN follows the last pixel in the next cycle."""

    def elaborate(self, platform) -> Module:
        m, n = Module(), self.p.n_axons
        # One counter addresses writing and then reading.
        at, wrap = Signal(range(n)), Signal()
        write, read = self._store(m)
        m.d.comb += [
            self.i.ready.eq(self.filling),
            write.en.eq(self.filling & self.i.valid),
            write.addr.eq(at),
            write.data.eq(self.i.payload),
            wrap.eq(at == n - 1),
            self.ended.eq(write.en & wrap),
            read.addr.eq(Mux(self.full, at, 0)),
        ]
        with m.If(self.ended):
            m.d.sync += [at.eq(1 % n), self.last.eq(n == 1)]
        with m.Elif(write.en | self.fetch):
            m.d.sync += at.eq(Mux(wrap, 0, at + 1))
            m.d.sync += self.last.eq(wrap)
        self._phases(m)
        m.d.comb += [self.o.payload.eq(self.pixel), self.o.valid.eq(self.full)]
        return m

    def _phases(self, m):
        with m.FSM():
            with m.State("FILL"):
                m.d.comb += self.filling.eq(1)
                with m.If(self.ended):
                    m.next = "DRAIN"
                    m.d.comb += self.fetch.eq(1)
            with m.State("DRAIN"):
                m.d.comb += [self.full.eq(1), self.fetch.eq(self.o.ready & ~self.last)]
                with m.If(self.o.ready & self.last):
                    m.next = "FILL"


class Walking(ReceptiveField):
    """A field whose window walks over the image.

    FILL walks the image with a margin of two positions on all sides in row order, one position a
    cycle; it waits for pixels inside the image and for nothing in the margin. DRAIN follows the
    last position after `PIPELINE` cycles.

    Parameters
    ----------
    p : Params
        As of `ReceptiveField`.
    n_lines : int
        Pixels above a position that the field needs.
    """

    def __init__(self, p: Params, n_lines: int):
        super().__init__(p)
        self.n_lines = n_lines
        self.ahead = Signal()
        """The next cycle is DRAIN."""
        self.advance = Signal()
        """A position is accepted."""
        self.x = Signal(range(p.width + 2 * RADIUS))
        """Its column."""
        self.y = Signal(range(p.height + 2 * RADIUS))
        """Its row."""

    def _walk(self, m):
        """Walk the image with its margin; return the column of the position, lowest pixel first.

        Lines hold what lies above and are read for the next position while this one is taken.
        """
        n_lines, x, y, advance = self.n_lines, self.x, self.y, self.advance
        rows, columns = self.p.height + 2 * RADIUS, self.p.width + 2 * RADIUS
        line = data.ArrayLayout(shape(self.p.pixel), n_lines)
        m.submodules.lines = lines = memory.Memory(shape=line, depth=columns, init=[])
        write, read = lines.write_port(), lines.read_port()
        x_next, inside, pixel = Signal(range(columns)), Signal(), Signal(shape(self.p.pixel))
        m.d.comb += [
            inside.eq(_between(x, self.p.width) & _between(y, self.p.height)),
            self.i.ready.eq(self.filling & inside),
            advance.eq(self.filling & (self.i.valid | ~inside)),
            pixel.eq(Mux(inside, self.i.payload, 0)),
            x_next.eq(Mux(x == columns - 1, 0, x + 1)),
            self.ended.eq(advance & (x == columns - 1) & (y == rows - 1)),
            read.addr.eq(x_next),
            read.en.eq(advance),
            write.addr.eq(x),
            write.en.eq(advance),
            write.data.eq(Cat(pixel, *[read.data[k] for k in range(n_lines - 1)])),
        ]
        with m.If(advance):
            m.d.sync += x.eq(x_next)
            with m.If(x == columns - 1):
                m.d.sync += y.eq(Mux(y == rows - 1, 0, y + 1))
        self._phases(m)
        return [pixel, *(read.data[k] for k in range(n_lines))]

    def _phases(self, m):
        """FILL, the cycles of the pipeline, DRAIN.

        `fetch` in the cycle before every one that shows more: the first in the last but one of the
        pipeline, the second in the last, for a register lies behind the memory.
        """
        pipe = [f"PIPE{k}" for k in range(PIPELINE)]
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


class Surround(Walking):
    """A pixel against those around it, with weights in eighths by distance: 8, 5, 1, -1, -4."""

    def __init__(self, p: Params):
        super().__init__(p, n_lines=4)

    def elaborate(self, platform) -> Module:
        m = Module()
        chain, complete = self._windows(m, self._walk(m))
        self._keep(m, complete, saturate(chain >> self.p.rf_shift, self.p.pixel))
        m.d.comb += self.o.valid.eq(self.full)
        return m

    def _windows(self, m, column):
        """Add up windows; return the sum of one, and whether it lies inside the walk.

        A column's three sums enter a chain of partial sums, one for each column that the window
        still has to meet. The window of a position is centred two rows and columns before it.
        """
        outer, inner, centre = Signal(unsigned(9)), Signal(unsigned(9)), Signal(unsigned(8))
        chain = [Signal(signed(15), name=f"chain{k}") for k in range(5)]
        taken, complete = Signal(2), Signal(2)  # the last two cycles
        with m.If(self.advance):
            m.d.sync += [
                outer.eq(column[0] + column[4]),
                inner.eq(column[1] + column[3]),
                centre.eq(column[2]),
            ]
        far = centre - inner - (outer << 2)
        near = (centre << 2) + centre + inner - outer
        middle = (centre << 3) + (inner << 2) + inner + outer
        sums = [0, *chain[:-1]]
        with m.If(taken[0]):
            parts = (far, near, middle, near, far)
            for partial, before, part in zip(chain, sums, parts, strict=True):
                m.d.sync += partial.eq(before + part)
        whole = self.advance & (self.x >= 2 * RADIUS) & (self.y >= 2 * RADIUS)
        m.d.sync += taken.eq(Cat(self.advance, taken[0]))
        m.d.sync += complete.eq(Cat(whole, complete[0]))
        return chain[4], complete[1]

    def _keep(self, m, en, pixel):
        """Write filtered pixels in order; the same counter reads them afterwards."""
        n = self.p.n_axons
        at = Signal(range(n))
        write, read = self._store(m)
        m.d.comb += [
            write.en.eq(en),
            write.addr.eq(at),
            write.data.eq(pixel),
            read.addr.eq(at),
        ]
        with m.If(en | self.fetch):
            m.d.sync += at.eq(Mux(at == n - 1, 0, at + 1))
            m.d.sync += self.last.eq(at == n - 1)


class Oriented(Walking):
    """Edges in eight directions, gathered in cells: `hdl.dense.oriented`."""

    def __init__(self, p: Params):
        super().__init__(p, n_lines=2)

    def elaborate(self, platform) -> Module:
        m = Module()
        column = self._walk(m)
        m.submodules.gradient = gradient = Gradient()
        m.submodules.pooling = pooling = Pooling(self.p)
        # The first cell is fetched in the last but one cycle of the pipeline.
        assert pooling.delay == PIPELINE - 1
        m.d.comb += [
            gradient.column.eq(Cat(column)),
            gradient.advance.eq(self.advance),
            pooling.advance.eq(self.advance),
            pooling.end_of_row.eq(self.x == self.p.width + 2 * RADIUS - 1),
            pooling.magnitude.eq(gradient.magnitude),
            pooling.octant.eq(gradient.octant),
            pooling.fetch.eq(self.fetch),
            pooling.drain.eq(self.full | self.ahead),
            self.last.eq(pooling.last),
            self.pixel.eq(pooling.pixel),
            self.o.valid.eq(self.full),
        ]
        return m


FIELDS = {"none": Plain, "surround": Surround, "oriented": Oriented}
"""By the value of the parameter ``receptive_field``."""


def receptive_field(p: Params) -> ReceptiveField:
    """Return the receptive field that the parameters name.

    Nobody need elaborate it, hence the first line of this file: see `hdl.dense.core.stages`.
    """
    return FIELDS[p.receptive_field](p)


def _between(index: Value, size: int) -> Value:
    """Return whether a position with margin is inside the image, in one direction."""
    return (index >= RADIUS) & (index < RADIUS + size)

"""Optional receptive field between image and encoder; `golden.dense.receptive_field` in gates."""

from amaranth.hdl import Cat, Module, Mux, Signal, Value, signed, unsigned
from amaranth.lib import data, memory, stream, wiring
from amaranth.lib.wiring import In, Out

from golden.dense.params import RADIUS, Params
from hdl.dense.oriented import Gradient, Pooling
from hdl.numbers.formats import saturate, shape

PIPELINE = 6
"""Cycles from the last position to the first pixel that is given."""


class ReceptiveField(wiring.Component):
    """Filter of one image; :func:`golden.dense.receptive_field.receptive_field` in gates.

    FILL takes an image; DRAIN gives its N filtered pixels in axon order, one in every cycle in
    which it is taken; then FILL begins again. Without a field, DRAIN follows the last pixel. Else
    FILL walks the image with a margin of two positions on all sides in row order, one position a
    cycle; it waits for pixels inside the image and for nothing in the margin, and DRAIN follows the
    last position after six cycles. Memories are taken to be 0 at power-up, not cleared by a reset.

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

    def elaborate(self, platform) -> Module:
        m = Module()
        self.ended, self.last = Signal(), Signal()  # last position accepted; last output shown
        self.filling, self.fetch = Signal(), Signal()  # fetch: the next output is addressed
        self.ahead, self.pixel = Signal(), Signal(shape(self.p.pixel))  # before DRAIN; what is read
        if self.p.receptive_field == "none":
            self._none(m)
        else:
            column, advance, x, y = self._walk(m)
            filtered = self._surround if self.p.receptive_field == "surround" else self._oriented
            filtered(m, column, advance, x, y)
        m.d.comb += self.o.valid.eq(self.full)
        return m

    def _phases(self, m, pause=0):
        """FILL, ``pause`` cycles, DRAIN; `fetch` in the cycle before every one that shows more.

        After a pause, a register behind the memory shows what the memory showed before.
        """
        states = ["FILL", *(f"PIPE{k}" for k in range(pause)), "DRAIN"]
        end = self._register(m) if pause else self.last
        with m.FSM():
            with m.State("FILL"):
                m.d.comb += self.filling.eq(1)
                with m.If(self.ended):
                    m.next = states[1]
                    m.d.comb += self.fetch.eq(not pause)
            for k, (state, following) in enumerate(zip(states[1:-1], states[2:], strict=True)):
                with m.State(state):
                    m.next = following
                    if k == pause - 2:
                        m.d.comb += self.fetch.eq(1)
                    if k == pause - 1:
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

    def _none(self, m):
        """Keep the pixels as they come; one counter addresses writing and then reading."""
        n = self.p.n_axons
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
        m.d.comb += self.o.payload.eq(self.pixel)

    def _store(self, m):
        """Make the memory of the pixels that are given, and return its ports."""
        n = self.p.n_axons
        m.submodules.store = store = memory.Memory(shape=shape(self.p.pixel), depth=n, init=[])
        write = store.write_port()
        read = store.read_port(transparent_for=(write,) if n == 1 else ())
        m.d.comb += [read.en.eq(self.fetch), self.pixel.eq(read.data)]
        return write, read

    def _walk(self, m):
        """Walk the image with its margin; return (column, advance, x, y) of the position.

        The column is the pixel here and those above it, as many as the field needs, lowest first.
        Lines hold what lies above and are read for the next position while this one is taken.
        """
        n_lines = 4 if self.p.receptive_field == "surround" else 2
        rows, columns = self.p.height + 2 * RADIUS, self.p.width + 2 * RADIUS
        line = data.ArrayLayout(shape(self.p.pixel), n_lines)
        m.submodules.lines = lines = memory.Memory(shape=line, depth=columns, init=[])
        write, read = lines.write_port(), lines.read_port()
        x, y, x_next = Signal(range(columns)), Signal(range(rows)), Signal(range(columns))
        advance, inside, pixel = Signal(), Signal(), Signal(shape(self.p.pixel))
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
        self._phases(m, PIPELINE)
        return [pixel, *(read.data[k] for k in range(n_lines))], advance, x, y

    def _surround(self, m, column, advance, x, y):
        """Filter with weights in eighths by distance: 8, 5, 1, -1, -4.

        A column's three sums enter a chain of partial sums, one for each column that the window
        still has to meet. The window of a position is centred two rows and columns before it.
        """
        outer, inner, centre = Signal(unsigned(9)), Signal(unsigned(9)), Signal(unsigned(8))
        chain = [Signal(signed(15), name=f"chain{k}") for k in range(5)]
        taken, complete = Signal(2), Signal(2)  # the last two cycles
        with m.If(advance):
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
        m.d.sync += taken.eq(Cat(advance, taken[0]))
        m.d.sync += complete.eq(Cat(advance & (x >= 2 * RADIUS) & (y >= 2 * RADIUS), complete[0]))
        self._filtered(m, complete[1], saturate(chain[4] >> self.p.rf_shift, self.p.pixel))

    def _filtered(self, m, en, pixel):
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

    def _oriented(self, m, column, advance, x, y):
        """Give the gradients of all positions to `Pooling` and show what it has gathered."""
        m.submodules.gradient = gradient = Gradient()
        m.submodules.pooling = pooling = Pooling(self.p)
        m.d.comb += [
            gradient.column.eq(Cat(column)),
            gradient.advance.eq(advance),
            pooling.advance.eq(advance),
            pooling.end_of_row.eq(x == self.p.width + 2 * RADIUS - 1),
            pooling.magnitude.eq(gradient.magnitude),
            pooling.octant.eq(gradient.octant),
            pooling.fetch.eq(self.fetch),
            pooling.drain.eq(self.full | self.ahead),
            self.last.eq(pooling.last),
            self.pixel.eq(pooling.pixel),
        ]


def _between(index: Value, size: int) -> Value:
    """Return whether a position with margin is inside the image, in one direction."""
    return (index >= RADIUS) & (index < RADIUS + size)

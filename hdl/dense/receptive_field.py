# amaranth: UnusedElaboratable=no
"""Optional receptive field between image and encoder; `golden.dense.receptive_field` in gates."""

from amaranth.hdl import Cat, Module, Mux, Signal, signed, unsigned

from golden.dense.interface import RADIUS
from golden.dense.params import Params
from hdl.dense.gradient import Gradient
from hdl.dense.oriented import Pooling
from hdl.dense.turns import OrientedInTurns
from hdl.dense.walk import ReceptiveField, Walking
from hdl.numbers.formats import saturate


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
        m.d.comb += [gradient.column.eq(Cat(column)), gradient.advance.eq(self.advance)]
        pooling.join(m, self, gradient)
        return m


FIELDS = {"none": Plain, "surround": Surround, "oriented": Oriented}
"""By the value of the parameter ``receptive_field``."""


def receptive_field(p: Params) -> ReceptiveField:
    """Return the receptive field that the parameters name.

    Nobody need elaborate it, hence the first line of this file: see `hdl.dense.core.stages`.
    """
    field = FIELDS[p.receptive_field]
    return (OrientedInTurns if field is Oriented and p.rf_in_turns else field)(p)

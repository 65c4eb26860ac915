# amaranth: UnusedElaboratable=no
"""The oriented receptive field where a position takes a few cycles, and less hardware."""

from functools import reduce
from operator import or_

from amaranth.hdl import Array, Cat, Const, Module, Mux, Signal, signed
from amaranth.lib import memory

from golden.dense.params import Params
from hdl.dense.gradient import MAGNITUDE_BITS, Gradient
from hdl.dense.oriented import SUM_BITS, Pooling
from hdl.dense.walk import Walking
from hdl.numbers.formats import shape

SHORTEST = 2
"""Cycles from reading a cell to reading what became of it."""
LATENCY = 5
"""Cycles from a position to its gradient."""


class GradientInTurns(Gradient):
    """Length and direction of the gradient of every position of the walk, as `Gradient` has them.

    Latency 5 cycles, throughput one in two cycles. One adder has ``low + high`` in the cycle behind
    the position's, and ``low - high`` in the next. Pixels come inverted, as ``255 - pixel``: then
    so are gradients, and what is subtracted is a register that could be kept inverted.

    Members
    -------
    column : In(data.ArrayLayout(8, 3))
        Inverted, in the two cycles behind that in which the position is accepted.
    advance, magnitude, octant
        As of `Gradient`.
    """

    def elaborate(self, platform) -> Module:
        m = Module()
        now = Signal(3)
        m.d.sync += now.eq(Cat(self.advance, now))
        across, down = self._differences(m, now)
        gx_inv, gy_inv = Signal(signed(9)), Signal(signed(9))
        dx, dy_inv, west, north = Signal(8), Signal(8), Signal(), Signal()
        with m.If(now[0]):
            m.d.sync += gx_inv.eq(across[2:])
        with m.If(now[1]):
            m.d.sync += gy_inv.eq(down[2:])
        with m.If(now[2]):
            m.d.sync += [
                dx.eq(Mux(gx_inv[-1], ~gx_inv, gx_inv + 1)),
                dy_inv.eq(Mux(gy_inv[-1], gy_inv, ~(gy_inv + 1))),
                west.eq(~gx_inv[-1]),
                north.eq(~gy_inv[-1]),
            ]
        self._polar(m, dx, ~dy_inv, west, north)
        return m

    def _differences(self, m, now):
        """Return the inverse of gradients times four: of x in ``now[0]``, of y in ``now[1]``."""
        low, middle, high = self.column
        either, smooth, across, down = Signal(9), Signal(10), Signal(11), Signal(11)
        smooth_q, smooth_qq_inv = Signal(10), Signal(10)
        rise_q, rise_sum = Signal(9), Signal(11)
        # ``either`` is 255 too much where it is a difference; the sum of four of them is 1020 too
        # much, and 1021 more than the inverse: that is taken away by adding 3 and turning bit 10.
        # A 1 below both operands is carried in; a third operand would be a second adder.
        one = Const(1, 1)
        m.d.comb += [
            either.eq(low + (high ^ now[1].replicate(8))),
            smooth.eq(either + (middle << 1)),
            across.eq(smooth + Cat(smooth_qq_inv, one)),
            down.eq(((Cat(one, either) + Cat(one, rise_sum)) >> 1) ^ (1 << 10)),
        ]
        with m.If(now[0]):
            m.d.sync += [smooth_q.eq(smooth), smooth_qq_inv.eq(~smooth_q)]
        with m.If(now[1]):
            total = Cat(one, rise_q) + Cat(one, one, either)
            m.d.sync += [rise_q.eq(either), rise_sum.eq(total >> 1)]
        return across, down


class PoolingInTurns(Pooling):
    """Gathers gradients in cells as `Pooling` does, with a memory for each bank of rows alone.

    The banks of columns take turns in it, a cycle each. A position is followed by another `turns`
    cycles later, so that cells have been written before they are read again, and there are no runs.

    Members
    -------
    advance : In(1)
        A position is accepted; not in the ``turns - 1`` cycles behind another one.
    """

    def __init__(self, p: Params):
        super().__init__(p)
        self.latency, self.turns = LATENCY, max(SHORTEST, self.columns.n_banks)

    def _gather(self, m, now, cell, row_shown, column_shown):
        columns, rows, turn = self.columns, self.rows, now[self.latency - 1 :]
        banks = range(columns.n_banks)
        bank, row = Signal.like(column_shown), Signal.like(row_shown)
        here, addend = Signal(), Signal(MAGNITUDE_BITS + 1)
        m.d.comb += [
            bank.eq(reduce(or_, (Mux(turn[k], k, 0) for k in banks))),
            here.eq(Cat(turn[k] & columns.inside[k] for k in banks).any()),
        ]
        heavy, index = Array(columns.heavy)[bank], Array(columns.index[k] for k in banks)[bank]
        m.d.sync += addend.eq(self.magnitude << heavy)
        with m.If(self.fetch):
            m.d.sync += row.eq(row_shown)
        words = []
        for r in range(rows.n_banks):
            m.submodules[f"bank{r}"] = block = memory.Memory(
                shape=SUM_BITS, depth=1 << len(bank) + len(cell), init=[]
            )
            read, write = block.read_port(), block.write_port()
            position = Cat(bank, index, rows.index[r], self.octant)
            heavy_row = Signal(name=f"heavy{r}")
            m.d.comb += [
                read.addr.eq(Mux(self.fetch, Cat(column_shown, cell), position)),
                read.en.eq(self.fetch | ~self.drain),
                write.data.eq(Mux(self.drain, 0, read.data + (addend << heavy_row))),
            ]
            m.d.sync += [
                heavy_row.eq(rows.heavy[r]),
                write.addr.eq(read.addr),
                # A cell that is shown is cleared.
                write.en.eq(Mux(self.fetch, row_shown == r, here & rows.inside[r])),
            ]
            words.append(read.data)
        return Array(words)[row]


class OrientedInTurns(Walking):
    """Edges in eight directions, gathered in cells, a position in ``turns`` cycles.

    FILL takes no position in the ``turns - 1`` cycles behind another. A pixel is registered, and
    the walk goes on, a cycle later than that of other fields, and lines are read two cycles later.
    """

    def __init__(self, p: Params):
        self.pooling = PoolingInTurns(p)
        super().__init__(p, n_lines=2, pipeline=self.pooling.delay + 1)

    def elaborate(self, platform) -> Module:
        m = Module()
        column = self._walk(m)
        m.submodules.gradient = gradient = GradientInTurns()
        m.submodules.pooling = self.pooling
        m.d.comb += [gradient.column.eq(Cat(column)), gradient.advance.eq(self.advance)]
        self.pooling.join(m, self, gradient)
        return m

    def _walk(self, m):
        write, read = self._lines(m)
        turns = self.pooling.turns
        recent, pixel_inv = Signal(turns), Signal(shape(self.p.pixel))
        m.d.sync += recent.eq(Cat(self.advance, recent))
        self._accept(m, self.filling & ~recent[: turns - 1].any())
        with m.If(self.advance):
            m.d.sync += pixel_inv.eq(~Mux(self.inside, self.i.payload, 0))
        self._move(m, recent[0])
        m.d.comb += [
            read.addr.eq(self.x),
            read.en.eq(recent[1]),
            write.addr.eq(self.x),
            write.en.eq(recent[0]),
            write.data.eq(Cat(pixel_inv, read.data[0])),
        ]
        self._phases(m)
        return [pixel_inv, read.data[0], read.data[1]]

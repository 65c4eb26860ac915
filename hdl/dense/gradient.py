"""Length and direction of an image's gradient, for the oriented receptive field."""

from amaranth.hdl import Cat, Module, Mux, Signal, signed
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

MAGNITUDE_BITS = 9


class Gradient(wiring.Component):
    """Length and direction of the gradient of every position of the walk.

    Latency 3 cycles: the position accepted in cycle c is shown in c + 3. Throughput 1 a cycle.

    Members
    -------
    column : In(data.ArrayLayout(8, 3))
        The pixel of this position and the two above it, lowest first.
    advance : In(1)
        A position is accepted.
    magnitude : Out(MAGNITUDE_BITS)
        ``max(|gx|, |gy|) + (min(|gx|, |gy|) >> 1)``, around the pixel up and left of it.
    octant : Out(3)
        0 to 7 for E, W, S, N, SE, NW, NE, SW; any if there is no gradient.
    """

    column: In(data.ArrayLayout(8, 3))
    advance: In(1)
    magnitude: Out(MAGNITUDE_BITS)
    octant: Out(3)

    def elaborate(self, platform) -> Module:
        m = Module()
        low, middle, high = self.column
        smooth, rise = Signal(10), Signal(signed(9))
        smooth_q, smooth_qq = Signal(10), Signal(10)
        rise_q, rise_sum = Signal(signed(9)), Signal(signed(11))
        # Gradients are kept inverted: the absolute value is then one adder, not a negation too.
        gx_inv, gy_inv = Signal(signed(9)), Signal(signed(9))
        dx, dy, west, north = Signal(8), Signal(8), Signal(), Signal()
        m.d.comb += [smooth.eq(low + high + (middle << 1)), rise.eq(low - high)]
        with m.If(self.advance):
            m.d.sync += [
                smooth_q.eq(smooth),
                smooth_qq.eq(smooth_q),
                rise_q.eq(rise),
                rise_sum.eq(rise_q + (rise << 1)),
                gx_inv.eq(~((smooth - smooth_qq) >> 2)),
                gy_inv.eq(~((rise + rise_sum) >> 2)),
            ]
        m.d.sync += [
            dx.eq(Mux(gx_inv[-1], ~gx_inv, gx_inv + 1)),
            dy.eq(Mux(gy_inv[-1], ~gy_inv, gy_inv + 1)),
            west.eq(~gx_inv[-1]),
            north.eq(~gy_inv[-1]),
        ]
        self._polar(m, dx, dy, west, north)
        return m

    def _polar(self, m, dx, dy, west, north):
        flat, steep, diagonal = Signal(), Signal(), Signal()
        large, small = Signal(8), Signal(8)
        m.d.comb += [
            flat.eq(dx > dy),
            large.eq(Mux(flat, dx, dy)),
            small.eq(Mux(flat, dy, dx)),
            diagonal.eq(large <= (small << 1)),
            steep.eq(~flat & ~diagonal),
        ]
        m.d.sync += [
            self.magnitude.eq(large + (small >> 1)),
            self.octant.eq(
                Cat(Mux(steep, north, west), steep | diagonal & (west ^ north), diagonal)
            ),
        ]

"""Where in the core's memories a request is."""

from amaranth.hdl import Cat, Module, Mux, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.dense.interface import MemoryMap, Region
from golden.dense.params import Params
from hdl.link.protocol import COUNTER_REGION, READ_ONLY, RESERVED, limits

BYTES = 3
"""Of an index."""


class Cursor(wiring.Component):
    """A region and an index in it.

    Parameters
    ----------
    p : Params
        What the core is made for.

    Members
    -------
    counters : In(1)
        Begin with index 0 of the counters.
    load_region, load, data : In(1), In(3), In(8)
        Set the region or a byte of the index; in the region of weights and ``theta`` a lane counts.
    step, back : In(1), In(1)
        Go to the next index, or with ``back`` to the one before.
    writing : In(1)
        It is for a WRITE.
    region, index : Out(3), Out(24)
        The place.
    exists : Out(1)
        There is such a place, as of the cycle before.
    """

    def __init__(self, p: Params):
        self.p, self.limits = p, limits(p)
        ports = dict.fromkeys(("counters", "load_region", "step", "back", "writing"), In(1))
        ports |= {"load": In(BYTES), "data": In(8)}
        super().__init__(ports | {"region": Out(3), "index": Out(8 * BYTES), "exists": Out(1)})

    def elaborate(self, platform) -> Module:
        m = Module()
        # Wide enough for the index behind the last one; a higher bit that is set is remembered.
        bits = max(RESERVED, *self.limits.values()).bit_length()
        index, beyond, loads = Signal(bits), Signal(), self.load.any()
        at, lanes = MemoryMap(self.p), self.p.n_lanes
        gap = (1 << at.lane_bits) - lanes
        lane, by_lanes = index[: at.lane_bits], Signal()
        m.d.comb += [
            self.index.eq(index),
            by_lanes.eq((self.region == Region.WEIGHTS) | (self.region == Region.THETA)),
        ]
        addend = self.back.replicate(bits)
        if gap:
            jump = by_lanes & (lane == Mux(self.back, 0, lanes - 1))
            addend = addend ^ Mux(jump, gap, 0)
        operand = Mux(loads, self.data.replicate(BYTES)[:bits], addend)
        following = Signal(bits)
        # The bit below is what carries a 1 in.
        total = (Cat(1, index) + Cat(~self.back, operand))[1 : bits + 1]
        m.d.comb += following.eq(Mux(loads, operand, total))
        for byte in range(BYTES):
            place = slice(8 * byte, min(8 * byte + 8, bits))
            with m.If(self.step | self.load[byte]):
                m.d.sync += index[place].eq(following[place])
            with m.If(self.load[byte] & self.data[max(0, min(8, bits - 8 * byte)) :].any()):
                m.d.sync += beyond.eq(1)
        with m.If(self.load_region):
            m.d.sync += [self.region.eq(self.data), beyond.eq(self.data[3:].any())]
        with m.If(self.counters):
            m.d.sync += [self.region.eq(COUNTER_REGION), index.eq(0)]
        lane_exists = ~by_lanes | (lane < lanes) if gap else 1
        m.d.sync += self.exists.eq((index < self._limit(m, bits)) & ~beyond & lane_exists)
        return m

    def _limit(self, m, bits):
        limit = Signal(bits)
        with m.Switch(Cat(self.region, self.writing)):
            for region, end in self.limits.items():
                with m.Case(region):
                    m.d.comb += limit.eq(end)
                if region not in READ_ONLY:
                    with m.Case(region | 1 << len(self.region)):
                        m.d.comb += limit.eq(end)
        return limit

"""Where in the core's memories a request is."""

from functools import reduce
from operator import or_

from amaranth.hdl import Cat, Module, Mux, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from hdl.link.protocol import LinkMap

BYTES = 3
"""Of an index."""


class Cursor(wiring.Component):
    """A region and an index in it.

    Parameters
    ----------
    places : LinkMap
        What lies where.

    Members
    -------
    counters : In(1)
        Begin with index 0 of the counters.
    load_region, load, data : In(1), In(3), In(8)
        Set the region or a byte of the index; in some regions its low bits are a lane.
    step, back, offset : In(1), In(1), In
        Go to the next index, with ``back`` to the one before, or from index 0 to ``offset``.
    judge : In(1)
        Compare the index with the limit; nothing is loaded and no step made meanwhile.
    writing : In(1)
        It is for a WRITE.
    region, index : Out(places.region_bits), Out(24)
        The place.
    exists : Out(1)
        There is such a place, if it was judged in the cycle before.
    """

    def __init__(self, places: LinkMap):
        self.places = places
        ports = dict.fromkeys(("counters", "load_region", "step", "back"), In(1))
        ports |= {"judge": In(1), "writing": In(1), "load": In(BYTES), "data": In(8)}
        ports |= {"offset": In(len(places.counters).bit_length())}
        super().__init__(
            ports | {"region": Out(places.region_bits), "index": Out(8 * BYTES), "exists": Out(1)}
        )

    def elaborate(self, platform) -> Module:
        m = Module()
        # Wide enough for the index behind the last one; a higher bit that is set is remembered.
        extents = self.places.extents
        bits = max(self.places.reserved, *(extent.size for extent in extents.values())).bit_length()
        index, beyond, loads = Signal(bits), Signal(), self.load.any()
        lanes, laned = self.places.lanes, [n for n, extent in extents.items() if extent.lanes]
        gap = (1 << self.places.lane_bits) - lanes
        lane, by_lanes = index[: self.places.lane_bits], Signal()
        m.d.comb += self.index.eq(index)
        if laned:
            m.d.comb += by_lanes.eq(reduce(or_, (self.region == number for number in laned)))
        addend = self.back.replicate(bits)
        if gap:
            jump = by_lanes & ~self.judge & (lane == Mux(self.back, 0, lanes - 1))
            addend = addend ^ Mux(jump, gap, 0)
        moving = Mux(loads, self.data.replicate(BYTES)[:bits], addend | self.offset)
        # Of what is judged, the sum is too large if there is no such place. A step is known late.
        operand = moving | Mux(self.judge, ~self._limit(m, bits), 0)
        following = Signal(bits)
        # The bit below is what carries a 1 in.
        total = Cat(1, index) + Cat(~self.back & ~self.offset.any(), operand)
        m.d.comb += following.eq(Mux(loads, operand, total[1 : bits + 1]))
        for byte in range(BYTES):
            place = slice(8 * byte, min(8 * byte + 8, bits))
            with m.If(self.step | self.load[byte]):
                m.d.sync += index[place].eq(following[place])
            with m.If(self.load[byte] & self.data[max(0, min(8, bits - 8 * byte)) :].any()):
                m.d.sync += beyond.eq(1)
        with m.If(self.load_region):
            m.d.sync += [self.region.eq(self.data), beyond.eq(self.data[len(self.region) :].any())]
        with m.If(self.counters):
            m.d.sync += [self.region.eq(self.places.counter_region), index.eq(0)]
        lane_exists = ~by_lanes | (lane < lanes) if gap else 1
        m.d.sync += self.exists.eq(~total[bits + 1] & ~beyond & lane_exists)
        return m

    def _limit(self, m, bits):
        limit = Signal(bits)
        m.d.sync += limit.eq(0)
        with m.Switch(Cat(self.region, self.writing)):
            for region, extent in self.places.extents.items():
                with m.Case(region):
                    m.d.sync += limit.eq(extent.size)
                if extent.writable:
                    with m.Case(region | 1 << len(self.region)):
                        m.d.sync += limit.eq(extent.size)
        return limit

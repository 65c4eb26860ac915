"""One request of the host at a time, between runs."""

from functools import reduce
from operator import or_

from amaranth.hdl import Module, Mux, Signal, unsigned
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from golden.network.chip import Chip
from golden.network.interface import (
    DATA_BITS,
    HOST_CYCLES,
    INDEX_BITS,
    Region,
    extents,
    streams,
)
from hdl.numbers.fields import payload

SIDE_BY_SIDE = 2
"""Regions of which one is chosen before a register: a lookup table for a bit of both."""


class NetworkHost(wiring.Component):
    """Serve a request in five cycles.

    A table or a register is written in the first cycle and read in all, so that a write is
    answered with what was written of it. A word of cells is written and read two cycles later, as
    its slot comes through the counters that address it in a run: too late to be read back. What is
    shown comes from all over the part: it is chosen in two steps, with a register between them.

    Members
    -------
    request : In(payload of bus)
        The same in all cycles, and in the one before.
    read, cycle : In(1), In(5)
        It is one of the cycles; which, one bit each.
    index, data : Out(24), Out(32)
        Of the request; whoever has to do with the host shows the word ``index`` with ``read``.
    write : Out(one bit a region)
    aim : Out(1)
        ``index`` is a slot.
    shown : In(array)
        What each region shows, from the fourth cycle on at the latest.
    response : Out(32)
        After the last cycle: what was read; or what was written, as much of it as was.
    """

    def __init__(self, chip: Chip):
        self.chip = chip
        self.widths = [bits for _, bits in extents(chip)]
        n = len(self.widths)
        self.cells = range(len(Region), len(Region) + len(chip.words))
        super().__init__({
            "request": In(payload(streams(chip)["bus"].fields)),
            "cycle": In(HOST_CYCLES),
            "index": Out(INDEX_BITS),
            "data": Out(DATA_BITS),
            "read": In(1),
            "write": Out(n),
            "aim": Out(1),
            "shown": In(data.ArrayLayout(unsigned(DATA_BITS), n)),
            "response": Out(DATA_BITS),
        })

    def elaborate(self, platform):
        m = Module()
        request = Signal.like(self.request)
        m.d.sync += request.eq(self.request)
        m.d.comb += [
            self.index.eq(request.index),
            self.data.eq(request.data),
            self.aim.eq(self.cycle[0]),
        ]
        chosen_of = range(0, len(self.widths), SIDE_BY_SIDE)
        found = [Signal(DATA_BITS, name=f"found{i}") for i in chosen_of]
        m.d.sync += [each.eq(0) for each in found]
        for region, width in enumerate(self.widths):
            chosen, of_cells = request.region == region, region in self.cells
            writes = self.cycle[2 if of_cells else 0] & request.write
            m.d.comb += self.write[region].eq(writes & chosen)
            with m.If(chosen):
                told = self.shown[region]
                told = Mux(request.write & of_cells, request.data, told)
                m.d.sync += found[region // SIDE_BY_SIDE].eq(told[:width])
        with m.If(self.cycle[-1]):
            m.d.sync += self.response.eq(reduce(or_, found))
        return m

"""One request of the host at a time, between runs."""

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


class NetworkHost(wiring.Component):
    """Serve a request in four cycles.

    A table or a register is written in the first cycle and read in all, so that a write is
    answered with what was written of it. A word of cells is written and read two cycles later, as
    its slot comes through the counters that address it in a run: too late to be read back.

    Members
    -------
    request : In(payload of bus)
        The same in all cycles.
    cycle : In(4)
        The cycles, one bit each.
    index, data : Out(24), Out(32)
        Of the request.
    read : Out(1)
        Everybody shows the word ``index``.
    write : Out(one bit a region)
    aim : Out(1)
        ``index`` is a slot.
    shown : In(array)
        What each region shows, from the second cycle on, of cells in the last one.
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
            "read": Out(1),
            "write": Out(n),
            "aim": Out(1),
            "shown": In(data.ArrayLayout(unsigned(DATA_BITS), n)),
            "response": Out(DATA_BITS),
        })

    def elaborate(self, platform):
        m = Module()
        request, answer = self.request, Signal(DATA_BITS)
        m.d.comb += [
            self.index.eq(request.index),
            self.data.eq(request.data),
            self.aim.eq(self.cycle[0]),
            self.read.eq(self.cycle.any()),
        ]
        for region, width in enumerate(self.widths):
            chosen, of_cells = request.region == region, region in self.cells
            writes = self.cycle[2 if of_cells else 0] & request.write
            m.d.comb += self.write[region].eq(writes & chosen)
            with m.If(chosen):
                told = self.shown[region]
                told = Mux(request.write & of_cells, request.data, told)
                m.d.comb += answer.eq(told[:width])
        with m.If(self.cycle[-1]):
            m.d.sync += self.response.eq(answer)
        return m

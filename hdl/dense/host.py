"""The host's side: one request for a register or a word of memory at a time, between images."""

from amaranth.hdl import Module, Mux, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.dense.declaration import DATA
from golden.dense.interface import INDEX, MemoryMap, Region, streams
from golden.dense.params import GAIN, Params
from hdl.dense.membrane import Issue, LaneOp
from hdl.numbers.fields import payload
from hdl.numbers.formats import shape

HOST_CYCLES = 4
"""Cycles of a request."""


class Host(wiring.Component):
    """Serve one request in four cycles.

    Members
    -------
    request : In(payload of bus)
        The same in all four cycles.
    cycle : In(HOST_CYCLES)
        The four cycles, one bit each.
    response : Out(32)
        Valid after the fourth cycle: what was read; 0 if the request was a write.
    busy : Out(1)
        In those cycles.
    register_en, w_en, last_en, table_en : Out(1)
        Write ``data`` there, in the first cycle.
    w_read : Out(1)
        Read the weight memory.
    issue : Out(Issue)
        Read or write a threshold, in the first cycle.
    index, word, lane, axon, data : Out
        Parts of the request.
    register, weight, value, last, table, neuron : In
        What was read, in the fourth cycle.
    """

    def __init__(self, p: Params):
        self.p = p
        self.at = at = MemoryMap(p)
        strobes = ("busy", "register_en", "w_en", "last_en", "table_en", "w_read")
        super().__init__({
            "request": In(payload(streams(p)["bus"].fields)),
            "cycle": In(HOST_CYCLES),
            "response": Out(DATA.width),
            **{name: Out(1) for name in strobes},
            "issue": Out(Issue(p)),
            "index": Out(INDEX.width),
            "word": Out(at.word_bits),
            "lane": Out(at.lane_bits),
            "axon": Out(at.axon_bits),
            "data": Out(DATA.width),
            "register": In(DATA.width),
            "weight": In(shape(p.w)),
            "value": In(shape(p.theta)),
            "last": In(shape(p.last)),
            "table": In(shape(GAIN)),
            "neuron": In(at.neuron_bits),
        })

    def elaborate(self, platform):
        m = Module()
        request = self.request
        first = self.cycle[0]
        writes = first & request.write
        m.d.comb += [
            self.busy.eq(self.cycle.any()),
            self.index.eq(request.index),
            self.word.eq(request.index >> self.at.lane_bits),
            self.lane.eq(request.index),
            self.axon.eq(request.index),
            self.data.eq(request.data),
            self.register_en.eq(writes & (request.region == Region.REGISTERS)),
            self.w_en.eq(writes & (request.region == Region.WEIGHTS)),
            self.w_read.eq(first & ~request.write & (request.region == Region.WEIGHTS)),
            self.last_en.eq(writes & (request.region == Region.LAST)),
            self.table_en.eq(writes & (request.region == Region.TABLE)),
        ]
        m.d.comb += [
            self.issue.valid.eq(first & (request.region == Region.THETA)),
            self.issue.write.eq(request.write),
            self.issue.word.eq(self.word),
            self.issue.theta.eq(1),
            self.issue.op.eq(LaneOp.CONST),
            self.issue.zero.eq(request.write),
            self.issue.one.eq(1),
            self.issue.lane.eq(self.lane),
            self.issue.const.eq(Mux(request.write, request.data[: self.p.theta.width], 0)),
        ]
        read = Signal(DATA.width)
        with m.Switch(request.region):
            with m.Case(Region.REGISTERS):
                m.d.comb += read.eq(self.register)
            with m.Case(Region.WEIGHTS):
                m.d.comb += read.eq(self.weight.as_unsigned())
            with m.Case(Region.THETA):
                m.d.comb += read.eq(self.value)
            with m.Case(Region.LAST):
                m.d.comb += read.eq(self.last)
            with m.Case(Region.TABLE):
                m.d.comb += read.eq(self.table)
            with m.Case(Region.SPIKES):
                m.d.comb += read.eq(self.neuron)
        with m.If(self.cycle[-1]):
            m.d.sync += self.response.eq(Mux(request.write, 0, read))
        return m

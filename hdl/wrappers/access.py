"""Words of one space of addresses become requests on the core's bus, or errors."""

from amaranth.hdl import Module
from amaranth.lib import stream, wiring
from amaranth.lib.wiring import In, Out

from golden.dense.declaration import DATA
from golden.dense.interface import streams
from golden.dense.params import Params
from hdl.numbers.fields import payload
from hdl.wrappers.addresses import WordAddresses


class WordAccess(wiring.Component):
    """One word at a time: three cycles for an error, as long as the core takes for any other.

    While the core presents an image, a request waits until that ends.

    Members
    -------
    valid, write, place, data : In
        A request, which stays until ``done``.
    done : Out(1)
        For one cycle: it is over. The next request may begin in the cycle after it.
    error : Out(1)
        Beside ``done``: there is no such word, or it cannot be written, and nothing was done.
    answer : Out(32)
        Beside ``done``: what was read or written; 0 with an error.
    bus, response : Out(stream), In(stream)
        Those of the core.
    """

    def __init__(self, p: Params):
        self.addresses = WordAddresses(p)
        ports = streams(p)
        super().__init__({
            "valid": In(1),
            "write": In(1),
            "place": In(self.addresses.bits),
            "data": In(DATA.width),
            "done": Out(1),
            "error": Out(1),
            "answer": Out(DATA.width),
            "bus": Out(stream.Signature(payload(ports["bus"].fields))),
            "response": In(stream.Signature(payload(ports["response"].fields))),
        })

    def elaborate(self, platform):
        m, at = Module(), self.addresses
        exists = at.exists(m, self.place, self.write)
        m.d.comb += [
            self.bus.payload.write.eq(self.write),
            self.bus.payload.region.eq(at.region(self.place)),
            self.bus.payload.index.eq(at.index(self.place)),
            self.bus.payload.data.eq(self.data),
        ]
        with m.FSM():
            with m.State("IDLE"):
                m.d.sync += [self.error.eq(~exists), self.answer.eq(0)]
                with m.If(self.valid & exists):
                    m.next = "ASK"
                with m.Elif(self.valid):
                    m.next = "DONE"
            with m.State("ASK"):
                m.d.comb += self.bus.valid.eq(1)
                with m.If(self.bus.ready):
                    m.next = "TAKE"
            with m.State("TAKE"):
                m.d.comb += self.response.ready.eq(1)
                m.d.sync += self.answer.eq(self.response.payload.data)
                with m.If(self.response.valid):
                    m.next = "DONE"
            with m.State("DONE"):
                m.d.comb += self.done.eq(1)
                m.next = "IDLE"
        return m

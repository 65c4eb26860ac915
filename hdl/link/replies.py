"""Replies as frames: checksum, escapes and end."""

from amaranth.hdl import Module, Mux, Signal
from amaranth.lib import data, stream, wiring
from amaranth.lib.wiring import In, Out

from hdl.link.checksum import Checksum
from hdl.link.protocol import CRC
from hdl.link.slip import SlipEncoder

ITEM = data.StructLayout({"byte": 8, "end": 1})


class Replies(wiring.Component):
    """Send the bytes of replies as they come, then their checksum.

    The other end of ``o`` takes at most one byte in 9 cycles, so that the checksum keeps up.

    Members
    -------
    i : In(stream of {byte, end})
        A byte of a reply; or, without one, its end.
    o : Out(stream of 8 bits)
        What goes over the line.
    """

    def __init__(self):
        super().__init__({"i": In(stream.Signature(ITEM)), "o": Out(stream.Signature(8))})

    def elaborate(self, platform) -> Module:
        m = Module()
        m.submodules.checksum = checksum = Checksum()
        m.submodules.encoder = encoder = SlipEncoder()
        wiring.connect(m, encoder.o, wiring.flipped(self.o))
        sent, item, held = Signal(range(CRC + 1)), Signal(ITEM), Signal()
        taken, done = encoder.i.valid & encoder.i.ready, Signal()
        m.d.comb += [
            # What is held keeps the executor's logic and the line's apart.
            self.i.ready.eq(~held),
            encoder.i.valid.eq(held),
            encoder.i.payload.eq(Mux(item.end, checksum.byte, item.byte)),
            encoder.end.eq(sent[2]),
            done.eq(taken & (~item.end | sent[2])),
            checksum.payload.eq(item.byte),
            checksum.valid.eq(taken & ~item.end),
            checksum.skip.eq(taken & item.end),
            checksum.start.eq(taken & sent[2]),
        ]
        with m.If(~held):
            m.d.sync += [item.eq(self.i.payload), held.eq(self.i.valid)]
        with m.Elif(done):
            m.d.sync += held.eq(0)
        with m.If(taken & item.end):
            m.d.sync += sent.eq(Mux(sent[2], 0, sent + 1))
        return m

"""Escapes of SLIP (RFC 1055) between bytes on the line and those of a frame."""

from amaranth.hdl import Module, Mux, Signal
from amaranth.lib import stream, wiring
from amaranth.lib.wiring import In, Out

from hdl.link.protocol import END, ESC, ESC_END, ESC_ESC


class SlipDecoder(wiring.Component):
    """From bytes on the line to those of frames, a cycle later.

    Members
    -------
    i_valid, i_payload, i_error : In(1), In(8), In(1)
        A byte has come, or a bad one.
    valid, payload : Out(1), Out(8)
        A byte of a frame.
    end : Out(1)
        The frame's end.
    error : Out(1)
        The frame is spoilt; with ``end`` or before it.
    """

    def __init__(self):
        super().__init__({
            "i_valid": In(1),
            "i_payload": In(8),
            "i_error": In(1),
            "valid": Out(1),
            "payload": Out(8),
            "end": Out(1),
            "error": Out(1),
        })

    def elaborate(self, platform) -> Module:
        m = Module()
        byte, escaped = self.i_payload, Signal()
        end, escape = byte == END, byte == ESC
        known = (byte == ESC_END) | (byte == ESC_ESC)
        m.d.sync += [
            self.payload.eq(Mux(escaped, Mux(byte[0], ESC, END), byte)),
            self.end.eq(self.i_valid & end),
            self.valid.eq(self.i_valid & Mux(escaped, known, ~end & ~escape)),
            self.error.eq(self.i_error | (self.i_valid & escaped & ~known)),
        ]
        with m.If(self.i_valid):
            m.d.sync += escaped.eq(escape & ~escaped)
        return m


class SlipEncoder(wiring.Component):
    """From bytes of frames to those on the line, in the same cycle; an escaped one takes two.

    Members
    -------
    i : In(stream of 8 bits)
        A byte of a frame.
    end : In(1)
        Instead of it, the frame's end.
    o : Out(stream of 8 bits)
        What goes over the line.
    """

    def __init__(self):
        byte = stream.Signature(8)
        super().__init__({"i": In(byte), "end": In(1), "o": Out(byte)})

    def elaborate(self, platform) -> Module:
        m = Module()
        byte, escaped, special = self.i.payload, Signal(), Signal()
        m.d.comb += [
            special.eq(((byte == END) | (byte == ESC)) & ~self.end),
            self.o.valid.eq(self.i.valid),
            self.i.ready.eq(self.o.ready & (escaped | ~special)),
        ]
        with m.If(self.end):
            m.d.comb += self.o.payload.eq(END)
        with m.Elif(escaped):
            m.d.comb += self.o.payload.eq(Mux(byte == END, ESC_END, ESC_ESC))
        with m.Elif(special):
            m.d.comb += self.o.payload.eq(ESC)
        with m.Else():
            m.d.comb += self.o.payload.eq(byte)
        with m.If(self.o.valid & self.o.ready):
            m.d.sync += escaped.eq(special & ~escaped)
        return m

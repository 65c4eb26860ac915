"""Packets of pixels become images: every packet is presented once, whatever its length."""

from amaranth.hdl import Module, Signal
from amaranth.lib import data, stream, wiring
from amaranth.lib.wiring import In, Out

from golden.dense.interface import streams
from golden.dense.params import Params
from golden.numbers.formats import index_bits
from hdl.numbers.fields import payload


class Packets(wiring.Component):
    """Make an image of every packet, and order its presentation.

    A packet that is too short is filled with zeros, of one that is too long the rest is dropped,
    and a label that is no class is none: all these are presented as ``bad``.

    Members
    -------
    beats : In(stream of pixel, last and user)
        Pixels in row order; ``user`` of the last is the payload of ``start``.
    pixels : Out(stream)
        Those of the core.
    order : Out(stream of start and bad)
        As of `hdl.wrappers.presenter.Presenter`.
    """

    def __init__(self, p: Params):
        self.p = p
        ports = streams(p)
        pixel, start = (payload(ports[name].fields) for name in ("pixels", "start"))
        beat = data.StructLayout({"pixel": pixel, "last": 1, "user": start})
        super().__init__({
            "beats": In(stream.Signature(beat)),
            "pixels": Out(stream.Signature(pixel)),
            "order": Out(stream.Signature(data.StructLayout({"start": start, "bad": 1}))),
        })

    def elaborate(self, platform):
        m, beat, order = Module(), self.beats.payload, self.order.payload
        n_pixels = self.p.height * self.p.width
        count, taken = Signal(index_bits(n_pixels)), self.pixels.valid & self.pixels.ready
        full = count == n_pixels - 1
        with m.If(self.beats.valid & self.beats.ready & beat.last):
            m.d.sync += order.start.eq(beat.user)
        with m.If(taken):
            m.d.sync += count.eq(count + 1)
        with m.FSM():
            with m.State("PIXELS"):
                m.d.comb += [
                    self.pixels.valid.eq(self.beats.valid),
                    self.pixels.payload.eq(beat.pixel),
                    self.beats.ready.eq(self.pixels.ready),
                ]
                m.d.sync += order.bad.eq(~(full & beat.last) | self._no_class(beat.user))
                with m.If(taken & full & beat.last):
                    m.next = "ORDER"
                with m.Elif(taken & full):
                    m.next = "DROP"
                with m.Elif(taken & beat.last):
                    m.next = "FILL"
            with m.State("FILL"):
                m.d.comb += self.pixels.valid.eq(1)
                with m.If(taken & full):
                    m.next = "ORDER"
            with m.State("DROP"):
                m.d.comb += self.beats.ready.eq(1)
                with m.If(self.beats.valid & beat.last):
                    m.next = "ORDER"
            with m.State("ORDER"):
                m.d.comb += self.order.valid.eq(1)
                m.d.sync += count.eq(0)
                with m.If(self.order.ready):
                    m.next = "PIXELS"
        return m

    def _no_class(self, user):
        return user.learn & (user.label >= self.p.n_classes)

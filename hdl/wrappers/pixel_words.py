"""Pixels that are written four at a time become an image, whose presentation is ordered."""

from amaranth.hdl import Module, Signal
from amaranth.lib import data, stream, wiring
from amaranth.lib.wiring import In, Out

from golden.dense.declaration import DATA
from golden.dense.interface import streams
from golden.dense.params import Params
from golden.numbers.fields import BYTE
from golden.numbers.formats import index_bits
from hdl.numbers.fields import payload

COUNT_BITS = 16
LANES = DATA.width // BYTE


class PixelWords(wiring.Component):
    """Take a word of pixels, a byte a cycle, and keep one order until a presentation begins.

    Members
    -------
    valid, word, sel : In
        Up to four pixels in row order, from the lowest byte that ``sel`` selects on. They stay
        until ``done``.
    done : Out(1)
        For one cycle: the word is over.
    room : Out(1)
        Beside ``done``: every pixel had room; those that had none are lost.
    begin, how : In(1), In(payload of start)
        Order a presentation, in this cycle.
    begun : Out(1)
        In the same: it is ordered. Else the image is not complete, another order waits, or the
        label is no class.
    count : Out(COUNT_BITS)
        Pixels that have come in; 0 again when the presentation begins.
    waits : Out(1)
        An order waits.
    pixels : Out(stream)
        Those of the core.
    order : Out(stream of start and bad)
        As of `hdl.wrappers.presenter.Presenter`; never bad.
    """

    def __init__(self, p: Params):
        self.p = p
        self.n_pixels = p.height * p.width
        if self.n_pixels >= 1 << COUNT_BITS:
            most = (1 << COUNT_BITS) - 1
            raise ValueError(f"an image must have at most {most} pixels here, not {self.n_pixels}")
        ports = streams(p)
        pixel, start = (payload(ports[name].fields) for name in ("pixels", "start"))
        super().__init__({
            "valid": In(1),
            "word": In(DATA.width),
            "sel": In(LANES),
            "done": Out(1),
            "room": Out(1),
            "begin": In(1),
            "how": In(start),
            "begun": Out(1),
            "count": Out(COUNT_BITS),
            "waits": Out(1),
            "pixels": Out(stream.Signature(pixel)),
            "order": Out(stream.Signature(data.StructLayout({"start": start, "bad": 1}))),
        })

    def elaborate(self, platform):
        m, lane, lost = Module(), Signal(index_bits(LANES)), Signal()
        full = self.count == self.n_pixels
        selected = self.valid & self.sel.bit_select(lane, 1)
        step = self.valid & (~selected | full | self.pixels.ready)
        m.d.comb += [
            self.pixels.payload.eq(self.word.word_select(lane, BYTE)),
            self.pixels.valid.eq(selected & ~full),
            self.done.eq(step & (lane == LANES - 1)),
            self.room.eq(~lost & ~(selected & full)),
        ]
        with m.If(step):
            m.d.sync += [lane.eq(lane + 1), lost.eq(~self.room & ~self.done)]
        with m.If(self.pixels.valid & self.pixels.ready):
            m.d.sync += self.count.eq(self.count + 1)
        is_class = ~self.how.learn | (self.how.label < self.p.n_classes)
        m.d.comb += [
            self.begun.eq(self.begin & full & ~self.waits & is_class),
            self.order.valid.eq(self.waits),
        ]
        with m.If(self.begun):
            m.d.sync += [self.waits.eq(1), self.order.payload.start.eq(self.how)]
        with m.If(self.order.valid & self.order.ready):
            m.d.sync += [self.waits.eq(0), self.count.eq(0)]
        return m

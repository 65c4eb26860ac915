# amaranth: UnusedElaboratable=no
"""Wishbone B4, classic or pipelined, for the bus, images and results."""

from enum import IntEnum

from amaranth.hdl import Cat, Module, Mux, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.dense.declaration import DATA
from golden.dense.params import Params
from hdl.wrappers.addresses import OWN, WordAddresses
from hdl.wrappers.pixel_words import LANES, PixelWords
from hdl.wrappers.presenter import packed
from hdl.wrappers.wrapped import Wrapped

TAKEN = ("we", "adr", "dat_w", "sel")
"""What is kept of a request."""


class Own(IntEnum):
    """Words of the region `hdl.wrappers.addresses.OWN`."""

    PIXELS = 0
    """Write up to four pixels, as of `hdl.wrappers.pixel_words.PixelWords`."""
    START = 1
    """Write ``learn`` in bit 0 and the label above it: present the image that is complete."""
    RESULT = 2
    """Read a result, as of `hdl.wrappers.presenter.packed`, and take it; 0 if there is none."""
    STATUS = 3
    """Read how many pixels have come in, and from bit 16 on: an order waits; a presentation is
    under way; a result waits."""


class WishboneCore(Wrapped):
    """The dense core on a Wishbone bus of 32 bits, one classic cycle at a time.

    An address is a word of `hdl.wrappers.addresses.WordAddresses`. Words of the core wait while an
    image is presented, those of the wrapper only until the core takes a pixel. ``err``: there is no
    such word; it cannot be written, or cannot be read; not all bytes of it are written, but for
    PIXELS; pixels had no room; or START came without a complete image, while another waits, or with
    a label that does not exist. Who lets ``cyc`` fall before the end gets no answer, and what was
    begun is done all the same.

    Members
    -------
    wb_cyc, wb_stb, wb_we, wb_adr, wb_dat_w, wb_sel : In
        Of the master.
    wb_dat_r, wb_ack, wb_err : Out
        To the master.
    irq : Out(1)
        A result waits.

    Raises
    ------
    ValueError
        If an image has too many pixels to be counted.
    """

    pipelined = False

    def __init__(self, p: Params):
        self.words = PixelWords(p)
        super().__init__(
            p,
            {
                "wb_cyc": In(1),
                "wb_stb": In(1),
                "wb_we": In(1),
                "wb_adr": In(WordAddresses(p).bits),
                "wb_dat_w": In(DATA.width),
                "wb_sel": In(LANES),
                "wb_dat_r": Out(DATA.width),
                "wb_ack": Out(1),
                "wb_err": Out(1),
                "irq": Out(1),
                **({"wb_stall": Out(1)} if self.pipelined else {}),
            },
        )

    def elaborate(self, platform):
        m = Module()
        self.connect(m)
        m.submodules.words = words = self.words
        wiring.connect(m, words.pixels, self.core.pixels)
        wiring.connect(m, words.order, self.presenter.order)
        taken = {name: Signal.like(getattr(self, f"wb_{name}")) for name in TAKEN}
        m.d.comb += [
            self.irq.eq(self.presenter.answer.valid),
            self.access.write.eq(taken["we"]),
            self.access.place.eq(taken["adr"]),
            self.access.data.eq(taken["dat_w"]),
            words.word.eq(taken["dat_w"]),
            words.sel.eq(taken["sel"]),
            words.how.eq(taken["dat_w"]),
        ]
        self._serve(m, taken)
        return m

    def _serve(self, m, taken):
        heard, fine = Signal(), Signal()
        with m.If(~self.wb_cyc):
            m.d.sync += heard.eq(0)
        with m.FSM() as fsm:
            if self.pipelined:
                m.d.comb += self.wb_stall.eq(~fsm.ongoing("IDLE"))
            with m.State("IDLE"):
                m.d.sync += [value.eq(getattr(self, f"wb_{name}")) for name, value in taken.items()]
                m.d.sync += [fine.eq(0), heard.eq(self.wb_cyc)]
                with m.If(self.wb_cyc & self.wb_stb):
                    m.next = "JUDGE"
            with m.State("JUDGE"):
                self._judge(m, taken, fine)
            with m.State("CORE"):
                m.d.comb += self.access.valid.eq(1)
                m.d.sync += [self.wb_dat_r.eq(self.access.answer), fine.eq(~self.access.error)]
                with m.If(self.access.done):
                    m.next = "REPLY"
            with m.State("PIXELS"):
                m.d.comb += self.words.valid.eq(1)
                m.d.sync += fine.eq(self.words.room)
                with m.If(self.words.done):
                    m.next = "REPLY"
            with m.State("REPLY"):
                there = heard & self.wb_cyc & (self.pipelined | self.wb_stb)
                m.d.comb += [self.wb_ack.eq(there & fine), self.wb_err.eq(there & ~fine)]
                m.next = "IDLE"

    def _judge(self, m, taken, fine):
        """Begin what takes time, and do the rest at once."""
        at, write, place = self.access.addresses, taken["we"], taken["adr"]
        whole, own, answer = ~write | taken["sel"].all(), at.index(place), self.presenter.answer
        m.next = "REPLY"
        with m.If((at.region(place) != OWN) & whole):
            m.next = "CORE"
        with m.Elif(at.region(place) == OWN):
            with m.If((own == Own.PIXELS) & write):
                m.next = "PIXELS"
            with m.Elif((own == Own.START) & write & whole):
                more = taken["dat_w"][len(self.words.how.as_value()) :].any()
                m.d.comb += self.words.begin.eq(~more)
                m.d.sync += fine.eq(self.words.begun)
            with m.Elif((own == Own.RESULT) & ~write):
                m.d.comb += answer.ready.eq(1)
                m.d.sync += [self.wb_dat_r.eq(Mux(answer.valid, packed(answer), 0)), fine.eq(1)]
            with m.Elif((own == Own.STATUS) & ~write):
                flags = Cat(self.words.waits, self.presenter.busy, answer.valid)
                m.d.sync += [self.wb_dat_r.eq(Cat(self.words.count, flags)), fine.eq(1)]


class PipelinedWishboneCore(WishboneCore):
    """The same with pipelined cycles: a request is taken in a cycle without ``wb_stall``.

    The next one is stalled until the cycle after the answer, so answers are in order, and the first
    comes no earlier than two cycles after its request was taken. ``wb_stb`` may fall meanwhile.

    Members
    -------
    wb_stall : Out(1)
        To the master: a request in this cycle is not taken.
    """

    pipelined = True

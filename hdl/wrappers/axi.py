# amaranth: UnusedElaboratable=no
"""AXI4-Stream for images and results, AXI4-Lite for the bus."""

from amaranth.hdl import Cat, Module, Mux, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.dense.declaration import DATA
from golden.dense.interface import streams
from golden.dense.params import Params
from golden.numbers.fields import BYTE
from hdl.numbers.fields import payload
from hdl.wrappers.addresses import WordAddresses
from hdl.wrappers.packets import Packets
from hdl.wrappers.presenter import packed
from hdl.wrappers.wrapped import Wrapped

OKAY, SLVERR = 0, 2
BYTE_BITS = 2
"""Bits of an address that choose a byte of a word; not looked at."""


class AxiCore(Wrapped):
    """The dense core with three AXI interfaces.

    A request on AXI4-Lite is a word of `hdl.wrappers.addresses.WordAddresses`; one at a time, reads
    and writes in turns, and while an image is presented they wait. SLVERR: there is no such word,
    it cannot be written, or not all of its bytes are.

    Members
    -------
    s_axil_* : AXI4-Lite, 32 bits
        The bus of the core.
    s_axis_* : AXI4-Stream
        A packet an image, a pixel a beat; ``tuser`` of the last beat is ``learn`` in bit 0, the
        label above.
    m_axis_* : AXI4-Stream, 32 bits
        A beat a packet, as of `hdl.wrappers.presenter.packed`.
    """

    def __init__(self, p: Params):
        self.packets = Packets(p)
        ports, address = streams(p), WordAddresses(p).bits + BYTE_BITS
        user = payload(ports["start"].fields).size
        super().__init__(
            p,
            {
                **_write_members(address),
                **_read_members(address),
                "s_axis_tdata": In(p.pixel.width),
                "s_axis_tuser": In(user),
                "s_axis_tlast": In(1),
                "s_axis_tvalid": In(1),
                "s_axis_tready": Out(1),
                "m_axis_tdata": Out(DATA.width),
                "m_axis_tlast": Out(1, init=1),
                "m_axis_tvalid": Out(1),
                "m_axis_tready": In(1),
            },
        )

    def elaborate(self, platform):
        m = Module()
        self.connect(m)
        m.submodules.packets = self.packets
        wiring.connect(m, self.packets.pixels, self.core.pixels)
        wiring.connect(m, self.packets.order, self.presenter.order)
        self._streams(m)
        self._lite(m)
        return m

    def _streams(self, m):
        beats, answer = self.packets.beats, self.presenter.answer
        m.d.comb += [
            beats.payload.eq(Cat(self.s_axis_tdata, self.s_axis_tlast, self.s_axis_tuser)),
            beats.valid.eq(self.s_axis_tvalid),
            self.s_axis_tready.eq(beats.ready),
            self.m_axis_tdata.eq(packed(answer)),
            self.m_axis_tvalid.eq(answer.valid),
            answer.ready.eq(self.m_axis_tready),
        ]

    def _lite(self, m):
        """Serve reads and writes in turns, each when its last answer has been taken."""
        access, writing, busy = self.access, Signal(), Signal()
        may_write = self.s_axil_awvalid & self.s_axil_wvalid & ~self.s_axil_bvalid
        may_read = self.s_axil_arvalid & ~self.s_axil_rvalid
        whole = ~writing | self.s_axil_wstrb.all()
        done = busy & (access.done | ~whole)
        response = Mux(whole & ~access.error, OKAY, SLVERR)
        place = Mux(writing, self.s_axil_awaddr, self.s_axil_araddr)
        m.d.comb += [
            access.valid.eq(busy & whole),
            access.write.eq(writing),
            access.place.eq(place >> BYTE_BITS),
            access.data.eq(self.s_axil_wdata),
            self.s_axil_awready.eq(done & writing),
            self.s_axil_wready.eq(done & writing),
            self.s_axil_arready.eq(done & ~writing),
        ]
        with m.If(self.s_axil_bready):
            m.d.sync += self.s_axil_bvalid.eq(0)
        with m.If(self.s_axil_rready):
            m.d.sync += self.s_axil_rvalid.eq(0)
        with m.If(~busy & (may_write | may_read)):
            # Whose answer waits for a cycle cannot go first again.
            m.d.sync += [busy.eq(1), writing.eq(may_write)]
        with m.If(done):
            m.d.sync += busy.eq(0)
            with m.If(writing):
                m.d.sync += [self.s_axil_bvalid.eq(1), self.s_axil_bresp.eq(response)]
            with m.Else():
                m.d.sync += [
                    self.s_axil_rvalid.eq(1),
                    self.s_axil_rresp.eq(response),
                    self.s_axil_rdata.eq(access.answer),
                ]


def _write_members(address: int) -> dict:
    return {
        "s_axil_awaddr": In(address),
        "s_axil_awprot": In(3),
        "s_axil_awvalid": In(1),
        "s_axil_awready": Out(1),
        "s_axil_wdata": In(DATA.width),
        "s_axil_wstrb": In(DATA.width // BYTE),
        "s_axil_wvalid": In(1),
        "s_axil_wready": Out(1),
        "s_axil_bresp": Out(2),
        "s_axil_bvalid": Out(1),
        "s_axil_bready": In(1),
    }


def _read_members(address: int) -> dict:
    return {
        "s_axil_araddr": In(address),
        "s_axil_arprot": In(3),
        "s_axil_arvalid": In(1),
        "s_axil_arready": Out(1),
        "s_axil_rdata": Out(DATA.width),
        "s_axil_rresp": Out(2),
        "s_axil_rvalid": Out(1),
        "s_axil_rready": In(1),
    }

"""Which frames are requests: checksum and length, and room for them."""

from amaranth.hdl import Module, Mux, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from hdl.link.checksum import Checksum
from hdl.link.protocol import HEADER


class FrameCheck(wiring.Component):
    """From bytes of frames to requests in the queue: header and payload, without the checksum.

    Bytes are put into the queue as they come, and taken back at the end if the frame was not to be
    read: it is too short or too long for its length byte, its checksum is wrong, it was spoilt, or
    the queue was full. Bytes are at least 9 cycles apart.

    Members
    -------
    valid, payload, end, error : In(1), In(8), In(1), In(1)
        Of `hdl.link.slip.SlipDecoder`.
    full : In(1)
        The queue has no place.
    put : Out(1)
        ``payload`` goes into the queue.
    commit, rollback : Out(1), Out(1)
        What has been put since the last of these is a request, or is nothing.
    bad, overflow : Out(1), Out(1)
        The frame that ends was dropped, as unreadable or for want of place.
    """

    def __init__(self):
        ports = dict.fromkeys(("valid", "end", "error", "full"), In(1))
        ports |= dict.fromkeys(("put", "commit", "rollback", "bad", "overflow"), Out(1))
        super().__init__(ports | {"payload": In(8)})

    def elaborate(self, platform) -> Module:
        m = Module()
        m.submodules.checksum = checksum = Checksum()
        header, left, checked = Signal(range(HEADER + 1)), Signal(8), Signal(3)
        spoilt, lost = Signal(), Signal()
        body, tail, sound = Signal(), Signal(), Signal()
        m.d.comb += [
            body.eq(header == HEADER),
            checksum.start.eq(self.end),
            checksum.valid.eq(self.valid & ~tail),
            checksum.payload.eq(self.payload),
            checksum.skip.eq(self.valid & tail),
            self.put.eq(self.valid & ~tail & ~self.full),
            sound.eq(checked[2] & ~spoilt & ~self.error),
            self.commit.eq(self.end & sound & ~lost),
            self.rollback.eq(self.end & ~self.commit),
            self.overflow.eq(self.end & sound & lost),
            self.bad.eq(self.end & ~sound & ((header != 0) | spoilt | self.error)),
        ]
        # It has settled long before the next byte.
        m.d.sync += tail.eq(body & (left == 0))
        with m.If(self.valid & ~tail):
            # The -1 is not there while loading: so the sum fits one cell a bit with the choice.
            m.d.sync += left.eq(Mux(body, left + body.replicate(8), self.payload))
        with m.If(self.valid):
            with m.If(~body):
                m.d.sync += header.eq(header + 1)
            with m.If(tail):
                # The fifth byte of a checksum makes the frame too long.
                m.d.sync += checked.eq(checked + 1)
                with m.If(checked[2] | (self.payload != checksum.byte)):
                    m.d.sync += spoilt.eq(1)
            with m.If(self.full & ~tail):
                m.d.sync += lost.eq(1)
        with m.If(self.error):
            m.d.sync += spoilt.eq(1)
        with m.If(self.end):
            m.d.sync += [header.eq(0), checked.eq(0), spoilt.eq(0), lost.eq(0)]
        return m

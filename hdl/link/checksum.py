"""CRC-32 of frames, a bit a cycle."""

from amaranth.hdl import Cat, Module, Signal
from amaranth.lib import wiring
from amaranth.lib.crc.catalog import CRC32_ISO_HDLC
from amaranth.lib.wiring import In, Out

WIDTH = 32
STEPS = 8
"""Cycles that a byte takes."""
TAPS = int(f"{CRC32_ISO_HDLC.polynomial:0{WIDTH}b}"[::-1], 2)
"""The polynomial with its bits in the order of the register, which shifts down."""


class Checksum(wiring.Component):
    """The register of a CRC-32, which is also what its bytes are shifted out of.

    A byte takes 8 cycles, and nothing may be asked for in them; the line is five times slower. The
    generator of Amaranth's library would need a second register to shift bytes in or out, or
    matrices: 34 cells for this one, 110 for that.

    Members
    -------
    start : In(1)
        Begin anew.
    valid, payload : In(1), In(8)
        Take a byte in.
    skip : In(1)
        Go on to the next byte of the checksum.
    byte : Out(8)
        The next byte of the checksum, the lowest first.
    """

    def __init__(self):
        super().__init__({
            "start": In(1),
            "valid": In(1),
            "payload": In(8),
            "skip": In(1),
            "byte": Out(8),
        })

    def elaborate(self, platform) -> Module:
        m = Module()
        state = Signal(WIDTH, init=(1 << WIDTH) - 1)
        left, plain = Signal(range(STEPS)), Signal()
        busy = Signal()
        feedback = state[0] & ~plain
        m.d.comb += self.byte.eq(~state[:8])
        with m.If(self.start):
            m.d.sync += state.eq(state.init)
        with m.Elif(self.valid):
            m.d.sync += state[:8].eq(state[:8] ^ self.payload)
        with m.Elif(busy):
            taps = [feedback if TAPS >> bit & 1 else 0 for bit in range(WIDTH)]
            m.d.sync += state.eq((state >> 1) ^ Cat(taps))
        with m.If(self.start):
            m.d.sync += busy.eq(0)
        with m.Elif(self.valid | self.skip):
            m.d.sync += [busy.eq(1), plain.eq(self.skip), left.eq(STEPS - 1)]
        with m.Elif(busy):
            m.d.sync += [left.eq(left - 1), busy.eq(left != 0)]
        return m

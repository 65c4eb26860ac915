"""Bytes on a wire: 8 data bits, low bit first, no parity, one stop bit."""

from amaranth.hdl import Cat, Const, Module, Signal
from amaranth.lib import stream, wiring
from amaranth.lib.wiring import In, Out

from hdl.link.protocol import check_divisor

BITS = 10
"""Of a byte on the line: start, data, stop."""


class Receiver(wiring.Component):
    """From the line to bytes; samples in the middle of a bit, or up to a cycle later.

    A bit of four cycles has settled for two when it is sampled; `hdl.link.protocol.borne` says by
    how much a rate may be off then.
    A pulse shorter than half a bit is no start bit. After a bad stop bit nothing is received until
    the line is idle, so a break of any length is one error. ``valid`` or ``error`` comes
    ``9.5 * divisor + 3`` cycles after the falling edge of the start bit, at most one further.

    Parameters
    ----------
    divisor : int
        Clock cycles of a bit.

    Members
    -------
    rx : In(1)
        The line, asynchronous.
    valid, payload : Out(1), Out(8)
        A byte has come, in this cycle.
    error : Out(1)
        One with a bad stop bit.

    Raises
    ------
    ValueError
        If the divisor is less than 4.
    """

    def __init__(self, divisor: int):
        check_divisor(divisor)
        self.divisor = divisor
        super().__init__({
            "rx": In(1, init=1),
            "valid": Out(1),
            "payload": Out(8),
            "error": Out(1),
        })

    def elaborate(self, platform) -> Module:
        m = Module()
        half = self.divisor // 2 - 1
        early, line = Signal(init=1), Signal(init=1)
        busy, first, broken = Signal(), Signal(), Signal()
        timer = Signal(range(self.divisor), init=half)
        # The 1 that comes out below tells that start and data bits are in: no counter.
        shift = Signal(BITS, init=1 << (BITS - 1))
        m.d.sync += [early.eq(self.rx), line.eq(early), timer.eq(timer - 1)]
        sample = busy & (timer == 0)
        m.d.comb += [
            self.payload.eq(shift[2:]),
            self.valid.eq(sample & shift[0] & line),
            self.error.eq(sample & shift[0] & ~line),
        ]
        with m.If(~busy):
            m.d.sync += [
                timer.eq(half),
                shift.eq(shift.init),
                first.eq(1),
                busy.eq(~line & ~broken),
                broken.eq(broken & ~line),
            ]
        with m.Elif(timer == 0):
            m.d.sync += [
                timer.eq(self.divisor - 1),
                shift.eq(Cat(shift[1:], line)),
                first.eq(0),
                busy.eq(~(shift[0] | (first & line))),
                broken.eq(shift[0] & ~line),
            ]
        return m


class Transmitter(wiring.Component):
    """From bytes to the line; a byte takes ``10 * divisor`` cycles.

    Parameters
    ----------
    divisor : int
        Clock cycles of a bit.

    Members
    -------
    i : In(stream of 8 bits)
        The bytes.
    tx : Out(1)
        The line.

    Raises
    ------
    ValueError
        If the divisor is less than 4.
    """

    def __init__(self, divisor: int):
        check_divisor(divisor)
        self.divisor = divisor
        super().__init__({"i": In(stream.Signature(8)), "tx": Out(1, init=1)})

    def elaborate(self, platform) -> Module:
        m = Module()
        timer = Signal(range(self.divisor))
        # Zeros follow the stop bit, which stays on the line until the next byte.
        shift = Signal(BITS, init=1)
        ended = Signal()
        m.d.comb += [
            self.tx.eq(shift[0]),
            ended.eq(timer == 0),
            self.i.ready.eq(ended & ~shift[1:].any()),
        ]
        with m.If(~ended):
            m.d.sync += timer.eq(timer - 1)
        with m.Elif(self.i.valid | shift[1:].any()):
            m.d.sync += timer.eq(self.divisor - 1)
        with m.If(self.i.valid & self.i.ready):
            m.d.sync += shift.eq(Cat(Const(0, 1), self.i.payload, Const(1, 1)))
        with m.Elif(ended & shift[1:].any()):
            m.d.sync += shift.eq(shift >> 1)
        return m

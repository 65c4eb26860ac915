"""Formats in gates: every number against golden's saturation."""

import pytest
from amaranth.hdl import Module, signed
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.numbers.formats import Fmt
from hdl.numbers.formats import saturate, shape
from tests.hdl.bench import run

WIDE = Fmt(10, signed=True)
FORMATS = [Fmt(width, signed) for width in range(1, 9) for signed in (False, True)]


class Saturations(wiring.Component):
    """One number clipped to every format."""

    def __init__(self):
        outputs = {str(fmt): Out(shape(fmt)) for fmt in FORMATS}
        super().__init__({"value": In(signed(WIDE.width)), **outputs})

    def elaborate(self, platform):
        m = Module()
        m.d.comb += [getattr(self, str(fmt)).eq(saturate(self.value, fmt)) for fmt in FORMATS]
        return m


@pytest.mark.parametrize("fmt", [*FORMATS, Fmt(62, signed=True)], ids=str)
def test_shape_holds_the_same_numbers(fmt):
    found = shape(fmt)
    assert (found.width, found.signed) == (fmt.width, fmt.signed)


def test_saturation_by_hand():
    dut, seen = Saturations(), []

    async def bench(ctx):
        for value in (-9, 7, 8):
            ctx.set(dut.value, value)
            seen.append((ctx.get(dut.s4), ctx.get(dut.u3)))
            await ctx.tick()

    run(dut, bench)
    assert seen == [(-8, 0), (7, 7), (7, 7)]


def test_every_saturation_equals_golden():
    dut, seen = Saturations(), set()

    async def bench(ctx):
        for value in WIDE.values():
            ctx.set(dut.value, value)
            for fmt in FORMATS:
                got = ctx.get(getattr(dut, str(fmt)))
                assert got == fmt.saturate(value)
                seen.add((fmt, got < value, got > value))
            await ctx.tick()

    run(dut, bench)
    ways = ((False, False), (False, True), (True, False))
    assert seen == {(fmt, *way) for fmt in FORMATS for way in ways}

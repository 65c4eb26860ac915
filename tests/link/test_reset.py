"""What RESET does to the core, seen at its ports."""

import pytest

from tests.link.host import OK, PIXELS, RESET, body, built, line, made
from tests.link.wire import play


@pytest.mark.parametrize("left", [b"", b"\7\1"], ids=["nothing", "part-of-an-image"])
def test_reset_restarts_the_core_and_then_presents_a_black_image(left):
    """So lines of the image before, which a reset leaves in memory, are gone."""
    dut, seen = made(built()), []
    quiet = []

    async def core(ctx):
        ctx.set(dut.pixels.ready, 1)
        ctx.set(dut.start.ready, 1)
        while True:
            if ctx.get(dut.restart):
                seen.append("restart")
            if ctx.get(dut.pixels.valid):
                seen.append(ctx.get(dut.pixels.payload))
            if ctx.get(dut.start.valid):
                seen.append(("start", ctx.get(dut.start.payload.learn)))
            ctx.set(dut.result.valid, seen[-1:] == [("start", 0)])
            if ctx.get(dut.result.valid & dut.result.ready):
                seen.append("result")
            await ctx.tick()
            if seen[-1:] == ["restart"]:
                quiet.append(not ctx.get(dut.pixels.valid))

    async def test(wire):
        await wire.put(line(body(0, PIXELS, left)))
        assert (await wire.reply()).status == OK
        await wire.put(line(body(1, RESET, b"RESET")))
        assert (await wire.reply()).status == OK

    play(dut, test, core)
    assert seen == [*left, "restart", *[0] * 16, ("start", 0), "result"]
    # The register in front of the core's reset takes one cycle more.
    assert quiet[:2] == [True, True]

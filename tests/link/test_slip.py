"""Escapes against RFC 1055, in both directions."""

import random

from hdl.link.slip import SlipDecoder, SlipEncoder
from tests.hdl.bench import run
from tests.link.host import line

FRAMES = [b"", b"\xc0", b"\xdb", b"\xdb\xdc\xc0\xdd", bytes(range(256)), b"\xc0" * 5]


async def decoded(ctx, dut, data):
    """Return what comes out: bytes, and words."""
    seen = []
    for byte in data:
        ctx.set(dut.i_valid, 1)
        ctx.set(dut.i_payload, byte)
        await ctx.tick()
        ctx.set(dut.i_valid, 0)
        for name in ("error", "end"):
            if ctx.get(getattr(dut, name)):
                seen.append(name)
        if ctx.get(dut.valid):
            seen.append(ctx.get(dut.payload))
        await ctx.tick()
        # Nothing comes out where nothing comes in.
        assert not (ctx.get(dut.valid))
        assert not (ctx.get(dut.end))
        assert not (ctx.get(dut.error))
        await ctx.tick()
    return seen


def test_frames_are_decoded():
    dut = SlipDecoder()

    async def bench(ctx):
        for frame in FRAMES:
            assert await decoded(ctx, dut, line(frame)) == [*frame, "end"]
        rng = random.Random(3)
        for _ in range(50):
            frame = bytes(rng.choice((0xC0, 0xDB, 0xDC, 0xDD, 7)) for _ in range(10))
            assert await decoded(ctx, dut, line(frame)) == [*frame, "end"]

    run(dut, bench)


def test_bad_escapes_are_errors_and_an_end_is_always_one():
    dut = SlipDecoder()

    async def bench(ctx):
        for byte in set(range(256)) - {0xDC, 0xDD, 0xC0}:
            assert await decoded(ctx, dut, [0xDB, byte, 5, 0xC0]) == ["error", 5, "end"]
        assert await decoded(ctx, dut, b"\xdb\xc0\xdc\xc0") == ["error", "end", 0xDC, "end"]

    run(dut, bench)


def test_frames_are_encoded():
    dut, rng = SlipEncoder(), random.Random(4)

    async def bench(ctx):
        for frame in FRAMES:
            sent, todo = b"", [*frame, None]
            while todo:
                ctx.set(dut.i.valid, 1)
                ctx.set(dut.end, todo[0] is None)
                ctx.set(dut.i.payload, 0xDB if todo[0] is None else todo[0])
                ctx.set(dut.o.ready, ready := rng.random() < 0.5)
                assert ctx.get(dut.o.valid)
                if ready:
                    sent += bytes([ctx.get(dut.o.payload)])
                if ctx.get(dut.i.ready):
                    todo.pop(0)
                await ctx.tick()
            assert sent == line(frame)

    run(dut, bench)

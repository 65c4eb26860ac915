"""CRC-32, against zlib."""

import random
import zlib

from hdl.link.checksum import STEPS, Checksum
from tests.hdl.bench import run


def test_checksums_are_those_of_zlib():
    dut, rng = Checksum(), random.Random(5)
    texts = [b"", b"\0", b"123456789", *(rng.randbytes(rng.randrange(1, 40)) for _ in range(12))]

    async def pulse(ctx, port):
        ctx.set(port, 1)
        await ctx.tick()
        ctx.set(port, 0)
        await ctx.tick().repeat(STEPS)

    async def bench(ctx):
        for text in texts:
            for byte in text:
                ctx.set(dut.payload, byte)
                await pulse(ctx, dut.valid)
                ctx.set(dut.payload, 0x5A)
            told = b""
            for _ in range(4):
                told += bytes([ctx.get(dut.byte)])
                await pulse(ctx, dut.skip)
            assert told == zlib.crc32(text).to_bytes(4, "little")
            # Even while it is going on to a next byte.
            ctx.set(dut.skip, 1)
            await ctx.tick()
            ctx.set(dut.skip, 0)
            await pulse(ctx, dut.start)

    run(dut, bench)

# amaranth: UnusedElaboratable=no
"""Bits and bytes of the line, at several speeds and with drift."""

import random

import pytest

from hdl.link.uart import Receiver, Transmitter
from tests.hdl.bench import run


def bits(byte: int, stop: int = 1) -> list[int]:
    """Return the levels of a byte on the line."""
    return [0, *(byte >> k & 1 for k in range(8)), stop]


async def listen(ctx, dut, levels, seen):
    """Put levels on the line, one a cycle; note what is received."""
    for level in levels:
        ctx.set(dut.rx, level)
        if ctx.get(dut.valid):
            seen.append(ctx.get(dut.payload))
        if ctx.get(dut.error):
            seen.append("error")
        await ctx.tick()


@pytest.mark.parametrize("divisor", [4, 5, 7, 16, 104])
def test_all_bytes_are_received_without_pauses(divisor):
    dut, seen = Receiver(divisor), []
    data = list(range(256)) if divisor < 16 else [0, 255, 0x55, 0xC0, 1, 128]

    async def bench(ctx):
        levels = [bit for byte in data for bit in bits(byte) for _ in range(divisor)]
        await listen(ctx, dut, [1] * 10 + levels + [1] * 2 * divisor, seen)

    run(dut, bench)
    assert seen == data


@pytest.mark.parametrize("percent", [-4, 4])
def test_a_clock_may_be_off_by_some_percent(percent):
    dut, seen, data = Receiver(16), [], random.Random(1).randbytes(60)

    async def bench(ctx):
        line = [bit for byte in data for bit in bits(byte)]
        length = 16 * (100 + percent)
        levels = [line[k * 100 // length] for k in range(len(line) * length // 100)]
        await listen(ctx, dut, [1] * 10 + levels + [1] * 40, seen)

    run(dut, bench)
    assert bytes(seen) == data


@pytest.mark.parametrize("divisor", [4, 16])
def test_bad_stop_bits_breaks_and_pulses(divisor):
    dut, seen = Receiver(divisor), []

    async def bench(ctx):
        line = [1] * 20
        for byte, stop in ((0x12, 1), (0x34, 0), (0x56, 1)):
            line += [bit for bit in bits(byte, stop) for _ in range(divisor)] + [1] * divisor
        line += [0] * 1000 + [1] * divisor
        line += [0] * (divisor // 2 - 1) + [1] * 30 * divisor
        line += [bit for bit in bits(0x78) for _ in range(divisor)]
        await listen(ctx, dut, line + [1] * 20 * divisor, seen)

    run(dut, bench)
    assert seen == [0x12, "error", 0x56, "error", 0x78]


@pytest.mark.parametrize("divisor", [4, 5, 16])
@pytest.mark.parametrize("pause", [0, 3])
def test_bytes_are_sent(divisor, pause):
    dut, rng, levels = Transmitter(divisor), random.Random(2), []
    data = [0, 255, 0x55, 0xC0, *rng.randbytes(20)]

    async def bench(ctx):
        for byte in data:
            ctx.set(dut.i.valid, 1)
            ctx.set(dut.i.payload, byte)
            while not ctx.get(dut.i.ready):
                levels.append(ctx.get(dut.tx))
                await ctx.tick()
            levels.append(ctx.get(dut.tx))
            await ctx.tick()
            ctx.set(dut.i.valid, 0)
            for _ in range(pause * divisor):
                levels.append(ctx.get(dut.tx))
                await ctx.tick()
        for _ in range(12 * divisor):
            levels.append(ctx.get(dut.tx))
            await ctx.tick()

    run(dut, bench)
    at, found = 0, []
    while 0 in levels[at:]:
        at = levels.index(0, at)
        cut = levels[at : at + 10 * divisor]
        frame = [cut[k * divisor : (k + 1) * divisor] for k in range(10)]
        assert all(len(set(bit)) == 1 and len(bit) == divisor for bit in frame)
        found.append(sum(bit[0] << k for k, bit in enumerate(frame[1:9])))
        assert (frame[0][0], frame[9][0]) == (0, 1)
        at += 10 * divisor
    assert found == data
    if not pause:
        assert levels.index(0) + (10 * divisor) * len(data) <= len(levels) - divisor


@pytest.mark.parametrize("part", [Receiver, Transmitter])
def test_a_bit_has_four_cycles_at_least(part):
    with pytest.raises(ValueError, match=r"^divisor must be at least 4, not 3$"):
        part(3)

# amaranth: UnusedElaboratable=no
"""Bits and bytes of the line, at several speeds and with drift."""

import random

import pytest

from hdl.link.protocol import borne
from hdl.link.uart import Receiver, Transmitter
from tests.hdl.bench import run


def bits(byte: int, stop: int = 1) -> list[int]:
    """Return the levels of a byte on the line."""
    return [0, *(byte >> k & 1 for k in range(8)), stop]


def sampled(edges: list[tuple[float, int]], n_cycles: int) -> list[int]:
    """Return the levels of a line at whole cycles; an edge is its time and the level from there."""
    levels, at, level = [], 0, 1
    for now in range(n_cycles):
        while at < len(edges) and edges[at][0] <= now:
            level = edges[at][1]
            at += 1
        levels.append(level)
    return levels


def drifting(data: bytes, bit: float, phase: float, jitter=lambda: 0.0) -> list[int]:
    """Return the levels of a line on which a bit takes so many cycles, and edges come astray."""
    line = [level for byte in data for level in bits(byte)]
    edges = [(20 + phase + k * bit + jitter(), level) for k, level in enumerate(line)]
    return sampled(edges, round(20 + len(line) * bit) + 60)


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


def told(divisor: int, levels: list[int]) -> list[int | str]:
    """Return what a receiver makes of a line."""
    dut, seen = Receiver(divisor), []

    async def bench(ctx):
        await listen(ctx, dut, levels, seen)

    run(dut, bench)
    return seen


def test_what_a_receiver_bears_at_four_cycles_a_bit():
    # The stop bit, 36 to 40 cycles long since the first edge, is sampled after 38 to 39.
    assert borne(4) == pytest.approx((1 - 39 / 40, 38 / 36 - 1))
    assert borne(16) == pytest.approx((1 - 153 / 160, 152 / 144 - 1))


@pytest.mark.parametrize("divisor", [4, 5, 6, 8, 13, 15, 16, 27])
@pytest.mark.parametrize("longer", [False, True])
def test_a_clock_may_be_off_by_what_is_borne_and_no_more(divisor, longer):
    rng, most = random.Random(divisor), borne(divisor)[longer]
    data = bytes([0, 255, 0x55, *rng.randbytes(8)])
    sign = 1 if longer else -1
    for phase in (0.01, 0.4, 0.99):
        assert (
            bytes(told(divisor, drifting(data, divisor * (1 + sign * 0.97 * most), phase))) == data
        )
    heard = [
        told(divisor, drifting(data, divisor * (1 + sign * 1.03 * most), phase)) == [*data]
        for phase in (0.01, 0.4, 0.99)
    ]
    assert not all(heard)


def test_four_cycles_a_bit_bear_skew_jitter_and_pulses_at_once():
    rng, data = random.Random(4), random.Random(5).randbytes(150)
    for skew in (-0.0125, 0.0125):
        # Half of what is borne is left: a fifth of a cycle for every edge, at either end of it.
        levels = drifting(data, 4 * (1 + skew), rng.random(), lambda: rng.uniform(-0.24, 0.24))
        assert bytes(told(4, levels)) == data
    # Without skew an edge may be half a cycle astray; between bytes lie pulses of a cycle or two.
    levels = []
    for byte in data:
        levels += drifting(bytes([byte]), 4, rng.random(), lambda: rng.uniform(-0.49, 0.49))
        levels += [0] * rng.randint(0, 2) + [1] * rng.randint(4, 9)
    assert bytes(told(4, levels)) == data


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

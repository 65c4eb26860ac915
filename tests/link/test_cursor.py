"""Regions and indices, all of them, forth and back."""

import pytest

from hdl.link.cursor import Cursor
from hdl.link.dense.protocol import link_map
from tests.hdl.bench import run
from tests.link.host import built


def existing(p, region) -> list[int]:
    """Return the indices of a region in order."""
    places = link_map(p)
    end = places.extents[region].size
    if region not in (1, 2):
        return list(range(end))
    return [k for k in range(end) if k % (1 << places.lane_bits) < p.n_lanes]


async def go_to(ctx, dut, region, index):
    ctx.set(dut.load_region, 1)
    ctx.set(dut.data, region)
    await ctx.tick()
    ctx.set(dut.load_region, 0)
    for byte in range(3):
        ctx.set(dut.load, 1 << byte)
        ctx.set(dut.data, index >> 8 * byte & 255)
        await ctx.tick()
    ctx.set(dut.load, 0)
    await judge(ctx, dut)


async def judge(ctx, dut):
    ctx.set(dut.judge, 1)
    await ctx.tick()
    ctx.set(dut.judge, 0)


async def move(ctx, dut, back):
    ctx.set(dut.back, back)
    ctx.set(dut.step, 1)
    await ctx.tick()
    ctx.set(dut.back, 0)
    ctx.set(dut.step, 0)
    await judge(ctx, dut)


@pytest.mark.parametrize("n_lanes", [1, 2, 3, 4])
def test_walks_forth_and_back(n_lanes):
    p = built(n_neurons=5, n_lanes=n_lanes)
    dut = Cursor(link_map(p))

    async def bench(ctx):
        for region in range(7):
            indices = existing(p, region)
            await go_to(ctx, dut, region, 0)
            assert ctx.get(dut.region) == region
            for back, order in ((0, indices), (1, indices[::-1])):
                for index in order:
                    if back:
                        await move(ctx, dut, back)
                    assert (ctx.get(dut.index), ctx.get(dut.exists)) == (index, 1)
                    if not back:
                        await move(ctx, dut, back)
                if not back:
                    assert not ctx.get(dut.exists)

    run(dut, bench)


@pytest.mark.parametrize("writing", [0, 1])
def test_exists_by_the_page(writing):
    p = built(n_neurons=5, n_lanes=3)
    dut = Cursor(link_map(p))

    async def bench(ctx):
        ctx.set(dut.writing, writing)
        for region in (*range(8), 8, 9, 129, 255):
            wrong = region > 6 or (writing and region in (5, 6))
            there = set() if wrong else set(existing(p, region))
            sizes = [extent.size for extent in link_map(p).extents.values()]
            ends = {e + d for e in (*there, *sizes) for d in (-1, 0, 1)} - {-1}
            for index in sorted(ends)[:: 1 if len(ends) < 60 else 7] + [1 << k for k in range(24)]:
                await go_to(ctx, dut, region, index)
                assert ctx.get(dut.exists) == (index in there), (region, index)
        ctx.set(dut.counters, 1)
        await ctx.tick()
        assert (ctx.get(dut.region), ctx.get(dut.index)) == (6, 0)

    run(dut, bench)


def test_begins_with_any_counter_and_what_lies_behind():
    places = link_map(built())
    dut = Cursor(places)

    async def bench(ctx):
        for index in range(1, len(places.counters) + 1):
            ctx.set(dut.counters, 1)
            await ctx.tick()
            ctx.set(dut.counters, 0)
            ctx.set(dut.step, 1)
            ctx.set(dut.offset, index)
            await ctx.tick()
            ctx.set(dut.step, 0)
            assert ctx.get(dut.index) == index

    run(dut, bench)

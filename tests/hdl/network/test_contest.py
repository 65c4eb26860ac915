"""Elections against sorting."""

import random

import pytest
from amaranth.hdl import signed

from hdl.network.contest import Contest
from tests.hdl.bench import run
from tests.hdl.network.small import CHIP


@pytest.mark.parametrize("seed", range(12))
def test_those_with_the_largest_margins_do_not_lose(seed):
    dut, dice = Contest(CHIP, signed(5)), random.Random(seed)
    indices = sorted(dice.sample(range(16), dice.randrange(2, 15)))
    margins = [dice.choice((-16, -3, 4, 4, 15, dice.randrange(-16, 16))) for _ in indices]
    winners = dice.randrange(1, len(indices))
    best = sorted(zip((-margin for margin in margins), indices, strict=True))[:winners]

    async def bench(ctx):
        ctx.set(dut.winners, winners)
        ctx.set(dut.fired, len(indices))
        ctx.set(dut.run, 1)
        cycles = 0
        while True:
            cycles += 1
            place, ended = ctx.get(dut.place), ctx.get(dut.done)
            await ctx.tick()
            if ended:
                break
            ctx.set(dut.index, indices[place % len(indices)])
            ctx.set(dut.margin, margins[place % len(indices)])
        assert cycles == winners * (len(indices) + 2)
        ctx.set(dut.run, 0)
        for index, margin in zip(indices, margins, strict=True):
            ctx.set(dut.index, index)
            ctx.set(dut.margin, margin)
            assert ctx.get(dut.loses) == ((-margin, index) not in best)
            await ctx.tick()
        ctx.set(dut.reset, 1)
        await ctx.tick()
        assert not ctx.get(dut.held)
        assert not ctx.get(dut.loses)

    run(dut, bench)

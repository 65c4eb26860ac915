"""Keys against the hash."""

import random

import pytest

from golden.numbers.hash import round_keys
from hdl.network.keys import KEY_CYCLES, KeySchedule
from tests.hdl.bench import run


@pytest.mark.parametrize("seed", range(4))
def test_keys_are_those_of_the_hash(seed):
    dut, dice = KeySchedule(), random.Random(seed)

    async def bench(ctx):
        for _ in range(4):
            word, step = dice.getrandbits(32), dice.getrandbits(32)
            ctx.set(dut.seed, word)
            await ctx.tick()
            # The step comes with the first cycle.
            ctx.set(dut.step, step)
            ctx.set(dut.run, 1)
            for i in range(KEY_CYCLES):
                assert ctx.get(dut.done) == (i == KEY_CYCLES - 1)
                await ctx.tick()
            ctx.set(dut.run, 0)
            assert list(ctx.get(dut.keys)) == round_keys(word, step)
            for _ in range(dice.randrange(3)):
                await ctx.tick()
            assert list(ctx.get(dut.keys)) == round_keys(word, step)

    run(dut, bench)


@pytest.mark.parametrize("at_once", [False, True])
def test_keys_come_one_by_one_again_and_again(at_once):
    dut, dice = KeySchedule(at_once, True), random.Random(5)

    async def bench(ctx):
        for _ in range(3):
            word, step = dice.getrandbits(32), dice.getrandbits(32)
            ctx.set(dut.seed, word)
            await ctx.tick()
            ctx.set(dut.step, step)
            ctx.set(dut.run, 1)
            for _ in range(KEY_CYCLES):
                await ctx.tick()
            ctx.set(dut.run, 0)
            await ctx.tick()
            for key in round_keys(word, step) * 2:
                for _ in range(dice.randrange(3)):
                    assert ctx.get(dut.key) == key
                    await ctx.tick()
                ctx.set(dut.turn, 1)
                assert ctx.get(dut.key) == key
                await ctx.tick()
                ctx.set(dut.turn, 0)

    run(dut, bench)

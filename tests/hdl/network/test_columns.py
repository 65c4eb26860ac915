"""Memories side by side are one memory."""

import random

from hdl.network.tables import ColumnMemory
from tests.hdl.bench import run

DEPTH, COLUMNS = 5, (3, 1, 2)


def test_columns_hold_a_word_together():
    dut, dice = ColumnMemory(DEPTH, COLUMNS), random.Random(1)
    held = [0] * DEPTH

    async def bench(ctx):
        for _ in range(200):
            place, at = dice.randrange(DEPTH), dice.randrange(DEPTH)
            value, write, read = dice.randrange(64), dice.random() < 0.5, dice.random() < 0.7
            ctx.set(dut.word, place)
            ctx.set(dut.addr, at)
            ctx.set(dut.data, value)
            ctx.set(dut.write, write)
            ctx.set(dut.read, read)
            before = held[place]
            if write:
                held[at] = value
            await ctx.tick()
            if read and not (write and place == at):
                assert ctx.get(dut.row) == before

    run(dut, bench)
    assert len(set(held)) > 1

"""One of several numbers, chosen by lookup tables of four inputs and as elsewhere."""

from types import SimpleNamespace

import numpy as np
import pytest
from amaranth.hdl import Module, Signal, signed
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from golden.numbers.formats import index_bits
from hdl.parts.choice import chosen
from tests.hdl.bench import run

WIDTH = 5


class Choice(wiring.Component):
    """One of ``n`` numbers, for a part."""

    def __init__(self, n: int, device: str):
        self.n, self.platform = n, SimpleNamespace(device=device)
        items = data.ArrayLayout(signed(WIDTH), n)
        super().__init__({
            "items": In(items),
            "index": In(index_bits(n)),
            "one": Out(signed(WIDTH)),
        })

    def elaborate(self, platform):
        m = Module()
        items = []
        for i in range(self.n):
            item = Signal(signed(WIDTH), name=f"item{i}")
            m.d.comb += item.eq(self.items[i])
            items.append(item)
        m.d.comb += self.one.eq(chosen(m, self.platform, items, self.index))
        return m


@pytest.mark.parametrize("device", ["iCE40UP5K", "LFE5U-25F"])
@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 7, 8, 13, 16, 17, 20])
def test_every_one_of_all_can_be_chosen(n, device):
    dut = Choice(n, device)
    rng = np.random.default_rng(n)

    async def bench(ctx):
        for _ in range(8):
            numbers = rng.integers(-(1 << WIDTH - 1), 1 << WIDTH - 1, n)
            for i, number in enumerate(numbers):
                ctx.set(dut.items[i], int(number))
            for i, number in enumerate(numbers):
                ctx.set(dut.index, i)
                assert ctx.get(dut.one) == number
            await ctx.tick()

    run(dut, bench)

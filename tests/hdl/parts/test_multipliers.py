"""What the UP5K's multipliers do, in behaviour; `tests.boards.test_gates` has the instances."""

from types import SimpleNamespace

import numpy as np
import pytest
from amaranth.back import rtlil

from hdl.parts.multipliers import ProductSum, TwoSums
from tests.hdl.bench import run

WIDTH = 5
LOW, BEYOND = -(1 << WIDTH - 1), 1 << WIDTH - 1


def test_sums_wrap_by_hand():
    dut = TwoSums(WIDTH)

    async def bench(ctx):
        for half, (a, b) in enumerate(((15, 1), (-16, -1))):
            ctx.set(dut.a[half], a)
            ctx.set(dut.b[half], b)
        ctx.set(dut.en, 1)
        await ctx.tick()
        assert [ctx.get(dut.total[half]) for half in range(2)] == [-16, 15]

    run(dut, bench)


def test_sums_are_kept_until_there_are_others():
    dut, rng = TwoSums(WIDTH), np.random.default_rng(1)

    async def bench(ctx):
        kept = None
        for _ in range(200):
            terms, en = rng.integers(LOW, BEYOND, (2, 2)), int(rng.integers(2))
            for half in range(2):
                ctx.set(dut.a[half], int(terms[0, half]))
                ctx.set(dut.b[half], int(terms[1, half]))
            ctx.set(dut.en, en)
            await ctx.tick()
            if en:
                kept = (terms.sum(axis=0) - LOW) % (BEYOND - LOW) + LOW
            if kept is not None:
                assert [ctx.get(dut.total[half]) for half in range(2)] == kept.tolist()

    run(dut, bench)


@pytest.mark.parametrize("cycles", [0, 1])
def test_product_and_what_is_added(cycles):
    dut, rng = ProductSum(4, 6, 6, cycles), np.random.default_rng(1)

    async def bench(ctx):
        before = None
        for a, b, c in [(15, 63, 63), *rng.integers(0, [16, 64, 64], (200, 3)).tolist()]:
            for name, value in (("a", a), ("b", b), ("c", c)):
                ctx.set(getattr(dut, name), value)
            product = before if cycles else a * b
            if product is not None:
                assert ctx.get(dut.total) == product + c
            before = a * b
            await ctx.tick()

    run(dut, bench)


@pytest.mark.parametrize(
    ("part", "device", "named"),
    [
        pytest.param(TwoSums(16), "iCE40UP5K", True, id="sums"),
        pytest.param(ProductSum(16, 16, 16, 1), "iCE40UP5K", True, id="product"),
        pytest.param(ProductSum(17, 16, 16, 1), "iCE40UP5K", False, id="too-wide"),
        pytest.param(TwoSums(16), "iCE40HX8K", False, id="other-part"),
    ],
)
def test_a_multiplier_is_named_where_there_is_one(part, device, named):
    il = rtlil.convert(part, platform=SimpleNamespace(device=device), emit_src=False)
    assert ("cell \\SB_MAC16 " in il) == named

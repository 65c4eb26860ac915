"""Arrivals against sums in a dictionary."""

import random
from collections import Counter
from dataclasses import replace

import pytest

from golden.network.chip import Chip
from hdl.network.arrivals import Arrivals
from tests.hdl.bench import run
from tests.hdl.network.small import CHIP, adder, changed

CYCLES = 400
TWO: Chip = changed(kinds=(adder(), replace(adder(), name="other")), family_bits=2)


@pytest.mark.parametrize("pace", [0.3, 0.9, 1.0])
@pytest.mark.parametrize(
    "chip",
    [CHIP, TWO, replace(TWO, weight_bits=0, family_weight_bits=9)],
    ids=["one", "two", "of-families"],
)
def test_every_sum_is_exact_in_its_cycle(chip, pace):
    dut, dice = Arrivals(chip), random.Random(3)
    weight_bits = chip.weight_bits or chip.family_weight_bits
    sums: Counter[tuple[int, int]] = Counter()
    expected: dict[int, tuple[int, int, int]] = {}
    memory: Counter[tuple[int, int]] = Counter()

    async def bench(ctx):
        pending, shown = None, (0,) * len(chip.inlets)
        for cycle in range(CYCLES):
            # What a memory shows was asked for in the cycle before, in which it may be written.
            for i, value in enumerate(shown):
                ctx.set(dut.sums[i], value)
            if pending is not None:
                inlet, slot, weight = pending
                own = {"slot": slot, "weight": weight % (1 << chip.weight_bits)}
                shared = {"inlet": inlet, "weight": weight % (1 << chip.family_weight_bits)}
                ctx.set(dut.synapse, own)
                ctx.set(dut.family, shared)
            pending = None
            issues = cycle < CYCLES - 8 and dice.random() < pace
            ctx.set(dut.issue, issues)
            if issues:
                inlet, slot = dice.randrange(len(chip.inlets)), dice.randrange(3)
                weight = dice.randrange(1 << weight_bits) - (1 << weight_bits - 1)
                pending = inlet, slot, weight
                sums[inlet, slot] += weight
                wrapped = (sums[inlet, slot] + (1 << 15)) % (1 << 16) - (1 << 15)
                expected[cycle + 4] = inlet, slot, wrapped
            assert ctx.get(dut.arrive) == (cycle in expected)
            assert ctx.get(dut.coming) == any(cycle + k in expected for k in (1, 2, 3))
            asked = ctx.get(dut.slot)
            shown = tuple(memory[i, asked] for i in range(len(chip.inlets)))
            if cycle in expected:
                found = ctx.get(dut.at_inlet), ctx.get(dut.at_slot), ctx.get(dut.sum)
                assert found == expected[cycle]
                memory[found[:2]] = found[2]
            await ctx.tick()

    run(dut, bench)
    assert len(expected) > 80

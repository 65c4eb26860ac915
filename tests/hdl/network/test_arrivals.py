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


class Memories:
    """Inlets as their memories show them, and the sums as they should be."""

    def __init__(self, chip: Chip, seed: int):
        self.chip, self.dice = chip, random.Random(seed)
        self.weight_bits = chip.weight_bits or chip.family_weight_bits
        self.held: Counter[tuple[int, int]] = Counter()
        self.sums: Counter[tuple[int, int]] = Counter()

    def drawn(self) -> tuple[int, int, int]:
        """Return an inlet, a slot and a weight."""
        weight = self.dice.randrange(1 << self.weight_bits) - (1 << self.weight_bits - 1)
        return self.dice.randrange(len(self.chip.inlets)), self.dice.randrange(3), weight

    def added(self, inlet: int, slot: int, weight: int) -> tuple[int, int, int]:
        """Return what is to be written."""
        self.sums[inlet, slot] += weight
        return inlet, slot, (self.sums[inlet, slot] + (1 << 15)) % (1 << 16) - (1 << 15)

    def words(self, inlet: int, slot: int, weight: int) -> tuple[dict, dict]:
        """Return the words of a synapse and of its family."""
        own = {"slot": slot, "weight": weight % (1 << self.chip.weight_bits)}
        return own, {"inlet": inlet, "weight": weight % (1 << self.chip.family_weight_bits)}


@pytest.mark.parametrize("pace", [0.3, 0.9, 1.0])
@pytest.mark.parametrize(
    "chip",
    [CHIP, TWO, replace(TWO, weight_bits=0, family_weight_bits=9)],
    ids=["one", "two", "of-families"],
)
def test_every_sum_is_exact_in_its_cycle(chip, pace):
    dut, memories = Arrivals(chip), Memories(chip, 3)
    expected: dict[int, tuple[int, int, int]] = {}

    async def bench(ctx):
        pending, shown = None, (0,) * len(chip.inlets)
        for cycle in range(CYCLES):
            # What a memory shows was asked for in the cycle before, in which it may be written.
            for i, value in enumerate(shown):
                ctx.set(dut.sums[i], value)
            if pending is not None:
                synapse, family = memories.words(*pending)
                ctx.set(dut.synapse, synapse)
                ctx.set(dut.family, family)
            issues = cycle < CYCLES - 8 and memories.dice.random() < pace
            ctx.set(dut.issue, issues)
            pending = memories.drawn() if issues else None
            if pending is not None:
                expected[cycle + 4] = memories.added(*pending)
            assert ctx.get(dut.arrive) == (cycle in expected)
            assert ctx.get(dut.coming) == any(cycle + k in expected for k in (1, 2, 3))
            asked = ctx.get(dut.slot)
            shown = tuple(memories.held[i, asked] for i in range(len(chip.inlets)))
            if cycle in expected:
                found = ctx.get(dut.at_inlet), ctx.get(dut.at_slot), ctx.get(dut.sum)
                assert found == expected[cycle]
                memories.held[found[:2]] = found[2]
            await ctx.tick()

    run(dut, bench)
    assert len(expected) > 80

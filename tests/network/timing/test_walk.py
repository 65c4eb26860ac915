"""WALK on a grid, against the page cycle by cycle."""

import numpy as np
import pytest

from golden.network.timing.record import Sheet
from golden.network.timing.walk import walk
from sim.battery.chips import random_chip, random_contents
from tests.network.timing.literal import Literal

FIRST = 5


def shown(rows, strobe: str, *names: str):
    """Return the cycles in which a strobe is set, with some fields."""
    cycles = np.flatnonzero(rows[strobe])
    return [(c, *(int(rows[name][c]) for name in names)) for c in cycles.tolist()]


@pytest.mark.parametrize("seed", range(200))
def test_a_walk_is_what_the_page_says_cycle_by_cycle(seed):
    random = np.random.default_rng([seed, 1])
    chip = random_chip(random)
    for _ in range(5):
        memories = random_contents(chip, random)
        literal, sheet = Literal(memories), Sheet(chip)
        for name in ("head", "length"):
            sheet.show(name, 0, memories.registers[name])
        last = walk(memories, sheet, FIRST)
        assert last == literal.run(FIRST)
        rows = sheet.finish(last + 2)
        about = ["push_place", "push_run", "push_synapse", "push_due"]
        if chip.plastic_axons:
            about.append("push_efficacy")
        assert shown(rows, "push", *about) == literal.pushes
        assert shown(rows, "arrive", "inlet", "slot", "sum") == literal.arrivals
        assert [rows[name][-1] for name in ("head", "length")] == [literal.head, literal.length]
        for region, words in literal.memory.items():
            assert memories.packed[region].tolist() == words

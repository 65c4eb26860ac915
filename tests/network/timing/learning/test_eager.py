"""Late and exact: whenever a core is idle, it holds what a core would hold that never waits."""

import numpy as np
import pytest

from golden.network.chip import Chip
from golden.network.timing.memories import Memories
from sim.battery.chips import random_chip, random_contents
from sim.battery.learner_chips import once, with_learner
from tests.network.placement.machine import Machine
from tests.network.timing.test_equality import advanced

STARTS = (6, 1, 9, 4)


def learning_chip(random: np.random.Generator) -> Chip:
    """Return a random core with a learner."""
    return with_learner(random_chip(random), random)


def forget_the_future(memories: Memories) -> None:
    """Let no arrival have been later than now, though words may say so."""
    lasts, _ = memories.memory(memories.added["run_lasts"])
    lasts[(memories.registers["step"] - lasts) % (1 << 26) >= 1 << 24] = 0


@pytest.mark.parametrize("seed", range(100))
def test_a_core_that_learns_late_is_one_that_never_waits(seed):
    random = np.random.default_rng([seed, 14])
    memories = random_contents(learning_chip(random), random)
    forget_the_future(memories)
    machine = Machine(memories.chip)
    machine.load({region: memories.words(region) for region in range(len(memories.extents))})
    axons = random.integers(0, memories.chip.axons, 80).tolist()
    items = [(0, axon) if axon % 3 else (1, axon % 2) for axon in axons]
    items = once(memories, items) + [(1, 0)] * sum(STARTS)
    left = items
    for steps in STARTS:
        told = advanced(memories, steps, left, random)["neuron"].tolist()
        expected: list[int] = []
        for _ in range(steps):
            machine["step"] = machine["step"] % (1 << 32)
            spikes, left = machine.step(left)
            expected += spikes.tolist()
        assert told == expected
        machine["step"] = machine["step"] % (1 << 32)
        for region in range(len(memories.extents)):
            np.testing.assert_array_equal(
                memories.words(region), machine.memory[region], str(region)
            )

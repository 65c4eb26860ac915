"""What the cycle model leaves in the memories is what golden does, and what the words mean."""

from itertools import pairwise

import numpy as np
import pytest

from golden.cycles.stimulus import Stimulus
from golden.network.core import step
from golden.network.interface import BusRequest, streams
from golden.network.placement import Placement, placed
from golden.network.placement.chronicle import Chronicle
from golden.network.placement.contents import contents
from golden.network.placement.events import externals, halts, rewarding, writes
from golden.network.placement.loading import network_state, state_words
from golden.network.reward import due as due_rewards
from golden.network.state import NetworkState
from golden.network.timing.memories import Memories
from golden.network.timing.timeline import Timeline
from sim.battery.chips import random_chip, random_contents
from sim.battery.zoo import network
from tests.network.placement.machine import Machine

STEPS = 12
CYCLES = 1 << 14


def advanced(memories, steps, items, random) -> np.ndarray:
    """Do some steps with stalls, as long as it takes; return step and neuron of every spike."""
    n_cycles = CYCLES
    while True:
        made = memories.copy()
        go = {name: random.random(n_cycles) >= 0.2 for name in streams(made.chip)}
        stimulus = Stimulus({"start": [steps], "external": items}, go)
        timeline = Timeline(made, stimulus)
        rows = timeline.run()
        if timeline.settled:
            break
        n_cycles *= 2
    memories.registers, memories.packed = made.registers, made.packed
    memories.cells[:], memories.learned[:] = made.cells, made.learned
    return rows[stimulus.taken(rows, "spikes")][["step", "neuron"]]


@pytest.mark.parametrize("seed", range(40))
def test_a_network_ends_as_in_golden(seed):
    placement = placed(network(seed).build().blueprint, queue=64 * 256)
    ends_as_in_golden(placement, [STEPS], np.random.default_rng(seed))


def given_before(placement: Placement, state: NetworkState) -> list[list[BusRequest]]:
    """Return what a host writes for the rewards of the step that comes next, one by one."""
    return [
        rewarding(placement, state.learning, group, amounts)
        for group, amounts in due_rewards(placement.blueprint, state.step)
    ]


def ends_as_in_golden(placement: Placement, stops: list[int], random: np.random.Generator) -> None:
    """Let the model and golden do steps up to the last stop; compare spikes, and state at stops."""
    blueprint, state = placement.blueprint, NetworkState.start(placement.blueprint)
    memories = Memories(placement.chip)
    memories.load(contents(placement))
    memories.load(state_words(placement, state))
    chronicle = Chronicle.of(blueprint, state)
    halting = [s for s in halts(placement).tolist() if s < stops[-1]]
    due = [0, *sorted({*halting, *stops} - {0})]
    sources = [blueprint.groups[n] for n, tenant in enumerate(placement.tenants) if not tenant]
    for first, stop in pairwise(due):
        for request in writes(placement, first) if first else ():
            memories.serve(request)
        for asked in given_before(placement, state):
            for request in asked:
                memories.serve(request)
            advanced(memories, 0, [], random)
        items = [(x.end, x.value) for x in externals(placement, first, stop)]
        told = advanced(memories, stop - first, items, random)
        for now in range(first, stop):
            parts = [g.first + g.source.spikes(now, [], g.index) for g in sources if g.source]
            spikes = np.sort(np.concatenate([told["neuron"][told["step"] == now], *parts]))
            np.testing.assert_array_equal(spikes, step(blueprint, state))
            chronicle.hear(now, now + 1, np.full(len(spikes), now), spikes)
        if stop in stops:
            regions = range(len(memories.extents))
            words = {region: memories.words(region).astype(np.uint32) for region in regions}
            assert network_state(placement, words, chronicle).sha256() == state.sha256(), stop
    assert memories.registers["lost"] == 0


@pytest.mark.parametrize("seed", range(60))
def test_any_words_mean_what_another_reading_of_the_page_says(seed):
    random = np.random.default_rng([seed, 4])
    memories = random_contents(random_chip(random), random)
    machine = Machine(memories.chip)
    machine.load({region: memories.words(region) for region in range(len(memories.extents))})
    axons = random.integers(0, memories.chip.axons, 30).tolist()
    items = [(0, axon) if axon % 3 else (1, axon % 2) for axon in axons] + [(1, 0)] * STEPS
    told = advanced(memories, STEPS, items, random)["neuron"].tolist()
    expected: list[int] = []
    for _ in range(STEPS):
        machine["step"] = machine["step"] % (1 << 32)
        spikes, items = machine.step(items)
        expected += spikes.tolist()
    assert told == expected
    machine["step"] = machine["step"] % (1 << 32)
    for region in range(len(memories.extents)):
        np.testing.assert_array_equal(memories.words(region), machine.memory[region], str(region))

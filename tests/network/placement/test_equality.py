"""The words of random networks mean what the networks do: after every step, the same hash."""

from collections.abc import Sequence

import numpy as np
import pytest

from golden.cells.schedule import UP5K
from golden.network.core import step
from golden.network.placement import Placement, Room, placed
from golden.network.placement.chronicle import Chronicle
from golden.network.placement.contents import contents
from golden.network.placement.events import externals, halts, rewarding, writes
from golden.network.placement.flight import most_flying
from golden.network.placement.loading import network_state, state_words
from golden.network.reward import due as due_rewards
from golden.network.state import NetworkState
from golden.simulation.scripts import found
from sim.battery.zoo import network
from tests.network.placement.machine import Machine


def follow(
    placement: Placement, steps: int, learning: Sequence[Sequence[bool]] = ()
) -> NetworkState:
    """Let words and golden do some steps side by side; return golden's state.

    ``learning``: of all rows whether they learn, in the first half and in the second.
    """
    blueprint = placement.blueprint
    state = NetworkState.start(blueprint)
    machine = _machine(placement, state, 0, learning)
    items = [(x.end, x.value) for x in externals(placement, 0, steps)]
    chronicle, due = Chronicle.of(blueprint, state), halts(placement).tolist()
    history: list[np.ndarray] = []
    longest = 0
    outside = [n for n, tenant in enumerate(placement.tenants) if tenant is None]
    for now in range(steps):
        if now in due:
            for request in writes(placement, now):
                machine.write(request.region, request.index, request.data)
        if now == steps // 2:
            # Another chip goes on where this one is.
            machine = _machine(placement, state, now, learning[1:])
            chronicle.still = Chronicle.of(blueprint, state).still
        _reward(placement, state, machine)
        expected = step(blueprint, state)
        streamed, items = machine.step(items)
        told = [_told(blueprint.groups[n], now) for n in outside]
        spikes = np.sort(np.concatenate([streamed, *told]))
        np.testing.assert_array_equal(spikes, expected)
        history.insert(0, spikes)
        chronicle.hear(now, now + 1, np.full(len(spikes), now), spikes)
        words = {n: memory.astype(np.uint32) for n, memory in enumerate(machine.memory)}
        again = network_state(placement, words, chronicle)
        assert again.sha256() == state.sha256(), now
        assert machine["lost"] == 0
        longest = max(longest, machine["length"])
    assert items == []
    at = np.repeat(np.arange(steps)[::-1], [len(spikes) for spikes in history])
    assert most_flying(placement, at, np.concatenate(history)) == longest
    return state


@pytest.mark.parametrize("seed", range(30))
def test_a_loaded_network_does_what_golden_does(seed):
    fabric = UP5K if seed % 2 else None
    blueprint = network(seed).build(fabric).blueprint
    room = Room(sums=seed % 3, levels=seed % 5 == 0)
    follow(placed(blueprint, queue=64 * 256, room=room), 40)


@pytest.mark.parametrize(
    ("name", "steps", "changed"),
    [
        ("adex-behaviours", 300, {}),
        ("hodgkin-huxley", 400, {}),
        ("izhikevich2003", 120, {"excitatory": 32, "inhibitory": 8}),
        ("neurapse-feedforward", 400, {}),
        ("spikelearn-recurrent", 10, {}),
        ("spikelearn-simple", 300, {}),
    ],
)
def test_a_network_by_name_does_what_golden_does(name, steps, changed):
    blueprint = found(name).network(1, changed).build(UP5K).blueprint
    state = follow(placed(blueprint, fabric=UP5K), steps)
    assert sum(state.spikes) > 0


def _machine(
    placement: Placement, state: NetworkState, now: int, learning: Sequence[Sequence[bool]]
) -> Machine:
    """Return a chip in a state, in which rows learn as the first of these says, if there is one."""
    if learning:
        state.learn(learning[0])
    machine = Machine(placement.chip)
    machine.load(contents(placement, now))
    machine.load(state_words(placement, state))
    return machine


def _reward(placement: Placement, state: NetworkState, machine: Machine) -> None:
    """Give the rewards of the step that comes next."""
    for group, amounts in due_rewards(placement.blueprint, state.step):
        for request in rewarding(placement, state.learning, group, amounts):
            machine.write(request.region, request.index, request.data)
        machine.start()


def _told(group, now):
    return group.first + group.source.spikes(now, [], group.index)

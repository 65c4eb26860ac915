"""One step of a network: the specification.

Step t, in this order:

1. Spikes and currents of step t are taken from outside (`source`).
2. Every spike of step t - d reaches the synapses of delay d (`arrivals`).
3. The sum at every receptor is saturated once (first lines of a program).
4. Cells run their programs with all states as they were; receptors that last decay at the end.
5. Who reaches the threshold spikes and is reset; in a group that competes, only those that are
   farthest ahead spike (`competition`).
6. Spikes enter the history.
7. Monitors record states after step 5 and the spikes.
"""

import numpy as np

from golden.cells.evaluate import evaluate
from golden.network.arrivals import Sums, sums
from golden.network.blueprint import Blueprint, Group
from golden.network.competition import winners
from golden.network.state import NetworkState
from golden.numbers.formats import Array
from golden.numbers.hash import round_keys


def step(blueprint: Blueprint, state: NetworkState) -> Array:
    """Do one step: change the state, and return the neurons that spike, ascending."""
    keys = round_keys(blueprint.seed, state.step)
    arrived = sums(blueprint, state.history)
    _add_currents(blueprint, state.step, keys, arrived)
    spikes = []
    for number, group in enumerate(blueprint.groups):
        if group.source is not None:
            local = group.source.spikes(state.step, keys, group.index)
        else:
            local = _cells(group, number, state, arrived, keys)
        state.spikes[number] += len(local)
        spikes.append(group.first + local)
    now = np.concatenate(spikes) if spikes else np.zeros(0, np.int64)
    state.history.insert(0, now)
    del state.history[blueprint.longest :]
    state.step += 1
    return now


def _add_currents(blueprint: Blueprint, step: int, keys: list[int], arrived: Sums) -> None:
    for drive in blueprint.drives:
        size = drive.levels.shape[1]
        index = blueprint.groups[drive.group].first + drive.first + np.arange(size)
        into = arrived[drive.group][drive.receptor]
        into[drive.first : drive.first + size] += drive.level(step, keys, index)


def _cells(group: Group, number: int, state: NetworkState, arrived: Sums, keys: list[int]) -> Array:
    assert group.program is not None
    outcome = evaluate(group.program, state.words[number], arrived[number], keys, group.index)
    state.words[number] = outcome.states
    for name, cases in outcome.saturated.items():
        state.saturated[number][name] += cases
    return winners(outcome.spike, outcome.margin, group.winners)

"""One step of a network: the specification.

Step t, in this order:

1. Rewards of step t are given (`reward`); spikes and currents of step t are taken from outside
   (`source`).
2. Every spike of step t - d reaches the synapses of delay d, d >= 1 (`arrivals`); those that learn
   do first what their rule says at an arrival, with the post spikes of steps before t, and then
   transmit the weight so learned; in the last step of an epoch all synapses of a rule then do what
   it says (`learning`); through gap junctions flows what the potentials
   after step t - 1 make flow (`gaps`).
3. The sum at every receptor, too wide to saturate, is saturated once (first lines of a program),
   so that the order of arrivals cannot matter.
4. Cells run their programs, substeps and all: every program reads the states as they were after
   step t - 1, and what decays does so at its end.
5. Who reaches the threshold spikes and is reset; in a group that competes, only those that are
   farthest ahead spike, of equals the lowest index, but all are reset (`competition`).
6. Spikes enter the history; with short-term plasticity it is decided here, at emission, what each
   will transmit (`release`); synapses that learn do what their rule says at a spike of their
   target, with the arrivals of steps up to t (`learning`).
7. Monitors record the states after the reset, and the spikes.
"""

import numpy as np

from golden.cells.evaluate import evaluate
from golden.network.arrivals import Sums, sums
from golden.network.blueprint import Blueprint, Group
from golden.network.competition import winners
from golden.network.reward import due, give
from golden.network.state import NetworkState
from golden.numbers.formats import Array
from golden.numbers.hash import round_keys


def step(blueprint: Blueprint, state: NetworkState) -> Array:
    """Do one step: change the state, and return the neurons that spike, ascending."""
    for group, amounts in due(blueprint, state.step):
        give(blueprint, state, group, amounts)
    keys = round_keys(blueprint.seed, state.step)
    arrived = sums(blueprint, state, keys)
    _add_currents(blueprint, state.step, keys, arrived)
    _add_gaps(blueprint, state, arrived)
    spikes = []
    for number, group in enumerate(blueprint.groups):
        if group.source is not None:
            local = group.source.spikes(state.step, keys, group.index)
        else:
            local = _cells(group, number, state, arrived, keys)
        state.spikes[number] += len(local)
        spikes.append(group.first + local)
    for rows, release in zip(blueprint.rows, state.releases, strict=True):
        if rows.release and release:
            local = spikes[rows.source] - blueprint.groups[rows.source].first
            release.emit(rows.release, state.step, local, blueprint.longest)
    for rows, learned in zip(blueprint.rows, state.learned, strict=True):
        if learned:
            local = spikes[rows.target] - blueprint.groups[rows.target].first
            learned.spike(rows, state.step, keys, local)
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


def _add_gaps(blueprint: Blueprint, state: NetworkState, arrived: Sums) -> None:
    potential = [
        words[group.program.potential] if group.program else np.zeros(0, np.int64)
        for words, group in zip(state.words, blueprint.groups, strict=True)
    ]
    for gaps in blueprint.gaps:
        flow = gaps.currents(potential[gaps.source], potential[gaps.target])
        np.add.at(arrived[gaps.target][gaps.receptor], gaps.post, flow)


def _cells(group: Group, number: int, state: NetworkState, arrived: Sums, keys: list[int]) -> Array:
    assert group.program is not None
    outcome = evaluate(group.program, state.words[number], arrived[number], keys, group.index)
    state.words[number] = outcome.states
    for name, each in outcome.saturated.items():
        cases = int(each.sum())
        state.saturated[number][name] += cases
        if cases:
            state.first_saturated[number].setdefault(name, state.step)
    return winners(outcome.spike, outcome.margin, group.winners)

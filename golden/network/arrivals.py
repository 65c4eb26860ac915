"""Arrivals: every spike of step t - d reaches the synapses of delay d."""

import numpy as np

from golden.network.blueprint import Blueprint, Rows
from golden.network.release import rounded
from golden.network.state import NetworkState
from golden.numbers.formats import Array

Sums = list[dict[str, Array]]
"""Of every group and receptor, shape (neurons,)."""


def sums(blueprint: Blueprint, state: NetworkState, keys: list[int]) -> Sums:
    """Return what arrives in this step, as sums too wide to saturate.

    Spikes of ``state.history[d - 1]`` are d steps old. Each brings its weight, or, where plasticity
    is short-term, the weight times the efficacy that travels with the spike (`release`). Where
    synapses learn, they do so first, and bring what they have learned (`learning`).
    """
    total: Sums = [
        {r.name: np.zeros(g.size, np.int64) for r in g.program.receptors} if g.program else {}
        for g in blueprint.groups
    ]
    for rows, release, learned in zip(blueprint.rows, state.releases, state.learned, strict=True):
        first = blueprint.groups[rows.source].first
        last = first + len(rows.start) - 1
        into = total[rows.target][rows.receptor]
        if learned:
            due = _due(blueprint, rows, state)
            np.add.at(into, rows.post[due], learned.arrive(rows, state.step, keys, due))
            learned.end_epoch(rows, state.step, keys)
            continue
        for age, spikes in enumerate(state.history[: rows.longest], start=1):
            for k, neuron in enumerate(spikes[(spikes >= first) & (spikes < last)] - first):
                row = slice(rows.start[neuron], rows.start[neuron + 1])
                due = rows.delay[row] == age
                weight = rows.weight[row][due].astype(np.int64)
                if release:
                    weight = rounded(weight * release.sent[age - 1][k])
                np.add.at(into, rows.post[row][due], weight)
    return total


def _due(blueprint: Blueprint, rows: Rows, state: NetworkState) -> Array:
    """Return the synapses at which spikes arrive in this step."""
    group, found = blueprint.groups[rows.source], [np.zeros(0, np.int64)]
    for age, spikes in enumerate(state.history[: rows.longest], start=1):
        for neuron in spikes[(spikes >= group.first) & (spikes < group.first + group.size)]:
            begin, end = rows.start[neuron - group.first : neuron - group.first + 2]
            found.append(begin + np.flatnonzero(rows.delay[begin:end] == age))
    return np.sort(np.concatenate(found))

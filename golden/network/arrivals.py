"""Arrivals: every spike of step t - d reaches the synapses of delay d."""

import numpy as np

from golden.network.blueprint import Blueprint
from golden.network.release import rounded
from golden.network.state import NetworkState
from golden.numbers.formats import Array

Sums = list[dict[str, Array]]
"""Of every group and receptor, shape (neurons,)."""


def sums(blueprint: Blueprint, state: NetworkState) -> Sums:
    """Return what arrives in this step, as sums too wide to saturate.

    Spikes of ``state.history[d - 1]`` are d steps old. Each brings its weight, or, where plasticity
    is short-term, the weight times the efficacy that travels with the spike (`release`).
    """
    total: Sums = [
        {r.name: np.zeros(g.size, np.int64) for r in g.program.receptors} if g.program else {}
        for g in blueprint.groups
    ]
    for rows, release in zip(blueprint.rows, state.releases, strict=True):
        first = blueprint.groups[rows.source].first
        last = first + len(rows.start) - 1
        into = total[rows.target][rows.receptor]
        for age, spikes in enumerate(state.history[: rows.longest], start=1):
            for k, neuron in enumerate(spikes[(spikes >= first) & (spikes < last)] - first):
                row = slice(rows.start[neuron], rows.start[neuron + 1])
                due = rows.delay[row] == age
                weight = rows.weight[row][due].astype(np.int64)
                if release:
                    weight = rounded(weight * release.sent[age - 1][k])
                np.add.at(into, rows.post[row][due], weight)
    return total

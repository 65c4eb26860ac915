"""Arrivals: every spike of step t - d reaches the synapses of delay d."""

import numpy as np

from golden.network.blueprint import Blueprint
from golden.numbers.formats import Array

Sums = list[dict[str, Array]]
"""Of every group and receptor, shape (neurons,)."""


def sums(blueprint: Blueprint, history: list[Array]) -> Sums:
    """Return what arrives in this step, as sums too wide to saturate.

    Parameters
    ----------
    history : list of arrays
        Spikes of the last steps, the latest first: those of ``history[d - 1]`` are d steps old.
    """
    total: Sums = [
        {r.name: np.zeros(g.size, np.int64) for r in g.program.receptors} if g.program else {}
        for g in blueprint.groups
    ]
    for rows in blueprint.rows:
        first = blueprint.groups[rows.source].first
        last = first + len(rows.start) - 1
        into = total[rows.target][rows.receptor]
        for age, spikes in enumerate(history, start=1):
            for neuron in spikes[(spikes >= first) & (spikes < last)] - first:
                row = slice(rows.start[neuron], rows.start[neuron + 1])
                due = rows.delay[row] == age
                np.add.at(into, rows.post[row][due], rows.weight[row][due])
    return total

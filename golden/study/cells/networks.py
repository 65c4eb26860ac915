"""Networks of leaky cells in integers and in float64: the same wiring, inputs and step."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from golden.builder.network import Network
from golden.cells.integrators.integrator import Integrator
from golden.examples import coba, cuba, neurapse_drn
from golden.network.blueprint import Blueprint
from golden.numbers.hash import round_keys
from golden.study.cells.leaky import Leaky

SEEDS = 1, 2, 3
CHANGES = 0.0, 1e-4, -1e-4, 3e-4, -3e-4
"""By so much all weights of a small network are changed in float64: one run is a draw of what it
can do."""
NETWORKS = {
    "cuba": (cuba.network, {"exc": (0, 3200), "inh": (3200, 4000)}, (0.0,)),
    "coba": (coba.network, {"exc": (0, 3200), "inh": (3200, 4000)}, (0.0,)),
    "neurapse-drn": (neurapse_drn.network, {"exc": (0, 400), "inh": (400, 500)}, CHANGES),
}
"""By name, which of their neurons are which, and runs in float64."""
MS = 2000
COLUMNS = (
    "network",
    "seed",
    "ms",
    "population",
    "hz_integers",
    "hz_float",
    "hz_float_lowest",
    "hz_float_highest",
    "difference_percent",
    "count_correlation",
    "overflows",
)


def rows() -> Iterator[dict[str, Any]]:
    """Yield a row for each network, seed and population, rounded as it is written."""
    for name, (make, populations, changes) in NETWORKS.items():
        for seed in SEEDS:
            found = compare(make(seed=seed), MS, changes)
            for population, (first, last) in populations.items():
                integers, floats = found.rates(first, last, MS)
                mean = float(np.mean(floats))
                yield {
                    "network": name,
                    "seed": seed,
                    "ms": MS,
                    "population": population,
                    "hz_integers": f"{integers:.3f}",
                    "hz_float": f"{mean:.3f}",
                    "hz_float_lowest": f"{min(floats):.3f}",
                    "hz_float_highest": f"{max(floats):.3f}",
                    "difference_percent": f"{100 * (integers / mean - 1):.2f}",
                    "count_correlation": f"{found.correlation(first, last):.4f}",
                    "overflows": found.overflows,
                }


@dataclass(frozen=True, slots=True)
class NetworkComparison:
    """What a network did in integers, and in float64."""

    integers: NDArray[np.int64]
    """Spikes of every neuron, sources too."""
    floats: NDArray[np.int64]
    """The same of every run, shape (runs, neurons)."""
    overflows: int

    def rates(self, first: int, last: int, ms: float) -> tuple[float, list[float]]:
        """Return Hz of neurons ``first`` to ``last - 1``, of every run in float64."""
        seconds = ms / 1000 * (last - first)
        integers = float(self.integers[first:last].sum() / seconds)
        return integers, (self.floats[:, first:last].sum(axis=1) / seconds).tolist()

    def correlation(self, first: int, last: int) -> float:
        """Return that of the counts of the neurons, with the first run in float64."""
        pair = self.integers[first:last], self.floats[0, first:last]
        return float(np.corrcoef(*pair)[0, 1])


def compare(net: Network, ms: float, changes: Sequence[float] = (0.0,)) -> NetworkComparison:
    """Run a network of leaky cells in integers, and in float64 once for every change of weights."""
    blueprint = net.build().blueprint
    monitor = net.record(_everybody(net))
    net.run(ms)
    integers = np.bincount(monitor.i, minlength=blueprint.neurons)
    steps = round(ms / net.dt)
    floats = np.array([in_floats(net, steps, change) for change in changes])
    return NetworkComparison(integers, floats, net.state.overflows)


def _everybody(net: Network):
    first, *others = net.populations.values()
    everybody = first[:]
    for population in others:
        everybody = everybody + population
    return everybody


def in_floats(net: Network, steps: int, change: float = 0.0) -> NDArray[np.int64]:
    """Return how often every neuron spikes in float64, with all weights times ``1 + change``."""
    blueprint = net.build().blueprint
    cells = {
        p.number: Leaky(p.what, net.dt, p.size)
        for p in net.populations.values()
        if isinstance(p.what, Integrator)
    }
    ring = Pending(blueprint, 1 + change)
    counts = np.zeros(blueprint.neurons, np.int64)
    for step in range(steps):
        keys = round_keys(blueprint.seed, step)
        sums = ring.take(step)
        for number, group in enumerate(blueprint.groups):
            if group.source is not None:
                fired = group.source.spikes(step, keys, group.index)
            else:
                fired = np.flatnonzero(cells[number].step(sums[number]))
            counts[group.first + fired] += 1
            ring.send(step, number, fired)
    return counts


class Pending:
    """What arrives in the steps to come, by synapses that do not learn."""

    def __init__(self, blueprint: Blueprint, times: float):
        self.slots = blueprint.longest + 1
        self.sums = [
            {r.name: np.zeros((self.slots, g.size)) for r in g.program.receptors}
            if g.program
            else {}
            for g in blueprint.groups
        ]
        self.rows = [
            [
                (r, _scale(blueprint, r).quantity(r.weight) * times)
                for r in blueprint.rows
                if r.source == number and not r.learning
            ]
            for number in range(len(blueprint.groups))
        ]

    def take(self, step: int) -> list[dict[str, NDArray[np.float64]]]:
        """Return what arrives now, and forget it."""
        slot = step % self.slots
        found = [{name: x[slot].copy() for name, x in group.items()} for group in self.sums]
        for group in self.sums:
            for x in group.values():
                x[slot] = 0
        return found

    def send(self, step: int, source: int, fired: NDArray[np.int64]) -> None:
        """Send spikes on their way."""
        for rows, weight in self.rows[source]:
            into = self.sums[rows.target][rows.receptor]
            for neuron in fired[fired < len(rows.start) - 1]:
                row = slice(rows.start[neuron], rows.start[neuron + 1])
                slots = (step + rows.delay[row].astype(np.int64)) % self.slots
                np.add.at(into, (slots, rows.post[row]), weight[row])


def _scale(blueprint: Blueprint, rows):
    return blueprint.groups[rows.target].receptor(rows.receptor).scale

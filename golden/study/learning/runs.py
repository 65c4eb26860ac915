"""Runs of networks that learn: the same ones in integers and in float64."""

from collections.abc import Collection, Iterator, Mapping
from itertools import product
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from golden.builder.network import Network
from golden.examples import neurapse_drn_plastic, song2000, spnet
from golden.study.learning import competition, pairs, polychrony
from golden.study.learning.outcome import LearningRun, outcome

DRN, SPNET, SONG = "neurapse-drn-plastic", "spnet", "song2000"
SHORT = "spnet-short"
SHORT_WORDS = {"weight_bits": 11, "derivative_bits": 13, "fading": True}
"""With which `spnet` whole fits a ULX3S 85F."""
NUMBERS = "integers", "float64"
SEEDS, SPNET_SEEDS, SONG_SEEDS = (1, 2, 3, 4, 5), (1, 2, 3, 4), (1, 2, 3)
DRN_MS, SONG_MS, SPNET_MS = 2000, 1_000_000, 1_000_000
GAMMA, GMAX = 0.4, 0.015
CHANGES, SPNET_CHANGES = (0.0, 1e-4, -1e-4), (0.0, 1e-4)
"""By so much all first weights are changed, of the small network in float64 only: one run is a draw
of what a network can do."""
SHORT_CHANGES = 0.0, 4e-3
"""Less is not seen by short words."""


def rows(done: Collection[tuple[str, str, int, float]] = ()) -> Iterator[LearningRun]:
    """Yield what a run has come to, but not of those done: network, numbers, seed, change."""
    for seed, numbers in product(SEEDS, NUMBERS):
        if (DRN, numbers, seed, 0.0) not in done:
            yield drn(DRN, numbers, seed)
    for seed, change, numbers in product(SPNET_SEEDS, SPNET_CHANGES, NUMBERS):
        if (SPNET, numbers, seed, change) not in done:
            yield polychronous(SPNET, numbers, seed, SPNET_MS, change)
    for seed, change in product(SPNET_SEEDS, SHORT_CHANGES):
        if (SHORT, NUMBERS[0], seed, change) not in done:
            yield polychronous(SHORT, NUMBERS[0], seed, SPNET_MS, change, SHORT_WORDS)
    for seed, numbers in product(SONG_SEEDS, NUMBERS):
        if (SONG, numbers, seed, 0.0) not in done:
            yield song(SONG, numbers, seed)


def song(name: str, numbers: str, seed: int, ms: int = SONG_MS) -> LearningRun:
    """Run Song's cell, "exc" in the table, with its inhibitory inputs."""
    net = song2000.network(seed=seed, gmax=GMAX)
    sizes, overflows = {"exc": 1, "inh": net.populations["inh"].size}, 0
    if numbers == "integers":
        counted, overflows = _counted(net, ms, ("cell", "inh"))
        counts, weights = (
            {"exc": counted["cell"], "inh": counted["inh"]},
            net.projections[0].weights,
        )
    else:
        counts, weights = competition.in_floats(net, song2000.rule(GMAX), ms)
    return outcome(name, numbers, seed, counts, sizes, weights, GMAX, overflows)


def drn(name: str, numbers: str, seed: int, ms: int = DRN_MS) -> LearningRun:
    """Run Neurapse's network; in float64 the mean of runs with changed weights."""
    rule = neurapse_drn_plastic.rule(GAMMA)
    net = neurapse_drn_plastic.network(seed=seed, gamma=GAMMA)
    sizes, overflows = _sizes(net), 0
    if numbers == "integers":
        counts, overflows = _counted(net, ms)
        found = [(counts, net.projections[0].weights)]
    else:
        found, each = [], round(1 / net.dt)
        for change in CHANGES:
            groups, weights = pairs.in_floats(net, rule, ms * each, change)
            counted = [g.reshape(ms, each).sum(axis=1) for g in groups[:2]]
            found.append((dict(zip(("exc", "inh"), counted, strict=True)), weights))
    mean = {k: np.mean([counts[k] for counts, _ in found], axis=0) for k in sizes}
    weights = np.concatenate([weights for _, weights in found])
    return outcome(name, numbers, seed, mean, sizes, weights, rule.w_max, overflows)


def polychronous(
    name: str,
    numbers: str,
    seed: int,
    ms: int = SPNET_MS,
    change: float = 0.0,
    words: Mapping[str, Any] = MappingProxyType({}),
) -> LearningRun:
    """Run spnet, with these parameters."""
    weight = polychrony.START * (1 + change)
    net = spnet.network(seed=seed, seconds=ms // 1000, weight=weight, **words)
    overflows = 0
    if numbers == "integers":
        counts, overflows = _counted(net, ms)
        weights = net.projections[1].weights
    else:
        counts, weights = polychrony.in_floats(net, ms, weight)
    sizes, most = _sizes(net), polychrony.MOST
    return outcome(name, numbers, seed, counts, sizes, weights, most, overflows, change)


def _sizes(net: Network) -> dict[str, int]:
    return {name: net.populations[name].size for name in ("exc", "inh")}


def _counted(
    net: Network, ms: int, names: Collection[str] = ("exc", "inh")
) -> tuple[dict[str, NDArray[np.int64]], int]:
    """Run a network; return its spikes in each ms, and what has overflowed."""
    each = round(1 / net.dt)
    monitors = {name: net.record(net.populations[name], "rate", every=each) for name in names}
    net.run(ms)
    return {name: m.counts for name, m in monitors.items()}, net.state.overflows


def summary(found: list[dict[str, Any]]) -> Iterator[str]:
    """Yield a line for each network and figure: integers, and float64 from lowest to highest."""
    for name in dict.fromkeys(row["network"] for row in found):
        for figure in (k for k in found[0] if k.endswith(("percent", "weight")) or "hz" in k):
            values = {
                numbers: [
                    float(row[figure])
                    for row in found
                    if (row["network"], row["numbers"]) == (name, numbers)
                ]
                for numbers in NUMBERS
            }
            if all(values.values()):
                ours, floats = (values[numbers] for numbers in NUMBERS)
                yield (
                    f"{name} {figure}: integers {np.mean(ours):.3f} ({min(ours):.3f} to "
                    f"{max(ours):.3f}), float64 {np.mean(floats):.3f} ({min(floats):.3f} to "
                    f"{max(floats):.3f})"
                )

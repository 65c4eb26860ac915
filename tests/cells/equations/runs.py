"""Runs a cell from equations in both engines and in float64."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from golden.builder import Network
from golden.cells import Equations


def network(cell: Any, dt: float, inputs: Mapping[str, Any], n: int = 1) -> Network:
    """Return a network of one population ``cells``, with constant currents."""
    net = Network(dt=dt)
    cells = net.population(n, cell, "cells")
    for name, amount in inputs.items():
        net.current(cells, amount, receptor=name)
    return net


def integers(
    cell: Any, dt: float, steps: int, inputs: Mapping[str, Any], variable: str = "v"
) -> tuple[np.ndarray, np.ndarray]:
    """Return steps of spikes of neuron 0, and a variable after each step."""
    net = network(cell, dt, inputs)
    spikes = net.record(net.populations["cells"])
    kept = net.record(net.populations["cells"], variable)
    net.run(steps=steps)
    return spikes.t, kept.values[:, 0]


def floats(
    cell: Equations, dt: float, steps: int, inputs: Mapping[str, Any], variable: str = "v"
) -> tuple[np.ndarray, np.ndarray]:
    """Return the same of float64."""
    found = cell.float64(dt, steps, inputs)
    return np.flatnonzero(found["spikes"][:, 0]), found[variable][:, 0]


def same_in_both_engines(cell: Any, dt: float, steps: int, inputs: Mapping[str, Any], n=1) -> None:
    """Assert that golden and the engine have the same state after every step."""
    golden, fast = (network(cell, dt, inputs, n) for _ in range(2))
    for _ in range(steps):
        golden.run(steps=1, engine="golden")
        fast.run(steps=1)
        assert fast.state.sha256() == golden.state.sha256()
    assert fast.state.saturated == golden.state.saturated
    assert fast.state.spikes == golden.state.spikes

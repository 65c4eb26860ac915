"""Small NIR graphs for tests."""

from typing import Any

import nir
import numpy as np

BEFORE_SPIKES = [
    6, 15, 4, 3, 0, 2, 1, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    13, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5,
]  # fmt: skip
"""Silences, in units of 10 steps, before the input spikes of the single-neuron task."""


def full(n: int, value: float) -> np.ndarray:
    return np.full(n, value, np.float64)


def lif(n: int = 1, **changes: float) -> nir.LIF:
    values = {"tau": 0.0025, "r": 1.0, "v_leak": 0.0, "v_threshold": 0.1, "v_reset": 0.0} | changes
    made: dict[str, Any] = {name: full(n, value) for name, value in values.items()}
    return nir.LIF(**made)


def cuba(n: int = 1, **changes: float) -> nir.CubaLIF:
    values = {"tau_syn": 0.002, "tau_mem": 0.01, "r": 4.0, "v_leak": 0.0, "v_threshold": 1.0}
    values |= {"v_reset": 0.0, "w_in": 3.0}
    made: dict[str, Any] = {name: full(n, x) for name, x in (values | changes).items()}
    return nir.CubaLIF(**made)


def chain(*nodes: object, n_in: int = 1, n_out: int = 1) -> nir.NIRGraph:
    """Return Input, the nodes in a row, and Output; the last node of neurons is ``n``."""
    names = [f"l{i}" for i in range(len(nodes) - 1)] + ["n"]
    found = {"in": nir.Input({"input": np.array([n_in])}), **dict(zip(names, nodes, strict=True))}
    found["out"] = nir.Output({"output": np.array([n_out])})
    order = list(found)
    return nir.NIRGraph(found, list(zip(order, order[1:], strict=False)))


def task() -> tuple[nir.NIRGraph, tuple[list[int], list[int]]]:
    """Return the single-neuron task of the NIR paper, and its input spikes."""
    steps, at = [], -1
    for silence in BEFORE_SPIKES:
        at += silence + 1
        steps.append(10 * at)
    graph = chain(nir.Affine(np.ones((1, 1)), np.zeros(1)), lif())
    return graph, (steps, [0] * len(steps))

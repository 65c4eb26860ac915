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


def line(inputs: tuple[int, ...], outputs: tuple[int, ...], *nodes: Any) -> nir.NIRGraph:
    """Return as `chain` does, of any shape, Input, nodes in a row, and Output."""
    found: dict[str, Any] = {"in": nir.Input({"input": np.array(inputs)})}
    found |= {f"l{i}": node for i, node in enumerate(nodes)}
    found["out"] = nir.Output({"output": np.array(outputs)})
    order = list(found)
    return nir.NIRGraph(found, list(zip(order, order[1:], strict=False)))


def recurrent() -> nir.NIRGraph:
    """Return two layers, later in the alphabet first, with bias, back-link and two delays."""
    nodes = {
        "rain": nir.Input({"input": np.array([2])}),
        "a": nir.Affine(np.array([[0.3, 0.2], [0.1, 0.0], [0.4, 0.1]]), np.array([0.02, 0.0, 0.3])),
        "z": lif(3),
        "d": nir.Delay(np.array([0.002, 0.001, 0.005])),
        "back": nir.Linear(0.1 * np.eye(3)[::-1]),
        "on": nir.Linear(np.array([[0.1, 0.3, 0.2]])),
        "b": cuba(),
        "out": nir.Output({"output": np.array([1])}),
    }
    edges = [("rain", "a"), ("a", "z"), ("z", "back"), ("back", "z"), ("back", "d"), ("d", "z")]
    return nir.NIRGraph(nodes, [*edges, ("z", "on"), ("on", "b"), ("b", "out")])


def every() -> dict[str, nir.NIRGraph]:
    """Return a graph of each kind of node that can be done, by name."""
    random = np.random.default_rng(1)
    one, two = (1,), np.array([2, 2])
    image, line_of = (1, 6, 6), (1, 8)
    pools = two, two, np.array([0, 0])

    def shaped(*shape: int) -> nir.LIF:
        return nir.LIF(*(np.full(shape, x) for x in (0.0025, 1.0, 0.0, 0.1, 0.0)))

    conv1d = nir.Conv1d(8, random.normal(size=(2, 1, 3)), 1, 0, 1, 1, np.array([0.01, 0.0]))
    conv2d = nir.Conv2d((6, 6), random.normal(size=(2, 1, 3, 3)), 1, 0, 1, 1, np.zeros(2))
    flatten = nir.Flatten({"input": np.array([1, 2, 2])}, 0)
    weight = nir.Linear(np.ones((1, 1)))
    ones = full(1, 1.0)
    return {
        "task": task()[0],
        "Linear": line((3,), (2,), nir.Linear(random.normal(size=(2, 3))), lif(2)),
        "Affine": line(one, one, nir.Affine(np.zeros((1, 1)), np.array([0.05])), lif()),
        "Scale": line((3,), (3,), nir.Scale(np.array([0.1, 0.2, 0.3])), lif(3)),
        "Conv1d": line(line_of, (2, 6), conv1d, shaped(2, 6)),
        "Conv2d": line(image, (2, 4, 4), conv2d, shaped(2, 4, 4)),
        "SumPool2d": line(image, (1, 3, 3), nir.SumPool2d(*pools), shaped(1, 3, 3)),
        "AvgPool2d": line(image, (1, 3, 3), nir.AvgPool2d(*pools), shaped(1, 3, 3)),
        "Flatten": line((1, 2, 2), (4,), flatten, lif(4)),
        "Delay": line(one, one, nir.Delay(np.array([0.003])), weight, lif()),
        "LI": line(one, one, weight, nir.LI(full(1, 0.01), ones, 0 * ones)),
        "I": line(one, one, weight, nir.I(ones)),
        "IF": line(one, one, weight, nir.IF(ones, ones)),
        "CubaLIF": line((2,), (2,), nir.Linear(np.eye(2)), cuba(2, w_in=0.7)),
        "CubaLI": line(one, one, weight, nir.CubaLI(full(1, 0.01), full(1, 0.02), ones, 0 * ones)),
        "Threshold": line(one, one, nir.Affine(np.eye(1), ones), nir.Threshold(full(1, 0.5))),
        "subgraph": line(one, one, line(one, one, weight, lif())),
        "recurrent": recurrent(),
    }

"""A NIR graph as layers of neurons and links between them.

Subgraphs are taken apart, their nodes named ``graph.node``. Whatever is linear between two layers
becomes one link.
"""

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from graphlib import CycleError, TopologicalSorter
from typing import Any

import nir
import numpy as np
from scipy import sparse

from golden.interchange.linear import LINEAR, Path, added, bias, matrix, through, width
from golden.numbers.hash import INDEX_BITS

NEURONS = (nir.IF, nir.LIF, nir.CubaLIF, nir.Threshold)
"""Nodes that give spikes."""
READOUTS = (nir.I, nir.LI, nir.CubaLI)
"""Nodes that give a potential: only an Output may read it."""

KINDS = {kind.__name__: kind for kind in (*LINEAR, *NEURONS, *READOUTS, nir.Input, nir.Output)}
"""Nodes that can be done, beside subgraphs."""
MOST_NEURONS = 1 << INDEX_BITS
"""Of a network, so of a node."""


@dataclass(slots=True)
class Links:
    """A graph taken apart."""

    layers: dict[str, Any]
    """Inputs, neurons and readouts by name."""
    paths: dict[tuple[str, str], Path] = field(default_factory=dict)
    """Of (source, target): all ways from one to the other, added up."""
    constants: dict[str, np.ndarray] = field(default_factory=dict)
    """What arrives at a layer in every step."""
    outputs: dict[str, str] = field(default_factory=dict)
    """Which layer an Output shows."""


def taken_apart(graph: nir.NIRGraph, dt: float) -> Links:
    """Find layers and links.

    Raises
    ------
    ValueError
        If there is a node of a kind that cannot be done, a cycle that no neuron is in, or a
        potential that goes anywhere but to an Output.
    """
    nodes, edges = _flattened(graph, "")
    for name, node in nodes.items():
        if type(node) not in KINDS.values():
            raise ValueError(
                f"node {name} must be one of {', '.join(KINDS)}, not {type(node).__name__}"
            )
        _refuse_no_numbers(name, node)
        _refuse_large(name, node)
    for source, target in edges:
        if isinstance(nodes[source], nir.Output):
            raise ValueError(f"Output {source} must have no edge out of it, not one to {target}")
    ways = _Ways(nodes, edges, dt)
    layers = {n: x for n, x in nodes.items() if not isinstance(x, (*LINEAR, nir.Output))}
    links = Links(layers)
    for name in layers:
        for target, path in ways.ends(name):
            _link(links, nodes, name, target, path)
    ways.spread(links)
    return links


def _flattened(graph: nir.NIRGraph, prefix: str) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """Return nodes and edges without subgraphs."""
    nodes: dict[str, Any] = {}
    edges: list[tuple[str, str]] = []
    begins: dict[str, str] = {}
    ends: dict[str, str] = {}
    for name, node in graph.nodes.items():
        if not isinstance(node, nir.NIRGraph):
            nodes[prefix + name] = node
            continue
        inner, links = _flattened(node, f"{prefix}{name}.")
        begins[prefix + name] = _only(inner, nir.Input, f"{prefix}{name}.")
        ends[prefix + name] = _only(inner, nir.Output, f"{prefix}{name}.")
        for place in (begins[prefix + name], ends[prefix + name]):
            size = int(np.prod(inner[place].input_type["input"]))
            inner[place] = nir.Scale(np.ones(size))
        nodes |= inner
        edges += links
    for source, target in dict.fromkeys(graph.edges):
        source, target = prefix + source, prefix + target
        edges.append((ends.get(source, source), begins.get(target, target)))
    return nodes, edges


def _only(nodes: dict[str, Any], kind: type, prefix: str) -> str:
    found = [n for n, x in nodes.items() if isinstance(x, kind) and "." not in n[len(prefix) :]]
    if len(found) != 1:
        raise ValueError(f"subgraph {prefix[:-1]} must have one {kind.__name__}, not {len(found)}")
    return found[0]


def _refuse_no_numbers(name: str, node: Any) -> None:
    """Refuse a node with an array that is not of finite numbers."""
    for part in fields(node):
        value = getattr(node, part.name)
        if not isinstance(value, np.ndarray) or part.name == "padding":
            continue
        if value.dtype.kind not in "biuf":
            raise ValueError(f"{part.name} of {name} must be numbers, not {value.dtype}")
        if not np.isfinite(value).all():
            raise ValueError(f"{part.name} of {name} must be finite")


def _refuse_large(name: str, node: Any) -> None:
    """Refuse a node that is said to be larger than any network."""
    for kind in (node.input_type, node.output_type):
        for shape in (kind or {}).values():
            size = math.prod(int(n) for n in np.ravel(shape)) if shape is not None else 0
            if size > MOST_NEURONS:
                raise ValueError(f"{name} must have at most {MOST_NEURONS:,} neurons, not {size:,}")


def _size(node: Any) -> int:
    kind = node.input_type["input"] if isinstance(node, nir.Input) else node.output_type["output"]
    return int(np.prod(kind))


class _Ways:
    """What lies between layers: linear nodes, each after all that lead to it.

    Ways that meet in a node are added up there, so that their number does not matter.
    """

    def __init__(self, nodes: dict[str, Any], edges: list[tuple[str, str]], dt: float):
        self._nodes, self._dt = nodes, dt
        self._after: dict[str, list[str]] = defaultdict(list)
        before: dict[str, list[str]] = {n: [] for n, x in nodes.items() if isinstance(x, LINEAR)}
        for source, target in edges:
            self._after[source].append(target)
            if source in before and target in before:
                before[target].append(source)
        try:
            self._order = list(TopologicalSorter(before).static_order())
        except CycleError as error:
            raise ValueError(
                f"a cycle through {error.args[1][0]} must have a neuron in it"
            ) from None

    def ends(self, source: str) -> Iterator[tuple[str, Path]]:
        """Yield the next layers and Outputs, and how a layer's spikes come to them."""
        start: Path = {0: sparse.csr_array(sparse.eye_array(_size(self._nodes[source])))}
        reached: dict[str, Path] = {}
        for name in (source, *self._order):
            path = start
            if name != source:
                if name not in reached:
                    continue
                path = through(reached[name], self._nodes[name], name, self._dt)
            for target in self._after[name]:
                if isinstance(self._nodes[target], LINEAR):
                    reached[target] = added(reached.get(target, {}), path)
                else:
                    yield target, path

    def spread(self, links: Links) -> None:
        """Let what nodes add in every step arrive at the next layers."""
        arrived: dict[str, np.ndarray] = {}
        for name in self._order:
            node, constant = self._nodes[name], arrived.get(name)
            if constant is not None and not isinstance(node, nir.Delay):
                constant = matrix(node, name) @ constant
            own = bias(node)
            if own is not None and own.any():
                constant = own if constant is None else constant + own
            if constant is None:
                continue
            for target in self._after[name]:
                into = arrived if isinstance(self._nodes[target], LINEAR) else links.constants
                if not isinstance(self._nodes[target], nir.Output):
                    into[target] = into[target] + constant if target in into else constant


def _link(links: Links, nodes: dict[str, Any], source: str, target: str, path: Path) -> None:
    if isinstance(nodes[target], nir.Output):
        if list(path) == [0] and _is_identity(path[0]):
            links.outputs[target] = source
            return
        raise ValueError(
            f"Output {target} must show a layer of neurons as it is, not a sum of them"
        )
    if isinstance(nodes[source], READOUTS):
        raise ValueError(
            f"{source} gives a potential and must lead to an Output, not to {target}: only spikes "
            "travel"
        )
    if isinstance(nodes[target], nir.Input):
        raise ValueError(f"Input {target} must have no edge into it, not one from {source}")
    if width(path) != _size(nodes[target]):
        raise ValueError(f"{target} must have {width(path)} neurons, as many as {source} leads to")
    links.paths[source, target] = added(links.paths.get((source, target), {}), path)


def _is_identity(matrix: sparse.csr_array) -> bool:
    entries = matrix.tocoo()
    ones = bool((entries.data == 1).all()) and entries.nnz == len(matrix.toarray())
    return ones and bool((entries.coords[0] == entries.coords[1]).all())

"""A NIR graph as layers of neurons and links between them.

Subgraphs are taken apart, their nodes named ``graph.node``. Whatever is linear between two layers
becomes one link.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any

import nir
import numpy as np
from scipy import sparse

from golden.interchange.linear import LINEAR, Path, bias, matrix, through

NEURONS = (nir.IF, nir.LIF, nir.CubaLIF, nir.Threshold)
"""Nodes that give spikes."""
READOUTS = (nir.I, nir.LI, nir.CubaLI)
"""Nodes that give a potential: only an Output may read it."""


@dataclass(slots=True)
class Links:
    """A graph taken apart."""

    layers: dict[str, Any]
    """Inputs, neurons and readouts by name."""
    paths: dict[tuple[str, str], list[Path]] = field(default_factory=lambda: defaultdict(list))
    """Of (source, target)."""
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
        if type(node) not in {*LINEAR, *NEURONS, *READOUTS, nir.Input, nir.Output}:
            raise ValueError(
                f"node {name} must be of a kind that is known, not {type(node).__name__}"
            )
        _refuse_no_numbers(name, node)
    after: dict[str, list[str]] = defaultdict(list)
    for source, target in edges:
        if isinstance(nodes[source], nir.Output):
            raise ValueError(f"Output {source} must have no edge out of it, not one to {target}")
        after[source].append(target)
    _refuse_cycles(nodes, after)
    layers = {n: x for n, x in nodes.items() if not isinstance(x, (*LINEAR, nir.Output))}
    links = Links(layers)
    for name, node in layers.items():
        size = _size(node)
        start: Path = {0: sparse.csr_array(sparse.eye_array(size))}
        for target, path in _ends(name, start, nodes, after, dt):
            _link(links, nodes, name, target, path)
    for name, node in nodes.items():
        if isinstance(node, LINEAR) and (added := bias(node)) is not None and added.any():
            _spread(links, nodes, after, name, added, dt)
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
            width = int(np.prod(inner[place].input_type["input"]))
            inner[place] = nir.Scale(np.ones(width))
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


def _size(node: Any) -> int:
    kind = node.input_type["input"] if isinstance(node, nir.Input) else node.output_type["output"]
    return int(np.prod(kind))


def _refuse_cycles(nodes: dict[str, Any], after: dict[str, list[str]]) -> None:
    """Refuse a cycle of linear nodes: it would take no time."""
    done: set[str] = set()
    for begin in nodes:
        stack = [(begin, iter(after[begin]))] if isinstance(nodes[begin], LINEAR) else []
        within = {begin}
        while stack and begin not in done:
            name, rest = stack[-1]
            following = next(
                (t for t in rest if isinstance(nodes[t], LINEAR) and t not in done), None
            )
            if following is None:
                done.add(name)
                within.discard(name)
                stack.pop()
            elif following in within:
                raise ValueError(f"a cycle through {following} must have a neuron in it")
            else:
                within.add(following)
                stack.append((following, iter(after[following])))


def _ends(
    name: str, path: Path, nodes: dict[str, Any], after: dict[str, list[str]], dt: float
) -> Iterator[tuple[str, Path]]:
    """Follow all ways from a node to the next layers and Outputs."""
    for target in after[name]:
        if isinstance(nodes[target], LINEAR):
            yield from _ends(target, through(path, nodes[target], target, dt), nodes, after, dt)
        else:
            yield target, path


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
    links.paths[source, target].append(path)


def _is_identity(matrix: sparse.csr_array) -> bool:
    entries = matrix.tocoo()
    ones = bool((entries.data == 1).all()) and entries.nnz == len(matrix.toarray())
    return ones and bool((entries.coords[0] == entries.coords[1]).all())


def _spread(
    links: Links,
    nodes: dict[str, Any],
    after: dict[str, list[str]],
    name: str,
    added: np.ndarray,
    dt: float,
) -> None:
    """Let what a node adds in every step arrive at the next layers."""
    for target in after[name]:
        node = nodes[target]
        if isinstance(node, nir.Delay):
            _spread(links, nodes, after, target, added, dt)
        elif isinstance(node, LINEAR):
            _spread(links, nodes, after, target, matrix(node, target) @ added, dt)
        elif not isinstance(node, nir.Output):
            links.constants[target] = links.constants.get(target, 0) + added

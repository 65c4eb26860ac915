"""What Goldspike writes into the metadata of a NIR file, as JSON, and reads back.

Other tools may ignore it: nodes and weights say the same as far as NIR has words for it.
"""

import json
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from typing import Any

import numpy as np

from golden import cells
from golden.cells import IF, LIF, CubaLIF, McCullochPitts
from golden.cells.cell import Cell
from golden.cells.receptors.inlet import Inlet
from golden.interchange.linear import Path
from golden.interchange.neurons import Layer

KEY = "goldspike"
VERSION = 2
CELLS: dict[str, type[Cell]] = {c.__name__: c for c in (IF, LIF, CubaLIF, McCullochPitts)}
"""Cells that NIR has a node for."""
INLETS = "receptors"
"""The field of a cell that is no number: written are its inlets, each with its kind."""
KINDS: dict[str, type[Inlet]] = {
    name: kind
    for name, kind in vars(cells).items()
    if isinstance(kind, type) and issubclass(kind, Inlet)
}
"""Receptors that can be written."""
Paths = dict[tuple[str, str], Path]
"""Of (source, target)."""


@contextmanager
def sense() -> Generator[None]:
    """Within this context, metadata that make no sense are a ValueError in one line."""
    try:
        yield
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        said = " ".join(str(error).split())
        raise ValueError(f"metadata {KEY} must be as Goldspike writes them: {said}") from error


def text(content: Mapping[str, Any]) -> dict[str, str]:
    """Return metadata that say something."""
    return {KEY: json.dumps({"version": VERSION, **content})}


def note(node: Any) -> dict[str, Any]:
    """Return what the metadata of a node or graph say."""
    said = node.metadata[KEY]
    content = json.loads(said.decode() if isinstance(said, bytes) else said)
    if content["version"] != VERSION:
        raise ValueError(f"version must be {VERSION}, not {content['version']}")
    return content


def ordered(layers: dict[str, Any], paths: Paths, graph: Any) -> tuple[dict[str, Any], Paths]:
    """Return layers and paths in the order of the network that was written: a file loses it."""
    if KEY not in graph.metadata:
        return layers, paths
    with sense():
        content = note(graph)
        order = content["order"]
        if sorted(order) != sorted(layers):
            raise ValueError("the order of layers must name each of them")
        at = {(source, target): k for k, (source, target) in enumerate(content["links"])}
        linked = sorted(paths, key=lambda pair: at.get(pair, len(at)))
        return {name: layers[name] for name in order}, {pair: paths[pair] for pair in linked}


def noted(node: Any) -> Layer | None:
    """Return the cell that a node was written for; None if another tool wrote it."""
    if KEY not in node.metadata:
        return None
    with sense():
        content = note(node)
        kind = CELLS[content["cell"]]
        given = _numbers(content["parameters"])
        if INLETS in content:
            given[INLETS] = tuple(map(_inlet, content[INLETS]))
        gain = content["gain"]
        gain = np.array(gain) if isinstance(gain, list) else gain
        return Layer(kind(**given), gain, content["receptor"])


def _inlet(said: Mapping[str, Any]) -> Inlet:
    """Return the receptor that was written."""
    given = _numbers(said)
    kind = KINDS[given.pop("kind")]
    if not isinstance(given["name"], str):
        raise ValueError(f"name of a receptor must be a text, not {given['name']!r}")
    return kind(**given)


def _numbers(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return parameters, lists of them as arrays."""
    return {n: np.array(x) if isinstance(x, list) else x for n, x in given.items()}


def described(cell: Cell, gain: Any, receptor: str) -> dict[str, str]:
    """Return the metadata of a cell's node.

    Raises
    ------
    ValueError
        If it has a receptor that Goldspike does not have.
    """
    content: dict[str, Any] = {
        "cell": type(cell).__name__,
        "parameters": _plain(cell),
        "gain": _plain_number(gain),
        "receptor": receptor,
    }
    inlets = getattr(cell, INLETS, None)
    if inlets is not None:
        content[INLETS] = [{"kind": _kind(x), **_plain(x)} for x in inlets]
    return text(content)


def _kind(inlet: Inlet) -> str:
    """Return the name of a receptor's kind."""
    name = type(inlet).__name__
    if KINDS.get(name) is not type(inlet):
        raise ValueError(
            f"receptor {inlet.name} must be of a kind in golden.cells for NIR, not {name}"
        )
    return name


def _plain(part: Any) -> dict[str, Any]:
    """Return the parameters of a cell without its receptors, or of one of these."""
    return {f.name: _plain_number(getattr(part, f.name)) for f in fields(part) if f.name != INLETS}


def _plain_number(value: Any) -> Any:
    return value.tolist() if isinstance(value, (np.ndarray, np.generic)) else value

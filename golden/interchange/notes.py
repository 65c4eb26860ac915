"""What Goldspike writes into the metadata of a NIR file, as JSON, and reads back.

Other tools may ignore it: nodes and weights say the same as far as NIR has words for it.
"""

import json
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from typing import Any

import numpy as np

from golden.cells import IF, LIF, CubaLIF, McCullochPitts
from golden.cells.cell import Cell
from golden.interchange.neurons import Layer

KEY = "goldspike"
VERSION = 1
CELLS: dict[str, type[Cell]] = {c.__name__: c for c in (IF, LIF, CubaLIF, McCullochPitts)}
"""Cells that NIR has a node for."""
INLETS = "receptors"
"""The field of a cell that is no number: written are its inlets' kinds and names."""


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


def ordered(layers: dict[str, Any], graph: Any) -> dict[str, Any]:
    """Return layers in the order of the network that was written: a file has them by name."""
    if KEY not in graph.metadata:
        return layers
    with sense():
        order = note(graph)["order"]
        if sorted(order) != sorted(layers):
            raise ValueError("the order of layers must name each of them")
        return {name: layers[name] for name in order}


def noted(node: Any) -> Layer | None:
    """Return the cell that a node was written for; None if another tool wrote it."""
    if KEY not in node.metadata:
        return None
    with sense():
        content = note(node)
        kind = CELLS[content["cell"]]
        given = {
            name: np.array(value) if isinstance(value, list) else value
            for name, value in content["parameters"].items()
        }
        if INLETS in content:
            known = {x.name: x for x in kind().receptors}  # type: ignore[attr-defined]
            given[INLETS] = tuple(known[name] for name in content[INLETS])
        gain = content["gain"]
        gain = np.array(gain) if isinstance(gain, list) else gain
        return Layer(kind(**given), gain, content["receptor"])


def described(cell: Cell, gain: Any, receptor: str) -> dict[str, str]:
    """Return the metadata of a cell's node."""
    content: dict[str, Any] = {
        "cell": type(cell).__name__,
        "parameters": {
            f.name: _plain(getattr(cell, f.name)) for f in fields(cell) if f.name != INLETS
        },
        "gain": _plain(gain),
        "receptor": receptor,
    }
    inlets = getattr(cell, INLETS, None)
    if inlets is not None:
        content[INLETS] = [x.name for x in inlets]
    return text(content)


def _plain(value: Any) -> Any:
    return value.tolist() if isinstance(value, (np.ndarray, np.generic)) else value

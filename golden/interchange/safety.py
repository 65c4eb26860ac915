"""A NIR file before it is read: nothing in it is believed, and nothing large is unpacked.

nir reads whatever stands in a file. So its HDF5 tree is walked first, by shapes and types alone.
"""

import math
from collections.abc import Iterator
from typing import Any

import h5py

from golden.interchange.links import KINDS

MOST_BYTES = 1 << 28
"""Of all datasets, unpacked."""
OBJECT_BYTES = 512
"""What a group or dataset counts for by itself."""
POINTER_BYTES = 16
"""What a text in a dataset counts for, beside its characters."""


class NirFileError(ValueError):
    """A NIR file that is refused before it is read; the text says why."""


def refuse_hostile(file: h5py.File) -> None:
    """Refuse a file that is too large, refers to others or has nodes that cannot be done.

    Raises
    ------
    NirFileError
        Saying which.
    """
    total = 0
    for item in _items(file):
        total += OBJECT_BYTES
        if isinstance(item, h5py.Dataset):
            total += _fixed(item)
            total += _texts(item, file.id.get_filesize(), total)
        _refuse_large(total)
    if isinstance(root := file.get("node"), h5py.Group):
        _refuse_unknown(root, "")


def _refuse_large(total: int) -> None:
    if total > MOST_BYTES:
        raise NirFileError(f"a NIR file must hold at most {MOST_BYTES:,} bytes unpacked, not more")


def _items(group: h5py.Group) -> Iterator[Any]:
    """Yield everything in a group; each must be there once, in this file."""
    for name in group:
        link = group.get(name, getlink=True)
        if not isinstance(link, h5py.HardLink):
            raise NirFileError(f"{name} in a NIR file must stand there itself, not as a link")
        item = group[name]
        if h5py.h5o.get_info(item.id).rc > 1:  # type: ignore[attr-defined]
            raise NirFileError(f"{name} in a NIR file must stand in one place, not in two")
        yield item
        if isinstance(item, h5py.Group):
            yield from _items(item)


def _fixed(dataset: h5py.Dataset) -> int:
    """Return how many bytes its numbers are."""
    if dataset.external or dataset.is_virtual:
        raise NirFileError(f"{dataset.name} in a NIR file must hold its numbers itself")
    return math.prod(dataset.shape or ()) * max(dataset.dtype.itemsize, 1)


def _texts(dataset: h5py.Dataset, most: int, before: int) -> int:
    """Return how many bytes its texts are, each of which is at most so long.

    They are read in blocks that cannot be larger than a part of the limit.
    """
    if dataset.dtype.kind != "O" or not dataset.size:
        return 0
    shape = dataset.shape or (1,)
    total = POINTER_BYTES * math.prod(shape)
    _refuse_large(before + total)
    width = math.prod(shape[1:])
    _refuse_large(before + (width * most if width > 2 else 0))
    rows = max(1, MOST_BYTES // 8 // (most * width))
    for start in range(0, shape[0], rows):
        block = dataset[start : start + rows].ravel() if dataset.shape else [dataset[()]]
        total += sum(len(text) for text in block)
        _refuse_large(before + total)
    return total


def _refuse_unknown(graph: h5py.Group, prefix: str) -> None:
    """Refuse a graph that has a node of another kind than can be done, also in its subgraphs."""
    nodes = graph.get("nodes")
    for name, node in nodes.items() if isinstance(nodes, h5py.Group) else ():
        told = node.get("type") if isinstance(node, h5py.Group) else None
        kind = told[()] if isinstance(told, h5py.Dataset) else b"none"
        said = kind.decode(errors="replace") if isinstance(kind, bytes) else str(kind)
        if said not in {*KINDS, "NIRGraph"}:
            raise NirFileError(
                f"node {prefix}{name} must be one of {', '.join(KINDS)}, not {said[:40]}"
            )
        if said == "NIRGraph":
            _refuse_unknown(node, f"{prefix}{name}.")

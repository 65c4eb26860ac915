"""Populations, parts of them, and several at once: what connections and monitors are about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from golden.cells.cell import Cell
from golden.network.blueprint import Group

if TYPE_CHECKING:
    from golden.builder.inputs import Input


@dataclass(frozen=True, eq=False)
class Population:
    """Selection of one kind, made by `Network.population` or `Network.input`.

    ``exc[:100]`` is a part of it, ``exc + inh`` are both; both may be cut and added again, as
    long as no neuron is in it twice.
    """

    name: str
    number: int
    """Its place among the network's groups."""
    size: int
    what: Cell | Input = field(repr=False)
    winners: int | None = None

    @property
    def parts(self) -> tuple[Part, ...]:
        """It is one part, the whole."""
        return (Part(self, 0, self.size),)

    def label(self, neuron: int) -> str:
        """Return what a neuron is called in pictures."""
        return self.name if self.size == 1 else f"{self.name} {neuron}"

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, key: slice | int) -> Selection:
        start, stop = _bounds(key, self.size, self.name)
        return Selection((Part(self, start, stop - start),))

    def __add__(self, other: Population | Selection) -> Selection:
        return _together(self, other)


@dataclass(frozen=True)
class Part:
    """Selection in a row of one population."""

    population: Population
    first: int
    size: int


@dataclass(frozen=True)
class Selection:
    """Several parts, counted through."""

    parts: tuple[Part, ...]

    def __len__(self) -> int:
        return sum(part.size for part in self.parts)

    def __getitem__(self, key: slice | int) -> Selection:
        start, stop = _bounds(key, len(self), named(self.parts))
        found = []
        for first, part in counted(self.parts):
            begin, end = max(start - first, 0), min(stop - first, part.size)
            if begin < end:
                found.append(Part(part.population, part.first + begin, end - begin))
        return Selection(tuple(found))

    def __add__(self, other: Population | Selection) -> Selection:
        return _together(self, other)


def _together(one: Population | Selection, other: Population | Selection) -> Selection:
    """Join what has no neuron in common: a neuron that stood there twice would count twice."""
    for a in one.parts:
        for b in other.parts:
            first, end = max(a.first, b.first), min(a.first + a.size, b.first + b.size)
            if a.population is b.population and first < end:
                raise ValueError(
                    f"parts that are added must have no neuron in common, not {end - first} of "
                    f"{a.population.name}, from {first}"
                )
    return Selection((*one.parts, *other.parts))


def counted(parts: tuple[Part, ...]) -> list[tuple[int, Part]]:
    """Return every part with the number of its first neuron, counted through all."""
    firsts = np.cumsum([0, *(part.size for part in parts)])
    return [(int(first), part) for first, part in zip(firsts, parts, strict=False)]


def named(parts: tuple[Part, ...]) -> str:
    """Return the names of parts, "exc + inh"."""
    return " + ".join(part.population.name for part in parts)


def numbers_of(groups: Sequence[Group], parts: tuple[Part, ...]) -> NDArray[np.int64]:
    """Return the numbers in the network of all neurons of some parts."""
    firsts = [groups[part.population.number].first + part.first for part in parts]
    return np.concatenate([
        first + np.arange(part.size) for first, part in zip(firsts, parts, strict=True)
    ])


def _bounds(key: slice | int, size: int, name: str) -> tuple[int, int]:
    if isinstance(key, slice):
        ends = (x for x in (key.start, key.stop, key.step) if x is not None)
        if not all(isinstance(x, int | np.integer) for x in ends):
            raise ValueError(f"a part of {name} must be some neurons in a row, not {key}")
        start, stop, stride = key.indices(size)
        if stride != 1 or stop <= start:
            raise ValueError(f"a part of {name} must be some neurons in a row, not {key}")
        return start, stop
    if not isinstance(key, int | np.integer):
        raise ValueError(f"neurons of {name} must be a number or a slice such as [2:8], not {key}")
    if not -size <= key < size:
        raise ValueError(f"neuron of {name} must be 0 to {size - 1}, not {key}")
    return int(key) % size, int(key) % size + 1

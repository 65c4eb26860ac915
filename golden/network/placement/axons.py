"""Axons of a chip, and whose they are: those with short-term plasticity or a rule come first.

A neuron has an axon for all that it sends whole and as it is, one for each set of constants of
short-term plasticity, and one for all synapses that learn. Rows of one group with equal constants
share theirs, as they always know the same (`golden.network.release.ReleaseState`). Groups that send
nothing share axons without a row, behind all others.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from golden.network.blueprint import Blueprint
from golden.network.digest import digest
from golden.network.release import Release
from golden.network.source import Train
from golden.numbers.formats import Array


class Plastic(NamedTuple):
    """Axons of a group, one a neuron, that know something."""

    first: int
    group: int
    rows: int
    """Of the network: the first ones that it sends to."""
    release: int
    """Number of the constants."""


@dataclass(frozen=True)
class Axons:
    """Who has which axons; each is told by that of the first neuron of a group."""

    rows: tuple[int, ...]
    """Of all rows: of those whose synapses they are."""
    groups: tuple[tuple[int, ...], ...]
    """Of every group, one or more: the first has its place in the header of the script's record,
    the others are branches."""
    plastic: tuple[Plastic, ...]
    releases: tuple[Release, ...]
    """Constants, each once."""
    taken: int
    """Plastic ones."""
    branches: int
    """Most of a group that has a record."""
    count: int
    """All, with those that nobody uses between plastic ones and others."""

    def of(self, blueprint: Blueprint, neurons: Array) -> tuple[Array, Array]:
        """Return the axons of neurons, given by their numbers in the network.

        Returns
        -------
        which, axon : arrays of one shape
            Place in ``neurons``, and an axon of that one.
        """
        table = np.full((len(self.groups), max(map(len, self.groups), default=1)), -1)
        for number, firsts in enumerate(self.groups):
            table[number, : len(firsts)] = firsts
        first = np.array([group.first for group in blueprint.groups])
        group = np.searchsorted(first, neurons, side="right") - 1
        which, branch = np.nonzero(table[group] >= 0)
        return which, table[group[which], branch] + (neurons - first[group])[which]


def laid_out(blueprint: Blueprint, plastic: int = 0) -> Axons:
    """Return who has which axons on a chip with so many plastic ones, or as many as it needs."""
    numbers: dict[str, int] = {}
    blocks: dict[tuple[int, int], Plastic] = {}
    releases: list[Release] = []
    taken = 0
    for k, rows in enumerate(blueprint.rows):
        if not rows.release:
            continue
        number = numbers.setdefault(digest(rows.release), len(numbers))
        if number == len(releases):
            releases.append(rows.release)
        if (rows.source, number) not in blocks:
            blocks[rows.source, number] = Plastic(taken, rows.source, k, number)
            taken += blueprint.groups[rows.source].size
    learning, begin = _learning(blueprint, max(taken, plastic))
    whole, count = _others(blueprint, {b.group for b in blocks.values()} | set(learning), begin)
    groups = tuple(
        (
            *([first] if first is not None else []),
            *(b.first for b in blocks.values() if b.group == n),
            *([learning[n]] if n in learning else []),
        )
        for n, first in enumerate(whole)
    )
    of_rows = tuple(
        learning[r.source]
        if r.learning
        else blocks[r.source, numbers[digest(r.release)]].first
        if r.release
        else groups[r.source][0]
        for r in blueprint.rows
    )
    recorded = (
        len(firsts) - 1
        for firsts, group in zip(groups, blueprint.groups, strict=True)
        if not isinstance(group.source, Train)
    )
    branches = max(recorded, default=0)
    return Axons(of_rows, groups, tuple(blocks.values()), tuple(releases), taken, branches, count)


def _learning(blueprint: Blueprint, begin: int) -> tuple[dict[int, int], int]:
    """Return the first axon with synapses that learn of every group that has some; and the end."""
    found: dict[int, int] = {}
    for rows in blueprint.rows:
        if rows.learning and rows.source not in found:
            found[rows.source] = begin
            begin += blueprint.groups[rows.source].size
    return found, begin


def _others(blueprint: Blueprint, own: set[int], begin: int) -> tuple[list[int | None], int]:
    """Return the first axon of every group for what is sent whole and as it is; and the end.

    It is None if there is nothing; ``own`` are the groups that have axons for something else.
    """
    senders = {
        rows.source
        for rows in blueprint.rows
        if rows.synapses and not rows.release and not rows.learning
    }
    found: list[int | None] = []
    for number, group in enumerate(blueprint.groups):
        found.append(begin if number in senders else None)
        begin += group.size if number in senders else 0
    silent = [n for n in range(len(found)) if n not in senders | own]
    for number in silent:
        found[number] = begin
    return found, begin + max((blueprint.groups[n].size for n in silent), default=0)

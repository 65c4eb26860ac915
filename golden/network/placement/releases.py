"""Short-term plasticity as words of a chip: see that chapter of `docs/network-hardware.md`."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from golden.network.blueprint import Blueprint
from golden.network.interface import EFFICACY_BITS, SPIKED_BITS
from golden.network.placement.axons import Axons
from golden.network.release import NEVER, ONE, Release
from golden.network.state import NetworkState
from golden.numbers.formats import Array

KEPT = (1 << EFFICACY_BITS) - 1
LAST = (1 << SPIKED_BITS) - 1
SPIKED = 1 << SPIKED_BITS


@dataclass(frozen=True, slots=True)
class Tables:
    """What no spike changes."""

    releases: Array
    """Words of all sets of constants, one behind the other."""
    decays: Array
    """Tables, each once."""


def tabled(releases: Sequence[Release]) -> Tables:
    """Return constants and tables of some releases, in their order."""
    places: dict[bytes, int] = {}
    decays: list[int] = []

    def place(table: NDArray[np.int32]) -> int:
        if (known := table.tobytes()) not in places:
            places[known] = len(decays)
            decays.extend(table.tolist())
        return places[known]

    words: list[int] = []
    for release in releases:
        words.append(release.use)
        for decay in (release.recovery, release.facilitation):
            words += [place(decay.coarse), len(decay.coarse) - 1, place(decay.fine)]
        words.append(0)
    return Tables(np.array(words, np.int64), np.array(decays, np.int64))


def numbers(axons: Axons, blueprint: Blueprint) -> Array:
    """Return of every plastic axon the number of its constants."""
    parts = [np.full(blueprint.groups[block.group].size, block.release) for block in axons.plastic]
    return np.concatenate([np.zeros(0, np.int64), *parts])


def records(axons: Axons, state: NetworkState) -> dict[str, Array]:
    """Return what plastic axons know, by region."""
    values, lasts = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for block in axons.plastic:
        release = state.releases[block.rows]
        assert release is not None
        values.append(release.u | release.x << EFFICACY_BITS)
        lasts.append(np.where(release.last >= 0, SPIKED | release.last & LAST, 0))
    return {"plastic_values": np.concatenate(values), "plastic_lasts": np.concatenate(lasts)}


def recalled(axons: Axons, state: NetworkState, values: Array, lasts: Array) -> None:
    """Let rows know what plastic axons do; ``values`` and ``lasts`` are words of those."""
    before = state.step - 1
    for first, release in zip(axons.rows, state.releases, strict=True):
        if release:
            here = slice(first, first + len(release.x))
            release.u, release.x = values[here] & KEPT, values[here] >> EFFICACY_BITS
            last = before - ((before - lasts[here]) & LAST)
            release.last = np.where(lasts[here] >= SPIKED, last, NEVER)


def efficacies(axons: Axons, blueprint: Blueprint, state: NetworkState, age: int) -> Array:
    """Return with what spikes were released ``age`` steps ago: of every axon, ``ONE`` without."""
    found = np.full(axons.count, ONE, np.int64)
    for block in axons.plastic:
        release, group = state.releases[block.rows], blueprint.groups[block.group]
        assert release is not None
        found[block.first + group.within(state.history[age - 1])] = release.sent[age - 1]
    return found

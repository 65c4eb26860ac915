"""What a host writes into the memories of a chip before a network runs: arrays of words.

Numbers are what the bus carries, cut to the width of the memory: negative ones in two's complement.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from golden.network.chip import DUE_BITS, Chip
from golden.network.interface import (
    BRANCH_PRESENT,
    NOTED,
    SILENT,
    WINNERS_AT,
    Region,
    added,
    extents,
    header,
)
from golden.network.placement.chains import Chains
from golden.network.placement.learned import synapse_numbers
from golden.network.placement.placement import Placement
from golden.network.placement.releases import numbers
from golden.network.placement.tenants import Tenant, elects
from golden.network.rules.interface import NUMBERS, standing_region
from golden.network.rules.learner import RULE
from golden.network.rules.synapse import DELAY
from golden.numbers.formats import Array, index_bits

Words = NDArray[np.uint32]
Contents = Mapping[int, Words]
"""By region: its words from index 0 on."""
WORD = 0xFFFFFFFF


def contents(placement: Placement, step: int = 0) -> dict[int, Words]:
    """Return everything but the state: script, rows, and constants as they are in a step.

    A region that is longer than what is returned has no need of the rest.
    """
    chip, chains, runs = placement.chip, placement.chains, placement.runs
    synapses = chains.synapses
    more_at = chip.count_bits + chip.gap_bits
    rows = _rows(placement)
    inlets, weights = chains.families
    found: dict[int, Array] = {
        Region.SCRIPT: script(placement, step),
        Region.ROW_RUNS: rows[0],
        Region.ROW_SYNAPSES: rows[1],
        Region.RUNS: runs.count
        | runs.gap << chip.count_bits
        | runs.more << more_at
        | runs.family << (more_at + 1),
        Region.SYNAPSES: synapses.slot | _weights(chains, synapses.weight) << chip.slot_bits,
        Region.FAMILIES: (weights & _mask(chip.family_weight_bits))
        | inlets << chip.family_weight_bits,
        **constants(placement, step),
        **{added(chip)[name]: words for name, words in _added(placement).items()},
    }
    bits = [width for _, width in extents(chip)]
    return {region: (w & _mask(bits[region])).astype(np.uint32) for region, w in found.items()}


def _added(placement: Placement) -> dict[str, Array]:
    """Return words of what not every chip has, by region."""
    chip, found = placement.chip, dict[str, Array]()
    if chip.junctions:
        found["junctions"] = placement.junctions.words()
    if chip.plastic_axons:
        found["plastic_releases"] = numbers(placement.axons, placement.blueprint)
        found["releases"] = placement.tables.releases
        found["decays"] = placement.tables.decays
    if chip.learner and chip.learner.draws:
        found[NUMBERS] = synapse_numbers(placement)
    if chip.learner:
        learning, chains = placement.runs.learning, placement.chains
        rules = chains.synapses.rule[placement.runs.synapse[:learning]]
        known = {DELAY: placement.runs.delay[:learning], RULE: rules}
        found |= {standing_region(name): known[name] for name in chip.learner.standing}
    return found


def _weights(chains: Chains, weight: Array) -> Array:
    return weight if chains.own else np.zeros_like(weight)


def _mask(width: int) -> int:
    return (1 << width) - 1


def _rows(placement: Placement) -> tuple[Array, Array]:
    """Return row_runs and row_synapses, of all axons."""
    chip, runs = placement.chip, placement.runs
    bits = index_bits(chip.runs)
    starts = np.flatnonzero(np.diff(runs.axon, prepend=-1))
    axon = runs.axon[starts]
    first, second = np.zeros(chip.axons, np.int64), np.zeros(chip.axons, np.int64)
    first[axon] = starts | runs.delay[starts] << bits | 1 << (bits + DUE_BITS)
    second[axon] = runs.synapse[starts]
    return first, second


def script(placement: Placement, step: int) -> Array:
    """Return the records of all groups that have slots, one behind the other."""
    return np.concatenate([
        np.zeros(0, np.int64),
        *(record(placement, tenant, step) for tenant in placement.placed),
    ])


def record(placement: Placement, tenant: Tenant, step: int) -> Array:
    """Return a group's record in the script."""
    group = tenant.group
    winners = group.winners if elects(group) else 0
    marks = SILENT if group.name in placement.silent else 0
    marks |= NOTED if tenant.number in placement.taught else 0
    first, *others = placement.axons.groups[tenant.number]
    branches = [axon | BRANCH_PRESENT for axon in others]
    branches += [0] * (placement.chip.branches - len(others))
    head = [tenant.kind | (winners or 0) << WINNERS_AT | marks, tenant.slot, group.size]
    now = tenant.constants(step)
    held = [
        int(np.asarray(now[name]).flat[0]) & WORD
        for name in placement.chip.kinds[tenant.kind].constants
    ]
    return np.array([*head, group.first, first, *branches, *held], np.int64)


def record_places(placement: Placement) -> dict[int, int]:
    """Return where in the script the constants of every group begin, by its number."""
    found, at = {}, 0
    for tenant in placement.placed:
        found[tenant.number] = at + header(placement.chip)
        at += header(placement.chip) + len(placement.chip.kinds[tenant.kind].constants)
    return found


def first_regions(chip: Chip) -> list[int]:
    """Return the region of every kind's first word."""
    sizes = [len(kind.words) for kind in chip.kinds]
    return (len(Region) + np.cumsum([0, *sizes])).tolist()[:-1]


def constants(placement: Placement, step: int) -> dict[int, Array]:
    """Return the words of constants that vary, by region."""
    found: dict[int, Array] = {}
    for number, (kind, region) in enumerate(
        zip(placement.chip.kinds, first_regions(placement.chip), strict=True)
    ):
        members = placement.members(number)
        for offset, name in enumerate(kind.varying, start=len(kind.program.states)):
            parts = [
                np.broadcast_to(tenant.constants(step)[name], (tenant.group.size,))
                for tenant in members
            ]
            found[region + offset] = np.concatenate([np.zeros(0, np.int64), *parts])
    return found

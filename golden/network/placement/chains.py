"""Rows as chains of runs: what the walker of `docs/network-hardware.md` reads.

All synapses of an axon are one row, whichever connections made them, sorted by delay, family and
target. A run is what of it has one delay, one family and one rule, cut where it has more synapses
than a count can say: all of them have always seen the same. Families are
inlets, if every synapse has its own weight, else pairs of inlet and weight: whichever takes less of
both memory and time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from golden.network.blueprint import Blueprint
from golden.network.chip import Chip
from golden.network.interface import DATA_BITS
from golden.network.placement.able import rule_numbers
from golden.network.placement.axons import Axons
from golden.network.placement.tenants import Tenant
from golden.numbers.formats import Array, index_bits

STILL = -1
"""Of a synapse that does not learn."""
MOST_COUNT_BITS = 16
MOST_FAMILY_BITS = 12
"""With more families than that, every synapse has its own weight."""


def width(values: NDArray, signed: bool = True) -> int:
    """Return the bits of the narrowest word that holds all values, at least 1."""
    ends = int(values.min(initial=0)), int(values.max(initial=0))
    return max(1, *((~x if x < 0 else x).bit_length() + signed for x in ends))


class Synapses(NamedTuple):
    """Synapses, an entry each; arrays of one shape."""

    axon: Array
    delay: Array
    inlet: Array
    slot: Array
    weight: Array
    """What it always transmits; 0 of one that learns."""
    learner: Array
    """Number of the rows whose rule it learns by; -1 if it does not learn."""
    place: Array
    """In its rows."""
    rule: Array
    """Its number; 0 of one that does not learn."""


@dataclass(frozen=True)
class Chains:
    """Synapses as they lie in memory, and what of them is a run.

    Arrays without another shape are (synapses,), in the order of memory.
    """

    synapses: Synapses
    family: Array
    families: tuple[Array, Array]
    """Inlet and weight of each; weights are 0 if every synapse has its own."""
    own: bool
    """Whether every synapse has a weight of its own."""

    @cached_property
    def begins(self) -> Array:
        """Where runs begin that are not cut."""
        s = self.synapses
        change = np.zeros(len(s.axon), bool)
        change[:1] = True
        for values in (s.axon, s.delay, self.family, s.rule):
            change[1:] |= values[1:] != values[:-1]
        return np.flatnonzero(change)

    @cached_property
    def lengths(self) -> Array:
        """Of these runs, in synapses."""
        return np.diff(np.append(self.begins, len(self.synapses.axon)))

    @cached_property
    def learning(self) -> int:
        """How many synapses learn: the first ones."""
        return int(np.sum(self.synapses.learner != STILL))

    @cached_property
    def gap_bits(self) -> int:
        """What the longest way from a run to the next one of its row needs."""
        axon, delay = (x[self.begins] for x in (self.synapses.axon, self.synapses.delay))
        gaps = np.diff(delay)[np.diff(axon) == 0]
        return width(gaps, signed=False)

    @property
    def family_bits(self) -> int:
        """Of a family's number."""
        return index_bits(max(1, len(self.families[0])))

    @property
    def weight_bits(self) -> int:
        """Of a synapse; 0 where families have them."""
        return width(self.synapses.weight) if self.own else 0

    @property
    def family_weight_bits(self) -> int:
        """Of a family; 0 where every synapse has its own."""
        return 0 if self.own else width(self.families[1])

    def runs(self, count_bits: int) -> int:
        """Return how many runs there are, if a count has so many bits."""
        most = (1 << count_bits) - 1
        return int(np.sum(-(-self.lengths // most)))

    def run_bits(self, count_bits: int) -> int:
        """Return the bits of all runs."""
        return self.runs(count_bits) * (count_bits + self.gap_bits + 1 + self.family_bits)

    @cached_property
    def count_bits(self) -> int:
        """Of the count with which runs take the fewest bits, and fit a word."""
        most = min(MOST_COUNT_BITS, DATA_BITS - self.gap_bits - 1 - self.family_bits)
        return min(range(1, most + 1), key=self.run_bits)

    def bits(self, slot_bits: int, inlet_bits: int) -> int:
        """Return the bits of runs, synapses and families."""
        families = (self.family_weight_bits + inlet_bits) << self.family_bits
        return (
            self.run_bits(self.count_bits)
            + len(self.synapses.axon) * (slot_bits + self.weight_bits)
            + families
        )

    def cost(self, slot_bits: int, inlet_bits: int) -> int:
        """Return its bits times the cycles of walking all of it: a run takes two, a synapse one."""
        cycles = 2 * self.runs(self.count_bits) + len(self.synapses.axon)
        return self.bits(slot_bits, inlet_bits) * cycles


def gathered(
    blueprint: Blueprint, chip: Chip, tenants: Sequence[Tenant | None], axons: Axons
) -> Synapses:
    """Return all synapses, in no order of memory."""
    rules = rule_numbers(blueprint)
    parts: list[list[Array]] = [[np.zeros(0, np.int64)] * len(Synapses._fields)]
    for number, (rows, first) in enumerate(zip(blueprint.rows, axons.rows, strict=True)):
        tenant = tenants[rows.target]
        assert tenant is not None
        kind = chip.kinds[tenant.kind]
        receptor = [r.name for r in kind.program.receptors].index(rows.receptor)
        inlet = chip.inlet(tenant.kind, receptor)
        pre = np.repeat(np.arange(len(rows.start) - 1), np.diff(rows.start))
        parts.append([
            pre + first,
            rows.delay.astype(np.int64),
            np.full(rows.synapses, inlet, np.int64),
            rows.post.astype(np.int64) + tenant.slot,
            rows.weight.astype(np.int64) * (rows.learning is None),
            np.full(rows.synapses, number if rows.learning else STILL, np.int64),
            np.arange(rows.synapses),
            np.full(rows.synapses, rules[number]),
        ])
    return Synapses(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def chained(synapses: Synapses, own: bool) -> Chains:
    """Return synapses in the order of memory."""
    weight = np.zeros_like(synapses.weight) if own else synapses.weight
    key, family = np.unique((synapses.inlet << 32) + (weight & 0xFFFFFFFF), return_inverse=True)
    order = np.lexsort((synapses.slot, synapses.rule, family, synapses.delay, synapses.axon))
    ordered = Synapses(*(values[order] for values in synapses))
    weights = ((key & 0xFFFFFFFF) ^ (1 << 31)) - (1 << 31)
    return Chains(ordered, family[order], (key >> 32, weights), own)


@dataclass(frozen=True, slots=True)
class Runs:
    """Runs as they lie in memory; arrays of shape (runs,)."""

    axon: Array
    delay: Array
    family: Array
    synapse: Array
    """Where its synapses begin."""
    count: Array
    gap: Array
    more: Array
    """1 if the next run belongs to the same row."""
    learning: int
    """How many learn: the first ones."""


def cut(chains: Chains, count_bits: int) -> Runs:
    """Cut runs to what a count can say: all parts but the last one are full."""
    most = (1 << count_bits) - 1
    parts = -(-chains.lengths // most)
    whole = np.repeat(np.arange(len(parts)), parts)
    part = np.arange(len(whole)) - np.repeat(np.cumsum(parts) - parts, parts)
    synapse = chains.begins[whole] + part * most
    count = np.minimum(chains.lengths[whole] - part * most, most)
    axon, delay = chains.synapses.axon[synapse], chains.synapses.delay[synapse]
    more = np.zeros(len(whole), np.int64)
    more[:-1] = axon[1:] == axon[:-1]
    gap = np.zeros(len(whole), np.int64)
    gap[:-1] = np.diff(delay) * more[:-1]
    learning = int(np.searchsorted(synapse, chains.learning))
    return Runs(axon, delay, chains.family[synapse], synapse, count, gap, more, learning)

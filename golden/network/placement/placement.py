"""Who lies where on a chip; a network that does not fit is refused with all that is missing."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from golden.network.blueprint import Blueprint
from golden.network.chip import Chip
from golden.network.interface import HEADER
from golden.network.placement.able import supported
from golden.network.placement.chains import Chains, Runs, chained, cut, gathered
from golden.network.placement.junctions import Junctions, joined
from golden.network.placement.tenants import Tenant, elects, housed
from golden.network.source import Train
from golden.numbers.formats import Array

MOST_GROUPS = 255


@dataclass(frozen=True)
class Placement:
    """A network on a chip."""

    blueprint: Blueprint
    chip: Chip
    tenants: tuple[Tenant | None, ...]
    """Of every group; None if its spikes come from the host."""
    axons: tuple[int, ...]
    """First axon of every group; those without synapses share axons without a row."""
    chains: Chains
    runs: Runs
    silent: frozenset[str] = frozenset()
    """Groups whose spikes are not streamed."""

    @cached_property
    def junctions(self) -> Junctions:
        """Gap junctions."""
        return joined(self.blueprint, self.chip, self.tenants)

    @property
    def listens(self) -> bool:
        """Whether spikes come from the host."""
        return any(isinstance(group.source, Train) for group in self.blueprint.groups)

    @property
    def placed(self) -> Iterator[Tenant]:
        """Groups that have slots, in their order: each has a record in the script."""
        return (tenant for tenant in self.tenants if tenant)

    def axons_of(self, neurons: Array) -> Array:
        """Return the axons of neurons, by their numbers in the network."""
        firsts = np.array([group.first for group in self.blueprint.groups])
        group = np.searchsorted(firsts, neurons, side="right") - 1
        return neurons - firsts[group] + np.array(self.axons)[group]

    @cached_property
    def told(self) -> tuple[Array, Array]:
        """Spikes that the host sends: steps, ascending, and axons; only of those with a row."""
        steps, axons = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        for first, group in zip(self.axons, self.blueprint.groups, strict=True):
            if isinstance(group.source, Train):
                steps.append(group.source.steps)
                axons.append(first + group.source.neurons)
        step, axon = np.concatenate(steps), np.concatenate(axons)
        order = np.lexsort((axon, step))
        order = order[np.isin(axon[order], self.runs.axon)]
        return step[order], axon[order]

    def members(self, kind: int) -> list[Tenant]:
        """Return the groups of a kind."""
        return [tenant for tenant in self.placed if tenant.kind == kind]


def on_chip(blueprint: Blueprint, chip: Chip, silent: frozenset[str] = frozenset()) -> Placement:
    """Return who lies where.

    Raises
    ------
    ValueError
        If it does not fit: with all that is missing, in one line.
    """
    supported(blueprint)
    tenants, missing = housed(blueprint, chip.kinds)
    axons, n_axons = axon_layout(blueprint)
    needs = [("axons", n_axons, chip.axons), ("synapses", blueprint.synapses, chip.synapses)]
    if any(
        not t and not isinstance(group.source, Train)
        for t, group in zip(tenants, blueprint.groups, strict=True)
    ):
        raise ValueError(_refusal(missing + _short(needs)))
    chains = chained(gathered(blueprint, chip, tenants, axons), chip.weight_bits > 0)
    runs = cut(chains, chip.count_bits)
    placement = Placement(blueprint, chip, tenants, axons, chains, runs, silent)
    junctions = placement.junctions
    records = [HEADER + len(chip.kinds[t.kind].constants) for t in placement.placed]
    needs += [
        ("runs", len(runs.count), chip.runs),
        ("words of script", sum(records), chip.script_words),
        ("groups", len(records), MOST_GROUPS),
        ("bits of a gap", chains.gap_bits, chip.gap_bits),
        ("bits of a family", chains.family_bits, chip.family_bits),
        ("bits of a weight", chains.weight_bits, chip.weight_bits),
        ("bits of a family's weight", chains.family_weight_bits, chip.family_weight_bits),
        ("gap junctions", len(junctions.ahead), chip.junctions),
        ("bits of a gap junction's factor", junctions.factor_bits, chip.junction_factor_bits),
        ("bits of a gap junction's offset", junctions.offset_bits, chip.junction_offset_bits),
    ]
    missing += _short(needs)
    competing = [t.group for t in placement.placed if elects(t.group)]
    if competing and not chip.elects:
        missing.append(f"winners of {competing[0].name}, the chip has no election")
    if missing:
        raise ValueError(_refusal(missing))
    return placement


def _refusal(missing: list[str]) -> str:
    return f"a network must fit its chip, not need {'; '.join(missing)}"


def _short(needs: list[tuple[str, int, int]]) -> list[str]:
    return [f"{need:,} {what}, the chip has {has:,}" for what, need, has in needs if need > has]


def axon_layout(blueprint: Blueprint) -> tuple[tuple[int, ...], int]:
    """Return the first axon of every group, and how many axons there are."""
    sources = {rows.source for rows in blueprint.rows if rows.synapses}
    own = [g.size if n in sources else 0 for n, g in enumerate(blueprint.groups)]
    spare = max((g.size for n, g in enumerate(blueprint.groups) if not own[n]), default=0)
    firsts = np.cumsum([0, *own]).tolist()
    last = firsts.pop()
    return tuple(f if size else last for f, size in zip(firsts, own, strict=True)), last + spare

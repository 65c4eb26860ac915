"""Who lies where on a chip; a network that does not fit is refused with all that is missing."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from golden.network.blueprint import Blueprint
from golden.network.chip import Chip
from golden.network.interface import header
from golden.network.placement.able import rule_of, same_rule, supported
from golden.network.placement.axons import Axons, laid_out
from golden.network.placement.chains import Chains, Runs, chained, cut, gathered
from golden.network.placement.junctions import Junctions, joined
from golden.network.placement.releases import Tables, tabled
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
    axons: Axons
    chains: Chains
    runs: Runs
    silent: frozenset[str] = frozenset()
    """Groups whose spikes are not streamed."""

    @cached_property
    def junctions(self) -> Junctions:
        """Gap junctions."""
        return joined(self.blueprint, self.chip, self.tenants)

    @cached_property
    def tables(self) -> Tables:
        """Constants of short-term plasticity."""
        return tabled(self.axons.releases)

    @property
    def listens(self) -> bool:
        """Whether spikes come from the host."""
        return any(isinstance(group.source, Train) for group in self.blueprint.groups)

    @cached_property
    def taught(self) -> frozenset[int]:
        """Groups that synapses lead to which learn."""
        return frozenset(r.target for r in self.blueprint.rows if r.learning)

    @property
    def placed(self) -> Iterator[Tenant]:
        """Groups that have slots, in their order: each has a record in the script."""
        return (tenant for tenant in self.tenants if tenant)

    @cached_property
    def told(self) -> tuple[Array, Array]:
        """Spikes that the host sends: steps, ascending, and axons.

        Only of those that have a row, or are plastic.
        """
        steps, axons = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        for firsts, group in zip(self.axons.groups, self.blueprint.groups, strict=True):
            if isinstance(group.source, Train):
                steps += [group.source.steps for _ in firsts]
                axons += [first + group.source.neurons for first in firsts]
        step, axon = np.concatenate(steps), np.concatenate(axons)
        order = np.lexsort((axon, step))
        heard = np.isin(axon[order], self.runs.axon) | (axon[order] < self.axons.taken)
        return step[order[heard]], axon[order[heard]]

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
    axons = laid_out(blueprint, chip.plastic_axons)
    needs = [("axons", axons.count, chip.axons), ("synapses", blueprint.synapses, chip.synapses)]
    if any(
        not t and not isinstance(group.source, Train)
        for t, group in zip(tenants, blueprint.groups, strict=True)
    ):
        raise ValueError(_refusal(missing + _short(needs)))
    chains = chained(gathered(blueprint, chip, tenants, axons), chip.weight_bits > 0)
    runs = cut(chains, chip.count_bits)
    placement = Placement(blueprint, chip, tenants, axons, chains, runs, silent)
    junctions = placement.junctions
    records = [header(chip) + len(chip.kinds[t.kind].constants) for t in placement.placed]
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
        ("axons with short-term plasticity", axons.taken, chip.plastic_axons),
        ("branches", axons.branches, chip.branches),
        ("releases", len(axons.releases), chip.releases),
        ("words of decays", len(placement.tables.decays), chip.decays),
        *_lessons(placement),
    ]
    missing += _short(needs) + _unlearnable(placement)
    competing = [t.group for t in placement.placed if elects(t.group)]
    if competing and not chip.elects:
        missing.append(f"winners of {competing[0].name}, the chip has no election")
    if missing:
        raise ValueError(_refusal(missing))
    return placement


def _lessons(placement: Placement) -> list[tuple[str, int, int]]:
    learner = placement.chip.learner
    if learner is None:
        return []
    return [
        ("runs that learn", placement.runs.learning, learner.runs),
        ("synapses that learn", placement.chains.learning, learner.synapses),
    ]


def _unlearnable(placement: Placement) -> list[str]:
    """Return what a chip lacks of a network's rule."""
    rule, learner = rule_of(placement.blueprint), placement.chip.learner
    if rule is None or (learner and same_rule(rule, learner)):
        return []
    name = next(r.learning.rule for r in placement.blueprint.rows if r.learning)
    return [f"learning by {name}, the chip has {'another rule' if learner else 'none'}"]


def _refusal(missing: list[str]) -> str:
    return f"a network must fit its chip, not need {'; '.join(missing)}"


def _short(needs: list[tuple[str, int, int]]) -> list[str]:
    return [f"{need:,} {what}, the chip has {has:,}" for what, need, has in needs if need > has]

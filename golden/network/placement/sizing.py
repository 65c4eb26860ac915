"""The smallest chip that a network needs."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from golden.cells.program import ConstantFormat, Program
from golden.cells.schedule import GENERIC, UP5K, Fabric
from golden.cells.trace import RAW_BITS
from golden.network.blueprint import Blueprint
from golden.network.chip import Chip, Kind
from golden.network.interface import header
from golden.network.placement.able import check_words, rule_of, supported
from golden.network.placement.axons import Axons, laid_out
from golden.network.placement.chains import MOST_FAMILY_BITS, Chains, chained, cut, gathered
from golden.network.placement.extras import Extra, augmented, count_bits, currents
from golden.network.placement.junctions import Junctions, joined
from golden.network.placement.kinds import by_operations, named, united
from golden.network.placement.placement import Placement, on_chip
from golden.network.placement.ranges import narrowed
from golden.network.placement.releases import tabled
from golden.network.placement.tenants import (
    Tenant,
    base_program,
    elects,
    ends_of,
    housed,
    inlet_widths,
    unsteady,
)
from golden.network.source import Metronome
from golden.numbers.formats import index_bits

Grown = Callable[[int], int]
"""From the size that is needed to that of the chip: `int` for the smallest."""


class Room(NamedTuple):
    """What a chip is made for beyond the network that it is made from."""

    sums: int = 0
    """More bits of the sum at every receptor."""
    levels: bool = False
    """Whether a current may flow into every receptor, of any level that fits it."""
    posts: int = 8
    """Of a neuron that can wait for their synapses to be looked at: a power of two, at least 2."""
    span_bits: int = 9
    """Of the steps for which they can wait."""


NO_ROOM = Room()
LEAST_QUEUE = 64
LEAST_POSTS = 2
MOST_SPAN_BITS = 20


def placed(
    blueprint: Blueprint,
    chip: Chip | None = None,
    *,
    fabric: Fabric | None = None,
    grown: Grown = int,
    queue: int | None = None,
    room: Room = NO_ROOM,
    silent: frozenset[str] = frozenset(),
) -> Placement:
    """Place a network on a chip, or on the smallest one that takes it.

    Parameters
    ----------
    chip : Chip, optional
        One that there is. All others say what the one to be made is like.
    fabric : Fabric, optional
        Without, a general one for factors of the programs' width.
    grown : callable
        From the slots, axons, runs, synapses, places in the queue and words of script that are
        needed to those of the chip.
    queue : int, optional
        Places; without, one for every axon, as far as so many can be used. Where more fly, the
        core counts what it loses.
    room : Room, optional
        For other networks on this chip, and for posts of this one; constants have room by
        `Network.build`.
    silent : frozenset of str
        Groups whose spikes are not streamed.

    Raises
    ------
    ValueError
        If it does not fit.
    """
    if chip is None:
        chip = needed(blueprint, fabric, grown, queue, room)
    return on_chip(blueprint, chip, silent)


def needed(
    blueprint: Blueprint,
    fabric: Fabric | None = None,
    grown: Grown = int,
    queue: int | None = None,
    room: Room = NO_ROOM,
) -> Chip:
    """Return the smallest chip; parameters as of `placed`."""
    supported(blueprint)
    operand_bits = max((g.program.operand_bits for g in blueprint.groups if g.program), default=16)
    if fabric is None:
        fabric = UP5K if operand_bits <= UP5K.operand_bits else GENERIC
    kinds = _kinds(blueprint, grown, operand_bits, room)
    if not kinds:
        raise ValueError("a chip must be for cells or random spikes, not for spikes from outside")
    # A chip without memories: its kinds and inlets say which families there are.
    bare = Chip(kinds, fabric, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0)
    tenants, _ = housed(blueprint, kinds)
    bare, axons = _with_branches(bare, blueprint, grown)
    synapses = gathered(blueprint, bare, tenants, axons)
    chains = _cheaper([chained(synapses, own) for own in (True, False)], bare)
    records = [header(bare) + len(kinds[t.kind].constants) for t in tenants if t]
    found = replace(
        bare,
        script_words=grown(max(1, sum(records))),
        axons=grown(max(1, axons.count)),
        runs=grown(max(1, chains.runs(chains.count_bits))),
        synapses=grown(max(1, blueprint.synapses)),
        queue=grown(queue or _flying(chains)),
        count_bits=chains.count_bits,
        gap_bits=chains.gap_bits,
        family_bits=chains.family_bits,
        weight_bits=chains.weight_bits,
        family_weight_bits=chains.family_weight_bits,
        elects=any(elects(group) for group in blueprint.groups),
    )
    found = _with_junctions(found, joined(blueprint, bare, tenants), grown)
    found = _with_learner(found, blueprint, chains, grown, room)
    check_words(found)
    return found


def _with_junctions(chip: Chip, junctions: Junctions, grown: Grown) -> Chip:
    if not len(junctions.ahead):
        return chip
    return replace(
        chip,
        junctions=grown(len(junctions.ahead)),
        junction_factor_bits=junctions.factor_bits,
        junction_offset_bits=junctions.offset_bits,
    )


def _with_learner(
    chip: Chip, blueprint: Blueprint, chains: Chains, grown: Grown, room: Room
) -> Chip:
    rule = rule_of(blueprint)
    if rule is None:
        return chip
    posts, span = room.posts, room.span_bits
    if not isinstance(posts, int) or posts < LEAST_POSTS or posts & (posts - 1):
        raise ValueError(f"posts must be a power of two from {LEAST_POSTS} on, not {posts}")
    if not isinstance(span, int) or not 0 <= span <= MOST_SPAN_BITS:
        raise ValueError(f"span_bits must be 0 to {MOST_SPAN_BITS}, not {span}")
    learner = replace(
        rule,
        runs=grown(cut(chains, chip.count_bits).learning),
        synapses=grown(chains.learning),
        posts=posts,
        span_bits=room.span_bits,
    )
    # Refuses factors that are wider than the family's.
    learner.schedules(chip.fabric)
    return replace(chip, learner=learner)


def _with_branches(chip: Chip, blueprint: Blueprint, grown: Grown) -> tuple[Chip, Axons]:
    """Return a chip that has what axons of several sorts need, and the axons on it."""
    axons = laid_out(blueprint)
    chip = replace(chip, branches=axons.branches)
    if not axons.plastic:
        return chip, axons
    found = replace(
        chip,
        plastic_axons=grown(axons.taken),
        releases=grown(len(axons.releases)),
        decays=grown(len(tabled(axons.releases).decays)),
    )
    return found, laid_out(blueprint, found.plastic_axons)


def _cheaper(both: list[Chains], chip: Chip) -> Chains:
    """Return the one that costs less; of equal ones the first."""
    possible = [c for c in both if c.own or c.family_bits <= MOST_FAMILY_BITS]
    inlet_bits = index_bits(len(chip.inlets))
    return min(possible, key=lambda c: c.cost(chip.slot_bits, inlet_bits))


def _flying(chains: Chains) -> int:
    """Return places in the queue: for a spike of every axon, or for all that there can be."""
    axon, delay = chains.synapses.axon, chains.synapses.delay
    last = np.flatnonzero(np.diff(axon, append=-1))
    return max(1, min(int(delay[last].sum()), max(LEAST_QUEUE, len(last))))


def _kinds(blueprint: Blueprint, grown: Grown, operand_bits: int, room: Room) -> tuple[Kind, ...]:
    metronomes = [g.source for g in blueprint.groups if isinstance(g.source, Metronome)]
    wait = max((count_bits(m) for m in metronomes), default=0)
    bases = {
        number: base
        for number, group in enumerate(blueprint.groups)
        if (base := base_program(group, wait, operand_bits)) is not None
    }
    together = by_operations(bases)
    names = named([blueprint.groups[numbers[0]].name for numbers in together])
    bits = inlet_widths(blueprint)
    return tuple(
        _kind(blueprint, name, {n: bases[n] for n in numbers}, bits, grown, room)
        for name, numbers in zip(names, together, strict=True)
    )


def _kind(
    blueprint: Blueprint,
    name: str,
    bases: Mapping[int, Program],
    bits: Mapping[tuple[int, str], int],
    grown: Grown,
    room: Room,
) -> Kind:
    """Return a kind that takes some groups whose programs do the same operations."""
    flows = {number: currents(blueprint, number) for number in bases}
    wanted = [flow.formats() for flow in flows.values()]
    extras = _joined([*wanted, *(_levels(base) for base in bases.values() if room.levels)])
    programs = {n: augmented(base, extras, flows[n].values(0)) for n, base in bases.items()}
    whole = united(list(programs.values()))
    differing = {
        constant
        for n, program in programs.items()
        for constant in unsteady(Tenant(n, blueprint.groups[n], 0, 0, program, flows[n]))
    }
    kind = Kind(
        name,
        whole,
        grown(sum(blueprint.groups[n].size for n in bases)),
        tuple(c.name for c in whole.constants if c.name in differing),
        tuple(
            min(RAW_BITS, max(bits.get((n, r.name), 1) for n in bases) + room.sums)
            for r in whole.receptors
        ),
    )
    return replace(kind, program=narrowed(whole, ends_of(kind)))


def _levels(base: Program) -> dict[Extra, ConstantFormat]:
    """Return a level at every receptor, of all that fit it."""
    ends = {r.name: 1 << (r.width - 1) for r in base.receptors}
    return {Extra(r, None): ConstantFormat(0, -end, end - 1) for r, end in ends.items()}


def _joined(all_formats: Iterable[Mapping[Extra, ConstantFormat]]) -> dict[Extra, ConstantFormat]:
    """Return extras for all groups of a kind, receptor by receptor, the level first."""
    found: dict[Extra, ConstantFormat] = {}
    for formats in all_formats:
        for extra, (point, low, high) in formats.items():
            held = found.get(extra, ConstantFormat(point, 0, 0))
            found[extra] = ConstantFormat(point, min(low, held.low), max(high, held.high))
    order = sorted(found, key=lambda x: (x.receptor, -1 if x.which is None else x.which))
    return {extra: found[extra] for extra in order}

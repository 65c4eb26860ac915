"""Groups in slots of kinds: which pipeline runs them, and where their words lie."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from golden.cells.program import Constant, Program
from golden.network.blueprint import Blueprint, Group
from golden.network.chip import Kind
from golden.network.interface import KIND_BITS
from golden.network.limits import of_arrivals
from golden.network.placement.extras import (
    Currents,
    augmented,
    count_bits,
    currents,
    extras_in,
    source_program,
)
from golden.network.placement.kinds import operations, unfit
from golden.network.placement.ranges import narrowed
from golden.network.source import Metronome, Train
from golden.numbers.formats import Array


@dataclass(frozen=True)
class Tenant:
    """A group in slots of a kind."""

    number: int
    """Of the group."""
    group: Group
    kind: int
    slot: int
    """Of its first neuron."""
    program: Program
    """With what currents add to it; its constants as they are in step 0."""
    currents: Currents

    def constants(self, step: int) -> dict[str, Array]:
        """Return its constants as they are in a step, by name: of shape () or (neurons,)."""
        return {c.name: c.values for c in self.program.constants} | self.currents.values(step)

    def at(self, step: int) -> Program:
        """Return its program with the constants of a step."""
        now = self.constants(step)
        held = tuple(replace(c, values=np.asarray(now[c.name])) for c in self.program.constants)
        return replace(self.program, constants=held)


def base_program(group: Group, wait_bits: int, operand_bits: int) -> Program | None:
    """Return what a group does without currents; None if its spikes come from the host.

    A metronome's state has ``wait_bits``, or as many as it needs.
    """
    if group.program:
        return group.program
    if isinstance(group.source, Train):
        return None
    if isinstance(group.source, Metronome):
        wait_bits = max(wait_bits, count_bits(group.source))
    return source_program(group, wait_bits, operand_bits)


def inlet_widths(blueprint: Blueprint) -> dict[tuple[int, str], int]:
    """Return the bits of the largest sum that may arrive, by group and receptor."""
    return {
        where: int(total.max(initial=0)).bit_length() + 1
        for where, total in of_arrivals(blueprint.groups, blueprint.rows, blueprint.gaps).items()
    }


def ends_of(kind: Kind) -> dict[str, tuple[int, int]]:
    """Return the ranges of a kind's sums, by receptor."""
    return {
        r.name: (-(1 << (bits - 1)), (1 << (bits - 1)) - 1)
        for r, bits in zip(kind.program.receptors, kind.inlet_bits, strict=True)
    }


def elects(group: Group) -> bool:
    """Tell whether not all of a group may spike in one step."""
    return group.winners is not None and group.winners < group.size


def housed(
    blueprint: Blueprint, kinds: Sequence[Kind]
) -> tuple[tuple[Tenant | None, ...], list[str]]:
    """Return who lies where, None for spikes from the host; and what is missing."""
    used, missing = [0] * len(kinds), list[str]()
    bits = inlet_widths(blueprint)
    tenants: list[Tenant | None] = []
    for number, group in enumerate(blueprint.groups):
        if isinstance(group.source, Train):
            tenants.append(None)
            continue
        tenant, why = _home(blueprint, number, kinds, bits)
        tenants.append(tenant and replace(tenant, slot=used[tenant.kind]))
        if tenant:
            used[tenant.kind] += group.size
        else:
            missing.append(why)
        if (group.winners or 0) >= 1 << KIND_BITS and elects(group):
            missing.append(f"{group.winners} winners of {group.name}, the chip has up to 255")
    missing += [
        f"{need:,} slots of {kind.name}, the chip has {kind.slots:,}"
        for kind, need in zip(kinds, used, strict=True)
        if need > kind.slots
    ]
    return tuple(tenants), missing


def _home(
    blueprint: Blueprint, number: int, kinds: Sequence[Kind], bits: dict[tuple[int, str], int]
) -> tuple[Tenant | None, str]:
    """Return a group in the first kind that takes it, or why none does."""
    group, flows = blueprint.groups[number], currents(blueprint, number)
    why = f"a kind that does what {group.name} does"
    for at, kind in enumerate(kinds):
        width = max((s.width for s in kind.program.states), default=0)
        base = base_program(group, width, kind.program.operand_bits)
        assert base is not None
        extras = extras_in(kind.program)
        program = narrowed(augmented(base, extras, flows.values(0)), ends_of(kind))
        if operations(program) != operations(kind.program):
            continue
        tenant = Tenant(number, group, at, 0, program, flows)
        problem = _problem(tenant, kind, bits)
        if problem is None:
            return tenant, ""
        why = f"another {kind.name} for {group.name}: {problem}"
    return None, why


def _problem(tenant: Tenant, kind: Kind, bits: dict[tuple[int, str], int]) -> str | None:
    """Return why a group does not fit a kind that does its operations."""
    there = extras_in(kind.program)
    for extra, need in tenant.currents.formats().items():
        held = there.get(extra)
        if held is None:
            return f"it must have a {extra.name}"
        if need.low < held.low or need.high > held.high:
            return (
                f"{extra.name} must be within {held.low} to {held.high}, not "
                f"{need.low} to {need.high}"
            )
    for receptor, width in zip(kind.program.receptors, kind.inlet_bits, strict=True):
        need = bits.get((tenant.number, receptor.name), 1)
        if need > width:
            return f"sums at {receptor.name} must fit {width} bits, not {need}"
    single = set(unsteady(tenant)) - set(kind.varying)
    if single:
        return f"{min(single)} must be one number for all neurons"
    return unfit(tenant.program, kind.program)


def unsteady(tenant: Tenant) -> tuple[str, ...]:
    """Return the constants that ever differ from neuron to neuron."""

    def differs(constant: Constant) -> bool:
        for extra, levels in tenant.currents.levels.items():
            if extra.name == constant.name:
                return bool(np.ptp(levels, axis=1).any())
        return bool(np.ptp(constant.values) != 0)

    return tuple(c.name for c in tenant.program.constants if differs(c))

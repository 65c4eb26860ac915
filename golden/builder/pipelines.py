"""Programs for hardware: populations of one kind of cell get constants of one format.

A pipeline has a format for every constant. Traced alone, a population's constants fill the bits of
a factor; those that share a pipeline have the point of the largest of them all. Programs so made
are the specification of what golden, the engine and gates run.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from golden.cells.cell import Cell
from golden.cells.program import WORD_BITS, ConstantFormat, Program, mantissas
from golden.cells.schedule import Fabric
from golden.network.chip import Chip, Kind
from golden.network.placement.extras import augmented, extras_in
from golden.network.placement.kinds import operations
from golden.network.placement.parts import BoardPart, part_of

WORST_ERROR = 2.0**-10
"""Of a constant, relative: rather than lose more, a population gets a pipeline of its own."""


@dataclass(frozen=True, slots=True, eq=False)
class Hardware:
    """What a network is built for: a family of parts, a chip that there is, or a board."""

    fabric: Fabric
    chip: Chip | None = None
    part: BoardPart | None = None
    room: int | None = None
    """Bits that constants have to spare for other networks; None if for none, not even a sign."""

    @classmethod
    def of(
        cls,
        fabric: Fabric | None = None,
        chip: Chip | None = None,
        board: str | None = None,
        room: int | None = None,
    ) -> "Hardware | None":
        """Return what one of three says; None if none does.

        Raises
        ------
        ValueError
            If there is no such board, more than one of them is given, or room where there is none
            to make.
        """
        given = [x for x in (fabric, chip, board) if x is not None]
        if room is not None and (chip is not None or not given):
            raise ValueError("room must be for a fabric or a board that a network is built for")
        if len(given) > 1:
            raise ValueError(
                f"a network must be built for a fabric, a chip or a board, not {len(given)} of them"
            )
        if board is not None:
            part = part_of(board)
            return cls(part.fabric, None, part, room)
        if chip is not None:
            return cls(chip.fabric, chip)
        return cls(fabric, None, None, room) if fabric else None

    def same(self, other: "Hardware | None") -> bool:
        """Tell whether a network that is built for the other one is built for this one."""
        if other is None:
            return False
        mine, others = ((x.fabric, x.part, x.room) for x in (self, other))
        return mine == others and self.chip is other.chip


def for_target(
    dt: float, cells: Mapping[str, Cell], target: Hardware
) -> tuple[dict[str, Program], list[str]]:
    """Return programs of populations, by name, and lines about which share a pipeline.

    Raises
    ------
    ValueError
        If a chip has no kind that does what a population does.
    """
    if target.chip:
        kinds = target.chip.kinds
        made = {name: _imposed(dt, name, cell, kinds) for name, cell in cells.items()}
        return {name: program for name, (program, _) in made.items()}, [
            f"{name}: on {kind.name} of the chip" for name, (_, kind) in made.items()
        ]
    return _shared(dt, cells, target.fabric.operand_bits, target.room)


def _imposed(dt: float, name: str, cell: Cell, kinds: tuple[Kind, ...]) -> tuple[Program, Kind]:
    """Return a program with a kind's formats, and the kind."""
    reasons = []
    for kind in kinds:
        bits = kind.program.operand_bits
        known = {c.name for c in cell.program(dt, bits).constants}
        formats = {n: held for n, held in kind.program.formats.items() if n in known}
        try:
            program = cell.program(dt, bits, formats)
        except ValueError as error:
            if len(formats) == len(known):
                reasons.append(f"on {kind.name} {error}")
            continue
        there = augmented(program, extras_in(kind.program), {})
        if operations(there) == operations(kind.program):
            return program, kind
    if reasons:
        raise ValueError(f"{name} must fit the chip: {'; '.join(reasons)}")
    names = ", ".join(kind.name for kind in kinds)
    raise ValueError(f"a chip must have a kind that does what {name} does, not only {names}")


def _shared(
    dt: float, cells: Mapping[str, Cell], bits: int, room: int | None
) -> tuple[dict[str, Program], list[str]]:
    alone = {name: cell.program(dt, bits) for name, cell in cells.items()}
    kinds: list[dict[str, Program]] = []
    notes = []
    for group in _alike(cells, alone):
        whole, _ = _together(dt, {name: cells[name] for name in group}, alone, room)
        if whole:
            kinds.append(whole)
            continue
        mine: list[dict[str, Program]] = []
        for name in group:
            reasons = []
            for number, kind in enumerate(mine):
                more = {other: cells[other] for other in (*kind, name)}
                joined, reason = _together(dt, more, alone, room)
                if joined:
                    mine[number] = joined
                    break
                reasons.append(f"cannot share that of {' + '.join(kind)}: {reason}")
            else:
                single, _ = _together(dt, {name: cells[name]}, alone, room)
                mine.append(single or {name: alone[name]})
                notes += [f"{name}: a pipeline of its own, {reason}" for reason in reasons]
        kinds += mine
    notes = [f"{' + '.join(kind)}: one pipeline" for kind in kinds if len(kind) > 1] + notes
    return {name: program for kind in kinds for name, program in kind.items()}, notes


def _alike(cells: Mapping[str, Cell], alone: Mapping[str, Program]) -> list[list[str]]:
    """Return populations of one class whose programs have the same words and constants."""
    found: dict[tuple, list[str]] = {}
    for name, program in alone.items():
        key = (
            type(cells[name]),
            tuple((s.name, s.width) for s in program.states),
            tuple((r.name, r.width) for r in program.receptors),
            tuple(c.name for c in program.constants),
        )
        found.setdefault(key, []).append(name)
    return list(found.values())


def _together(
    dt: float, cells: Mapping[str, Cell], alone: Mapping[str, Program], room: int | None
) -> tuple[dict[str, Program] | None, str]:
    """Return programs with constants of common formats, or why they cannot have them."""
    programs = [alone[name] for name in cells]
    bits = programs[0].operand_bits
    formats: dict[str, ConstantFormat] = {}
    for same in zip(*(program.constants for program in programs), strict=True):
        point = min(c.point for c in same)
        asked = np.concatenate([np.atleast_1d(c.exact) for c in same])
        integers = np.rint(asked * 2.0**point).astype(np.int64)
        held = ConstantFormat(point, *mantissas(integers))
        formats[same[0].name] = held if room is None else _roomy(held, bits, room)
    try:
        made = {name: cell.program(dt, bits, formats) for name, cell in cells.items()}
    except ValueError as error:
        return None, str(error)
    first, *others = made.values()
    if any(operations(other) != operations(first) for other in others):
        return None, "operations differ"
    for name, program in made.items():
        for constant, before in zip(program.constants, alone[name].constants, strict=True):
            if constant.error > max(WORST_ERROR, before.error):
                return None, f"{constant.name} would be off by {constant.error:.2%}"
    return made, ""


def _roomy(held: ConstantFormat, operand_bits: int, room: int) -> ConstantFormat:
    """Return a format for other networks, too: all bits of a factor, and more for what is wider.

    A sign costs a factor nothing.
    """
    size = (held.high - held.low).bit_length() - (held.low < 0)
    size = operand_bits - 1 if size < operand_bits else min(size + room, WORD_BITS - 1)
    return ConstantFormat(held.point, -(1 << size), (1 << size) - 1)

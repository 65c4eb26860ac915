"""Which groups run on one pipeline: those whose programs do the same operations.

Values of constants may differ, and so may ranges: those of a kind hold all of its groups'.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from golden.cells.program import Program


def operations(program: Program) -> tuple[Any, ...]:
    """Return what two programs must share to run on one pipeline."""
    return (
        tuple((v.operation, v.operands, v.detail) for v in program.values),
        tuple((s.name, s.width) for s in program.states),
        tuple(r.name for r in program.receptors),
        tuple(c.name for c in program.constants),
        tuple(program.written.items()),
        program.spike,
        program.margin,
        program.potential,
    )


def united(programs: Sequence[Program]) -> Program:
    """Return a program for all that do the same operations: every range holds theirs."""
    values = tuple(
        replace(same[0], low=min(v.low for v in same), high=max(v.high for v in same))
        for same in zip(*(program.values for program in programs), strict=True)
    )
    return replace(programs[0], values=values)


def varying(program: Program) -> tuple[str, ...]:
    """Return the constants that differ from neuron to neuron."""
    return tuple(c.name for c in program.constants if np.ptp(c.values) != 0)


def unfit(program: Program, kind: Program) -> str | None:
    """Return why a program that does a kind's operations does not fit it; None if it does."""
    wanted, there = program.formats, kind.formats
    for name, need in wanted.items():
        held = there[name]
        if need.low < held.low or need.high > held.high:
            return f"{name} must be within {held.low} to {held.high}, not {need.low} to {need.high}"
    for value, held in zip(program.values, kind.values, strict=True):
        if value.low < held.low or value.high > held.high:
            return (
                f"{value.operation} must be within {held.low} to {held.high}, not "
                f"{value.low} to {value.high}"
            )
    return None


def named(names: Sequence[str]) -> list[str]:
    """Return identifiers made of names, each another one."""
    found: list[str] = []
    for name in names:
        plain = "".join(c if c.isascii() and c.isalnum() else "_" for c in name)
        plain = plain if plain[:1].isalpha() else f"kind_{plain}"
        free = (plain, *(f"{plain}_{i}" for i in range(2, len(names) + 2)))
        found.append(next(x for x in free if x not in found))
    return found


def by_operations(programs: Mapping[int, Program]) -> list[list[int]]:
    """Return groups, put together by what their programs do, in the order of the first ones."""
    found: dict[tuple[Any, ...], list[int]] = {}
    for number, program in programs.items():
        found.setdefault(operations(program), []).append(number)
    return list(found.values())

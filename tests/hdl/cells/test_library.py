"""Every cell of the library as a pipeline: the same as golden, on two kinds of numbers."""

from inspect import isfunction

import numpy as np
import pytest

from golden import cells
from golden.cells.cell import Cell
from golden.cells.program import Program
from golden.cells.schedule import ECP5, GENERIC, UP5K, scheduled
from sim.jobs.vectors import Vectors, differences, full_range, running, sides
from tests.hdl.cells.bench import simulated

NEURONS = 30
KINDS = [
    name
    for name in cells.__all__
    if isfunction(kind := getattr(cells, name))
    or (issubclass(kind, Cell) and kind is not cells.Equations)
]
"""Cells, and PyNN's names for some of them with receptors."""
SMALL = ("AdEx", "EIF", "Hodgkin", "HH", "Traub")
"""How names begin whose steps must be small."""


def program_of(name: str, operand_bits: int) -> Program:
    """Return the program of a cell as it stands, in a step that it can take."""
    dt = 1 / 64 if name.startswith(SMALL) else 0.5
    return getattr(cells, name)().program(dt, operand_bits)


LAYOUTS = {"up5k": (UP5K, 1, False), "ecp5-2": (ECP5, 2, True), "generic-3": (GENERIC, 3, False)}
TRIALS = [
    (name, layout)
    for k, name in enumerate(KINDS)
    for j, layout in enumerate(LAYOUTS)
    if name.startswith(("LIF", "Izhikevich", "SRM0", "AdEx")) or j == k % len(LAYOUTS)
]
"""Some cells in all layouts, the others in one each."""


@pytest.mark.parametrize(("name", "layout"), TRIALS, ids="-".join)
def test_pipeline_of_a_cell_is_golden(name, layout):
    fabric, interval, shared = LAYOUTS[layout]
    program = program_of(name, fabric.operand_bits)
    products = program.cost().get("multiply", 0)
    multipliers = -(-products // interval) if shared and products else None
    schedule = scheduled(program, fabric, interval, multipliers)
    wide = full_range(program, NEURONS, seed=len(name))
    assert differences(schedule, wide, simulated(schedule, wide)) == []
    near = running(program, NEURONS, seed=len(name))
    assert differences(schedule, near, simulated(schedule, near)) == []


@pytest.mark.parametrize("name", KINDS)
def test_numbers_take_both_sides_of_most_choices(name):
    program = program_of(name, 16)
    wide, near = full_range(program, 4000, 1), running(program, 4000, 1)
    shares = zip(sides(program, wide), sides(program, near), strict=True)
    both = [_mixed(first) or _mixed(second) for (_, _, first), (_, _, second) in shares]
    steady = [not _varies(program, place) for place, _, _ in sides(program, near)]
    # What is left is never done by any number, or by hardly any: a bound that holds anyway.
    assert sum(a or b for a, b in zip(both, steady, strict=True)) >= 0.6 * len(both)


def _mixed(share: float) -> bool:
    return 0 < share < 1


def _varies(program: Program, place: int) -> bool:
    """Tell whether what a choice hangs on is made of anything but numbers."""
    value = program.values[place]
    first = program.values[value.operands[0]]
    if value.operation == "select" and first.operation == "number":
        return False
    return first.low != first.high


def test_numbers_of_a_run_are_seldom_saturated():
    program = program_of("Izhikevich", 16)
    wide, near = full_range(program, 2000, 1), running(program, 2000, 1)

    def saturated(given: Vectors) -> float:
        return float(np.mean([x for _, kind, x in sides(program, given) if kind == "saturate"]))

    assert saturated(near) < 0.01 < 0.2 < saturated(wide)

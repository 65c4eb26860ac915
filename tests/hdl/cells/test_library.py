"""Every cell of the library as a pipeline: the same as golden, on whole ranges of all words."""

import pytest

from golden import cells
from golden.cells.cell import Cell
from golden.cells.schedule import ECP5, GENERIC, UP5K, scheduled
from tests.hdl.cells.bench import simulated
from tests.hdl.cells.vectors import differences, full_range

NEURONS = 60
KINDS = {
    name: kind
    for name in cells.__all__
    if isinstance(kind := getattr(cells, name), type)
    and issubclass(kind, Cell)
    and kind is not cells.Equations
}


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize(
    ("fabric", "interval", "shared"),
    [(UP5K, 1, False), (ECP5, 2, True), (GENERIC, 3, False)],
    ids=["up5k", "ecp5-2-shared", "generic-3"],
)
def test_pipeline_of_a_cell_is_golden(name, fabric, interval, shared):
    try:
        program = KINDS[name]().program(0.5, fabric.operand_bits)
    except ValueError:
        program = KINDS[name]().program(0.125, fabric.operand_bits)
    products = program.cost().get("multiply", 0)
    multipliers = -(-products // interval) if shared and products else None
    schedule = scheduled(program, fabric, interval, multipliers)
    given = full_range(program, NEURONS, seed=len(name))
    assert differences(schedule, given, simulated(schedule, given)) == []

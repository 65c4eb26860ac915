"""Random programs in two models; `tests.cells.fuzz` is the same for many more of them."""

import pytest

from golden.cells.evaluate import OPERATIONS as INNER
from golden.network.engine import lanes
from tests.cells.fuzz import differs, shrunk
from tests.cells.random_programs import random_program

OPERATIONS = {*INNER, "state", "arrival", "constant", "random"}


@pytest.mark.parametrize("seed", range(60))
def test_compiled_kernel_is_golden(seed):
    assert not differs(seed, 5 + seed)


def test_random_programs_have_every_operation():
    programs = [random_program(seed, 70)[0] for seed in range(101, 110)]
    assert {v.operation for program in programs for v in program.values} == OPERATIONS


def test_a_fault_is_found_and_shrunk(monkeypatch):
    def above(made, _, x, places):
        return made.b.ashr(made.b.add(x, made.splat(1, x.type)), places)

    monkeypatch.setitem(lanes.PLAIN, "shift", above)
    seed = next(seed for seed in range(20) if differs(seed, 40))
    size = shrunk(seed, 40)
    assert differs(seed, size)
    assert not differs(seed, size - 1)
    assert any(v.operation == "shift" for v in random_program(seed, size)[0].values)

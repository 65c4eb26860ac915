"""Random programs as pipelines: the same as golden. `tests.hdl.cells.fuzz` runs many more."""

import pytest

from tests.hdl.cells import random_pipelines
from tests.hdl.cells.fuzz import sized


@pytest.mark.parametrize("seed", range(20_000, 20_030))
def test_random_program_gives_the_same_as_golden(seed):
    assert random_pipelines.wrong(seed, sized(seed)) == []


def test_shrinking_finds_the_first_size_that_fails(monkeypatch):
    monkeypatch.setattr(random_pipelines, "wrong", lambda seed, size: ["next_s0"] * (size >= 7))
    assert random_pipelines.shrunk(3, 40) == 7

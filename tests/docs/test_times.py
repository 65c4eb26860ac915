"""Commands that take more than a minute say how long, and on what machine."""

import ast
import re

import pytest

from tests.house.sources import ROOT

LONG = [
    "golden/train.py",
    "golden/sweep.py",
    "sim/epoch.py",
    "sim/faults.py",
    "sim/fuzz.py",
    "sim/mutants.py",
    "sim/networks.py",
    "sim/zoo.py",
    "sim/chips.py",
    "sim/lockstep.py",
    "boards/build.py",
    "boards/gates.py",
]


@pytest.mark.parametrize("path", LONG)
def test_long_command_says_how_long(path):
    told = ast.get_docstring(ast.parse((ROOT / path).read_text())) or ""
    [time] = [part for part in told.split("\n\n") if part.startswith("Time")]
    assert re.search(r"\b(minutes?|hours?|s)\b", time)
    assert "AMD EPYC" in time

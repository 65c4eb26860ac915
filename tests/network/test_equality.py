"""Golden and the engine on small random networks; a thousand are run by the command."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from tests.network.equality import compared

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("part", range(4))
def test_small_random_networks_have_goldens_state_after_every_step(part):
    seen = sum((compared(seed) for seed in range(10 * part, 10 * part + 10)), start=Counter())
    for figure in ("with short-term plasticity", "gap junctions", "groups that compete"):
        assert seen[figure], figure
    assert seen["spikes"] > 1000
    assert seen["saturated words"] > 100


def test_the_page_has_the_recorded_figures():
    recorded = list(csv.reader((DOCS / "results/equality.csv").read_text().splitlines()))[1:]
    page = (DOCS / "networks.md").read_text()
    found = re.findall(r"^\| ([a-z -]+) \| ([0-9,]+) \|$", page, re.MULTILINE)
    assert [(name, count.replace(",", "")) for name, count in found] == [*map(tuple, recorded)]

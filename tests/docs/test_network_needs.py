"""The table of what networks by name need of a chip: the page's is the recorded one."""

import csv

import pytest

from golden.simulation.scripts import names
from tests.docs.page import ROOT
from tests.network.placement.needs import needed

TABLE = ROOT / "docs/results/network_needs.csv"


def recorded() -> list[dict[str, str]]:
    with TABLE.open(newline="") as file:
        return list(csv.DictReader(file))


def test_the_page_has_the_recorded_table():
    page = (ROOT / "docs/networks.md").read_text()
    for row in recorded():
        assert f"| {' | '.join(row.values())} |\n" in page


def test_every_network_by_name_is_in_it():
    assert [row["network"] for row in recorded()] == list(names())


@pytest.mark.parametrize("name", ["hodgkin-huxley", "neurapse-drn", "npbrain-quickstart"])
def test_a_network_needs_what_is_recorded(name):
    """All but what follows from how pipelines are laid out, which gets better."""
    row = next(row for row in recorded() if row["network"] == name)
    found = needed(name)
    assert {**found, **{column: row[column] for column in ("kbit", "still", "boards")}} == row

"""Estimates of cells: the builds that were made, and more for more lanes and more bits."""

import csv

import pytest

from boards.parts.board import BOARDS
from boards.tools.budget import MARGIN
from boards.tools.estimate import estimated_cells
from golden.training.recipe import recipe
from tests.house.sources import ROOT

RECORDED = list(csv.DictReader((ROOT / "docs/results/boards.csv").read_text().splitlines()))


# By hand: the budgets are cells = 2589 + lanes * (72.7 + 11.95 * 4) of both Tang Nanos


@pytest.mark.parametrize(
    ("name", "lanes", "bits", "cells"),
    [
        ("tangnano9k", 4, 4, 3071),
        ("tangnano20k", 16, 4, 4517),
        ("tangnano20k", 16, 8, 5282),
        ("tangnano9k", 16, 8, 5282),
        ("tangnano9k", 1, 4, 2710),
    ],
)
def test_estimate_by_hand(name, lanes, bits, cells):
    assert estimated_cells(name, lanes, bits) == cells


@pytest.mark.parametrize("name", ["mnist400", "hx8k_pixels", "hx8k.toml#hx8k", ""])
def test_what_is_no_board_has_no_estimate(name):
    assert estimated_cells(name, 8, 4) is None


# Equality


@pytest.mark.parametrize("built", RECORDED, ids=[row["board"] for row in RECORDED])
def test_estimate_of_a_build_that_was_made_is_what_it_took(built):
    told = estimated_cells(built["board"], int(built["lanes"]), int(built["weight_bits"]))
    assert told == pytest.approx(int(built["cells"]), rel=MARGIN)


@pytest.mark.parametrize("name", BOARDS)
def test_a_lane_and_a_bit_cost_cells(name):
    p = recipe(BOARDS[name].preset, "stdp").params
    least = estimated_cells(name, p.n_lanes, p.weight_bits)
    assert least is not None
    for more in ((p.n_lanes + 1, p.weight_bits), (p.n_lanes, p.weight_bits + 1)):
        told = estimated_cells(name, *more)
        assert told is not None
        assert told > least

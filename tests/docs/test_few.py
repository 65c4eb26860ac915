"""The table of few and many images in docs/training.md is that of the recorded runs."""

import csv
from pathlib import Path
from statistics import median

import pytest

from golden.study.table import Table
from golden.training.recipe import RULES, names, recipe, usual

ROOT = Path(__file__).parents[2]
SIZES = (20, 40, 100, 400, 1000, 6000, 60_000)
DEFAULT = "rstdp"
"""The rule of images of one's own."""
SAME = {"ulx3s_85f": "mnist400"}
"""A preset that is another by name."""
SMALL = {"tiny"}
"""Presets with fewer neurons than there are classes."""


def runs(n_images):
    """Return the accuracies of all lots, or of all seeds with all images, by (preset, rule)."""
    name = "accuracy" if n_images == SIZES[-1] else "few"
    found = {}
    with (ROOT / f"docs/results/{name}.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            dataset, _, part = row["dataset"].partition(":")
            count = int(part.partition(":")[0] or SIZES[-1])
            if (dataset, count, row["set"]) == ("mnist", n_images, ""):
                found.setdefault((row["preset"], row["rule"]), []).append(row)
    return found


def accuracies(rows):
    return [100 * float(row["test_accuracy"]) for row in rows]


def best(found, rule):
    """Return the accuracy and the preset that have the best median of a rule."""
    return max((median(accuracies(rows)), key[0]) for key, rows in found.items() if key[1] == rule)


def told(n_images):
    """Return the line of the table."""
    found = runs(n_images)
    preset, other = usual(DEFAULT, n_images), usual("stdp", n_images)
    values = accuracies(found[preset, DEFAULT])
    spread = f" ({min(values):.1f} to {max(values):.1f})" * (len(values) > 1)
    cells = [
        f"{n_images:,}",
        f"`{preset}`, {recipe(preset, DEFAULT, n_images=n_images).epochs} epochs",
        f"{median(values):.1f} %{spread}",
        "{:.1f} %, `{}`".format(*best(found, DEFAULT)),
        f"{median(accuracies(found[other, 'stdp'])):.1f} %, `{other}`",
        "{:.1f} %, `{}`".format(*best(found, "stdp")),
    ]
    return f"| {' | '.join(cells)} |"


def test_table_is_the_recorded_one():
    part = (ROOT / "docs/training.md").read_text().split("<!-- few -->")[1]
    assert part.splitlines()[3:] == [told(n_images) for n_images in SIZES]


@pytest.mark.parametrize("n_images", SIZES)
def test_default_is_within_3_points_of_the_best_preset(n_images):
    found = runs(n_images)
    mine = median(accuracies(found[usual(DEFAULT, n_images), DEFAULT]))
    assert mine >= max(best(found, rule)[0] for rule in RULES) - 3


@pytest.mark.parametrize("n_images", SIZES)
def test_every_preset_was_measured_as_it_would_learn_today(n_images):
    found = runs(n_images)
    presets = {preset for preset, _ in found} | set(SAME) | SMALL
    if n_images < SIZES[-1]:
        assert presets == set(names())
    assert recipe("ulx3s_85f", "stdp") == recipe(SAME["ulx3s_85f"], "stdp")
    for (preset, rule), rows in found.items():
        made = recipe(preset, rule, n_images=n_images)
        assert {int(row["epochs"]) for row in rows} == {made.epochs}, (preset, rule)


def test_recorded_table_can_be_continued(tmp_path):
    copy = tmp_path / "few.csv"
    copy.write_bytes((ROOT / "docs/results/few.csv").read_bytes())
    with Table(copy) as table:
        assert len({row["run"] for row in table.rows}) == len(table.rows)

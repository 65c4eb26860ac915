"""What docs/verification.md says of random faults is what was recorded of each."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SURVIVOR = re.compile(
    r"^\| `(?P<module>[\w/]+)` (?P<line>\d+) \| `(?P<bed>\w+)` \| (?P<why>.+) \|$"
)


def recorded():
    """Return the rows of the recorded table by the part of the hardware."""
    found = {}
    with (ROOT / "docs/results/mutants.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["part"], []).append(row)
    return found


def section(name):
    """Return the lines of a section of the page."""
    return (ROOT / "docs/verification.md").read_text().split(f"<!-- {name} -->")[1].splitlines()


def line(name, rows):
    """Return the line of a table that sums up some mutants."""
    n = Counter(row["outcome"] for row in rows)
    judged = n["caught"] + n["survived"]
    score = f"{100 * n['caught'] / judged:.1f}" if judged else ""
    numbers = (len(rows), n["equivalent"], n["caught"], n["survived"], score)
    return " ".join(f"| {name} | {' | '.join(map(str, numbers))} |".split())


@pytest.mark.parametrize("part", recorded())
def test_score_of_every_module_is_of_the_recorded_mutants(part):
    rows = recorded()[part]
    modules = sorted({row["module"] for row in rows})
    wanted = [line(f"`{m}`", [row for row in rows if row["module"] == m]) for m in modules]
    told = [" ".join(each.split()) for each in section(f"mutants of the {part}")]
    assert [each for each in told if each.startswith("|")][2:] == [*wanted, line(part, rows)]


def test_every_survivor_has_a_reason():
    told = [match.groupdict() for match in map(SURVIVOR.match, section("survivors")) if match]
    survived = [row for rows in recorded().values() for row in rows if row["outcome"] == "survived"]
    keys = ("module", "line", "bed")
    wanted = sorted(tuple(row[key] for key in keys) for row in survived)
    assert sorted(tuple(each[key] for key in keys) for each in told) == wanted


def test_samples_are_large_enough_for_a_percentage():
    judged = {
        part: sum(row["outcome"] != "equivalent" for row in rows)
        for part, rows in recorded().items()
    }
    assert judged["core"] >= 200
    assert judged.get("link", 90) >= 90

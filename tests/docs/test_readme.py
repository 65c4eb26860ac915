"""Figures in the README are those of the recorded table."""

import csv
import re
from pathlib import Path
from statistics import median

from boards.parts.board import BOARDS
from golden.study.table import Table
from tests.datasets.redrawn import WAYS
from tests.formal.claims import NAMED

ROOT = Path(__file__).parents[2]
ROW = re.compile(
    r"^\| `(?P<preset>\w+)` \| (?P<rule>\w+) \| (?P<neurons>\d+) \| (?P<weight_bits>\d+) "
    r"\| (?P<accuracy>[\d.]+) % (?:\((?P<low>[\d.]+) to (?P<high>[\d.]+)\) )?"
    r"\| (?P<events>[\d,]+) \| (?P<cycles>[\d,]+) \|$"
)


def recorded(dataset):
    with (ROOT / "docs/results/accuracy.csv").open(newline="") as file:
        return [row for row in csv.DictReader(file) if row["dataset"] == dataset]


def rows_of_table(section):
    readme = (ROOT / "README.md").read_text()
    part = readme.split(f"<!-- {section} -->")[1]
    return [match.groupdict() for match in map(ROW.match, part.splitlines()) if match]


def runs_of(row, changed):
    keys = ("preset", "rule", "neurons", "weight_bits")
    same = [r for r in recorded("mnist") if all(r[key] == row[key] for key in keys)]
    return [r for r in same if r["set"] == changed]


def check(section, changed, n_rows, n_seeds):
    table = rows_of_table(section)
    assert len(table) == n_rows
    for row in table:
        runs = runs_of(row, changed)
        assert len({run["seed"] for run in runs}) == len(runs) == n_seeds, row
        accuracies = [100 * float(run["test_accuracy"]) for run in runs]
        assert row["accuracy"] == f"{median(accuracies):.2f}"
        if n_seeds > 1:
            assert (row["low"], row["high"]) == (f"{min(accuracies):.2f}", f"{max(accuracies):.2f}")
        for figure in ("events", "cycles"):
            middle = median(float(run[f"{figure}_per_image"]) for run in runs)
            assert row[figure] == f"{middle:,.0f}"


def test_accuracy_table_is_the_median_of_five_recorded_seeds():
    check("accuracy", "", n_rows=7, n_seeds=5)


def test_pixel_table_is_the_median_of_five_recorded_seeds():
    check("pixels", "receptive_field=none", n_rows=6, n_seeds=5)


def test_board_table_is_the_recorded_seed():
    check("boards", "", n_rows=12, n_seeds=1)


def test_bitstream_table_is_the_recorded_one():
    with (ROOT / "docs/results/boards.csv").open(newline="") as file:
        built = list(csv.DictReader(file))
    assert {row["board"] for row in built} <= set(BOARDS)
    part = (ROOT / "README.md").read_text().split("<!-- bitstreams -->")[1]
    rows = [line for line in part.splitlines() if line.startswith("| `")]
    assert rows == [bitstream_row(row) for row in built]
    assert {row["dataset"] for row in built} == {"mnist"}
    assert all(row["met"] == "True" for row in built)


def bitstream_row(row):
    number = {name: f"{float(row[name]):,.0f}" for name in row if "_per_s" in name}
    size = f"{row['axons']} x {row['neurons']} x {row['weight_bits']}, {row['lanes']} lanes"
    guess = " (estimate)" if row["timing"] == "estimate" else ""
    return (
        f"| `{row['board']}` | {size} | {int(row['cells']):,} of {int(row['cells_available']):,} "
        f"| {row['memories']} of {row['memories_available']} | {float(row['clock_mhz']):g} MHz "
        f"| {row['fmax_mhz']} MHz{guess} | {number['stdp_learn_images_per_s']}, "
        f"{number['rstdp_learn_images_per_s']} |"
    )


def test_table_of_redrawn_images_is_the_recorded_one_and_loses_at_most_2_points():
    with (ROOT / "docs/results/images.csv").open(newline="") as file:
        found = list(csv.DictReader(file))
    ways = {row["images"]: [] for row in found}
    for row in found:
        ways[row["images"]].append(f"{row['right']} ({row['right_as_is']})")
    part = (ROOT / "docs/training.md").read_text().split("<!-- redrawn -->")[1]
    assert part.splitlines()[3:] == [
        f"| {' | '.join([way, *cells])} |" for way, cells in ways.items()
    ]
    exact = {row["model"]: int(row["right"]) for row in found if row["images"] == "exact"}
    assert list(ways) == list(WAYS)
    for row in found:
        assert int(row["right"]) >= exact[row["model"]] - 2 * int(row["of"]) // 100, row


def test_table_of_bits_is_the_median_of_three_recorded_seeds():
    with (ROOT / "docs/results/bits.csv").open(newline="") as file:
        runs = list(csv.DictReader(file))
    part = (ROOT / "docs/training.md").read_text().split("<!-- bits -->")[1]
    for row, bits in zip(part.splitlines()[3:], (2, 3, 4, 6, 8), strict=True):
        cells = []
        for changed in ("", "theta_shift=0" if bits < 8 else ""):
            same = [r for r in runs if (r["weight_bits"], r["set"]) == (str(bits), changed)]
            assert sorted(run["seed"] for run in same) == ["1", "2", "3"]
            found = [100 * float(run["test_accuracy"]) for run in same]
            cells.append(f"{median(found):.2f} % ({min(found):.2f} to {max(found):.2f})")
        assert row == f"| {bits} | {8 - bits} | {' | '.join(cells)} |"


def test_every_recorded_run_has_a_state_hash_and_no_run_is_there_twice():
    runs = recorded("mnist") + recorded("digits")
    assert len({run["run"] for run in runs}) == len(runs) > 50
    assert all(re.fullmatch("[0-9a-f]{64}", run["state_sha256"]) for run in runs)


def test_digits_in_the_text_are_the_recorded_median():
    runs = [run for run in recorded("digits") if run["rule"] == "stdp"]
    accuracies = [100 * float(run["test_accuracy"]) for run in runs]
    low, high, middle = min(accuracies), max(accuracies), median(accuracies)
    text = " ".join((ROOT / "README.md").read_text().split())
    assert f"pixels give {middle:.2f} % ({low:.2f} to {high:.2f}) with 200 neurons" in text
    first = next(run for run in runs if run["seed"] == "1")
    assert f"test accuracy {float(first['test_accuracy']):.2%} on 599 images" in text


def test_recorded_table_can_be_continued(tmp_path):
    copy = tmp_path / "accuracy.csv"
    copy.write_bytes((ROOT / "docs/results/accuracy.csv").read_bytes())
    with Table(copy) as table:
        assert len(table.rows) == len(recorded("mnist")) + len(recorded("digits"))


def test_claims_in_the_text_are_those_that_are_proved():
    n_bounded = sum(not claim.inductive for claim in NAMED.values())
    [told] = re.findall(
        r"(\d+) claims for all time by k-induction, (\d+) within", (ROOT / "README.md").read_text()
    )
    assert told == (str(len(NAMED) - n_bounded), str(n_bounded))

"""docs/networks.md beside its tables: what other programs took, and how near floats are."""

import csv

from tests.docs.page import ROOT

PAGE = (ROOT / "docs/networks.md").read_text()
NEAR = PAGE.split("## How near it is to floats\n")[1].split("\n## ")[0]


def rows(name):
    with (ROOT / "docs/results" / name).open(newline="") as file:
        return list(csv.DictReader(file))


PEERS = rows("peers.csv")


def test_the_page_has_the_recorded_table_of_peers():
    table = "".join(f"| {' | '.join(row.values())} |\n" for row in PEERS)
    assert f"|---|---|---|---|---|---|---|\n{table}\n" in PAGE


def test_ratios_are_seconds_by_the_engines_which_are_those_of_its_own_table():
    engine = {row["network"]: row["run_s"] for row in rows("speed.csv")}
    for row in PEERS:
        assert row["engine_s"] == engine[row["network"]], row
        assert row["ratio"] == f"{float(row['seconds']) / float(row['engine_s']):.1f}", row


def test_the_column_of_c_is_that_of_the_table():
    for row in rows("speed.csv"):
        seconds = [
            peer["seconds"]
            for peer in PEERS
            if (peer["network"], peer["what"]) == (row["network"], "C")
        ]
        line = f"| {row['network']} | {row['run_s']} | {row['events']} | {' to '.join(seconds)} |\n"
        assert line in PAGE


def test_the_page_says_how_far_rates_are_from_those_of_floats():
    found = rows("networks.csv")
    off = {
        name: [abs(float(r["difference_percent"])) for r in found if r["network"] == name]
        for name in ("cuba", "coba", "neurapse-drn")
    }
    small = [row for row in found if row["network"] == "neurapse-drn"]
    second = [abs(float(row["difference_percent"])) for row in small if row["seed"] == "2"]
    others = [abs(float(row["difference_percent"])) for row in small if row["seed"] != "2"]
    mean = sum(off["neurapse-drn"]) / len(off["neurapse-drn"])
    assert (
        f"`cuba` is within {max(off['cuba']):.2f} %, `coba` within {max(off['coba']):.2f} %" in NEAR
    )
    assert f"off by {mean:.2f} % in the mean" in NEAR
    assert f"by {max(others):.2f} % or less with two of the seeds" in NEAR
    assert f"**{second[0]:.2f} and {second[1]:.2f} %, more than" in NEAR
    floats = [{k: float(row[f"hz_{k}"]) for k in ("integers", "float")} for row in small]
    for row, hz in zip(small, floats, strict=True):
        hz |= {k: float(row[f"hz_float_{k}"]) for k in ("lowest", "highest")}
        inside = hz["lowest"] <= hz["integers"] <= hz["highest"]
        assert inside == (row["seed"] != "3")
    low = min(hz["lowest"] / hz["float"] - 1 for hz in floats)
    high = max(hz["highest"] / hz["float"] - 1 for hz in floats)
    assert f"from {-100 * low:.2f} % below to {100 * high:.2f} % above" in NEAR
    above = [100 * (hz["integers"] / hz["highest"] - 1) for hz in floats[4:]]
    assert f"by {above[0]:.2f} and {above[1]:.2f} %" in NEAR
    least = min(float(row["count_correlation"]) for row in small)
    assert f"correlate with {least:.3f} or more" in NEAR

"""The page of networks says what was measured; a name that is none is refused."""

import csv
import re
from pathlib import Path

import pytest

from golden.speed import NETWORKS, main

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_has_the_recorded_times_and_events():
    rows = csv.DictReader((DOCS / "results" / "speed.csv").read_text().splitlines())
    recorded = {r["network"]: (float(r["run_s"]), int(r["events"])) for r in rows}
    lines = re.findall(
        r"^\| (\w+) \| ([0-9.]+) \| (\d+) \|", (DOCS / "networks.md").read_text(), re.MULTILINE
    )
    assert {name: (float(time), int(events)) for name, time, events in lines} == recorded
    assert set(recorded) == set(NETWORKS)


def test_a_network_that_is_none_is_refused(tmp_path, capsys):
    with pytest.raises(SystemExit) as ended:
        raise SystemExit(main(["--only", "cuba,cobra", "--out", str(tmp_path / "table.csv")]))
    assert ended.value.code == 2
    said = "--only must be some of poisson, drn, spnet, plastic, learning, cuba, coba, not cobra"
    assert said in capsys.readouterr().err.replace("\n", " ")
    assert not list(tmp_path.iterdir())

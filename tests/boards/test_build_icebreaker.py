"""A bitstream of the iCEBreaker by the real tools: clock met, budget kept, the same every time."""

import json
import os

from tests.commands import python

AGAIN = """
import sys
from pathlib import Path
from boards.build import order, parser
from boards.design import files
from boards.flow import Flow

made = order(parser().parse_args(["icebreaker", "--out", sys.argv[1]]), "icebreaker")
for name, text in files(made.board, made.p, made.at).items():
    (made.folder / name).write_text(text)
Flow(made.board, made.folder).synthesise()
"""


def test_icebreaker_meets_its_clock_within_its_budget_and_its_netlist_is_always_the_same(tmp_path):
    built, again = tmp_path / "built", tmp_path / "again"
    again.mkdir()
    run = python(
        *("-m", "boards.build", "icebreaker", "--seeds", "1", "--out", str(built)),
        env=os.environ | {"PYTHONHASHSEED": "1"},
    )
    _, errors = run.communicate(timeout=1200)
    assert (run.returncode, errors) == (0, "")
    report = json.loads((built / "report.json").read_text())
    assert report["met"]
    assert report["fmax_mhz"] >= report["clock_mhz"] == 24
    assert report["used"]["ICESTORM_SPRAM"] == 4
    assert report["bitstream"]["bytes"] == (built / "icebreaker.bin").stat().st_size
    repeated = python("-c", AGAIN, str(again), env=os.environ | {"PYTHONHASHSEED": "2"})
    repeated.communicate(timeout=600)
    assert repeated.returncode == 0
    for name in ("top.il", "top.json"):
        assert (again / name).read_bytes() == (built / "steps" / name).read_bytes()

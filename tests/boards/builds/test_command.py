"""boards.build as a command, with tools that only say what real ones have said."""

import csv
import hashlib
import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from boards import build
from boards.parts.board import BOARDS
from boards.tools import budget, flow
from boards.tools.bitstream import STEPS
from boards.tools.report import COLUMNS
from golden.command.console import OUT
from tests.boards.builds.fake_build import WORDS, built, failures, put
from tests.shared.commands import contents, refused


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    """Return the folder of a build and what it printed."""
    folder = tmp_path_factory.mktemp("done")
    with pytest.MonkeyPatch.context() as patch, OUT.capture() as printed:
        put(patch)
        assert built(folder, "--csv", str(folder / "boards.csv"))[0] == 0
    return folder, printed.get()


@pytest.fixture
def report(done):
    """Return the report of that build."""
    return json.loads((done[0] / "report.json").read_text())


# By hand


def test_best_of_the_seeds_is_packed(done, report):
    assert (report["best_seed"], report["fmax_mhz"], report["met"]) == (2, 90.0, True)
    assert report["fmax_mhz_by_seed"] == {"1": 80.0, "2": 90.0, "3": 85.0}
    content = (done[0] / "hx8k.bin").read_bytes()
    assert content == b"bits of seed 2 for 101.250000 MHz\n"
    assert report["bitstream"] == {
        "file": "hx8k.bin",
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def test_report_holds_what_the_tools_said(report):
    assert (report["cells"], report["cells_available"]) == (5053, 7680)
    assert (report["memories"], report["memories_available"]) == (32, 32)
    assert (report["flip_flops"], report["dsps"]) == (950, 0)
    assert report["longest_path"] == {
        "from": "bus__payload",
        "to": "bus__payload",
        "ns": 4.95,
        "wires_ns": 3.55,
        "through": ["bus__payload", "link.executor.$signal$61", "link.executor.$signal$24"],
    }
    assert report["clock_mhz"] == report["required_mhz"] == 81
    assert (report["timing"], report["divisor"]) == ("analysed", 15)
    assert report["pll"]["oscillator_mhz"] == 648


def test_speed_is_cycles_at_the_clock(report):
    figures = report["speed"]["stdp"]
    assert figures["dataset"] == "digits"
    assert figures["peak_synaptic_operations_per_s"] == 2 * 81_000_000
    assert figures["learn_images_per_s"] == pytest.approx(
        81e6 / figures["learn_cycles_per_image"], rel=0.01
    )
    assert 0 < figures["mean_synaptic_operations_per_s"] <= 2 * 81_000_000


def test_table_says_what_was_met(done):
    assert "80.0, 90.0, 85.0 MHz" in done[1]
    assert "81 MHz, met" in done[1]
    assert "5,053 of 7,680" in done[1]


def test_csv_has_a_row(done):
    with (done[0] / "boards.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["board"], row["cells"], row["fmax_mhz"]) == ("hx8k", "5053", "90.0")
    assert tuple(row) == COLUMNS
    assert row["rstdp_learn_images_per_s"] == ""


def test_clock_is_the_nearest_that_the_pll_makes(tools, tmp_path):
    found = built(tmp_path, "--clock", "63.8")[1]
    assert (found["clock_mhz"], found["divisor"]) == (63.75, 12)


def test_files_hold_no_path_and_are_the_same_when_made_again(tools, done, tmp_path):
    built(tmp_path, "--csv", str(tmp_path / "boards.csv"))
    assert contents(tmp_path) == contents(done[0])
    text = (tmp_path / STEPS / "top.il").read_text()
    assert str(Path(build.__file__).parents[1]) not in text
    assert "attribute \\src" not in text


# Failures


def test_missed_clock_fails_and_leaves_a_report_and_no_bitstream(tools, tmp_path, capsys):
    assert built(tmp_path)[0] == 0
    tools.setenv("FAKE_FMAX", "80.9 70 60")
    capsys.readouterr()
    status, found = built(tmp_path)
    assert (status, found["met"], "bitstream" in found) == (1, False, False)
    assert failures(capsys) == [
        "failed: hx8k: Fmax must be at least 81 MHz for a clock of 81, not 80.9"
    ]
    assert not (tmp_path / "hx8k.bin").exists()


def test_worse_than_the_budget_fails(tools, tmp_path, capsys):
    tools.setattr(budget, "BUDGETS", tmp_path / "budgets.toml")
    tools.setitem(BOARDS, "hx8k", small())
    words = ["hx8k", "--out", str(tmp_path / "a")]
    assert build.main([*words, "--write-budgets"]) == 0
    assert build.main(words) == 0
    tools.setenv("FAKE_FMAX", "85 81 82")
    capsys.readouterr()
    assert build.main(words) == 1
    assert failures(capsys) == [
        "failed: hx8k: Fmax must be at least 85.5 MHz by the budget, not 85.0"
    ]
    assert (tmp_path / "a" / "hx8k.bin").exists()


def small():
    """Return a board that is built in no time."""
    return replace(BOARDS["hx8k"], preset="tiny", rule="stdp")


@pytest.mark.parametrize("tool", ["yosys", "nextpnr", "icepack"])
def test_failing_tool_is_one_line(tools, tmp_path, capsys, tool):
    tools.setenv("FAKE_FAIL", tool)
    assert build.main([*WORDS, "--out", str(tmp_path)]) == 1
    (line,) = failures(capsys)
    assert line.startswith("error: hx8k: ")
    assert f"failed with status 1: ERROR: {tool} is out of order. (see " in line
    assert not (tmp_path / "hx8k.bin").exists()


def test_all_goes_on_after_a_failure(tools, tmp_path, capsys):
    large = replace(small(), name="large", preset="mnist100")
    tools.setattr(budget, "BUDGETS", tmp_path / "budgets.toml")
    tools.setattr(build, "BOARDS", {"large": large, "hx8k": small()})
    out = tmp_path / "out"
    assert build.main(["all", "--out", str(out)]) == 2
    assert [path.name for path in out.iterdir()] == ["hx8k"]
    assert (out / "hx8k" / "report.json").exists()
    (line,) = failures(capsys)
    assert line.startswith("error: large: preset must need at most 32 block memories")


# Refusals


def test_part_with_too_few_cells_is_refused(tools, tmp_path, capsys):
    tools.setenv("FAKE_FULL", "8000")
    line = refused(capsys, build.main([*WORDS, "--out", str(tmp_path)]))
    assert line == "error: hx8k: the design must fit the part, not need 8000 of 7680 ICESTORM_LC"


def test_part_with_too_few_memories_is_refused_before_any_tool_runs(tools, tmp_path, capsys):
    words = ["hx8k", "--preset", "mnist100", "--rule", "rstdp", "--out", str(tmp_path)]
    line = refused(capsys, build.main(words))
    assert line.startswith("error: hx8k: preset must need at most 32 block memories, not about ")
    assert ": of 100 neurons in 20 lanes at most 0 fit" in line
    assert contents(tmp_path) == {}


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("hx8k --seeds 0", "--seeds must be at least 1, not 0"),
        ("hx8k --jobs 0", "--jobs must be at least 1, not 0"),
        ("hx8k --patience 0", "--patience must be at least 1, not 0"),
        ("hx8k --clock nan", "--clock must be a positive number of MHz, not nan"),
        ("hx8k --clock 300", "hx8k: clock must be 16 to 275 MHz, not 300"),
        ("hx8k --set leak_shift=4", "--set must be of a network, not without --network"),
        ("hx8k --dt 1", "--dt must be of a network, not without --network"),
        ("all --rule stdp", "--rule must be left out for all boards and for budgets"),
        (
            "hx8k --clock 40 --write-budgets",
            "--clock must be left out for all boards and for budgets",
        ),
        (
            "hx8k --clock 23",
            "hx8k: clock must make 5333333 baud to 1.25 %, not to 7.2 % from 22.875 MHz",
        ),
    ],
)
def test_impossible_options_are_refused(tmp_path, capsys, words, text):
    status = build.main([*words.split(), "--out", str(tmp_path)])
    assert refused(capsys, status) == f"error: {text}"


def test_unknown_board_is_refused(capsys):
    with pytest.raises(SystemExit) as ended:
        build.main(["spartan"])
    assert ended.value.code == 2
    (line,) = failures(capsys)
    assert line.startswith("error: argument BOARD: invalid choice: 'spartan'")


def test_missing_platforms_are_one_line(tools, tmp_path, capsys):
    tools.setitem(sys.modules, "amaranth_boards.ice40_hx8k_b_evn", None)
    line = refused(capsys, build.main([*WORDS, "--out", str(tmp_path)]))
    assert line == ("error: hx8k: amaranth_boards must be installed: pip install amaranth-boards")


# Recorded reports


def test_path_to_or_from_a_pin_is_not_the_longest():
    steps = [{"type": "routing", "delay": 9, "from": {"cell": "a"}, "to": {"cell": "b"}}]
    outer = [{"from": "<async>", "to": "posedge clk", "path": steps}]
    assert flow.longest(outer) == {}
    assert flow.longest([*outer, {"from": "x", "to": "x", "path": steps}])["ns"] == 9

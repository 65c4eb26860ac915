"""Builds that must not be believed: what synthesis warns of or loses, seeds that do not end."""

import pytest

from boards import build
from tests.boards.builds.fake_build import WORDS, built, failures
from tests.boards.builds.fake_tools import WAY


@pytest.mark.parametrize(
    ("warning", "reason"),
    [
        (
            "Driver-driver conflict for a between cell b.Y and constant 1'0: Resolved using it.",
            "logic behind the other driver is gone, as has been seen",
        ),
        ("multiple conflicting drivers for top.\\a:", "what the net does is undefined"),
        ("Wire top.\\a is used but has no driver.", "what should drive it is gone"),
        ("found logic loop in module top:", "it is no memory that was asked for"),
    ],
    ids=["driver-driver", "drivers", "no-driver", "loop"],
)
def test_warning_of_a_broken_design_fails(tools, tmp_path, capsys, warning, reason):
    tools.setenv("FAKE_WARN", f"Warning: fine\nWarning: {warning}\n")
    assert build.main([*WORDS, "--out", str(tmp_path)]) == 1
    text = f"yosys must not warn of what breaks a design ({reason}): Warning: {warning}"
    assert failures(capsys) == [f"error: hx8k: {text}"]
    assert not (tmp_path / "hx8k.bin").exists()


def test_other_warning_does_not(tools, tmp_path):
    tools.setenv("FAKE_WARN", "Warning: Resizing cell port a.b from 4 bits to 14 bits.\n")
    assert built(tmp_path)[0] == 0


def test_newer_way_is_tried_where_yosys_ends_without_a_word(tools, tmp_path):
    tools.setenv("FAKE_SILENT", "1")
    assert built(tmp_path)[0] == 0
    assert way(tmp_path) == "0"


def test_yosys_without_a_word_both_ways_is_one_line(tools, tmp_path, capsys):
    tools.setenv("FAKE_SILENT", "1 0")
    assert build.main([*WORDS, "--out", str(tmp_path)]) == 1
    text = "yosys failed with status 1: no output (see yosys.log)"
    assert failures(capsys) == [f"error: hx8k: {text}"]


def test_newer_way_is_not_tried_after_an_error(tools, tmp_path):
    tools.setenv("FAKE_FAIL", "yosys")
    assert build.main([*WORDS, "--out", str(tmp_path)]) == 1
    assert way(tmp_path) == "1"


def way(folder):
    """Return by which way to ABC yosys has been run last."""
    return WAY.findall((folder / "steps" / "top.ys").read_text())[0]


@pytest.mark.parametrize(
    ("lost", "text"),
    [
        ("top.link.store.bytes.0.0", "top.link.store.bytes must be 1 to 4 in the netlist, not 0"),
        ("clock.pll", "SB_PLL40_CORE must be 1 in the netlist, not 0"),
    ],
)
def test_what_synthesis_has_lost_fails(tools, tmp_path, capsys, lost, text):
    tools.setenv("FAKE_LOST", lost)
    assert build.main([*WORDS, "--out", str(tmp_path)]) == 1
    assert failures(capsys) == [f"error: hx8k: yosys must make what the design asks for: {text}"]
    assert not (tmp_path / "hx8k.bin").exists()


def test_seed_that_does_not_end_is_given_up_and_the_next_is_taken(tools, tmp_path, capsys):
    tools.setenv("FAKE_FMAX", "80 0 85 82")
    tools.setenv("FAKE_ENDLESS", "2")
    status, found = built(tmp_path, "--patience", "1")
    assert failures(capsys) == ["hx8k: seed 2 given up after 1 s of the processor"]
    assert (status, found["seeds"], found["best_seed"]) == (0, 3, 3)
    assert found["fmax_mhz_by_seed"] == {"1": 80.0, "3": 85.0, "4": 82.0}


def test_place_and_route_that_never_ends_fails(tools, tmp_path, capsys):
    tools.setenv("FAKE_ENDLESS", "1 2 3 4")
    assert build.main([*WORDS, "--seeds", "1", "--patience", "1", "--out", str(tmp_path)]) == 1
    assert failures(capsys)[-1] == (
        "error: hx8k: nextpnr-ice40 must end within 1 s of the processor (--patience), "
        "not run on with seeds 1, 2, 3, 4"
    )

# amaranth: UnusedElaboratable=no
"""Netlists of all families in lock-step while a small network learns, and a wrong one."""

import csv
import json
import re
from dataclasses import replace
from functools import cache, partial

import numpy as np
import pytest

from boards import gates as command
from boards.host.dense import DenseDriver
from boards.parts.board import board
from boards.tools import netlist
from boards.tools.toolchain import ToolError
from golden.dense import core as golden
from golden.dense import program
from golden.dense.reward import in_turns
from hdl.dense.core import Core
from hdl.link.dense.top import DenseTop
from hdl.verilog import emit
from sim.battery.networks import NIBBLES
from sim.jobs.dense import DenseJob
from sim.jobs.job import Stalls
from sim.records.comparison import Comparison
from sim.targets import gates
from sim.targets.cxxrtl import DRIVER, Compiled
from sim.targets.taps import Taps

N_IMAGES = 12
UNOPTIMISED = "-O0"
FAMILIES = {
    "icebreaker": {"SB_SPRAM256KA", "SB_MAC16", "SB_LUT4", "SB_CARRY", "SB_DFFESR"},
    "hx8k": {"SB_RAM40_4K", "SB_LUT4", "SB_CARRY", "SB_DFFESR"},
    "ulx3s_25f": {"TRELLIS_DPR16X4", "LUT4", "CCU2C", "TRELLIS_FF", "PFUMX"},
    "tangnano9k": {"RAM16SDP4", "LUT4", "ALU", "DFFRE", "MUX2_LUT5"},
}
"""A board of every family, and cells that its netlist must hold."""


class Small:
    """A small network's netlist, and what it learns."""

    def __init__(self, name, folder):
        self.board, self.p = board(name), replace(NIBBLES, single_port=name == "icebreaker")
        self.core = Core(self.p)
        taps = Taps(self.core)
        self.header = taps.header()
        self.verilog = netlist.core_netlist(self.board, taps, folder)

    def job(self) -> DenseJob:
        rng = np.random.default_rng(1)
        images = rng.integers(0, 256, (N_IMAGES, 6)).astype(np.uint8)
        labels = rng.integers(0, 2, N_IMAGES)
        network, classes = golden.initial(self.p, 1), in_turns(self.p)
        votes = np.zeros((self.p.vote_spikes, 4, 2), dtype=np.int64)
        return DenseJob(self.p, [(N_IMAGES, self.p)], network, classes, votes, images, labels, True)

    def compared(self, verilog=None) -> Comparison:
        models = netlist.models(self.board)
        text = verilog or self.verilog
        compiled = gates.library(text, models, DRIVER, self.header, UNOPTIMISED)
        job = self.job()
        with Compiled(self.core, compiled) as target:
            comparison = Comparison(target, job.figures())
            for piece in job.pieces(Stalls(0.2, 1)):
                if not comparison.step(piece):
                    break
        return comparison


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Return what makes the small network's netlist for a board, once for each."""
    return cache(lambda name: Small(name, tmp_path_factory.mktemp(name)))


@pytest.mark.parametrize("name", FAMILIES)
def test_netlist_is_in_lock_step_while_it_learns(small, name):
    made = small(name)
    cells = set(re.findall(r"^  (\w+) (?:#\(|\S+ +\()", made.verilog, re.MULTILINE))
    assert cells >= FAMILIES[name]
    found = made.compared()
    assert found.mismatch is None
    assert found.figures.spikes > 5
    assert found.figures.weight_writes > 20
    final = made.job().final()
    got = program.read(made.p, np.concatenate(found.figures.answers), final.presented)
    assert got.sha256() == final.sha256()


def test_memory_that_is_never_written_is_noticed(small):
    old, new = r"\.WREN\([^)]+\)", ".WREN(1'h0)"
    verilog, n = re.subn(old, new, small("icebreaker").verilog, count=1)
    assert n == 1
    assert small("icebreaker").compared(verilog).mismatch


# The command, with Verilog that no synthesis has seen


@pytest.fixture
def unsynthesised(monkeypatch):
    def core(board, design, folder):
        return emit(design, "core")

    def pins(board, p, folder):
        return emit(DenseTop(p, board.preset, board.divisor, board.queue), "core")

    monkeypatch.setattr(netlist, "core_netlist", core)
    monkeypatch.setattr(netlist, "board_netlist", pins)
    monkeypatch.setattr(gates, "library", partial(gates.library, effort=UNOPTIMISED))


TINY = ("hx8k", "--preset", "tiny", "--images", "6")


@pytest.mark.parametrize("words", [("--stalls", "0.3"), ("--pins",)], ids=["core", "pins"])
def test_equal_run_is_told_and_kept(unsynthesised, tmp_path, words):
    table, result = tmp_path / "gates.csv", tmp_path / "result.json"
    assert command.main([*TINY, *words, "--csv", str(table), "--json", str(result)]) == 0
    told = json.loads(result.read_text())
    (row,) = csv.DictReader(table.read_text().splitlines())
    assert row["equal"] == "True"
    assert row["state_sha256"] == told["state_sha256"]
    assert int(row["cycles"]) == told["cycles"] > 1000


def test_other_network_behind_the_pins_is_not_equal(unsynthesised, monkeypatch, capsys):
    state = DenseDriver.state
    monkeypatch.setattr(DenseDriver, "state", lambda self: state(self)._replace(lfsr=7))
    assert command.main([*TINY, "--pins"]) == 1
    assert "not equal: state" in capsys.readouterr().out


def test_other_cycles_behind_the_pins_are_not_equal(unsynthesised, monkeypatch, capsys):
    learn = DenseDriver.learn

    def late(self, *args, **options):
        *others, last = learn(self, *args, **options)
        assert last
        return [*others, last._replace(cycles=last.cycles + 1)]

    monkeypatch.setattr(DenseDriver, "learn", late)
    assert command.main([*TINY, "--pins"]) == 1
    assert "not equal at image" in capsys.readouterr().out


# Refusals


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (
            ("ulx3s_25f", "--pins"),
            "--pins must be left out for ulx3s_25f: not all cells have models",
        ),
        (("hx8k", "--images", "0"), "--images must be at least 1, not 0"),
        (
            ("hx8k", "--pins", "--stalls", "0.5"),
            "--stalls must be left out with --pins, as there is no record",
        ),
        (
            ("hx8k", "--pins", "--no-learn"),
            "--no-learn must be left out with --pins, which does both",
        ),
    ],
    ids=["no-models", "no-images", "stalls", "no-learn"],
)
def test_impossible_options_are_refused(capsys, words, text):
    assert command.main(list(words)) == 2
    assert capsys.readouterr().err == f"error: {text}\n"


def test_tool_that_fails_is_a_line(monkeypatch, capsys):
    def fail(board, design, folder):
        emit(design, "core")
        raise ToolError("yosys failed with status 1: out of order")

    monkeypatch.setattr(netlist, "core_netlist", fail)
    assert command.main([*TINY]) == 1
    assert capsys.readouterr().err == "error: yosys failed with status 1: out of order\n"

"""Pipelines alone: netlists beside golden, multipliers that must be left alone, refusals."""

from collections import Counter

import pytest
from amaranth.back import rtlil

from boards.cells import FOLDER, compared, main, program_of
from boards.parts.families import FAMILIES
from boards.tools.alone import PARTS, PipelineOrder, core, refuse_changed
from boards.tools.beside import instances
from boards.tools.flow import NAMED_MULTIPLIER, Flow
from boards.tools.harness import Harness
from boards.tools.toolchain import ToolError
from golden.cells.schedule import UP5K, scheduled
from golden.study.cells.compact import COMPACT, compact
from sim.jobs.vectors import differences, full_range, running
from tests.hdl.cells.bench import simulated

LIF = "compact.lif"
KNOWN = ", ".join(f"compact.{name}" for name in COMPACT)


def order(part: str) -> PipelineOrder:
    """Return a small pipeline with one multiplier."""
    return PipelineOrder(LIF, program_of(LIF, PARTS[part].fabric.operand_bits), part)


@pytest.mark.parametrize("part", PARTS)
def test_netlist_of_a_pipeline_is_golden(part, tmp_path):
    assert compared(order(part), tmp_path, 5000) == {"whole range": [], "of a run": []}
    verilog = (tmp_path / "top.v").read_text()
    assert instances(verilog)[{"up5k": "SB_MAC16", "ecp5": "MULT18X18D"}[part]] == 1
    assert instances("  SB_MAC16 #(\n  foo bar (\n") == Counter({"SB_MAC16": 1, "foo": 1})


@pytest.mark.parametrize("name", COMPACT)
def test_compact_cell_is_golden(name):
    program = compact(name, 16)
    schedule = scheduled(program, UP5K)
    for numbers in (full_range, running):
        given = numbers(program, 25, 5)
        assert differences(schedule, given, simulated(schedule, given)) == []


def test_a_multiplier_that_is_named_is_not_looked_for(tmp_path):
    flow = Flow(PARTS["up5k"].board, tmp_path)
    (tmp_path / "top.il").write_text("module \\top\n")
    assert "-dsp" in flow._synthesis()
    (tmp_path / "top.il").write_text(f"module \\top\n  {NAMED_MULTIPLIER}\\it\n")
    assert "-dsp" not in flow._synthesis()
    assert flow._synthesis() == FAMILIES["up5k"].synthesis.replace(" -dsp", "")


def test_lost_multipliers_and_memories_are_refused():
    family, small = FAMILIES["up5k"], order("up5k")
    refuse_changed(small, Counter({"SB_MAC16": 1, "SB_RAM40_4K": 3}), family)
    with pytest.raises(ToolError, match="^yosys must keep 1 multipliers, not 0$"):
        refuse_changed(small, Counter({"SB_RAM40_4K": 3}), family)
    with pytest.raises(ToolError, match="^yosys must make at least 3 block memories, not 2$"):
        refuse_changed(small, Counter({"SB_MAC16": 1, "SB_RAM40_4K": 2}), family)


def test_constants_inside_are_no_registers():
    schedule = order("up5k").schedule
    il = {}
    for loaded in (True, False):
        harness = Harness(schedule, 256, loaded, registered=False)
        il[loaded] = rtlil.convert(harness, name="top", ports=harness.ports, emit_src=False)
    assert ["constant_constant_K" in il[loaded] for loaded in (True, False)] == [True, False]


def test_cells_of_the_pipeline_itself_are_counted():
    cells = {
        "pipeline.add_3_LC": {"type": "ICESTORM_LC"},
        "pipeline.x": {"type": "ICESTORM_RAM"},
        "place1_LC": {"type": "ICESTORM_LC"},
    }
    found = core({"modules": {"top": {"cells": cells}}})
    assert found == Counter({"ICESTORM_LC": 1, "ICESTORM_RAM": 1})


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["Spam"],
            f"a cell must be a class of golden.cells or of {KNOWN}, not Spam",
        ),
        ([LIF, "--seeds", "0"], "--seeds must be at least 1, not 0"),
        ([LIF, "--budget", "-1"], "--budget must be at least 0, not -1"),
        ([LIF, "--interval", "0"], "interval must be at least 1, not 0"),
        (
            ["compact.coba", "--interval", "2", "--multipliers", "3"],
            "7 products in 2 cycles must have at least 4 multipliers, not 3",
        ),
    ],
)
def test_what_cannot_be_is_refused(words, said, capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert main(words) == 2
    assert capsys.readouterr().err.replace("\n", " ").strip() == f"error: {said}"
    assert not FOLDER.exists()

# amaranth: UnusedElaboratable=no
"""hdl.export: the same bytes everywhere, accepted by other tools, and a data sheet that is true."""

import os
import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from golden.command.processes import finished
from golden.dense import core as model
from golden.dense import program, timing
from golden.dense.interface import BusRequest, Phase, Region
from golden.dense.registers import envelope, register_map, values
from golden.training.recipe import names, recipe
from hdl import export
from hdl.dense.core import Core
from hdl.dense.datasheet import datasheet, phases
from sim.targets.pysim import Pysim
from sim.targets.target import missing
from tests.shared.commands import contents, done, python, refused
from tests.training.presets import preset_file

PORT = re.compile(r"^  (input|output) (?:\[(\d+):0\] )?(\w+)\s*;$", re.MULTILINE)
SHEET_PORT = re.compile(r"^//   (input|output) +(\w+) +(\d+)  \S.*$", re.MULTILINE)
MEMORY = re.compile(r"^  reg \[(\d+):0\] \S+ \[(\d+):0\];$", re.MULTILINE)
SHEET_MEMORY = re.compile(r"^//   .* (\d+) x (\d+)(?:,.*)?$", re.MULTILINE)
SHEET_REGISTER = re.compile(
    r"^//   +(\d+)  (\w+) +(\d+)  (signed|unsigned) +(-?\d+)$", re.MULTILINE
)
WORDS = ("-m", "hdl.export", "--preset", "tiny")
STYLE = ("-Wno-PROCASSINIT",)
"""Registers have values before reset, on purpose: an FPGA loads them with the bitstream."""


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """Return the files of the tiny preset by rule, with the probe under "probe"."""
    folder, made = tmp_path_factory.mktemp("exported"), {}
    for name, words in (("stdp", ()), ("rstdp", ("--rule", "rstdp")), ("probe", ("--probe",))):
        made[name] = folder / f"{name}.v"
        assert export.main(["--preset", "tiny", *words, "--out", str(made[name])]) == 0
    return made


def built(preset="tiny", rule="stdp", **changes):
    return envelope(p for _, p in recipe(preset, rule, **changes).schedule(60_000))


def ports(text):
    """Return (direction, bits) of the ports of the top module, the last in the file."""
    top = text[text.index("module goldspike(") :]
    top = top[: top.index("endmodule")]
    return {name: (way, int(high or 0) + 1) for way, high, name in PORT.findall(top)}


# By hand


def test_every_process_writes_the_same_bytes_to_stdout_as_to_the_file(exported):
    for seed in ("1", "2"):
        told = done(*WORDS, env=os.environ | {"PYTHONHASHSEED": seed})
        assert told == (0, exported["stdp"].read_text(), "")


def test_reader_that_has_seen_enough_is_no_error():
    with python(*WORDS) as process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline().startswith("// goldspike: ")
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait() == 0


def test_header_names_the_command_and_neither_folder_nor_date(tmp_path):
    name = preset_file(tmp_path)
    args = export.main.options(["--preset", name, "--set", "a_plus=exp(9,\n2, 2)"])
    assert export.command(args) == (
        "python -m hdl.export --preset 'my.toml#small' --rule stdp --set 'a_plus=exp(9, 2, 2)'"
    )


@pytest.mark.parametrize("name", ["stdp", "rstdp", "probe"])
def test_ports_of_the_sheet_are_those_of_the_module(exported, name):
    text = exported[name].read_text()
    sheet = {port: (way, int(bits)) for way, port, bits in SHEET_PORT.findall(text)}
    assert sheet == ports(text)
    assert ("probe" in sheet) == (name == "probe")
    assert len(sheet) == 17 + (name == "probe")


def test_memories_of_the_sheet_are_in_the_module(exported):
    text = exported["rstdp"].read_text()
    sheet = [(int(depth), int(width)) for depth, width in SHEET_MEMORY.findall(text)]
    assert len(sheet) == 4
    found = {(int(depth) + 1, int(width) + 1) for width, depth in MEMORY.findall(text)}
    assert set(sheet) <= found


@pytest.mark.parametrize("rule", ["stdp", "rstdp"])
def test_registers_of_the_sheet_are_the_register_map(exported, rule):
    rows = SHEET_REGISTER.findall(exported[rule].read_text())
    assert [(int(i), name, int(bits), sign == "signed") for i, name, bits, sign, _ in rows] == [
        (i, *entry) for i, entry in enumerate(program.register_types(built(rule=rule)))
    ]


def test_values_after_reset_are_what_the_core_answers(exported):
    p = built()
    rows = SHEET_REGISTER.findall(exported["stdp"].read_text())
    asked = [BusRequest(False, Region.REGISTERS.value, i, 0) for i in range(len(register_map(p)))]
    stimulus = timing.eager(8 * len(asked), np.zeros(0, dtype=np.int64), [], asked)
    with Pysim(Core(p)) as target:
        answers = target.answers(stimulus)["response"].tolist()
    assert answers == [int(value) % (1 << int(bits)) for _, _, bits, _, value in rows]
    assert answers[list(register_map(p)).index("v_th")] == values(p, p)["v_th"] == 60


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"leak_shift": 3, "leak_sub": 1, "refrac": 2, "v_inhibit": 3, "stop_after": 0},
        {"n_lanes": 1, "single_port": True, "theta_decay_shift": 2, "theta_decay_period": 1},
    ],
    ids=["tiny", "leaky", "single-port"],
)
def test_phases_last_as_long_as_the_cycle_model_says(changes):
    p = built(v_th=20, **changes)
    image = np.full(p.height * p.width, 255, dtype=np.int64)
    seen = timing.present(p, p, model.initial(p, 1), image, learn=True)
    numbers = seen.rows["phase"]
    edges = np.flatnonzero(np.diff(numbers)) + 1
    lengths = {}
    for run in np.split(numbers, edges):
        lengths.setdefault(Phase(int(run[0])).name, set()).add(len(run))
    said = {name: {n_cycles} for name, (n_cycles, _) in phases(p).items()}
    if p.single_port:
        # Reads may have waited for as many writes as there are weights.
        [least] = said["SWEEP"]
        assert least <= min(lengths["SWEEP"]) <= max(lengths["SWEEP"]) <= least + p.n_axons
        said["SWEEP"] = lengths["SWEEP"]
    checked = set(lengths) & set(said)
    assert checked >= {"CLEAR", "VERDICT", "TEACH", "SWEEP", "RISE", "ENDSTEP"}
    assert {name: lengths[name] for name in checked} == {name: said[name] for name in checked}


@pytest.mark.parametrize("preset", names())
@pytest.mark.parametrize("rule", ["stdp", "rstdp"])
def test_every_preset_has_a_core_and_a_sheet(preset, rule):
    p = built(preset, rule)
    text = datasheet(export.Bare(p), p)
    assert f"\n  n_neurons = {p.n_neurons}\n" in text
    margin = 0 if p.receptive_field == "none" else 4
    filling = (p.height + margin) * (p.width + margin) + (6 if margin else 0)
    told = f"  {filling:>7}  at a pixel a cycle"
    if p.rf_in_turns:
        told = f"  {2 * (p.height + margin) * (p.width + margin) + 8:>7}  2 cycles a pixel"
    assert told in text
    assert "probe" not in text


def test_preset_of_a_board_exports(tmp_path):
    assert export.main(["--preset", "hx8k", "--out", str(tmp_path / "a.v")]) == 0
    assert ports((tmp_path / "a.v").read_text())["bus__payload"] == ("input", 60)


# Other tools


@pytest.mark.skipif(bool(missing("icarus")), reason=missing("icarus"))
@pytest.mark.parametrize("name", ["stdp", "rstdp", "probe"])
def test_icarus_compiles_it(exported, tmp_path, name):
    words = ["iverilog", "-g2005", "-Wall", "-Wno-timescale", "-s", "goldspike"]
    told = finished([*words, "-o", str(tmp_path / "a.vvp"), str(exported[name])])
    assert (told.returncode, told.stdout) == (0, "")
    assert "error" not in told.stderr


@pytest.mark.skipif(bool(missing("verilator")), reason=missing("verilator"))
@pytest.mark.parametrize("name", ["stdp", "rstdp", "probe"])
def test_verilator_has_nothing_to_warn_of(exported, name):
    from sim.targets.verilator import environment as verilator_environment

    environment = os.environ | verilator_environment()
    verilator = shutil.which("verilator", path=environment["PATH"])
    words = [str(verilator), "--lint-only", "-Wall", *STYLE, "--top-module", "goldspike"]
    told = finished([*words, str(exported[name])], env=environment)
    assert (told.returncode, told.stderr) == (0, "")
    broken = Path(exported[name]).with_suffix(".broken.v")
    broken.write_text(exported[name].read_text().replace("input clk;", "input clk, clk2;", 1))
    assert finished([*words, str(broken)], env=environment).returncode != 0


# Refusals


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("--set n_lanes=0", "n_lanes must be 1 to 4, not 0"),
        ("--set lanes=1", "--set must name a parameter of golden.dense.params, not 'lanes'"),
        ("--set n_lanes", "--set must be NAME=VALUE, not 'n_lanes'"),
        (
            "--set theta_width=24 --set offset_shift=16 --set offset_plus=1",
            "theta_width + offset_shift must be at most 32, not 40",
        ),
        (
            "--rule rstdp --set weight_bits=2 --set n_classes=100",
            "n_classes must be at most 16 with a reward and 2-bit weights, not 100",
        ),
    ],
)
def test_impossible_core_is_refused(capsys, words, text):
    status = export.main(["--preset", "tiny", *words.split()])
    assert refused(capsys, status) == f"error: {text}"


def test_unknown_preset_is_refused(capsys):
    line = refused(capsys, export.main(["--preset", "huge"]))
    assert line == f"error: preset must be one of {', '.join(names())} or FILE#NAME, not 'huge'"


def test_place_that_cannot_be_written_is_refused_and_left_alone(tmp_path, capsys):
    path = tmp_path / "missing" / "a.v"
    line = refused(capsys, export.main(["--preset", "tiny", "--out", str(path)]))
    assert line == f"error: {path} must be writable, not: No such file or directory"
    assert contents(tmp_path) == {}

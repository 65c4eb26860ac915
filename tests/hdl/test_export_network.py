# amaranth: UnusedElaboratable=no
"""hdl.export of a network core: what is written is the core that the lock-step compares."""

import re

import pytest

from golden.network.interface import extents, registers
from hdl import export
from hdl.network.core import NetworkCore
from sim.jobs.network_chip import named, smallest
from tests.hdl.test_export import SHEET_PORT, ports
from tests.shared.commands import contents

NETWORK = ("--network", "neurapse-feedforward")
REGISTER = re.compile(r"^//   +(\d+)  (\w+) +(\d+)$", re.MULTILINE)
REGION = re.compile(r"^//   +(\d+)  (\w[\w ]*?) +(\d+) x (\d+)$", re.MULTILINE)


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """Return the files without the probe and with it."""
    folder, made = tmp_path_factory.mktemp("exported"), {}
    for name, words in (("bare", ()), ("probe", ("--probe",))):
        made[name] = folder / f"{name}.v"
        assert export.main([*NETWORK, *words, "--out", str(made[name])]) == 0
    return made


def chip(*changes, fabric=None, board=None):
    _, net = named(NETWORK[1], None, changes)
    return smallest(net, fabric, board).chip


# By hand


def test_command_of_the_header_has_all_that_was_asked_for(exported):
    first = exported["bare"].read_text().splitlines()
    assert first[0] == "// goldspike: a core for spiking neural networks of any cells."
    assert first[2] == "// Made by: python -m hdl.export --network neurapse-feedforward"
    words = ["--network", "x/my.py", "--board", "hx8k", "--seed", "7", "--set", "n=3", "--probe"]
    args = export.main.options(words)
    told = "python -m hdl.export --network my.py --board hx8k --seed 7 --set n=3 --probe"
    assert export.command(args) == told


# Refusals


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("--preset", "tiny"), "--preset must be of the dense core, not with --network"),
        (("--rule", "stdp"), "--rule must be of the dense core, not with --network"),
        (
            ("--fabric", "up5k", "--board", "hx8k"),
            "--fabric must not be given with --board, which has its own",
        ),
        (("--set", "nothing=1"), "nothing"),
    ],
)
def test_options_that_do_not_go_together_are_refused(words, text, tmp_path, capsys):
    out = tmp_path / "core.v"
    assert export.main([*NETWORK, *words, "--out", str(out)]) == 2
    assert text in capsys.readouterr().err
    assert contents(tmp_path) == {}


@pytest.mark.parametrize("words", [("--fabric", "up5k"), ("--board", "hx8k"), ("--seed", "1")])
def test_options_of_a_network_are_refused_without_one(words, capsys):
    assert export.main([*words]) == 2
    text = f"{words[0]} must be with --network, not with the dense core"
    assert text in capsys.readouterr().err


def test_a_network_of_no_name_is_refused(capsys):
    assert export.main(["--network", "no-such-network"]) == 2
    assert "no-such-network" in capsys.readouterr().err


# Equality


@pytest.mark.parametrize("name", ["bare", "probe"])
def test_ports_of_the_sheet_are_those_of_the_module(exported, name):
    text = exported[name].read_text()
    sheet = {port: (way, int(bits)) for way, port, bits in SHEET_PORT.findall(text)}
    assert sheet == ports(text)
    assert ("probe" in sheet) == (name == "probe")


def test_registers_and_regions_of_the_sheet_are_the_chip_s(exported):
    text = exported["bare"].read_text()
    found = [(int(i), name, int(bits)) for i, name, bits in REGISTER.findall(text)]
    assert found == [(i, *entry) for i, entry in enumerate(registers(chip()).items())]
    found = [(int(i), int(words), int(bits)) for i, _, words, bits in REGION.findall(text)]
    assert found == [(i, *extent) for i, extent in enumerate(extents(chip()))]


def test_what_is_written_is_the_core_that_the_lock_step_compares(exported):
    core = NetworkCore(chip())
    made_by = "python -m hdl.export --network neurapse-feedforward --probe"
    assert exported["probe"].read_text() == export.verilog(core, made_by)


def test_a_board_s_chip_is_of_its_own_parts():
    assert chip(board="icebreaker").fabric.name == "up5k"
    assert chip(fabric="ecp5").fabric.name == "ecp5"

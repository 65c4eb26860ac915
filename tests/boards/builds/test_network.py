"""boards.build --network: the chip that is taken, what it takes, and what is refused."""

import csv
import json
from pathlib import Path

import pytest

from boards import build
from boards.parts import fit
from boards.parts.board import BOARDS
from boards.parts.chips import CHIPS
from boards.parts.families import FAMILIES, TOP
from boards.parts.network import NetworkBuild, home_of
from boards.tools import network
from boards.tools.size import least_blocks, memories, small
from golden.network.placement.memories import memories as memories_of
from golden.network.placement.parts import PARTS
from golden.simulation.scripts import found
from hdl.link.network.protocol import Buffers, build_hash
from tests.boards.builds.fake_build import failures
from tests.boards.test_simulate import NETWORK
from tests.link.network.small import CHIP


@pytest.fixture
def rain(tmp_path):
    """Return the file of a small network."""
    file = tmp_path / "rain.py"
    file.write_text(NETWORK)
    return str(file)


@pytest.fixture
def made_up(tools, monkeypatch):
    """Let fake synthesis find the memories of whatever design it gets."""
    whole = build.make

    def make(order):
        il = network.NetworkOrder.refuse_large

        def told(self, text):
            il(self, text)
            sizes = {name: m for name, m in memories(text).items() if not small(m)}
            blocks = {n: least_blocks(m, FAMILIES["ice40"]) for n, m in sizes.items()}
            tools.setenv("FAKE_MEMORIES", json.dumps(blocks))

        monkeypatch.setattr(network.NetworkOrder, "refuse_large", told)
        return whole(order)

    monkeypatch.setattr(build, "make", make)


# By hand


def test_blocks_by_hand():
    # On the ECP5 memories of up to 64 words are none: 300 axons, 256 synapses, the two buffers.
    found = fit.needed_blocks(NetworkBuild(CHIP, Buffers(64, 70)), 512, PARTS["ulx3s_25f"])
    expected = dict.fromkeys(("row_runs", "row_synapses", "synapses", "spikes", "items"), 1)
    assert found == expected
    # 256 words of 16 bits are a block of the iCE40: 300 of 15 are two, and so on.
    found = fit.needed_blocks(NetworkBuild(CHIP, Buffers(256, 3)), 512, PARTS["hx8k"])
    assert [found[name] for name in ("row_runs", "row_synapses", "spikes")] == [2, 1, 2]
    # Pieces of synapses with a slot of 5 bits and a weight of 8.
    assert found["synapses"] == 1
    assert "items" not in found
    # 28 bits are two blocks, and u is read twice.
    assert found["cell u"] == 4


@pytest.mark.parametrize("name", CHIPS)
def test_the_link_s_memory_is_where_the_part_says(name):
    assert PARTS[name].link_in_tables == bool(FAMILIES[BOARDS[name].family].in_tables)


@pytest.mark.parametrize("name", CHIPS)
def test_the_own_chip_of_every_board_fits_its_memories(name):
    plan = CHIPS[name]
    built = NetworkBuild(plan.own(), plan.buffers)
    fit.refuse_large(BOARDS[name], built)
    assert sum(fit.needed_blocks(built, BOARDS[name].queue, PARTS[name]).values()) > 5


def test_the_icebreaker_has_neurapse_s_network_of_500_cells():
    plan = CHIPS["icebreaker"]
    built = NetworkBuild(plan.own(), plan.buffers)
    kinds = [(kind.slots, kind.interval, kind.serial) for kind in built.chip.kinds]
    assert (kinds, built.chip.axons) == ([(500, 2, False), (25, 7, True)], 525)
    found = fit.needed_blocks(built, BOARDS["icebreaker"].queue, PARTS["icebreaker"])
    # Rows of axons lie in SPRAM but for their delays; a serial kind's keys in a block.
    assert (found["row_delays"], found["keys"], fit.large_blocks(memories_of(built.chip))) == (
        2,
        1,
        4,
    )
    assert "row_runs" not in found
    assert sum(found.values()) <= 30


def test_a_network_that_fits_takes_the_board_s_own_chip(rain):
    plan = CHIPS["tangnano9k"]
    own = found(plan.network)
    name, placement = home_of(plan, "tangnano9k", own.network(1, plan.changes), "mine")
    assert name == "tangnano9k"
    assert build_hash(placement.chip, plan.buffers) == build_hash(plan.own(), plan.buffers)
    other = found(rain)
    name, placement = home_of(plan, "tangnano9k", other.network(1, {}), "a rainy network \u00e9")
    assert (name, placement.blueprint.neurons) == ("a rainy network ", 15)


def test_make_networks_builds_the_own_chip_of_every_board():
    makefile = Path("Makefile").read_text()
    for name, plan in CHIPS.items():
        changes = "".join(f" --set {key}={value}" for key, value in plan.changes.items())
        line = f"\t$(RUN) -m boards.build {name} $(CHIP) {plan.network}{changes}\n"
        assert makefile.count(line) == 1, name


# A build


def test_a_network_s_bitstream_and_what_is_said_of_it(made_up, rain, tmp_path, capsys):
    words = ["hx8k", "--network", rain, "--set", "size=9", "--seeds", "3", "--out"]
    table = ["--csv", str(tmp_path / "networks.csv")]
    assert build.main([*words, str(tmp_path / "out"), *table]) == 0, capsys.readouterr().err
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    assert (report["chip"], report["neurons"], report["met"]) == ("rain", 14, True)
    assert report["kinds"] == "cells 9, rain 5"
    assert report["speed"]["cycles_per_step"] > 30
    assert (tmp_path / "out" / "hx8k.bin").read_bytes().startswith(b"bits of seed 2 ")
    with (tmp_path / "networks.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert tuple(row) == network.COLUMNS
    assert (row["board"], row["network"], row["fmax_mhz"]) == ("hx8k", rain, "90.0")
    assert "14 neurons" in capsys.readouterr().out
    assert (tmp_path / "out" / "steps" / f"{TOP}.il").exists()
    # A second build of it takes the row's place.
    assert build.main([*words, str(tmp_path / "out"), *table]) == 0, capsys.readouterr().err
    with (tmp_path / "networks.csv").open(newline="") as file:
        assert list(csv.DictReader(file)) == [row]


# Refusals


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (
            ("icebreaker", "--network", "izhikevich2003"),
            "a network must fit iCEBreaker v1.0, with at most 30 block memories, not need about ",
        ),
        (
            ("icebreaker", "--network", "neurapse-drn", "--set", "size=800"),
            "a network must fit iCEBreaker v1.0, with at most ",
        ),
        (
            ("icebreaker", "--network", "neurapse-drn-plastic"),
            "a network must fit iCEBreaker v1.0, with at most 8 multipliers, not need 12",
        ),
        (("hx8k", "--network", "nobody"), "a network must be a file, or one of "),
        (("hx8k", "--network", ""), "a network must be a file, or one of "),
        (
            ("ulx3s_85f_1024", "--network", "cuba"),
            "board must be one of icebreaker, hx8k, ulx3s_25f, ulx3s_85f, tangnano9k, ",
        ),
        (
            ("hx8k", "--network", "cuba", "--preset", "tiny"),
            "--network must stand without --preset and --rule, and for one board",
        ),
    ],
)
def test_what_is_impossible_is_refused_before_any_tool_runs(tools, tmp_path, capsys, words, text):
    tools.setenv("FAKE_FAIL", "yosys")
    assert build.main([*words, "--out", str(tmp_path / "out")]) == 2
    (line,) = failures(capsys)
    assert text in line
    assert not (tmp_path / "out").exists()

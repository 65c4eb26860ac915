"""`python -m boards.run BOARD simulate` with a device in Python: what is run, kept and refused."""

import json
from pathlib import Path

import numpy as np
import pytest

from boards import run
from boards.parts.network import NetworkBuild
from boards.sessions import simulation
from boards.sessions.session import ChosenDevice
from golden import simulate
from golden.command.archive import packed
from golden.network.rules.interface import LAST_BITS
from sim.device.network import network_device
from tests.boards.bad_line import BadLine
from tests.shared.commands import contents, state_of

NETWORK = """\
\"\"\"Ten cells in the rain.\"\"\"

from golden.builder import Network, Poisson, fixed_probability, uniform
from golden.cells import LIF

DURATION = 40


def network(seed=1, size=10, weight=6.0):
    net = Network(dt="1 ms", seed=seed)
    cells = net.population(size, LIF(tau=10, rest=-70, reset=-70, threshold=-50), "cells")
    rain = net.input(5, Poisson(200), "rain")
    net.connect(rain, cells, fixed_probability(0.5), weight=weight, delay=uniform(1, 9))
    net.connect(cells, cells, fixed_probability(0.3), weight=1.0)
    return net
"""


LEARNING = """\
\"\"\"Ten cells in the rain, to which they grow.\"\"\"

from golden.builder import Network, Poisson, fixed_probability, uniform
from golden.cells import LIF
from golden.network.rules import PairSTDP

DURATION = 40


def network(seed=1, scaled=0, off=0):
    net = Network(dt="1 ms", seed=seed)
    cells = net.population(10, LIF(tau=10, rest=-70, reset=-70, threshold=-50), "cells")
    rain = net.input(5, Poisson(200), "rain")
    rule = PairSTDP(w_max=20, a_plus=2, a_minus=1, norm=float(scaled), every=10.0 * bool(scaled))
    first = net.connect(
        rain, cells, fixed_probability(0.5), weight=9.0, delay=uniform(1, 9), rule=rule
    )
    second = net.connect(cells, cells, fixed_probability(0.3), weight=1.0, rule=rule)
    for synapses in (first, second)[:off]:
        synapses.learning = False
    return net
"""


TWICE = "    net.connect(rain, cells, weight=9.0, delay=uniform(1, 9), rule=rule)\n"


@pytest.fixture
def network(tmp_path):
    """Return the file of a small network."""
    file = tmp_path / "rain.py"
    file.write_text(NETWORK)
    return str(file)


@pytest.fixture
def plugged(monkeypatch):
    """Put a device in Python behind every port; return those that were opened."""
    opened = []

    def open_port(here: ChosenDevice) -> BadLine:
        built: NetworkBuild = here.built
        opened.append(BadLine(network_device(built.chip, here.name, built.buffers), 1, 0.0005))
        return opened[-1]

    monkeypatch.setattr(simulation, "open_port", open_port)
    return opened


def command(*words):
    return run.main(["ulx3s_25f", "--port", "line", "simulate", *words])


def test_a_run_leaves_what_golden_simulate_leaves(tmp_path, plugged, network, capsys):
    assert command(network, "--verify", "--out", str(tmp_path / "board")) == 0
    ours = json.loads((tmp_path / "board" / "metrics.json").read_text())
    assert sorted(contents(tmp_path / "board")) == ["metrics.json", "report.html", "spikes.npz"]
    assert (ours["board"], ours["chip"], ours["steps"]) == ("ulx3s_25f", "rain", 40)
    assert ours["cycles"] > 40 * 20
    assert ours["spikes"] > 50
    assert "Ten cells in the rain" in (tmp_path / "board" / "report.html").read_text()
    assert plugged[0].device.requests.core.memories.registers["step"] == 40
    with np.load(tmp_path / "board" / "spikes.npz") as spikes:
        assert len(spikes["steps"]) == ours["spikes"]
    told = capsys.readouterr().out
    assert "40 steps of 1 ms" in told
    assert "equal: spikes and state are the engine's" in told


def test_what_is_learned_on_the_board_is_read_back(tmp_path, plugged, capsys):
    file = tmp_path / "grown.py"
    file.write_text(LEARNING)
    assert command(str(file), "--verify", "--out", str(tmp_path / "board")) == 0
    assert "equal: spikes and state are the engine's" in capsys.readouterr().out
    memories = plugged[0].device.requests.core.memories
    weights = memories.words(memories.added["learned_w"])
    assert memories.registers["learn"] == 1
    # They began with 9 mV, of 20 mV in 15 bits.
    assert round(9 / 20 * 20480) not in weights


def test_what_was_learned_is_loaded_into_a_fresh_board_which_goes_on(tmp_path, plugged, capsys):
    """40 steps on two boards, saved after 20, are 40 in golden; so are 20 on a board, 20 here."""
    file, saved, end = (str(tmp_path / name) for name in ("grown.py", "half.npz", "end.npz"))
    Path(file).write_text(LEARNING)
    out = ["--out", str(tmp_path / "board")]
    assert command(file, "--steps", "20", "--save", saved, *out) == 0
    assert command(file, "--load", saved, "--save", end, "--verify", *out) == 0
    told = capsys.readouterr().out
    assert "40 steps of 1 ms, 20 of them done" in told
    assert "equal: spikes and state are the engine's" in told
    first, second = (device.device.requests.core.memories for device in plugged)
    assert first is not second
    here = ["--board", "ulx3s_25f", "--out", str(tmp_path / "golden")]
    whole, gone_on = tmp_path / "whole.npz", tmp_path / "on.npz"
    assert simulate.main([file, "--engine", "golden", "--save", str(whole), *here]) == 0
    assert simulate.main([file, "--load", saved, "--save", str(gone_on), *here]) == 0
    assert Path(end).read_bytes() == whole.read_bytes() == gone_on.read_bytes()
    with np.load(end) as uninterrupted, np.load(saved) as half:
        assert (uninterrupted["learned"] != half["learned"]).any()


def test_what_does_not_learn_does_not_on_the_board(tmp_path, plugged, capsys):
    file = tmp_path / "still.py"
    file.write_text(LEARNING)
    words = [str(file), "--set", "off=2", "--verify", "--out", str(tmp_path / "board")]
    assert command(*words) == 0
    assert "equal: spikes and state are the engine's" in capsys.readouterr().out
    memories = plugged[0].device.requests.core.memories
    assert memories.registers["learn"] == 0
    assert round(9 / 20 * 20480) in memories.words(memories.added["learned_w"])


def test_the_hash_is_that_of_golden_if_no_format_differs(tmp_path, plugged, network):
    # Cells of one population have the formats that they have alone.
    assert command(network, "--out", str(tmp_path / "board")) == 0
    assert simulate.main([network, "--out", str(tmp_path / "golden")]) == 0
    assert state_of(tmp_path / "board") == state_of(tmp_path / "golden")


def test_a_state_that_differs_is_told(tmp_path, plugged, network, monkeypatch, capsys):
    sound = simulation.Engine.state

    def spoiled(engine):
        state = sound(engine)
        state.words[0]["v"][3] += 1
        return state

    monkeypatch.setattr(simulation.Engine, "state", spoiled)
    assert command(network, "--verify", "--out", str(tmp_path / "board")) == 1
    assert "not equal: state " in capsys.readouterr().out


# Refusals


def test_what_is_impossible_is_refused_before_anything_is_opened(
    tmp_path, plugged, network, capsys
):
    refusals = {
        (network, "--set", "size=0"): "must",
        ("nobody",): "a network must be a file, or one of",
        (network, "--steps", "0"): "a run must have 1 step or more, not 0",
        ("izhikevich2003",): "a network must fit ULX3S 25F, with at most 56 block memories, not",
        ("cobahh",): "a network must fit ULX3S 25F, with at most 56 block memories, not",
    }
    for words, text in refusals.items():
        assert command(*words, "--out", str(tmp_path / "out")) == 2, words
        assert text in capsys.readouterr().err
    assert plugged == []
    assert not (tmp_path / "out").exists()


def test_a_rule_that_is_not_for_gates_is_refused_before_anything_is_opened(
    tmp_path, plugged, capsys
):
    file = tmp_path / "grown.py"
    file.write_text(LEARNING)
    words = [str(file), "--set", "scaled=50", "--out", str(tmp_path / "out")]
    assert command(*words) == 2
    assert capsys.readouterr().err.endswith(
        "weights with a norm must come to their targets by one connection on a chip, not by "
        "rain to cells and by cells to cells\n"
    )
    assert plugged == []
    assert not (tmp_path / "out").exists()


def test_a_part_that_does_not_learn_is_what_the_engine_does(tmp_path, plugged, capsys):
    file = tmp_path / "half.py"
    file.write_text(LEARNING)
    assert command(str(file), "--set", "off=1", "--verify", "--out", str(tmp_path / "out")) == 0
    assert "equal: spikes and state are the engine's" in capsys.readouterr().out
    memories = plugged[0].device.requests.core.memories
    lasts = memories.words(memories.added["run_lasts"])
    assert (lasts == 1).any()
    assert (lasts >> LAST_BITS).any()


def test_a_part_of_a_run_that_does_not_learn_is_refused_before_anything_is_opened(
    tmp_path, plugged, capsys
):
    file = tmp_path / "half.py"
    file.write_text(LEARNING.replace("    for syn", TWICE + "    for syn"))
    assert command(str(file), "--set", "off=1", "--out", str(tmp_path / "out")) == 2
    said = (
        "rows whose synapses share a run of a chip must all learn, or none, not rain to cells "
        "while rain to cells does not"
    )
    assert capsys.readouterr().err.endswith(f"{said}\n")
    assert plugged == []
    assert not (tmp_path / "out").exists()


def test_what_is_not_this_networks_is_not_loaded(tmp_path, plugged, capsys):
    file, saved = tmp_path / "grown.py", tmp_path / "half.npz"
    file.write_text(LEARNING)
    out = ["--out", str(tmp_path / "out")]
    assert command(str(file), "--steps", "20", "--save", str(saved), *out) == 0
    with np.load(saved) as members:
        found = {name: members[name] for name in members.files}
    meta = json.loads(found.pop("meta").tobytes())
    del meta["sha256"]
    # The first word says that it learns, the second one is a weight.
    heavy = found | {"learned": found["learned"].copy()}
    heavy["learned"][1] = 20481
    cut = saved.read_bytes()[:-100]
    spoiled = {
        "heavy.npz": packed(meta, heavy),
        "cut.npz": cut,
        "later.npz": packed(meta | {"version": 2}, found),
    }
    for name, content in spoiled.items():
        (tmp_path / name).write_bytes(content)
    opened, intact = len(plugged), "must be an intact state of this network: "
    refusals = {
        ("heavy.npz",): f"heavy.npz {intact}what rain to cells has learned must be 0 to 20480",
        ("cut.npz",): f"cut.npz {intact}File is not a zip file",
        ("later.npz",): f"later.npz {intact}version must be 1, not 2",
        ("half.npz", "--seed", "2"): f"half.npz {intact}it is of another network, ",
        ("half.npz", "--steps", "20"): "--steps must be more than the 20 of ",
        ("none.npz",): "No such file or directory",
    }
    for (name, *words), text in refusals.items():
        results = ["--save", str(tmp_path / "new.npz"), "--out", str(tmp_path / "new")]
        assert command(str(file), "--load", str(tmp_path / name), *words, *results) == 2, name
        said = capsys.readouterr().err
        assert text in said
        assert said.count("\n") == 1
    assert len(plugged) == opened
    assert not (tmp_path / "new").exists()
    assert not (tmp_path / "new.npz").exists()


def test_a_board_without_a_network_chip_is_refused(network, capsys):
    words = ["ulx3s_85f_1024", "--port", "line", "simulate", network]
    assert run.main(words) == 2
    assert "board must be one of icebreaker, hx8k," in capsys.readouterr().err


def test_a_preset_is_refused(network, capsys):
    words = ["icebreaker", "--port", "line", "--preset", "tiny", "simulate", network]
    assert run.main(words) == 2
    expected = "--preset must be left out for a network, which makes its own chip"
    assert expected in capsys.readouterr().err

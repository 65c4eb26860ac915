"""golden.simulate: what it writes and says, and that it does the same every time."""

import json
from pathlib import Path

import numpy as np
import pytest

from golden import simulate
from golden.simulation import page
from golden.simulation.scripts import found, names
from tests.shared.commands import contents
from tests.simulate.networks import SMALL, simulated


@pytest.fixture(autouse=True)
def _drawless(monkeypatch):
    """Draw no report, which takes longer than most runs here."""
    monkeypatch.setattr(page, "page", lambda *_: "")


def refused(capsys, *words):
    """Return the one line of an error, which is all that was written."""
    try:
        status = simulate.main([str(word) for word in words])
    except SystemExit as end:
        status = end.code
    assert status == 2
    out, err = capsys.readouterr()
    assert out == ""
    (line,) = err.splitlines()
    return line.removeprefix("error: ")


# By hand


def test_a_board_says_whether_it_takes_the_network_which_then_is_another(small, tmp_path, capsys):
    usual = simulated(small, tmp_path / "usual")["state_sha256"]
    capsys.readouterr()
    again = simulated(small, tmp_path / "board", "--board", "icebreaker")["state_sha256"]
    assert "icebreaker: " in capsys.readouterr().out
    assert again != usual


def test_metrics_say_what_was_run(small, tmp_path):
    figures = simulated(small, tmp_path / "deep/out")
    assert {name: figures[name] for name in ("network", "neurons", "synapses", "steps")} == {
        "network": str(small), "neurons": 20, "synapses": 20, "steps": 40,
    }  # fmt: skip
    assert (figures["dt_ms"], figures["seed"], figures["engine"]) == (0.5, 1, "numba")
    assert figures["overflows"] == 0
    # All do the same, with nobody's noise: a spike each in 20 ms is 50 Hz.
    assert figures["rate_hz"] == {"ring": figures["spikes"] / 20 * 50}
    assert figures["spikes"] % 20 == 0
    assert figures["steps_per_second"] > 0
    assert len(figures["state_sha256"]) == 64


def test_a_file_may_say_how_well_it_went(tmp_path, capsys):
    path = tmp_path / "judged.py"
    path.write_text(
        SMALL + "\n\ndef results(net):\n    return {'neurons': net.populations['ring'].size}\n"
    )
    figures = simulated(path, tmp_path / "out")
    assert figures["results"] == {"neurons": 20}
    assert "neurons: 20\n" in capsys.readouterr().out
    path.write_text(SMALL + "\n\ndef results(net):\n    return {'state': net.state}\n")
    assert simulate.main([str(path), "--out", str(tmp_path / "bad")]) == 2
    said = capsys.readouterr().err
    assert said.endswith("TypeError: Object of type NetworkState is not JSON serializable\n")


def test_spikes_are_kept_with_their_populations(small, tmp_path):
    figures = simulated(small, tmp_path / "out")
    with np.load(tmp_path / "out/spikes.npz") as file:
        spikes = dict(file)
    assert len(spikes["steps"]) == len(spikes["neurons"]) == figures["spikes"] > 0
    assert (np.diff(spikes["steps"]) >= 0).all()
    assert spikes["steps"].max() < 40
    assert spikes["populations"].tolist() == ["ring"]
    assert spikes["sizes"].tolist() == [20]
    assert spikes["dt_ms"] == 0.5


def test_folder_holds_the_results_and_nothing_else(small, tmp_path):
    simulated(small, tmp_path / "out")
    assert set(contents(tmp_path / "out")) == set(simulate.RESULTS)


def test_default_folder_is_named_after_the_network_and_the_seed(small, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert simulate.main([str(small), "--seed", "7"]) == 0
    assert json.loads((tmp_path / "runs/small_net-7/metrics.json").read_text())["seed"] == 7


def test_a_built_network_in_a_file_runs_as_the_script_that_built_it(small, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found(str(small)).network(7, {"current": 12.0}).build().save("net.npz")
    script = simulated(small, tmp_path / "a", "--set", "current=12", "--seed", "7")
    for engine in ("numba", "golden"):
        file = simulated("net.npz", tmp_path / engine, "--duration", "20", "--engine", engine)
        same = ("neurons", "synapses", "steps", "seed", "spikes", "rate_hz", "state_sha256")
        assert [file[name] for name in same] == [script[name] for name in same]
    assert simulate.main(["net.npz", "--steps", "3", "--seed", "9"]) == 0
    assert json.loads((tmp_path / "runs/net-9/metrics.json").read_text())["seed"] == 9


def test_set_changes_what_network_takes(small, tmp_path):
    words = ("--set", "current=0", "--set", "n=3", "--set", "name=a", "--set", "loud=true")
    figures = simulated(small, tmp_path / "out", *words)
    assert (figures["neurons"], figures["spikes"], figures["rate_hz"]) == (3, 0, {"a": 0})


@pytest.mark.parametrize("words", [("--steps", "7"), ("--duration", "3.5"), ("--duration", "7/2")])
def test_length_is_given_in_steps_or_in_ms(small, tmp_path, words):
    assert simulated(small, tmp_path / "out", *words)["steps"] == 7


def test_list_says_what_each_name_shows(capsys):
    assert simulate.main(["--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == names()
    assert "izhikevich2003" in names()
    assert all(found(name).headline.endswith(".") for name in names())


# Refusals


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "a network must be named; --list prints those that there are"),
        (("nowhere.py",), "nowhere.py must be a file, and there is none"),
        (("FILE", "--steps", "0"), "a run must have 1 step or more, not 0"),
        (
            ("FILE", "--steps", "3", "--duration", "3"),
            "a run must be given a duration or steps, not both or none",
        ),
        (("FILE", "--duration", "3 m"), "duration must be a time in ms, not '3 m'"),
        (("FILE", "--set", "n"), "--set must be NAME=VALUE, not 'n'"),
        (("FILE", "--set", "n=2.5"), "n must be a whole number, not '2.5'"),
        (("FILE", "--set", "current=x"), "current must be a number, not 'x'"),
        (("FILE", "--set", "loud=yes"), "loud must be true or false, not 'yes'"),
        (
            ("FILE", "--set", "m=2"),
            "--set for FILE must name one of current, n, name, loud, not 'm'",
        ),
        (("FILE", "--seed", "-1"), "FILE, line 13: seed must be 0 to 4294967295, not -1"),
        (("FILE", "--set", "n=0"), "FILE, line 14: size of a population must be 1 or more, not 0"),
    ],
)
def test_bad_options_are_one_line(small, tmp_path, capsys, monkeypatch, words, message):
    before = contents(tmp_path)
    monkeypatch.chdir(tmp_path)
    found = refused(capsys, *[str(small) if word == "FILE" else word for word in words])
    assert found == message.replace("FILE", str(small))
    assert contents(tmp_path) == before


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("DURATION = (", "FILE, line 1: '(' was never closed"),
        (
            "\nimport nothing_at_all",
            ("FILE, line 2: ModuleNotFoundError: No module named 'nothing_at_all'"),
        ),
        ("DURATION = 1", "FILE must define network(seed), and does not"),
        (
            "def network(seed): pass",
            "FILE must define DURATION, how long the network runs, and does not",
        ),
        (
            "DURATION = None\ndef network(seed): pass",
            "DURATION in FILE must be a time in ms, not None",
        ),
        (
            "DURATION = 1\ndef network(): pass",
            ("FILE: network() must have a parameter seed, and has none"),
        ),
        (
            "DURATION = 1\ndef network(seed, n): pass",
            ("FILE: n of network() must have a number, a text or a truth value as its default"),
        ),
        (
            "DURATION = 1\ndef network(seed): pass",
            ("FILE: network() must return a Network, not NoneType"),
        ),
        (
            "DURATION = 1\ndef network(seed):\n  return 1 / 0",
            ("FILE, line 3: ZeroDivisionError: division by zero"),
        ),
        ("import sys\nsys.exit(3)", "FILE, line 2: SystemExit: 3"),
        (
            SMALL.replace("delay=2", "delay=200"),
            ("ring to ring: delay must be 255 steps of 0.5 ms or less, not 200 ms"),
        ),
        (
            (
                "from golden.builder import Network\nDURATION = 1\n"
                "def network(seed):\n  return Network()"
            ),
            "FILE must make a network with a population",
        ),
        (
            SMALL.replace("return net", "net.run(1); return net"),
            (
                "FILE: network() must return a network that has not run, nor been given a "
                "reward, which at=0 tells in advance"
            ),
        ),
        ("DURATION = 1\0", "FILE: source code string cannot contain null bytes"),
    ],
)
def test_a_bad_file_is_one_line(tmp_path, capsys, monkeypatch, text, message):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "net.py"
    path.write_text(text)
    assert refused(capsys, path) == message.replace("FILE", str(path))
    assert set(contents(tmp_path)) == {"net.py"}


def test_a_line_is_told_of_a_file_that_is_named_from_here(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("net.py").write_text("DURATION = 1\n1 / 0")
    assert refused(capsys, "net.py") == "net.py, line 2: ZeroDivisionError: division by zero"


def test_results_go_where_the_user_is_though_the_script_goes_elsewhere(tmp_path, monkeypatch):
    (tmp_path / "net.py").write_text(f"import os\n{SMALL}\nos.chdir('/')")
    monkeypatch.chdir(tmp_path)
    assert simulate.main(["net.py", "--steps", "1"]) == 0
    assert set(contents(tmp_path / "runs/net-1")) == set(simulate.RESULTS)


def test_an_unknown_name_is_told_those_that_exist(capsys):
    known = ", ".join(names())
    assert refused(capsys, "nets") == f"a network must be a file, or one of {known}, not 'nets'"


# Equality


def test_both_engines_end_with_the_same_hash(small, tmp_path):
    hashes = [
        simulated(small, tmp_path / engine, "--engine", engine)["state_sha256"]
        for engine in ("numba", "golden")
    ]
    assert len(set(hashes)) == 1
    assert simulated(small, tmp_path / "c", "--set", "current=11")["state_sha256"] not in hashes

"""golden.simulate --resume: a run that is stopped or killed ends as if it had not been."""

import os
import signal

import numpy as np
import pytest

from golden import simulate
from golden.builder.network import Network
from golden.simulation import page
from tests.shared.commands import contents, heeding, python, state_of

NOISY = '''"""Noise and a ring."""

from golden.builder import Network, Poisson, fixed_probability
from golden.cells import Izhikevich

DURATION = 200


def network(seed=1):
    net = Network(seed=seed)
    rain = net.input(10, Poisson(100), "rain")
    ring = net.population(20, Izhikevich(), "ring")
    net.connect(rain + ring, ring, fixed_probability(0.3), weight=8, delay=9)
    return net
'''
KILLED = """
import os, signal, sys
from golden import simulate
from golden.builder.network import Network
simulate.CHECKPOINT_SECONDS = -1
save, saves = Network.save, []
def killing(net, path):
    saves.append(path)
    if len(saves) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    save(net, path)
Network.save = killing
sys.exit(simulate.main(sys.argv[1:]))
"""


@pytest.fixture(autouse=True)
def _drawless(monkeypatch):
    monkeypatch.setattr(page, "page", lambda *_: "")


@pytest.fixture
def noisy(tmp_path):
    path = tmp_path / "noisy.py"
    path.write_text(NOISY)
    return str(path)


@pytest.fixture
def whole(noisy, tmp_path):
    assert simulate.main([noisy, "--out", str(tmp_path / "whole")]) == 0
    return tmp_path / "whole"


def spikes(folder):
    with np.load(folder / "spikes.npz") as file:
        return file["steps"].tolist(), file["neurons"].tolist()


def test_a_killed_run_goes_on_to_the_same_end(noisy, whole, tmp_path):
    out = tmp_path / "out"
    with python("-c", KILLED, noisy, "--out", str(out)) as process:
        process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert set(contents(out)) == {"checkpoint.npz"}
    assert simulate.main([noisy, "--out", str(out), "--resume"]) == 0
    assert set(contents(out)) == set(simulate.RESULTS)
    assert state_of(out) == state_of(whole)
    assert spikes(out) == spikes(whole)
    assert len(spikes(out)[0]) > 100


def test_ctrl_c_keeps_what_was_done(noisy, whole, tmp_path, monkeypatch, capsys):
    out, run = tmp_path / "out", Network.run

    def interrupted(net, *, progress, **options):
        def told(done):
            if done > 20:
                os.kill(os.getpid(), signal.SIGINT)
            return progress(done)

        run(net, progress=told, **options)

    monkeypatch.setattr(Network, "run", interrupted)
    with heeding(signal.SIGINT):
        assert simulate.main([noisy, "--out", str(out)]) == 130
    assert "of 200 steps; the same command with --resume goes on" in capsys.readouterr().out
    monkeypatch.setattr(Network, "run", run)
    assert simulate.main([noisy, "--out", str(out)]) == 2
    assert "must be continued with --resume" in capsys.readouterr().err
    assert simulate.main([noisy, "--out", str(out), "--resume", "--engine", "golden"]) == 0
    assert state_of(out) == state_of(whole)
    assert spikes(out) == spikes(whole)


def test_another_network_or_seed_is_not_gone_on_with(noisy, tmp_path, monkeypatch, capsys):
    out = tmp_path / "out"
    monkeypatch.setattr(simulate, "advance", lambda chosen, _, path: chosen.net.save(path))
    assert simulate.main([noisy, "--out", str(out)]) == 130
    before = contents(out)
    monkeypatch.undo()
    capsys.readouterr()
    assert simulate.main([noisy, "--out", str(out), "--resume", "--seed", "2"]) == 2
    said = capsys.readouterr()
    assert "must be an intact state of this network: it is of another network" in said.err
    assert (said.out, contents(out)) == ("", before)


def test_a_run_is_not_gone_on_with_for_less_than_it_has_done(noisy, tmp_path, monkeypatch, capsys):
    out = tmp_path / "out"

    def some(chosen, _, path):
        chosen.net.run(steps=5, engine="golden")
        chosen.net.save(path)

    monkeypatch.setattr(simulate, "advance", some)
    assert simulate.main([noisy, "--out", str(out)]) == 130
    before = contents(out)
    monkeypatch.undo()
    capsys.readouterr()
    assert simulate.main([noisy, "--out", str(out), "--resume", "--steps", "4"]) == 2
    said = capsys.readouterr()
    assert said.err == "error: a run must go on for 5 steps or more, not 4\n"
    assert (said.out, contents(out)) == ("", before)


def test_there_must_be_something_to_go_on_with(noisy, tmp_path, capsys):
    out = tmp_path / "out"
    assert simulate.main([noisy, "--out", str(out), "--resume"]) == 2
    assert f"--resume must find {out}/checkpoint.npz" in capsys.readouterr().err
    assert not out.exists()

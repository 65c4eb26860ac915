"""Interrupted training: nothing finished is lost, and the end is that of a run left alone."""

import errno
import json
import os
import random
import signal
import time

import pytest

from golden import report, train
from golden.command import atomic
from golden.training import model_file
from golden.training.trainer import Trainer
from tests.shared.commands import (
    DRAWLESS,
    QUICK,
    TRAIN,
    contents,
    done,
    finish,
    heeding,
    python,
    refused,
    resumed,
    signalling,
    state_of,
)

SEED = 20261121
"""Of the moments at which processes are killed."""
EAGER = DRAWLESS + "import os, signal; train.CHECKPOINT_SECONDS = 0\n"
"""Begins a golden.train that writes a checkpoint after every look at the clock."""
DIE = "lambda *_: os.kill(os.getpid(), signal.SIGKILL)"

KILLED_IN_SYNC = f"""
sync, calls = os.fsync, []
def fsync(handle):
    calls.append(handle)
    sync(handle) if len(calls) < 4 else ({DIE})()
os.fsync = fsync
"""


@pytest.fixture(autouse=True, scope="module")
def _drawless():
    with pytest.MonkeyPatch.context() as patch, heeding(signal.SIGINT):
        patch.setattr(report, "write_report", lambda *_: None)
        yield


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """State of a run that nobody interrupted."""
    folder = tmp_path_factory.mktemp("alone")
    assert train.main([*QUICK, "--out", str(folder)]) == 0
    return state_of(folder)


# By hand


def test_interrupted_run_leaves_its_checkpoint_and_no_results(interrupted):
    assert set(contents(interrupted)) == {"checkpoint.npz"}
    assert model_file.load(interrupted / "checkpoint.npz").about["images"] == 2396 // 3


def test_interruption_says_how_to_go_on(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(Trainer, "advance", signalling(signal.SIGINT, after=1))
    assert train.main([*QUICK, "--out", str(tmp_path)]) == 130
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == "interrupted after 500 of 2396 images; the same command with --resume goes on"


def test_resumed_run_cleans_up_and_names_a_command_from_the_start(interrupted):
    (interrupted / ".checkpoint.npz.killed").write_bytes(b"half")
    assert resumed(interrupted) == 0
    assert set(contents(interrupted)) == {"model.npz", "metrics.json"}
    command = json.loads((interrupted / "metrics.json").read_text())["command"]
    assert command == f"python -m golden.train --neurons 20 --epochs 2 --out {interrupted}"


def test_full_disk_leaves_the_last_checkpoint(tmp_path, alone, monkeypatch, capsys):
    monkeypatch.setattr(train, "CHECKPOINT_SECONDS", 0.0)
    calls, sync = [], os.fsync

    def full(handle):
        calls.append(handle)
        if len(calls) == 3:
            raise OSError(errno.ENOSPC, "No space left on device")
        sync(handle)

    with monkeypatch.context() as patch:
        patch.setattr(atomic.os, "fsync", full)
        line = refused(capsys, train.main([*QUICK, "--out", str(tmp_path)]))
    path = tmp_path / "checkpoint.npz"
    assert line == f"error: {path} must be writable, not: No space left on device"
    assert set(contents(tmp_path)) == {"checkpoint.npz"}
    assert resumed(tmp_path) == 0
    assert state_of(tmp_path) == alone


# Equality


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_in_training_lose_nothing(tmp_path, alone, monkeypatch, number):
    for after, words in ((2, ()), (1, ("--resume",)), (2, ("--resume",))):
        with monkeypatch.context() as patch:
            patch.setattr(Trainer, "advance", signalling(number, after))
            assert train.main([*QUICK, *words, "--out", str(tmp_path)]) == 130
    assert resumed(tmp_path) == 0
    assert state_of(tmp_path) == alone


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_after_training_lose_nothing(tmp_path, alone, monkeypatch, capsys, number):
    with monkeypatch.context() as patch:
        patch.setattr(train, "evaluate", lambda *_: os.kill(os.getpid(), number))
        assert train.main([*QUICK, "--out", str(tmp_path)]) == 130
        patch.setattr(Trainer, "advance", None)
        assert resumed(tmp_path) == 130
    assert resumed(tmp_path) == 0
    assert state_of(tmp_path) == alone


@pytest.mark.parametrize(
    "death",
    [
        f"train.evaluate = {DIE}",
        f"train._write = {DIE}",
        f"report.write_report = {DIE}",
        KILLED_IN_SYNC,
    ],
    ids=["labelling", "before-results", "before-report", "amid-a-checkpoint"],
)
def test_kill_loses_nothing_finished(tmp_path, alone, death):
    command = ["-c", f"{EAGER}{death}\n{TRAIN}", *QUICK, "--out", str(tmp_path)]
    assert done(*command)[0] == -signal.SIGKILL
    assert (tmp_path / "checkpoint.npz").exists()
    assert resumed(tmp_path) == 0
    assert state_of(tmp_path) == alone
    assert not [name for name in contents(tmp_path) if name.startswith(".")]


def test_kills_at_random_moments_end_in_the_same_state(tmp_path):
    moments, kills = random.Random(SEED), 0
    many = ("--neurons", "20", "--epochs", "12")
    assert train.main([*many, "--out", str(tmp_path / "alone")]) == 0
    run = tmp_path / "killed"
    while not (run / "metrics.json").exists():
        resume = ["--resume"] * (run / "checkpoint.npz").exists()
        with python("-c", EAGER + TRAIN, *many, "--out", str(run), *resume) as process:
            if kills < 3:
                wait_for_checkpoint(process, run / "checkpoint.npz")
                time.sleep(moments.uniform(0.0, 0.2))
                process.kill()
                kills += 1
            finish(process)
    assert kills == 3, f"seed {SEED}"
    assert state_of(run) == state_of(tmp_path / "alone"), f"seed {SEED}"


def wait_for_checkpoint(process, path):
    """Wait until a process has written a checkpoint of its own."""
    before = path.stat().st_ino if path.exists() else None
    while process.poll() is None:
        if path.exists() and path.stat().st_ino != before:
            return
        time.sleep(0.01)
    pytest.fail(f"no checkpoint was written: {finish(process)}")

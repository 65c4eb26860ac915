"""golden.train: what it writes, what it says, and that it does the same every time."""

import fcntl
import json
import os
import pty
import re
import struct
import termios

import pytest

from golden import report, train
from golden.command import console
from golden.training.model_file import load
from golden.training.trainer import CHUNK
from tests.shared.commands import (
    DRAWLESS,
    QUICK,
    TRAIN,
    contents,
    done,
    idx_folder,
    python,
    state_of,
)

FIELDS = {
    "dataset", "neurons", "weight_bits", "rule", "seed", "epochs", "train_images", "test_images",
    "test_accuracy", "images_per_second", "events_per_image", "cycles_per_image", "state_sha256",
    "params",
}  # fmt: skip
"""Of metrics.json, as the design lists them."""


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    folder = tmp_path_factory.mktemp("train") / "deep/er"
    assert train.main([*QUICK, "--out", str(folder)]) == 0
    return folder


@pytest.fixture
def _drawless(monkeypatch):
    monkeypatch.setattr(report, "write_report", lambda *_: None)


# By hand


def test_four_results_are_written_and_nothing_else(trained):
    assert set(contents(trained)) == {"model.npz", "metrics.json", "weights.png", "report.html"}


def test_metrics_say_what_was_learned_and_how_well(trained):
    metrics = json.loads((trained / "metrics.json").read_text())
    assert set(metrics) >= FIELDS
    assert (metrics["train_images"], metrics["test_images"]) == (1198, 599)
    assert (metrics["neurons"], metrics["epochs"], metrics["seed"]) == (20, 2, 1)
    assert metrics["test_accuracy"] > 0.8
    assert metrics["state_sha256"] == load(trained / "model.npz").state.sha256()


@pytest.mark.usefixtures("_drawless")
def test_default_folder_is_named_after_the_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    data = idx_folder(tmp_path / "halves")
    assert train.main(["--dataset", str(data), "--preset", "tiny", "--seed", "7"]) == 0
    assert state_of(tmp_path / "runs/halves-tiny-stdp-7")


def test_help_shows_every_option_and_examples(capsys):
    with pytest.raises(SystemExit) as end:
        train.main(["--help"])
    shown = capsys.readouterr().out
    assert end.value.code == 0
    for option in ("--dataset", "--preset", "--rule", "--set", "--seed", "--out", "--resume"):
        assert option in shown
    assert "for example:\n  python -m golden.train\n" in shown


@pytest.mark.usefixtures("_drawless")
def test_set_reaches_every_parameter(tmp_path):
    changes = ("n_neurons=12", "epochs=1", "weight_bits=4", "a_plus=flat(64, 8)", "ballot=false")
    words = [word for change in changes for word in ("--set", change)]
    assert train.main([*words, "--out", str(tmp_path)]) == 0
    metrics = json.loads((tmp_path / "metrics.json").read_text())
    assert (metrics["neurons"], metrics["epochs"], metrics["weight_bits"]) == (12, 1, 4)
    assert metrics["params"]["a_plus"] == [64] * 8
    assert metrics["params"]["ballot"] is False


@pytest.mark.usefixtures("_drawless")
def test_rise_that_is_rounded_is_said_at_the_start(tmp_path, capsys):
    words = ["--preset", "tiny", "--weight-bits", "2", "--epochs", "9", "--set", "theta_shift=0"]
    assert train.main([*words, "--out", str(tmp_path)]) == 0
    _, first, second, *_ = capsys.readouterr().out.splitlines()
    told = "rounded from 0.261: theta_shift, which is 0, makes it finer"
    assert first == f"theta_plus is 0 in phase 0, {told}"
    assert second == f"theta_plus is 0 in phase 1, {told}"


# Progress


@pytest.mark.usefixtures("_drawless")
def test_without_terminal_progress_is_a_line_now_and_then(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(console, "QUIET_SECONDS", 0.0)
    assert train.main([*QUICK, "--epochs", "3", "--out", str(tmp_path)]) == 0
    told = re.findall(
        r"^train \d+%  \d+ images/s  [\d.]+% right  winners \d+ of 20, busiest [\d.]+%  theta \d+$",
        capsys.readouterr().out,
        re.MULTILINE,
    )
    assert len(told) >= 3 * 1198 // CHUNK
    assert told[-1].startswith("train 100%  ")


@pytest.mark.usefixtures("_drawless")
def test_without_terminal_short_runs_say_little(tmp_path, capsys):
    assert train.main([*QUICK, "--out", str(tmp_path)]) == 0
    assert len(capsys.readouterr().out.splitlines()) < 12


@pytest.mark.parametrize("columns", [80, 120])
def test_terminal_shows_a_bar_and_figures_within_its_width(tmp_path, columns):
    lines = on_terminal(columns, "-c", DRAWLESS + TRAIN, "--neurons", "20", "--out", str(tmp_path))
    bars = [line for line in lines if line.startswith("train ") and "━" in line]
    figures = [line for line in lines if "images/s  " in line]
    assert bars
    assert figures
    assert max(map(len, bars + figures)) <= columns
    assert min(bar.count("━") for bar in bars) > columns // 2
    assert all(re.search(r"theta \d+$", line) for line in figures)


def on_terminal(columns: int, *command: str) -> list[str]:
    """Run Python on a terminal; return the lines that were drawn, in order."""
    terminal, end = pty.openpty()
    fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    size = ("COLUMNS", "LINES")
    environment = {k: v for k, v in os.environ.items() if k not in size} | {"TERM": "xterm"}
    with python(*command, stdout=end, env=environment) as process:
        os.close(end)
        drawn = b""
        while piece := _read(terminal):
            drawn += piece
    assert process.returncode == 0
    os.close(terminal)
    return re.split(r"[\r\n]+", re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", drawn.decode()))


def _read(terminal):
    try:
        return os.read(terminal, 1 << 16)
    except OSError:  # what Linux says when the other end is closed
        return b""


# Equality


@pytest.mark.usefixtures("_drawless")
def test_same_seed_gives_the_same_bytes(trained, tmp_path):
    assert train.main([*QUICK, "--out", str(tmp_path)]) == 0
    assert (tmp_path / "model.npz").read_bytes() == (trained / "model.npz").read_bytes()


@pytest.mark.usefixtures("_drawless")
def test_the_engine_is_compiled_whatever_numba_was_told(trained, tmp_path):
    words = ["-c", DRAWLESS + TRAIN, *QUICK, "--out", str(tmp_path / "out")]
    status, _, err = done(*words, env=os.environ | {"NUMBA_DISABLE_JIT": "1"})
    assert (status, err) == (0, "")
    assert state_of(tmp_path / "out") == state_of(trained)


def test_other_seed_gives_another_state(trained, tmp_path):
    assert train.main([*QUICK, "--seed", "2", "--out", str(tmp_path)]) == 0
    assert state_of(tmp_path) != state_of(trained)

"""Runs that may not be resumed, or overwritten: nothing is changed then."""

import fcntl
import os

import pytest

from golden import train
from golden.training import model_file
from tests.shared.commands import QUICK, contents, idx_folder, refused, resumed


def change_checkpoint(folder, **changes):
    path = folder / "checkpoint.npz"
    model = model_file.load(path)
    model_file.save(path, model._replace(about=model.about | changes))


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("--seed", "2"), "seed must be 1 as in"),
        (("--rule", "rstdp"), "rule must be 'stdp' as in"),
        (("--neurons", "21"), "n_neurons must be 20 as in"),
        (("--epochs", "3"), "epochs must be 2 as in"),
        (("--set", "leak_shift=6"), "leak_shift must be 0 as in"),
        (("--weight-bits", "4"), ", weight_bits"),
    ],
    ids=lambda value: value[0].strip("-") if isinstance(value, tuple) else "",
)
def test_other_parameters_are_refused_by_name(interrupted, capsys, words, text):
    before = contents(interrupted)
    line = refused(capsys, resumed(interrupted, *words))
    assert text in line
    assert contents(interrupted) == before


def test_other_dataset_is_refused_by_name(interrupted, tmp_path, capsys):
    data = str(idx_folder(tmp_path / "halves"))
    line = refused(capsys, resumed(interrupted, "--dataset", data, "--preset", "digits"))
    assert "dataset must be 'digits' as in" in line


def test_resume_needs_a_checkpoint(tmp_path, capsys):
    line = refused(capsys, resumed(tmp_path / "new"))
    assert line == f"error: --resume must find {tmp_path}/new/checkpoint.npz, and there is none"
    assert contents(tmp_path) == {}


def test_unfinished_run_is_not_overwritten(interrupted, capsys):
    before = contents(interrupted)
    line = refused(capsys, train.main([*QUICK, "--out", str(interrupted)]))
    assert "must be continued with --resume or removed" in line
    assert contents(interrupted) == before


@pytest.mark.parametrize("words", [(), ("--resume",)], ids=["new", "resume"])
def test_second_process_is_kept_out(interrupted, capsys, words):
    before = contents(interrupted)
    other = os.open(interrupted, os.O_RDONLY)
    fcntl.flock(other, fcntl.LOCK_EX)
    line = refused(capsys, train.main([*QUICK, *words, "--out", str(interrupted)]))
    os.close(other)
    assert line == f"error: {interrupted} must be free, not in use by another run"
    assert contents(interrupted) == before


@pytest.mark.parametrize(
    "changes",
    [
        {"run": None},
        {"images": -1},
        {"images": "many"},
        {"images": 10**9},
        {"seconds": 0.0},
        {"seconds": float("inf")},
        {"history": 3},
        {"history": [{"images": 1}]},
        {"history": [["images"]]},
        {"wins": [[0]]},
        {"wins": [[-1] * 10] * 20},
        {"wins": [[0.5] * 10] * 20},
        {"wins": [[1], [1, 2]]},
        {"wins": None},
    ],
    ids=lambda changes: "-".join(f"{k}-{str(v)[:8]}" for k, v in changes.items()),
)
def test_hostile_checkpoint_is_refused(interrupted, capsys, changes):
    change_checkpoint(interrupted, **changes)
    before = contents(interrupted)
    assert refused(capsys, resumed(interrupted)).startswith("error: ")
    assert contents(interrupted) == before


def test_damaged_checkpoint_is_refused(interrupted, capsys):
    path = interrupted / "checkpoint.npz"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert "must be" in refused(capsys, resumed(interrupted))

"""Bad input to commands: one line on stderr, exit status 2, and nothing written anywhere."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from golden import bench, sweep, train
from tests.shared.commands import QUICK, contents, done, idx_folder, picture


@pytest.fixture(autouse=True)
def _compiled(monkeypatch):
    """Bad input needs no engine; whatever gets as far as training fails the test."""
    monkeypatch.setattr(train, "compile_engine", lambda: None)
    monkeypatch.setattr(train, "_learn", None)
    monkeypatch.setattr(sweep, "run_points", None)
    monkeypatch.setattr(bench, "measure", None)


def refused(capsys, command, *words):
    """Return the one line of an error, which is all that was written."""
    try:
        status = command.main([str(word) for word in words])
    except SystemExit as end:
        status = end.code
    assert status == 2
    out, err = capsys.readouterr()
    assert out == ""
    # Reading many images shows its progress on stderr, too.
    (line,) = [line for line in err.splitlines() if line and not line.startswith("reading ")]
    assert line.startswith("error: ")
    return line


SILENT = (
    "most training images of digits must give an event, not 100 looked at of which 100 give none"
)
OPTIONS = [
    ("--set encoder=periodic", f"{SILENT}: the shortest period of the encoder is 38 of 32 steps"),
    ("--form round", "argument --form: invalid choice: 'round'"),
    ("--neurons 0", "n_neurons must be 1 to 65536, not 0"),
    ("--neurons -5", "n_neurons must be 1 to 65536, not -5"),
    ("--neurons 1.5", "must be a whole number, not '1.5'"),
    ("--neurons 99999999999", "n_neurons must be 1 to 65536, not 99999999999"),
    ("--epochs 0", "epochs must be at least 1, not 0"),
    ("--epochs x", "must be a whole number, not 'x'"),
    ("--weight-bits 17", "weight_bits must be 1 to 16, not 17"),
    ("--weight-bits 0", "weight_bits must be 1 to 16, not 0"),
    ("--set v_width=25", "v_width must be 2 to 24, not 25"),
    ("--set v_width=1", "v_width must be 2 to 24, not 1"),
    ("--set v_width=4 --set v_th=100", "v_th must be -8 to 7, not 100"),
    ("--set a_plus=flat(32,2000)", "window must be at most 1023 steps, not 2000"),
    ("--set a_plus=sine(3)", "table must be flat(gain, window)"),
    ("--set n_steps=1024", "n_steps must be 1 to 1023, not 1024"),
    (
        "--preset icebreaker --set n_steps=64",
        "n_steps must be 1 to 63, not 64: step_bits=7 makes room for it",
    ),
    ("--set colour=red", "must name a parameter of golden.dense.params, not 'colour'"),
    ("--set n_classes=3", "n_classes must be what the data set has, not set"),
    ("--set leak_shift", "--set must be NAME=VALUE, not 'leak_shift'"),
    ("--set leak_shift=", "--set must be NAME=VALUE, not 'leak_shift='"),
    ("--set leak_shift=x", "leak_shift must be a whole number, not 'x'"),
    ("--set leak_shift=true", "leak_shift must be a whole number, not 'true'"),
    ("--set epochs=x", "epochs must be a whole number, not 'x'"),
    ("--set ballot=1", "ballot must be true or false, not '1'"),
    ("--set encoder=morse", "encoder must be one of"),
    ("--set shift=-1", "shift must be at least 0, not -1"),
    ("--preset nosuch", "preset must be one of"),
    (
        "--preset nosuch.toml#x",
        "nosuch.toml must be a readable file, not: No such file or directory",
    ),
    ("--rule hebb", "invalid choice: 'hebb'"),
    ("--dataset nosuch", "dataset must be a folder or one of"),
    ("--rule rstdp --neurons 9", "n_neurons must be at least the 10 classes for rstdp, not 9"),
]


@pytest.mark.parametrize("command", [train, sweep, bench], ids=lambda module: module.__name__[7:])
@pytest.mark.parametrize(("words", "text"), OPTIONS, ids=[words for words, _ in OPTIONS])
def test_impossible_option(tmp_path, monkeypatch, capsys, command, words, text):
    monkeypatch.chdir(tmp_path)
    assert text in refused(capsys, command, *words.split())
    assert contents(tmp_path) == {}


@pytest.mark.parametrize(
    ("seed", "text"),
    [
        ("-1", "seed must be 0 to 4294967295, not -1"),
        (str(2**32), "seed must be 0 to 4294967295, not 4294967296"),
        ("1e3", "must be a whole number, not '1e3'"),
    ],
)
@pytest.mark.parametrize("command", [train, sweep], ids=["train", "sweep"])
def test_absurd_seed(tmp_path, monkeypatch, capsys, command, seed, text):
    monkeypatch.chdir(tmp_path)
    assert text in refused(capsys, command, "--seed", seed)
    assert contents(tmp_path) == {}


# Data


def truncate(folder: Path):
    path = folder / "train-images-idx3-ubyte"
    path.write_bytes(path.read_bytes()[:-1])


def swap(folder: Path):
    shutil.copy(folder / "train-labels-idx1-ubyte", folder / "train-images-idx3-ubyte")


def miscount(folder: Path):
    idx_folder(folder / "more", n_train=50)
    shutil.copy(folder / "more/train-labels-idx1-ubyte", folder)
    shutil.rmtree(folder / "more")


def corrupt(folder: Path):
    (folder / "t10k-images-idx3-ubyte").write_bytes(b"\x1f\x8b corrupt")


def lose(folder: Path):
    (folder / "t10k-labels-idx1-ubyte").unlink()


def empty(folder: Path):
    shutil.rmtree(folder)
    folder.mkdir()


def empty_classes(folder: Path):
    empty(folder)
    (folder / "a").mkdir()


def text_for_images(folder: Path):
    empty_classes(folder)
    for i in range(3):
        (folder / f"a/{i}.png").write_text("not an image")


@pytest.mark.parametrize(
    ("damage", "text"),
    [
        (truncate, "must hold 40 images of 8 x 8 (2576 bytes), not 2575 bytes"),
        (swap, "must start with 0x00000803 (images), not 0x00000801"),
        (miscount, "must be 40, one per image, not 50"),
        (corrupt, "must be a whole gzip file"),
        (lose, "must hold t10k-labels-idx1-ubyte"),
        (empty, "must hold a folder of images per class, not nothing"),
        (empty_classes, "must hold image files, not nothing"),
        (text_for_images, "must be an image"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_bad_data(tmp_path, monkeypatch, capsys, damage, text):
    monkeypatch.chdir(tmp_path)
    folder = idx_folder(tmp_path / "data")
    damage(folder)
    before = contents(tmp_path)
    assert text in refused(capsys, train, "--dataset", folder.name)
    assert contents(tmp_path) == before


# Output


@pytest.mark.parametrize(
    ("out", "text"),
    [
        ("file", "must be a folder, not a file"),
        ("file/deeper/still", "must be writable, not: Not a directory"),
        ("/proc/goldspike", "must be writable, not: No such file or directory"),
        ("x" * 300, "File name too long"),
    ],
    ids=["file", "below-a-file", "proc", "too-long"],
)
def test_folder_that_cannot_be_made(tmp_path, monkeypatch, capsys, out, text):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("mine")
    assert text in refused(capsys, train, *QUICK, "--out", out)
    assert contents(tmp_path) == {"file": b"mine"}


@pytest.fixture
def full_disk(tmp_path):
    """Mount a disk of four pages, or skip where that is not permitted."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(disk)]
    if os.geteuid() or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("mounting a small disk takes a privileged user")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_full_disk(full_disk, capsys):
    line = refused(capsys, train, *QUICK, "--out", full_disk / "deep/er")
    assert line.endswith("must be writable, not: No space left on device")
    assert contents(full_disk) == {}


def test_no_traceback_from_a_process_either(tmp_path):
    command = ["-m", "golden.train", "--dataset", str(picture(tmp_path / "a.png"))]
    status, out, err = done(*command, "--out", str(tmp_path / "out"))
    assert (status, out) == (2, "")
    assert err.startswith("error: dataset must be a folder or one of digits, mnist")
    assert err.count("\n") == 1
    assert set(contents(tmp_path)) == {"a.png"}

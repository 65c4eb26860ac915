"""Atomic writes: the old file or the whole new one, and nothing else."""

import errno
import os
import stat

import pytest

from golden.command.atomic import write_atomically

# By hand


def test_writes_a_new_file(tmp_path):
    write_atomically(tmp_path / "model.npz", b"new")
    assert (tmp_path / "model.npz").read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["model.npz"]


def test_replaces_an_old_file(tmp_path):
    path = tmp_path / "model.npz"
    path.write_bytes(b"old and longer")
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["model.npz"]


def test_writes_an_empty_file(tmp_path):
    write_atomically(tmp_path / "empty", b"")
    assert (tmp_path / "empty").read_bytes() == b""


def test_everybody_may_read_the_file(tmp_path):
    write_atomically(tmp_path / "model.npz", b"new")
    assert stat.S_IMODE((tmp_path / "model.npz").stat().st_mode) == 0o644


def test_data_is_on_the_disk_before_the_old_file_goes(tmp_path, monkeypatch):
    path, calls, replace = tmp_path / "model.npz", [], os.replace
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", lambda handle: calls.append(os.fstat(handle).st_size))
    monkeypatch.setattr(
        os, "replace", lambda *paths: (calls.append(path.read_bytes()), replace(*paths))
    )
    write_atomically(path, b"newer")
    assert calls[:2] == [5, b"old"]


def test_link_stays_and_what_it_leads_to_is_replaced(tmp_path):
    (tmp_path / "there").mkdir()
    (tmp_path / "model.npz").symlink_to("there/kept.npz")
    for data in (b"new", b"newer"):
        write_atomically(tmp_path / "model.npz", data)
        assert (tmp_path / "model.npz").is_symlink()
        assert (tmp_path / "there" / "kept.npz").read_bytes() == data
    assert os.listdir(tmp_path / "there") == ["kept.npz"]


def test_pipe_stays_and_is_written_to(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    write_atomically(path, b"new")
    assert path.is_fifo()
    assert os.read(reader, 10) == b"new"
    os.close(reader)
    assert os.listdir(tmp_path) == ["pipe"]


# Refusals


@pytest.mark.parametrize("name", ["fsync", "chmod", "replace"])
@pytest.mark.parametrize(
    "error",
    [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()],
    ids=["full-disk", "interrupt"],
)
def test_old_file_survives_a_failing_write(name, error, tmp_path, monkeypatch):
    def fail(*args):
        raise error

    path = tmp_path / "model.npz"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, name, fail)
    with pytest.raises(type(error)) as raised:
        write_atomically(path, b"new")
    assert raised.value is error
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["model.npz"]


def test_full_disk_leaves_nothing_where_nothing_was(tmp_path, monkeypatch):
    def fail(handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match=r"^\[Errno 28\] No space left on device$"):
        write_atomically(tmp_path / "model.npz", b"new")
    assert os.listdir(tmp_path) == []


def test_folder_that_cannot_be_written(tmp_path, monkeypatch):
    def refuse(*args, **kwargs):  # root may write anywhere, so permissions alone prove nothing
        raise PermissionError(errno.EACCES, "Permission denied")

    path = tmp_path / "model.npz"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(PermissionError, match=r"^\[Errno 13\] Permission denied$"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"


def test_missing_folder(tmp_path):
    with pytest.raises(FileNotFoundError):
        write_atomically(tmp_path / "missing" / "model.npz", b"new")
    assert os.listdir(tmp_path) == []


def test_folder_is_not_replaced_by_a_file(tmp_path):
    (tmp_path / "model.npz").mkdir()
    with pytest.raises(IsADirectoryError):
        write_atomically(tmp_path / "model.npz", b"new")
    assert os.listdir(tmp_path) == ["model.npz"]

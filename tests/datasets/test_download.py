"""Downloads from a local server: what they may and may not leave behind."""

import hashlib
import os
import signal
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from golden.datasets import load_dataset
from golden.datasets.catalogue import SOURCES
from golden.datasets.idx_folder import FOLDER_FILES
from tests.datasets.packed import PACKED, emnist_zip, idx, refused, write
from tests.shared.commands import finish, python

LOADER = """
import sys
from pathlib import Path
from golden.datasets.download import download
download("x", (sys.argv[1],), "0" * 64, Path(sys.argv[2]))
"""


LOST = "out of reach or silent (ConnectionError)"


def sums(files: dict[str, bytes]) -> dict[str, str]:
    """Return the SHA-256 sums of files."""
    return {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}


class Handler(BaseHTTPRequestHandler):
    """Serve ``server.files``; an announced length may be longer than what is sent."""

    def do_GET(self):
        server = self.server
        assert isinstance(server, Server)
        name = self.path.removeprefix("/")
        server.asked.append(name)
        if name not in server.files:
            self.send_error(404)
            return
        data = server.files[name]
        self.send_response(200)
        self.send_header("Content-Length", str(len(data) + server.missing))
        self.end_headers()
        self.wfile.write(data)
        self.wfile.flush()
        server.sent.set()
        server.released.wait()

    def log_message(self, format: str, *args: object):
        """Keep quiet."""


class Server(ThreadingHTTPServer):
    """A web server on 127.0.0.1 whose misbehaviour can be set."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.files: dict[str, bytes] = dict(PACKED)
        self.missing = 0
        self.asked: list[str] = []
        self.sent = threading.Event()
        self.released = threading.Event()
        self.released.set()
        self.url = f"http://127.0.0.1:{self.server_port}/"


@pytest.fixture
def server():
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.released.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def offered(server, cache, monkeypatch):
    """Offer the tiny set as ``mnist`` and return the folder that caches it."""
    source = replace(SOURCES["mnist"], mirrors=(server.url,), sha256=sums(PACKED))
    monkeypatch.setitem(SOURCES, "mnist", source)
    return cache / "mnist"


def refused_download(folder: Path, text: str):
    """Expect the refusal of a named data set that cannot be downloaded."""
    return refused(
        f"mnist must be in --data-dir, $GOLDSPIKE_DATA or {folder}, or downloadable: {text}"
    )


# By hand


def test_folder_without_the_set_is_passed_over(tmp_path, offered):
    (tmp_path / "data").mkdir()
    assert load_dataset("mnist", tmp_path / "data").train_labels.tolist() == [1, 2]
    assert offered.is_dir()


def test_downloads_once(server, offered):
    first, second = load_dataset("mnist"), load_dataset("mnist")
    assert first.train_images.tolist() == second.train_images.tolist()
    assert first.train_labels.tolist() == [1, 2]
    assert server.asked == list(PACKED)
    assert sorted(os.listdir(offered)) == sorted(PACKED)


def test_download_goes_on_where_it_stopped(server, offered):
    name, data = next(iter(PACKED.items()))
    write(offered, {name: data})
    load_dataset("mnist")
    assert server.asked == list(PACKED)[1:]


def test_second_mirror_is_tried(server, offered, monkeypatch):
    source = replace(SOURCES["mnist"], mirrors=(server.url + "absent/", server.url))
    monkeypatch.setitem(SOURCES, "mnist", source)
    assert load_dataset("mnist").train_labels.tolist() == [1, 2]


def test_emnist_splits_share_one_download(server, cache, tmp_path, monkeypatch):
    server.files = {"gzip.zip": emnist_zip(tmp_path / "gzip.zip")}
    # What is in the cache is not checked again: that would take seconds at each start.
    for name, sha256 in (("emnist", sums(server.files)), ("emnist-letters", {"gzip.zip": "0"})):
        source = replace(SOURCES[name], mirrors=(server.url,), sha256=sha256)
        monkeypatch.setitem(SOURCES, name, source)
        assert load_dataset(name).train_images.shape == (2, 3, 2)
    assert server.asked == ["gzip.zip"]


# Refusals


def test_wrong_sum_is_refused_and_leaves_nothing(server, offered):
    name = f"{FOLDER_FILES[0]}.gz"
    server.files[name] = idx(2, 2, 3, first=1)
    text = f"{server.url}{name} must have the SHA-256 sum {sums(PACKED)[name]}, not another"
    with refused_download(offered, text):
        load_dataset("mnist")
    assert os.listdir(offered) == []


def test_truncated_download_is_refused_and_leaves_nothing(server, offered):
    server.missing = 5
    with refused_download(
        offered, f"{server.url}{FOLDER_FILES[0]}.gz must be downloadable, not cut short"
    ):
        load_dataset("mnist")
    assert os.listdir(offered) == []


def test_missing_file_is_refused_and_leaves_what_came_before(server, offered):
    name = f"{FOLDER_FILES[2]}.gz"
    del server.files[name]
    with refused_download(
        offered, f"{server.url}{name} must be downloadable, not status 404 Not Found"
    ):
        load_dataset("mnist")
    assert sorted(os.listdir(offered)) == sorted(list(PACKED)[:2])


def test_silent_server_is_given_up(server, offered, monkeypatch):
    monkeypatch.setattr("golden.datasets.download.TIMEOUT", 0.2)
    server.missing = 5
    server.released.clear()
    with refused_download(
        offered,
        f"{server.url}{FOLDER_FILES[0]}.gz must be downloadable, not {LOST}",
    ):
        load_dataset("mnist")
    assert os.listdir(offered) == []


def test_unreachable_mirrors_are_all_named(offered, monkeypatch):
    # Nothing listens on port 1.
    mirrors = ("http://127.0.0.1:1/a/", "http://127.0.0.1:1/b/")
    monkeypatch.setitem(SOURCES, "mnist", replace(SOURCES["mnist"], mirrors=mirrors))
    text = "; ".join(
        f"{mirror}{FOLDER_FILES[0]}.gz must be downloadable, not {LOST}" for mirror in mirrors
    )
    with refused_download(offered, text):
        load_dataset("mnist")


def test_cache_that_cannot_be_written_is_refused(server, offered):
    offered.parent.parent.mkdir()
    offered.parent.write_text("a file where a folder should be")
    reason = "Not a directory"
    with refused_download(offered, f"{offered} must be writable, not: {reason}"):
        load_dataset("mnist")


def test_killed_download_leaves_no_file_of_that_name(server, tmp_path, cache):
    server.files["x"] = bytes(1 << 20)
    server.missing = 1
    server.released.clear()
    with python("-c", LOADER, server.url, str(tmp_path / "d")) as child:
        server.sent.wait()
        child.send_signal(signal.SIGKILL)
        finish(child)
    assert child.returncode == -signal.SIGKILL
    assert not (tmp_path / "d" / "x").exists()

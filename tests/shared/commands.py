"""Run commands as users do, on data made here: small, and quick to learn."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from golden import train
from golden.command.processes import started
from golden.datasets.idx_folder import FOLDER_FILES
from golden.training.trainer import Progress, Trainer

ROOT = Path(__file__).parents[2]
QUICK = ("--neurons", "20", "--epochs", "2")
"""Makes training on the digits a matter of a tenth of a second."""

DRAWLESS = "import sys; from golden import report, train; report.write_report = lambda *_: None\n"
"""Begins a golden.train without its report, which takes longer than quick training."""
TRAIN = "sys.exit(train.main(sys.argv[1:]))"


@contextmanager
def python(*words: str, **options) -> Generator[subprocess.Popen[str]]:
    """Within this context, run Python in a process of its own.

    Its output is in pipes if ``options`` do not differ. It heeds SIGINT.
    """
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    plain: dict[str, Any] = {"cwd": ROOT, "text": True}
    with ExitStack() as ends:
        with heeding(signal.SIGINT):
            program = started([sys.executable, *words], **(pipes | plain | options))
            process = ends.enter_context(program)
        yield process


@contextmanager
def heeding(*numbers: int) -> Generator[None]:
    """Within this context, signals interrupt, here and in what is started.

    A shell has what it starts in the background ignore SIGINT.
    """
    before = [signal.signal(number, signal.default_int_handler) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def finish(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Wait for a process; return its exit status and what it wrote."""
    out, err = process.communicate()
    return process.returncode, out, err


def done(*words: str, **options) -> tuple[int, str, str]:
    """Run Python to its end; return its exit status and what it wrote."""
    with python(*words, **options) as process:
        return finish(process)


def contents(folder: Path) -> dict[str, bytes | None]:
    """Return everything below a folder: bytes of files, None for folders."""
    found = sorted(folder.rglob("*"))
    return {
        os.fspath(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in found
    }


def state_of(folder: Path) -> str:
    """Return the state hash that a finished run has noted."""
    return json.loads((folder / "metrics.json").read_text())["state_sha256"]


def idx_folder(folder: Path, n_train: int = 40, n_test: int = 10) -> Path:
    """Write two classes, bright left and bright right, of 8 x 8 pixels, as IDX files."""
    folder.mkdir()
    for names, n_images in ((FOLDER_FILES[:2], n_train), (FOLDER_FILES[2:], n_test)):
        labels = np.arange(n_images, dtype=np.uint8) % 2
        images = np.zeros((n_images, 8, 8), dtype=np.uint8)
        images[labels == 0, :, :4] = images[labels == 1, :, 4:] = 200
        for name, array in zip(names, (images, labels), strict=True):
            header = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes()
            (folder / name).write_bytes(header + array.tobytes())
    return folder


def picture(path: Path, size: tuple[int, int] = (8, 8), mode: str = "L") -> Path:
    """Write an image, black but for its bright left half."""
    image = Image.new("L", size)
    image.paste("white", (0, 0, size[0] // 2, size[1]))
    image.convert(mode).save(path)
    return path


def signalling(number: int, after: int) -> Callable[[Trainer], Progress]:
    """Return a `Trainer.advance` that sends this process a signal in the middle of training."""
    calls, advance = [], Trainer.advance

    def signalled(trainer: Trainer) -> Progress:
        calls.append(trainer)
        if len(calls) == after:
            os.kill(os.getpid(), number)
        return advance(trainer)

    return signalled


def resumed(folder, *words):
    return train.main([*QUICK, *words, "--out", str(folder), "--resume"])


def refused(capsys, status):
    """Return the one line of an error."""
    assert status == 2
    (line,) = capsys.readouterr().err.splitlines()
    return line

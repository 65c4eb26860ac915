"""The folder of a run: one process at a time, and a checkpoint until its results are there."""

import os
from collections.abc import Callable, Generator, Iterable
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from golden.command.console import InputError, judging, lock, writing

CHECKPOINT = "checkpoint.npz"


@contextmanager
def claimed(folder: Path, resume: bool = False) -> Generator[Path]:
    """Make the folder if it is new, and keep other runs out; leave no new and empty one behind."""
    if resume and not (folder / CHECKPOINT).is_file():
        raise InputError(f"--resume must find {folder / CHECKPOINT}, and there is none")
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder} must be a folder, not a file")
    new = [path for path in (folder, *folder.parents) if not path.exists()]
    with ExitStack() as undo:
        for path in reversed(new):
            undo.callback(_remove_if_empty, path)
        with writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
            handle = os.open(folder, os.O_RDONLY)
        undo.callback(os.close, handle)
        lock(handle, folder)
        yield folder


def _remove_if_empty(folder: Path) -> None:
    with suppress(OSError):
        folder.rmdir()


def begin(folder: Path, results: Iterable[str], load: Callable[[Path], None] | None = None) -> Path:
    """Load a folder's checkpoint, or refuse to write over it; return its path.

    Parameters
    ----------
    results : iterable of str
        Files that the run will leave, written whole or not at all.
    load : callable, optional
        Goes on from the checkpoint.

    Raises
    ------
    InputError
        If the checkpoint cannot be loaded, or is there though none is to be loaded.
    """
    checkpoint = folder / CHECKPOINT
    if load:
        with judging():
            load(checkpoint)
    elif checkpoint.exists():
        raise InputError(
            f"{checkpoint} must be continued with --resume or removed, not overwritten: "
            "it is an unfinished run"
        )
    # A process killed while it writes leaves its unfinished file.
    for name in (CHECKPOINT, *results):
        for left in folder.glob(f".{name}.*"):
            left.unlink()
    return checkpoint

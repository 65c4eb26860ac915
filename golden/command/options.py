"""Options that are numbers: what is one, how small and large it may be; and files to be written."""

import argparse
import errno
import os
from pathlib import Path

from golden.command.console import InputError


def whole(text: str) -> int:
    """Read an integer option."""
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"must be a whole number, not {text[:40]!r}") from None


def to_write(text: str) -> Path:
    """Read the name of a file that a command writes when its work is done; refuse it before."""
    path, error = Path(text), 0
    if path.is_dir():
        error = errno.EISDIR
    elif not path.parent.is_dir():
        error = errno.ENOENT
    elif not os.access(path.parent, os.W_OK):
        error = errno.EACCES
    if error:
        raise argparse.ArgumentTypeError(f"{path} must be writable, not: {os.strerror(error)}")
    return path


def within(option: str, given: int, least: int, most: int | None = None) -> int:
    """Return a number that the user gave; ``most`` is None if there may be any number.

    Raises
    ------
    InputError
        If it is too small or too large.
    """
    if given < least or (most is not None and given > most):
        to = f"at least {least}" if most is None else f"{least} to {most}"
        raise InputError(f"{option} must be {to}, not {given}")
    return given


def add_jobs_option(parser: argparse._ActionsContainer, what: str = "processes") -> None:
    """Add ``--jobs``: as many as there are cores that this process may use."""
    parser.add_argument(
        "--jobs",
        type=whole,
        default=len(os.sched_getaffinity(0)),
        help=f"{what} at a time (default: one a core)",
    )

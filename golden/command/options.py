"""Options that are numbers: what is one, and how small and large it may be."""

import argparse
import os

from golden.command.console import InputError


def whole(text: str) -> int:
    """Read an integer option."""
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"must be a whole number, not {text[:40]!r}") from None


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

"""Commands that compare models on many random networks, one after the other."""

import argparse
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from golden.command.console import OUT
from golden.command.results import write_table

COLUMNS = ("figure", "count")


def options(name: str, about: str | None) -> argparse.ArgumentParser:
    """Return the options that every such command has."""
    parser = argparse.ArgumentParser(name, description=about)
    parser.add_argument("--networks", type=int, default=1000, help="how many (default: 1000)")
    parser.add_argument("--first", type=int, default=0, help="seed of the first (default: 0)")
    parser.add_argument("--workers", type=int, default=2, help="processes (default: 2)")
    parser.add_argument("--out", type=Path, help="a table to write")
    return parser


def compare(args: argparse.Namespace, compared: Callable[[int], Counter[str]]) -> int:
    """Compare the networks of the options, one a seed; return the exit status.

    Parameters
    ----------
    compared : callable
        Raises AssertionError if models differ on the network of a seed, and returns what it had.
    """
    seen: Counter[str] = Counter()
    seeds = range(args.first, args.first + args.networks)
    with ProcessPoolExecutor(args.workers) as workers:
        for number, found in enumerate(workers.map(compared, seeds, chunksize=5), start=1):
            seen += found
            if number % 50 == 0:
                OUT.print(f"{number} networks equal")
    if args.out:
        write_table(
            args.out, COLUMNS, (dict(zip(COLUMNS, row, strict=True)) for row in seen.items())
        )
    for figure, count in seen.items():
        OUT.print(f"{count:10,} {figure}")
    return 0

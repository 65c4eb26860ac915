"""Random cases by number: options that all commands share that run them, and the run itself."""

import csv
from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from golden.cells.schedule import FABRICS
from golden.command.console import FAILED, OK, OUT, Display, InputError
from golden.command.frame import Parser
from golden.command.options import to_write, whole, within
from golden.command.results import write_table
from sim.targets.target import NEEDS, available


def add_case_options(parser: Parser) -> None:
    """Add which cases, and where."""
    parser.add_argument("--count", type=whole, default=20, help="cases (default: %(default)s)")
    parser.add_argument("--first", type=whole, default=0, help="of the cases (default: 0)")
    parser.add_argument(
        "--fabric",
        choices=list(FABRICS),
        default="generic",
        help="what pipelines are planned for (default: %(default)s)",
    )
    parser.add_argument(
        "--simulator",
        choices=list(NEEDS),
        default=available()[0],
        help="default: the fastest that is there, here %(default)s",
    )
    parser.add_argument("--resume", type=to_write, metavar="FILE", help="table of what was equal")


def try_cases(
    args: Namespace,
    what: str,
    columns: Sequence[str],
    attempt: Callable[[int], Mapping[str, int] | None],
) -> int:
    """Try case after case that was not equal before; return the exit status.

    Parameters
    ----------
    args : Namespace
        Of `add_case_options`.
    what : str
        What cases are called.
    columns : sequence of str
        Of the table: ``seed``, ``fabric``, then what is counted, ``cycles`` among it.
    attempt : Callable
        Compares the case of a seed and returns what is counted; None if it is not equal, which it
        has then told.
    """
    within("--count", args.count, 1)
    within("--first", args.first, 0)
    done = done_cases(args.resume, args.fabric)
    seeds = [s for s in range(args.first, args.first + args.count) if s not in done]
    cycles = sum(int(row["cycles"]) for row in done.values())
    with Display() as display:
        task = display.add_task(what, total=args.count, completed=args.count - len(seeds))
        for number, seed in enumerate(seeds, start=args.count - len(seeds) + 1):
            counted = attempt(seed)
            if counted is None:
                return FAILED
            cycles += counted["cycles"]
            done[seed] = {"seed": seed, "fabric": args.fabric, **counted}
            if args.resume:
                write_table(args.resume, columns, done.values())
            display.tell(task, number, f"{cycles:,} cycles equal")
    OUT.print(f"{args.count:,} {what} equal in {cycles:,} cycles")
    return OK


def done_cases(path: Path | None, fabric: str) -> dict[int, dict[str, Any]]:
    """Return the rows of a table by seed; none if there is no table yet.

    Raises
    ------
    InputError
        If it is of another fabric.
    """
    if path is None or not path.exists():
        return {}
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    if any(row.get("fabric") != fabric for row in rows):
        raise InputError(f"{path} must be a table of {fabric}")
    return {int(row["seed"]): row for row in rows}

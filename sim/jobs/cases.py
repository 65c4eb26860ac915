"""Random cases by number: options that all commands share that run them, and what is done."""

import csv
from pathlib import Path
from typing import Any

from golden.command.console import InputError
from golden.command.frame import Parser
from golden.command.options import whole
from sim.jobs.network_lock_step import FABRICS
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
    parser.add_argument("--resume", type=Path, metavar="FILE", help="table of what was equal")


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

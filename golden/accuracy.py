"""Measure what integers cost: cells and networks beside the same in float64.

integrators: cells that integrate and fire, each with an input. The equation is solved (SciPy,
1e-9), and run in float64 with the cell's own step and order, and in integers; so the error of the
step and the error of the integers are told apart.
networks: rates of Vogels and Abbott's two networks and of Neurapse's, in integers and in float64,
with the same wiring, inputs and step, and the correlation of the counts of their neurons.
Exit status: 0 done, 2 bad options.

for example:
  python -m golden.accuracy integrators --out docs/results/integrators.csv
  python -m golden.accuracy networks --out docs/results/networks.csv
"""

import sys
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from golden.command.console import OK, OUT
from golden.command.frame import Command, Parser
from golden.command.results import write_table
from golden.study.cells import integrators, networks
from golden.study.cells.row import COLUMNS

WHAT = "integrators", "networks"


def add_options(parser: Parser) -> None:
    """Add what to measure, and where to write it."""
    parser.add_argument("what", choices=WHAT, help="what to measure")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the table here, too")


def accuracy(args: Namespace) -> int:
    """Measure, print and write; return the exit status."""
    columns = COLUMNS if args.what == "integrators" else networks.COLUMNS
    OUT.print(",".join(columns), markup=False)
    kept = []
    for row in rows(args.what):
        OUT.print(",".join(str(row[name]) for name in columns), markup=False, soft_wrap=True)
        kept.append(row)
    if args.out:
        write_table(args.out, columns, kept)
    return OK


def rows(what: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table."""
    if what == "integrators":
        yield from (row.cells() for row in integrators.rows())
    else:
        yield from networks.rows()


main = Command("golden.accuracy", __doc__, add_options, accuracy)

if __name__ == "__main__":
    sys.exit(main())

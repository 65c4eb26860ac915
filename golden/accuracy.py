"""Measure what integers cost: cells and networks beside the same in float64.

integrators: cells that integrate and fire, each with an input. The equation is solved (SciPy,
1e-9), and run in float64 with the cell's own step and order, and in integers; so the error of the
step and the error of the integers are told apart.
networks: rates of Vogels and Abbott's two networks and of Neurapse's, in integers and in float64,
with the same wiring, inputs and step, and the correlation of the counts of their neurons.
learning: rates, weights and rhythms of Neurapse's plastic network, 2 s, of spnet and of song2000,
1,000 s, in integers and in float64. It takes minutes: a row is written when it is done, and
--resume goes on from them, as it keeps other rows of digits.
digits: how many of MNIST's 10,000 test images a --network answers after it has learned from
--images, by the dense core's votes and by BindsNET's "all activity".
windows: what every rule does to pairs of spikes at distances of up to 60 ms, measured, beside its
formula in float64, and NEST's trains with coincident spikes; --picture draws the windows.
Exit status: 0 done, 2 bad options.

for example:
  python -m golden.accuracy integrators --out docs/results/cells/integrators.csv
  python -m golden.accuracy networks --out docs/results/networks.csv
  nice python -m golden.accuracy learning --out docs/results/learning/runs.csv --resume
  python -m golden.accuracy digits --images 10000 --data-dir mnist --out digits.csv
  python -m golden.accuracy windows --out windows.csv --picture windows.png
  python -m golden.accuracy windows --fabric up5k
"""

import csv
import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from golden.cells.schedule import FABRICS
from golden.command.console import OK, OUT, InputError, writing
from golden.command.frame import Command, Parser
from golden.command.options import to_write, whole, within
from golden.command.results import write_table
from golden.study.cells import integrators, networks
from golden.study.cells.row import COLUMNS
from golden.study.learning import coincidence, digits, outcome, runs, window

WHAT = {
    "integrators": COLUMNS,
    "networks": networks.COLUMNS,
    "learning": outcome.COLUMNS,
    "digits": digits.COLUMNS,
    "windows": window.COLUMNS,
}
"""What there is to measure, and the columns of its table."""
KINDS = ".png", ".svg", ".pdf"


def add_options(parser: Parser) -> None:
    """Add what to measure, and where to write it."""
    parser.add_argument("what", choices=list(WHAT), help="what to measure")
    parser.add_argument("--out", type=to_write, metavar="FILE", help="write the table here, too")
    parser.add_argument("--resume", action="store_true", help="keep FILE's rows")
    parser.add_argument(
        "--network", choices=list(digits.NETWORKS), default="diehl-cook", help="of digits: which"
    )
    parser.add_argument("--images", type=whole, default=10_000, help="of digits: to learn from")
    parser.add_argument("--data-dir", type=Path, metavar="DIR", help="of digits: MNIST's files")
    parser.add_argument(
        "--fabric", choices=list(FABRICS), help="of windows: rules as built for this family"
    )
    parser.add_argument("--picture", type=to_write, metavar="FILE", help="of windows: draw them")


def accuracy(args: Namespace) -> int:
    """Measure, print and write; return the exit status."""
    columns = WHAT[args.what]
    if args.picture and (args.what != "windows" or args.picture.suffix not in KINDS):
        raise InputError(
            f"--picture must be of windows, and end in one of {' '.join(KINDS)}, "
            f"not {args.picture} of {args.what}"
        )
    kept = recorded(args.out, columns) if args.resume else []
    OUT.print(",".join(columns), markup=False)
    for row in rows(args, kept):
        OUT.print(",".join(str(row[name]) for name in columns), markup=False, soft_wrap=True)
        kept.append(row)
        if args.out:
            write_table(args.out, columns, kept)
    if args.picture:
        with writing(args.picture):
            window.drawn(FABRICS.get(args.fabric)).save(args.picture)
    for line in runs.summary(kept) if args.what == "learning" else ():
        OUT.print(line, markup=False, soft_wrap=True)
    return OK


def recorded(path: Path | None, columns: Sequence[str]) -> list[dict[str, Any]]:
    """Return the rows of a table that was begun, none if there is no such file.

    Raises
    ------
    InputError
        If it is no such table.
    """
    if path is None or not path.exists():
        return []
    with path.open(newline="") as file:
        table = csv.DictReader(file)
        if tuple(table.fieldnames or ()) != tuple(columns):
            raise InputError(f"--out must be a table of {', '.join(columns)}, not {path}")
        return list(table)


def rows(args: Namespace, kept: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table; of runs that learn those that are not kept."""
    if args.what == "integrators":
        yield from (row.cells() for row in integrators.rows())
    elif args.what == "networks":
        yield from networks.rows()
    elif args.what == "windows":
        yield from window.rows(FABRICS.get(args.fabric))
        yield from coincidence.rows(FABRICS.get(args.fabric))
    elif args.what == "digits":
        images = within("--images", args.images, 100, 60_000)
        yield from digits.rows(args.network, images, args.data_dir)
    else:
        done = {
            (row["network"], row["numbers"], int(row["seed"]), float(row["change"])) for row in kept
        }
        yield from (row.cells() for row in runs.rows(done))


main = Command("golden.accuracy", __doc__, add_options, accuracy)

if __name__ == "__main__":
    sys.exit(main())

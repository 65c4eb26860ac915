"""Study parameters: train at many points on all cores, one table, one picture.

Every --grid names a setting and its values; all combinations are run, or
--random N of them, drawn with --seed. A setting is dataset, preset, rule, neurons,
weight_bits, epochs, seed or any parameter of golden.dense.params. All other options
hold for every point. Results append to OUT.csv, one row a point; a point that
is already there is not run again, so an interrupted study goes on where it
stopped. --dask runs points on a cluster; a worker that dies is replaced, and its
point is run by another. OUT.png shows accuracy against neurons, weight bits, events per image
and weight memory. At the end, medians over seeds are printed, with clock cycles
and bits of memory; and where the preset is a board's, with the cells of its part,
which are estimated from what was built before (boards/tools/estimate.py).
Exit status: 0 done, 1 a point failed, 2 bad options, input or output, 130
interrupted.

Time of a point: a core as long as golden.train takes; all of docs/results/accuracy.csv in about
twenty minutes on two cores of a shared AMD EPYC.

for example:
  python -m golden.sweep --grid neurons=50,100,200 --grid seed=1,2,3
  python -m golden.sweep --dataset mnist --grid weight_bits=2,3,4,8
  python -m golden.sweep --grid dataset=mnist:100,mnist:400 --preset mnist100
  python -m golden.sweep --grid leak_shift=0,4,5,6 --grid n_steps=16,32 --random 4
  python -m golden.sweep --grid seed=1,2,3 --dask tcp://10.0.0.1:8786
  python -m golden.sweep --grid 'a_plus=flat(64,32),exp(128,5,32)' --rule stdp
"""

import re
import sys
from argparse import Namespace
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from golden.command.console import ERR, FAILED, OK, OUT, judging, writing
from golden.command.frame import Command, Parser
from golden.command.options import add_jobs_option, whole, within
from golden.study.cluster import LOCAL, cluster
from golden.study.points import points
from golden.study.table import Table
from golden.study.workers import run_points
from golden.training.options import add_recipe_options, choice
from golden.training.recipe import recipe

LANES = re.compile(r"\bn_lanes=(\d+)")


def add_options(parser: Parser) -> None:
    """Add what to learn, and the points of the study."""
    add_recipe_options(parser)
    group = parser.add_argument_group("the study")
    group.add_argument(
        "--seed", type=whole, default=1, help="of points that name none, and --random (default: 1)"
    )
    group.add_argument(
        "--grid",
        action="append",
        default=[],
        metavar="NAME=V1,V2,...",
        help="a setting and its values; may be repeated",
    )
    group.add_argument("--random", type=whole, metavar="N", help="run N points of the grid")
    add_jobs_option(group)
    group.add_argument(
        "--dask",
        metavar="ADDRESS",
        help="run points on a cluster of dask.distributed, whose workers have this Goldspike and "
        f"see data under the same paths: the address of its scheduler, or {LOCAL} for --jobs "
        "processes of this machine",
    )
    group.add_argument(
        "--out", type=Path, default=Path("runs/sweep"), help="default: runs/sweep, for sweep.csv"
    )


def sweep(args: Namespace) -> int:
    """Run what is missing, then draw; return the exit status."""
    within("--jobs", args.jobs, 1)
    with judging():
        wanted = points(choice(args), args.seed, args.grid, args.random)
    with ExitStack() as ends:
        pool = ends.enter_context(cluster(args.dask, args.jobs)) if args.dask is not None else None
        table = ends.enter_context(Table(args.out.with_name(args.out.name + ".csv")))
        known = {row["run"] for row in table.rows}
        todo = [point for point in wanted if point.row["run"] not in known]
        OUT.print(f"{len(todo)} points to run, {len(wanted) - len(todo)} of {len(wanted)} done")
        for point in todo:
            for note in point.notes:
                OUT.print(f"{point.label}: {note}", markup=False, soft_wrap=True)
        failures = run_points(table, todo, args.jobs, pool) if todo else 0
        _summary(args.out, table)
    if failures:
        ERR.print(f"error: {failures} of {len(todo)} points failed")
    return FAILED if failures else OK


def _summary(out: Path, table: Table) -> None:
    """Print the medians over seeds of every setting, and draw."""
    # Half a second that the workers, which import this file too, need not spend.
    from golden.study.plot import draw
    from golden.study.summary import summary

    if table.rows:
        OUT.print("\n".join(summary(table.rows, _cells)), markup=False)
        picture = out.with_name(out.name + ".png")
        with writing(picture):
            draw(picture, table.rows)
        OUT.print(f"see {table.path} and {picture}", markup=False)


def _cells(row: dict[str, Any]) -> int | None:
    """Estimate the cells of a point's core on the board that its preset names, if it names one."""
    from boards.parts.board import BOARDS
    from boards.tools.estimate import estimated_cells

    board = BOARDS.get(row["preset"])
    if board is None:
        return None
    told = LANES.findall(row["set"])
    p = recipe(board.preset, row["rule"], n_neurons=row["neurons"]).params
    return estimated_cells(board.name, int(told[-1]) if told else p.n_lanes, row["weight_bits"])


main = Command("golden.sweep", __doc__, add_options, sweep)

if __name__ == "__main__":
    sys.exit(main())

"""Study parameters: train at many points on all cores, one table, one picture.

Every --grid names a setting and its values; all combinations are run, or
--random N of them, drawn with --seed. A setting is preset, rule, neurons,
weight_bits, epochs, seed or any parameter of golden.dense.params. All other options
hold for every point. Results append to OUT.csv, one row a point; a point that
is already there is not run again, so an interrupted study goes on where it
stopped. OUT.png shows accuracy against neurons, weight bits, events per image
and weight memory. At the end, the median over seeds is printed.
Exit status: 0 done, 1 a point failed, 2 bad options, input or output, 130
interrupted.

for example:
  python -m golden.sweep --grid neurons=50,100,200 --grid seed=1,2,3
  python -m golden.sweep --dataset mnist --grid weight_bits=2,3,4,8
  python -m golden.sweep --grid leak_shift=0,4,5,6 --grid n_steps=16,32 --random 4
  python -m golden.sweep --grid 'a_plus=flat(64,32),exp(128,5,32)' --rule stdp
"""

import argparse
import hashlib
import itertools
import json
import os
import random
import re
import signal
import sys
import traceback
from collections.abc import Generator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from multiprocessing import active_children, get_context, parent_process
from pathlib import Path
from threading import Thread
from typing import Any

from golden.command.console import (
    ERR,
    FAILED,
    OK,
    OUT,
    Display,
    InputError,
    Parser,
    judging,
    run,
    whole,
    writing,
)
from golden.study.table import RESULTS, Table, medians
from golden.training.course import Course
from golden.training.evaluation import evaluate
from golden.training.options import add_recipe_options, assignment, chosen, preset
from golden.training.recipe import RULES
from golden.training.trainer import Trainer, compile_engine

WORDS = ("preset", "rule")
NUMBERS = ("neurons", "weight_bits", "epochs", "seed")
"""Settings that are options of golden.train."""


def main(argv: list[str] | None = None) -> int:
    """Run the command; return its exit status."""
    args = parser().parse_args(argv)
    return run(lambda: sweep(args))


def parser() -> Parser:
    """Return the command line's parser."""
    made = Parser("golden.sweep", __doc__)
    add_recipe_options(made)
    group = made.add_argument_group("the study")
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
    group.add_argument(
        "--jobs",
        type=whole,
        default=len(os.sched_getaffinity(0)),
        help="processes (default: one a core)",
    )
    group.add_argument(
        "--out", type=Path, default=Path("runs/sweep"), help="default: runs/sweep, for sweep.csv"
    )
    return made


def sweep(args: argparse.Namespace) -> int:
    """Run what is missing, then draw; return the exit status."""
    if args.jobs < 1:
        raise InputError(f"jobs must be at least 1, not {args.jobs}")
    with judging():
        wanted = points(args)
    with Table(args.out.with_name(args.out.name + ".csv")) as table:
        known = {row["run"] for row in table.rows}
        todo = [point for point in wanted if point["row"]["run"] not in known]
        OUT.print(f"{len(todo)} points to run, {len(wanted) - len(todo)} of {len(wanted)} done")
        failures = run_points(table, todo, args.jobs) if todo else 0
        _summary(args.out, table)
    if failures:
        ERR.print(f"error: {failures} of {len(todo)} points failed")
    return FAILED if failures else OK


def points(args: argparse.Namespace) -> list[dict[str, Any]]:
    """Return the points of the grid, each once, refusing an impossible one.

    Raises
    ------
    ValueError, TypeError
        If a setting or a point is impossible.
    """
    axes = [axis(text) for text in args.grid]
    names = [name for name, _ in axes]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"--grid must name {name} once, not {names.count(name)} times")
    combinations = list(itertools.product(*(values for _, values in axes)))
    if args.random is not None:
        if not 1 <= args.random <= len(combinations):
            raise ValueError(f"random must be 1 to {len(combinations)} points, not {args.random}")
        combinations = random.Random(args.seed).sample(combinations, args.random)
    found = [_point(args, dict(zip(names, values, strict=True))) for values in combinations]
    return list({point["row"]["run"]: point for point in found}.values())


def axis(text: str) -> tuple[str, list[str]]:
    """Read ``NAME=V1,V2,...``; commas within parentheses belong to a table.

    Raises
    ------
    ValueError
        If there is no such setting, or a value is not of its kind.
    """
    name, _, values = text.partition("=")
    name = name.replace("-", "_")
    parts, depth = [""], 0
    for character in values:
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    for part in parts:
        if name not in WORDS and name not in NUMBERS:
            assignment(f"{name}={part}", "--grid")
        elif name == "rule" and part not in RULES:
            raise ValueError(f"rule must be one of {', '.join(RULES)}, not {part!r}")
        elif name in NUMBERS and not re.fullmatch(r"-?\d{1,20}", part):
            raise ValueError(f"{name} must be a whole number, not {part[:40]!r}")
    return name, parts


def _point(args: argparse.Namespace, values: dict[str, str]) -> dict[str, Any]:
    options = vars(args) | {k: v for k, v in values.items() if k in WORDS}
    options |= {k: int(v) for k, v in values.items() if k in NUMBERS}
    changes = [f"{k}={v}" for k, v in values.items() if k not in WORDS and k not in NUMBERS]
    options["set"] = [*args.set, *changes]
    trial = argparse.Namespace(**options)
    recipe, dataset = chosen(trial)
    about = Course(recipe, dataset, trial.seed).about
    p = recipe.params
    row = {
        "run": hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()[:16],
        "dataset": dataset.name,
        "preset": preset(trial),
        "rule": trial.rule,
        "neurons": p.n_neurons,
        "weight_bits": p.weight_bits,
        "epochs": recipe.epochs,
        "seed": trial.seed,
        "set": " ".join(trial.set),
    }
    label = " ".join(f"{k}={v}" for k, v in values.items()) or "the recipe"
    return {"row": row, "label": label, "options": options}


def run_points(table: Table, todo: list[dict[str, Any]], jobs: int) -> int:
    """Run points and append their rows; return how many failed."""
    failures = 0
    with workers(jobs) as pool, Display() as display:
        task = display.add_task("sweep", total=len(todo))
        futures = {pool.submit(run_point, point["options"]): point for point in todo}
        for n_done, future in enumerate(as_completed(futures), 1):
            point = futures[future]
            # Whatever the error is, the other points are worth having.
            if error := future.exception():
                failures += 1
                ERR.print(f"{point['label']} failed: {type(error).__name__}: {error}", markup=False)
                ERR.print("".join(traceback.format_exception(error)), markup=False)
                note = f"{point['label']} failed"
            else:
                row = point["row"] | future.result()
                table.append(row)
                note = f"{point['label']}: {row['test_accuracy']:.2%}"
            display.tell(task, n_done, note)
    return failures


@contextmanager
def workers(jobs: int) -> Generator[ProcessPoolExecutor]:
    """Within this context, processes that work; they end with it, even in the middle of a point."""
    # Threads of the engine do not survive a fork.
    pool = ProcessPoolExecutor(jobs, get_context("spawn"), initializer=follow_parent)
    try:
        yield pool
    finally:
        for child in active_children():
            child.terminate()
        pool.shutdown(cancel_futures=True)


def follow_parent() -> None:
    """Leave Ctrl-C to the parent, and end when it ends, however that happens."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def follow() -> None:
        if parent := parent_process():
            parent.join()
        os._exit(1)

    Thread(target=follow, daemon=True).start()


def run_point(options: dict[str, Any]) -> dict[str, Any]:
    """Train and test one point; return its results."""
    args = argparse.Namespace(**options)
    recipe, dataset = chosen(args)
    trainer = Trainer(Course(recipe, dataset, args.seed))
    compile_engine()
    while trainer.images < trainer.course.total:
        trainer.advance()
    metrics = evaluate(trainer).metrics
    return {name: metrics[name] for name in RESULTS}


def _summary(out: Path, table: Table) -> None:
    """Print the median over seeds of every setting, and draw."""
    # Half a second that the workers, which import this file too, need not spend.
    from golden.study.plot import draw

    if table.rows:
        OUT.print("\n".join(medians(table.rows)), markup=False)
        picture = out.with_name(out.name + ".png")
        with writing(picture):
            draw(picture, table.rows)
        OUT.print(f"see {table.path} and {picture}", markup=False)


if __name__ == "__main__":
    sys.exit(main())

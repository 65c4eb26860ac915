"""Study parameters: train at many points on all cores, collect one table, draw what it says.

Every --grid names a setting and its values; all combinations are run, or --random N of them. A
setting is preset, rule, neurons, weight_bits, epochs, seed or any parameter of golden.params.
Results append to OUT.csv, one row a point; points that are already there are not run again, so an
interrupted study goes on where it stopped. OUT.png shows accuracy against neurons, weight bits,
events per image and weight memory.

Examples
--------
  python -m golden.sweep --grid neurons=50,100,200 --grid seed=1,2,3
  python -m golden.sweep --dataset mnist --preset mnist400 --grid weight_bits=2,3,4,8
  python -m golden.sweep --dataset mnist --grid leak_shift=0,4,5,6 --grid n_steps=16,32 --random 4
"""

import argparse
import csv
import hashlib
import itertools
import json
import os
import random
import sys
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any

from golden.console import FAILED, OK, OUT, progress, run
from golden.evaluation import evaluate
from golden.options import add_recipe_options, assignment, chosen_recipe
from golden.sweep_plot import draw
from golden.trainer import Trainer

SETTINGS = ("preset", "rule", "neurons", "weight_bits", "epochs", "seed")
RESULTS = (
    "test_accuracy",
    "events_per_image",
    "cycles_per_image",
    "images_per_second",
    "weight_memory_bits",
    "state_sha256",
)
COLUMNS = ("run", "dataset", *SETTINGS, "set", *RESULTS)


def main(argv: list[str] | None = None) -> int:
    """Run the command; return its exit status."""
    args = parser().parse_args(argv)
    return run(lambda: sweep(args))


def parser() -> argparse.ArgumentParser:
    """Return the command line's parser."""
    made = argparse.ArgumentParser(
        prog="python -m golden.sweep",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_recipe_options(made)
    made.add_argument("--seed", type=int, default=1, help="default: 1")
    made.add_argument("--grid", action="append", default=[], metavar="NAME=V1,V2,...")
    made.add_argument("--random", type=int, metavar="N", help="run N points drawn from the grid")
    made.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)), help="processes")
    made.add_argument("--out", type=Path, default=Path("runs/sweep"), help="default: runs/sweep")
    return made


def sweep(args: argparse.Namespace) -> int:
    """Run what is missing, then draw; return the exit status."""
    if args.jobs < 1:
        raise ValueError(f"jobs must be at least 1, not {args.jobs}")
    table = args.out.with_name(args.out.name + ".csv")
    done = read_table(table)
    known = {row["run"] for row in done}
    todo = [point for point in points(args) if point["run"] not in known]
    OUT.print(f"{len(todo)} points to run, {len(known)} in {table}")
    table.parent.mkdir(parents=True, exist_ok=True)
    failures = 0
    context = get_context("spawn")  # threads of the engine do not survive a fork
    with ProcessPoolExecutor(args.jobs, context) as pool, progress("{task.fields[last]}") as bar:
        task = bar.add_task("sweep", total=len(todo), last="")
        futures = {pool.submit(run_point, point["options"]): point for point in todo}
        for future in as_completed(futures):
            point = futures[future]
            try:
                row = point["row"] | future.result()
            except (ValueError, TypeError, OSError) as error:
                failures += 1
                OUT.print(f"{point['label']}: {error}")
            else:
                append_row(table, row)
                done.append(row)
                bar.update(task, last=f"{point['label']}: {row['test_accuracy']:.2%}")
            bar.advance(task)
    _summary(args.out, done)
    return FAILED if failures else OK


def points(args: argparse.Namespace) -> list[dict[str, Any]]:
    """Return the points of the grid, refusing an impossible one before anything is run."""
    axes = [axis(text) for text in args.grid]
    combinations = list(itertools.product(*(values for _, values in axes)))
    if args.random is not None:
        if not 1 <= args.random <= len(combinations):
            raise ValueError(f"random must be 1 to {len(combinations)} points, not {args.random}")
        combinations = random.Random(args.seed).sample(combinations, args.random)
    names = [name for name, _ in axes]
    return [_point(args, dict(zip(names, values, strict=True))) for values in combinations]


def axis(text: str) -> tuple[str, list[Any]]:
    """Read ``NAME=V1,V2,...``; commas within parentheses belong to a table."""
    name, _, values = text.partition("=")
    parts, depth, start = [], 0, 0
    for i, character in enumerate(values + ","):
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            parts.append(values[start:i])
            start = i + 1
    return name.replace("-", "_"), [assignment(f"{name}={part}")[1] for part in parts]


def _point(args: argparse.Namespace, values: dict[str, Any]) -> dict[str, Any]:
    options = vars(args) | {k: v for k, v in values.items() if k in SETTINGS}
    changes = [f"{k}={_text(v)}" for k, v in values.items() if k not in SETTINGS]
    options = options | {"set": [*args.set, *changes]}
    trial = argparse.Namespace(**options)
    recipe, dataset = chosen_recipe(trial)
    about = Trainer(recipe, dataset, trial.seed).about
    digest = hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()
    p = recipe.params
    row = {
        "run": digest[:16],
        "dataset": dataset.name,
        "preset": trial.preset,
        "rule": trial.rule,
        "neurons": p.n_neurons,
        "weight_bits": p.weight_bits,
        "epochs": recipe.epochs,
        "seed": trial.seed,
        "set": " ".join(options["set"]),
    }
    label = " ".join(f"{k}={v}" for k, v in values.items()) or "the recipe"
    return {"run": row["run"], "row": row, "label": label, "options": options}


def _text(value: Any) -> str:
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def run_point(options: dict[str, Any]) -> dict[str, Any]:
    """Train and test one point; return its results."""
    args = argparse.Namespace(**options)
    recipe, dataset = chosen_recipe(args)
    trainer = Trainer(recipe, dataset, args.seed)
    while trainer.images < trainer.total:
        trainer.advance()
    metrics = evaluate(trainer).metrics
    return {name: metrics[name] for name in RESULTS}


def read_table(path: Path) -> list[dict[str, Any]]:
    """Read the rows that are whole; a row cut short by a crash is left out.

    Raises
    ------
    ValueError
        If the file is not a table of a sweep.
    """
    if not path.exists():
        return []
    with path.open(newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise ValueError(f"{path} must be a table of golden.sweep, not something else")
        rows = [row for row in reader if len(row.get("state_sha256") or "") == 64]
    for row in rows:
        for name in ("test_accuracy", "events_per_image", "cycles_per_image"):
            row[name] = float(row[name])
        for name in ("neurons", "weight_bits", "weight_memory_bits", "seed"):
            row[name] = int(row[name])
    return rows


def append_row(path: Path, row: dict[str, Any]) -> None:
    """Append one row, with the header if the file is new, on a line of its own."""
    new = not path.exists()
    cut_short = not new and not path.read_bytes().endswith(b"\n")
    with path.open("a", newline="") as file:
        writer = csv.DictWriter(file, list(COLUMNS), lineterminator="\n")
        if cut_short:
            file.write("\n")
        if new:
            writer.writeheader()
        writer.writerow(row)


def _summary(out: Path, rows: list[dict[str, Any]]) -> None:
    """Print the median over seeds of every setting, and draw."""
    groups: dict[tuple, list[float]] = {}
    for row in rows:
        key = tuple(row[k] for k in ("dataset", "preset", "rule", "neurons", "weight_bits", "set"))
        groups.setdefault(key, []).append(row["test_accuracy"])
    for key, values in sorted(groups.items(), key=str):
        spread = f"{min(values):.2%} to {max(values):.2%}"
        OUT.print(f"{median(values):.2%}  {len(values)} seeds, {spread}  {' '.join(map(str, key))}")
    if rows:
        draw(out.with_name(out.name + ".png"), rows)
        OUT.print(f"see {out}.csv and {out}.png")


if __name__ == "__main__":
    sys.exit(main())

"""Processes that train the points of a study; they end with whoever asked for them."""

import traceback
from concurrent.futures import as_completed
from typing import Any

from golden.command.console import ERR, Display
from golden.command.processes import workers
from golden.study.points import Point
from golden.study.table import RESULTS, Table
from golden.training.evaluation import evaluate
from golden.training.trainer import Trainer, compile_engine


def run_points(table: Table, todo: list[Point], jobs: int) -> int:
    """Run points and append their rows; return how many failed."""
    failures = 0
    # Threads of the engine do not survive a fork, so that workers are spawned.
    with workers(jobs) as pool, Display() as display:
        task = display.add_task("sweep", total=len(todo))
        futures = {pool.submit(run_point, point): point for point in todo}
        for n_done, future in enumerate(as_completed(futures), 1):
            point = futures[future]
            # Whatever the error is, the other points are worth having.
            if error := future.exception():
                failures += 1
                ERR.print(f"{point.label} failed: {type(error).__name__}: {error}", markup=False)
                ERR.print("".join(traceback.format_exception(error)), markup=False)
                note = f"{point.label} failed"
            else:
                row = point.row | future.result()
                table.append(row)
                note = f"{point.label}: {row['test_accuracy']:.2%}"
            display.tell(task, n_done, note)
    return failures


def run_point(point: Point) -> dict[str, Any]:
    """Train and test one point; return its results."""
    trainer = Trainer(point.course())
    compile_engine()
    while trainer.images < trainer.course.total:
        trainer.advance()
    metrics = evaluate(trainer).metrics
    return {name: metrics[name] for name in RESULTS}

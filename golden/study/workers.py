"""Processes that train the points of a study; they end with whoever asked for them."""

import traceback
from concurrent.futures import Executor, as_completed
from contextlib import nullcontext
from typing import Any

from golden.command.console import ERR, Display
from golden.command.processes import workers
from golden.numbers.compiled import SOURCES
from golden.study.points import Point
from golden.study.table import RESULTS, Table
from golden.training.evaluation import evaluate
from golden.training.trainer import Trainer, compile_engine


def run_points(table: Table, todo: list[Point], jobs: int, pool: Executor | None = None) -> int:
    """Run points and append their rows; return how many failed.

    Parameters
    ----------
    table : Table
        A row is on the disk as soon as its point is done.
    todo : list of Point
        Each is run once.
    jobs : int
        Processes of this machine.
    pool : Executor or None
        What runs them instead: a `cluster`.
    """
    failures = 0
    # Threads of the engine do not survive a fork, so that workers are spawned.
    with nullcontext(pool) if pool else workers(jobs) as places, Display() as display:
        task = display.add_task("sweep", total=len(todo))
        futures = {places.submit(run_point, point, SOURCES): point for point in todo}
        for future in as_completed(futures):
            point = futures.pop(future)
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
            display.tell(task, len(todo) - len(futures), note)
            # A cluster runs again what a dead worker had done, as long as anybody holds on to it.
            del future
    return failures


def run_point(point: Point, sources: str = SOURCES) -> dict[str, Any]:
    """Train and test one point; return its results.

    Raises
    ------
    RuntimeError
        If this process has other sources than the one whose table it is.
    """
    if sources != SOURCES:
        raise RuntimeError(f"golden must be {sources} at every worker, not {SOURCES}")
    trainer = Trainer(point.course())
    compile_engine()
    while trainer.images < trainer.course.total:
        trainer.advance()
    metrics = evaluate(trainer).metrics
    return {name: metrics[name] for name in RESULTS}

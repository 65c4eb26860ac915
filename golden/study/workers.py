"""Processes that train the points of a study; they end with whoever asked for them."""

import os
import signal
import traceback
from collections.abc import Generator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from multiprocessing import active_children, get_context, parent_process
from threading import Thread
from typing import Any

from golden.command.console import ERR, Display
from golden.study.points import Point
from golden.study.table import RESULTS, Table
from golden.training.evaluation import evaluate
from golden.training.trainer import Trainer, compile_engine


def run_points(table: Table, todo: list[Point], jobs: int) -> int:
    """Run points and append their rows; return how many failed."""
    failures = 0
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


def run_point(point: Point) -> dict[str, Any]:
    """Train and test one point; return its results."""
    trainer = Trainer(point.course())
    compile_engine()
    while trainer.images < trainer.course.total:
        trainer.advance()
    metrics = evaluate(trainer).metrics
    return {name: metrics[name] for name in RESULTS}

"""golden.sweep --dask: a real cluster of two processes, one of which dies."""

import csv
import os
import signal
import sys
import time
from typing import Any

import pytest
from distributed import Client

from golden import sweep
from golden.study import workers
from golden.study.cluster import local_cluster
from golden.study.points import points
from golden.training.options import choice
from tests.shared.commands import contents, finish, idx_folder, python, refused

LOOK_SECONDS = 0.01
SEEDS = "1,2,3,4,5,6"


@pytest.fixture
def study(tmp_path):
    """Return the options of six points that take a while; their table is study.csv."""
    data = idx_folder(tmp_path / "halves")
    words = ["--dataset", str(data), "--preset", "tiny", "--out", str(tmp_path / "study")]
    return [*words, "--epochs", "1000", "--grid", f"seed={SEEDS}"]


@pytest.fixture
def two():
    """Return a cluster of two processes, each of one thread."""
    with local_cluster(2) as made:
        yield made


def rows(folder):
    """Return the table so far; none if it is not there yet."""
    path = folder / "study.csv"
    if not path.exists():
        return []
    # At once, as it may grow meanwhile.
    return list(csv.DictReader(path.read_text().splitlines()))


def expected(study):
    """Return the state of every point, run here."""
    args = sweep.main.options(study)
    wanted = points(choice(args), args.seed, args.grid, args.random)
    return {str(p.seed): workers.run_point(p)["state_sha256"] for p in wanted}


def until(true, process):
    """Wait for something that happens while a process runs; return it."""
    while not (found := true()):
        assert process.poll() is None, finish(process)
        time.sleep(LOOK_SECONDS)
    return found


def finished(cluster):
    """Return the names of points as workers ended them."""
    return [
        key
        for key, start, end, *_ in cluster.scheduler.transition_log
        if (start, end) == ("processing", "memory") and str(key).startswith("run_point")
    ]


def beginning(client, told):
    """Return what tells a worker that has just begun a point, when all it had done is told."""

    def executing(dask_worker):
        return [str(task.key) for task in dask_worker.state.executing]

    before: Any = client.run(executing)

    def begun():
        now: Any = client.run(executing)
        new = [name for name, keys in now.items() if set(keys) - set(before[name])]
        return new[0] if new and told() else None

    return begun


# By hand


def test_worker_with_other_sources_is_refused(study):
    args = sweep.main.options(study)
    first, *_ = points(choice(args), args.seed, args.grid, args.random)
    with pytest.raises(RuntimeError, match=r"^golden must be 0+ at every worker, not \w{16}$"):
        workers.run_point(first, "0" * 16)


# Refusals


@pytest.mark.parametrize("address", ["", "nowhere", "tcp://127.0.0.1"])
def test_what_is_no_address_is_refused_before_anything_is_written(tmp_path, study, capsys, address):
    before = contents(tmp_path)
    line = refused(capsys, sweep.main([*study, "--dask", address]))
    assert line.startswith(
        f"error: --dask must be local or the address of a scheduler, not {address!r}: "
    )
    assert contents(tmp_path) == before


def test_missing_library_is_said(study, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    line = refused(capsys, sweep.main([*study, "--dask", "local"]))
    assert line == "error: --dask must have distributed: pip install 'goldspike[dask]'"


# Processes


def test_worker_that_is_killed_is_replaced_and_every_point_is_run_once(study, two, tmp_path):
    with Client(two, set_as_default=False) as client:
        processes: Any = client.run(os.getpid)
        command = python("-m", "golden.sweep", *study, "--dask", two.scheduler_address)
        with command as process:
            until(lambda: rows(tmp_path), process)
            victim = until(
                beginning(client, lambda: len(finished(two)) == len(rows(tmp_path))), process
            )
            os.kill(processes[victim], signal.SIGKILL)
            until(lambda: victim not in two.scheduler.workers, process)
            status, out, err = finish(process)
        assert (status, err) == (0, "")
        assert "6 points to run" in out
        client.wait_for_workers(2)
        alive: Any = client.run(os.getpid)
    assert processes[victim] not in alive.values()
    assert len(finished(two)) == len(set(finished(two))) == 6
    found = {row["seed"]: row["state_sha256"] for row in rows(tmp_path)}
    assert len(rows(tmp_path)) == 6
    assert found == expected(study)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_killed_sweep_ends_its_cluster_and_goes_on(study, tmp_path, monkeypatch, number):
    with python("-m", "golden.sweep", *study, "--dask", "local", "--jobs", "2") as process:
        until(lambda: rows(tmp_path), process)
        process.send_signal(number)
        # The pipes close when the last worker is gone.
        finish(process)
    before = len(rows(tmp_path))
    assert 1 <= before < 6
    ran = []

    def run_points(table, todo, jobs, pool):
        ran.extend(todo)
        return 0

    monkeypatch.setattr(sweep, "run_points", run_points)
    assert sweep.main(study) == 0
    assert len(ran) == 6 - before

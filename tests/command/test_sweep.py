"""golden.sweep: every point once, whatever kills it, and the same result as golden.train."""

import csv
import fcntl
import os
import re
import signal
import time

import pytest

from golden import report, sweep, train
from golden.study import workers
from golden.study.points import axis, points
from golden.study.table import COLUMNS, Table
from golden.training.options import choice
from tests.command.sweep_rows import row
from tests.shared.commands import QUICK, ROOT, done, finish, idx_folder, python, state_of

LOOK_SECONDS = 0.01


@pytest.fixture
def study(tmp_path):
    """Return a quick study's options; its table is study.csv."""
    data = idx_folder(tmp_path / "halves")
    return ["--dataset", str(data), "--preset", "tiny", "--out", str(tmp_path / "study")]


@pytest.fixture
def ran(monkeypatch):
    """Run points in this process; return the list of what was run."""
    seen = []

    def run_points(table, todo, jobs, pool):
        for point in todo:
            seen.append(point.label)
            table.append(point.row | workers.run_point(point))
        return 0

    monkeypatch.setattr(sweep, "run_points", run_points)
    return seen


def rows(folder):
    # At once, as it may grow meanwhile.
    return list(csv.DictReader((folder / "study.csv").read_text().splitlines()))


def refused(capsys, *words):
    assert sweep.main([*words]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    return line


# By hand


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("seed=1,2", ("seed", ["1", "2"])),
        ("weight-bits=4", ("weight_bits", ["4"])),
        ("a_plus=flat(8,32),exp(8,5,32)", ("a_plus", ["flat(8,32)", "exp(8,5,32)"])),
        ("rule=stdp,rstdp", ("rule", ["stdp", "rstdp"])),
    ],
    ids=["numbers", "dash", "tables", "words"],
)
def test_grid_is_read(text, expected):
    assert axis(text) == expected


def test_finished_points_are_never_run_twice(study, ran, tmp_path):
    assert sweep.main([*study, "--grid", "seed=1,2,2"]) == 0
    assert ran == ["seed=1", "seed=2"]
    assert sweep.main([*study, "--grid", "seed=2,3"]) == 0
    assert ran == ["seed=1", "seed=2", "seed=3"]
    assert [found["seed"] for found in rows(tmp_path)] == ["1", "2", "3"]
    assert len({found["run"] for found in rows(tmp_path)}) == 3


def test_points_are_told_apart_by_any_parameter(study, ran, tmp_path):
    grid = ["--grid", "leak_shift=0,4", "--grid", "epochs=2,3", "--grid", "neurons=4,5"]
    assert sweep.main([*study, *grid]) == 0
    assert len({found["run"] for found in rows(tmp_path)}) == len(ran) == 8
    assert {(r["neurons"], r["epochs"], r["set"]) for r in rows(tmp_path)} == {
        (n, e, f"leak_shift={s}") for n in "45" for e in "23" for s in "04"
    }


def test_random_points_are_drawn_from_the_grid_by_seed(study):
    def drawn(seed):
        words = [*study, "--grid", "leak_shift=0,1,2,3,4,5", "--random", "3", "--seed", seed]
        args = sweep.main.options(words)
        return [point.label for point in points(choice(args), args.seed, args.grid, args.random)]

    assert drawn("1") == drawn("1") != drawn("2")
    assert len(set(drawn("1"))) == 3


def test_picture_and_medians_are_given(study, ran, tmp_path, capsys):
    assert sweep.main([*study, "--grid", "seed=1,2"]) == 0
    assert (tmp_path / "study.png").read_bytes().startswith(b"\x89PNG")
    assert re.search(
        r"^    2  [\d.]+% \([\d.]+% to [\d.]+%\) ", capsys.readouterr().out, re.MULTILINE
    )


@pytest.mark.parametrize(
    ("changes", "cells"),
    [
        ({"preset": "hx8k", "neurons": 128, "weight_bits": 4}, 3639),
        ({"preset": "icebreaker", "neurons": 320, "weight_bits": 4}, 4007),
        # 8 lanes: a third of the way from the HX8K's 4 to 16.
        ({"preset": "icebreaker", "neurons": 8, "weight_bits": 4}, 3762),
        ({"preset": "icebreaker", "neurons": 320, "weight_bits": 4, "set": "n_lanes=8"}, 3762),
        ({"preset": "mnist400"}, None),
        ({"preset": "mine.toml#hx8k"}, None),
    ],
)
def test_cells_are_those_of_the_board_that_the_preset_names(changes, cells):
    assert sweep._cells(row(rule="stdp") | changes) == cells


# The table


@pytest.mark.parametrize("cut", [1, 30, 70, 100])
def test_row_cut_short_is_dropped_and_its_neighbours_stay(tmp_path, cut):
    path = tmp_path / "t.csv"
    with Table(path) as table:
        table.append(row(run="1", set="a_plus=flat(1,2) b"))
        table.append(row(run="2", set="a_plus=flat(1,2) b"))
    path.write_bytes(path.read_bytes()[:-cut])
    with Table(path) as table:
        assert [found["run"] for found in table.rows] == ["1"]
        table.append(row(run="3"))
    with Table(path) as table:
        assert [found["run"] for found in table.rows] == ["1", "3"]
        assert table.rows[0] == row(run="1", set="a_plus=flat(1,2) b")


@pytest.mark.parametrize(
    "content",
    [b"a,b\n1,2\n", b"precious", b"\x00\xff\n", ",".join(COLUMNS).encode() + b"\n1,2\n", b'"\n'],
    ids=["other-table", "text", "binary", "short-row", "quote"],
)
def test_foreign_file_is_refused_and_kept(tmp_path, study, capsys, content):
    (tmp_path / "study.csv").write_bytes(content)
    line = refused(capsys, *study)
    assert line.endswith("study.csv must be a table of golden.sweep, not something else")
    assert (tmp_path / "study.csv").read_bytes() == content


def test_second_process_is_kept_out(tmp_path, study, capsys):
    with (tmp_path / "study.csv").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert "must be free, not in use by another run" in refused(capsys, *study)


def test_rise_that_is_rounded_is_said_before_points_are_run(study, capsys, monkeypatch):
    monkeypatch.setattr(sweep, "run_points", lambda *_: 0)
    grid = ["--epochs", "900", "--grid", "seed=1,2", "--set", "theta_shift=0"]
    assert sweep.main([*study, *grid]) == 0
    first, *lines = capsys.readouterr().out.splitlines()
    assert first == "2 points to run, 0 of 2 done"
    told = "rounded from 0.167: theta_shift, which is 0, makes it finer"
    assert lines == [
        f"seed={seed}: theta_plus is 0 in phase {phase}, {told}"
        for seed in (1, 2)
        for phase in (0, 1, 2)
    ]


# Refusals


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("--grid seed=1,x", "seed must be a whole number, not 'x'"),
        ("--grid neurons=", "neurons must be a whole number, not ''"),
        ("--grid neurons", "neurons must be a whole number, not ''"),
        ("--grid rule=stdp,hebb", "rule must be one of stdp, rstdp, not 'hebb'"),
        ("--grid preset=tiny,huge", "preset must be one of"),
        ("--grid colour=1", "--grid must name a parameter of golden.dense.params, not 'colour'"),
        ("--grid step_bits=6", "--grid must name something that results depend on, not step_bits"),
        ("--grid v_width=8,99", "v_width must be 2 to 24, not 99"),
        ("--grid seed=1 --grid seed=2", "--grid must name seed once, not 2 times"),
        ("--random 0", "random must be 1 to 1 points, not 0"),
        ("--grid seed=1,2 --random 3", "random must be 1 to 2 points, not 3"),
        ("--jobs 0", "--jobs must be at least 1, not 0"),
    ],
)
def test_bad_grid_is_refused_before_anything_runs(tmp_path, study, ran, capsys, words, text):
    before = sorted(tmp_path.iterdir())
    assert text in refused(capsys, *study, *words.split())
    assert ran == []
    assert sorted(tmp_path.iterdir()) == before


# Processes


def test_failed_point_is_reported_and_the_others_run(study, tmp_path):
    failing = (
        "import sys\nfrom golden import sweep\nfrom golden.study import workers\n"
        "run_point = workers.run_point\n"
        "def fail(point, sources):\n"
        "    if point.seed == 2: raise RuntimeError('out of luck')\n"
        "    return run_point(point)\n"
        "workers.run_point = fail\n"
        "if __name__ == '__main__': sys.exit(sweep.main(sys.argv[1:]))\n"
    )
    (tmp_path / "failing.py").write_text(failing)
    words = [str(tmp_path / "failing.py"), *study, "--grid", "seed=1,2,3", "--jobs", "2"]
    status, _, err = done(*words, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert status == 1
    assert "seed=2 failed: RuntimeError: out of luck" in err
    assert err.endswith("error: 1 of 3 points failed\n")
    assert sorted(found["seed"] for found in rows(tmp_path)) == ["1", "3"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_killed_sweep_ends_its_workers_and_resumes(study, ran, tmp_path, number):
    words = [*study, "--grid", "seed=1,2,3,4,5,6", "--epochs", "1000"]
    with python("-m", "golden.sweep", *words, "--jobs", "2") as process:
        while not (tmp_path / "study.csv").exists() or not rows(tmp_path):
            assert process.poll() is None, finish(process)
            time.sleep(LOOK_SECONDS)
        process.send_signal(number)
        # The pipes close when the last worker is gone.
        finish(process)
    n_done = len(rows(tmp_path))
    assert 1 <= n_done < 6
    assert sweep.main(words) == 0
    assert len(ran) == 6 - n_done
    assert len({found["run"] for found in rows(tmp_path)}) == len(rows(tmp_path)) == 6


# Equality


def test_point_has_the_state_of_golden_train(tmp_path, ran, monkeypatch):
    monkeypatch.setattr(report, "write_report", lambda *_: None)
    assert train.main([*QUICK, "--seed", "5", "--out", str(tmp_path)]) == 0
    assert sweep.main([*QUICK, "--grid", "seed=5", "--out", str(tmp_path / "study")]) == 0
    assert [found["state_sha256"] for found in rows(tmp_path)] == [state_of(tmp_path)]

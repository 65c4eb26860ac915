"""The tutorial runs as it stands, and its figures are those of the recorded table."""

import csv

import pytest

from tests.docs.tutorial import PAGE, blocks, run

TABLE = PAGE.parent / "results/cells/equations.csv"
HEAD = [
    "| cell | input | dt, ms | spikes: solver, float64, integers | step, ms | integers, ms |",
    "| --- | --- | --- | --- | --- | --- |",
]


@pytest.fixture(scope="module")
def session():
    return run()


def test_every_block_prints_what_the_page_says(session):
    assert [what for what, _ in session[1]] == [said or "" for _, said in session[1]]
    assert len(blocks()) == 8


def test_table_of_equations_is_the_recorded_one():
    with TABLE.open(newline="") as file:
        rows = list(csv.DictReader(file))
    lines = [
        f"| {row['cell']} | {row['input']} | {row['dt_ms']} "
        f"| {row['spikes_solver']}, {row['spikes_float64']}, {row['spikes_integers']} "
        f"| {row['step_error_ms']} | {row['integer_error_ms']} |"
        for row in rows
    ]
    assert PAGE.read_text().split("<!-- equations -->")[1].strip().splitlines() == HEAD + lines


def test_integers_are_nearer_to_float64_than_the_step_to_the_equation():
    """Bar of every cell: the same number of spikes as float64, and a smaller error than the step's.

    Within 0.1 ms of it where the step is that small.
    """
    with TABLE.open(newline="") as file:
        for row in csv.DictReader(file):
            assert row["spikes_integers"] == row["spikes_float64"]
            assert float(row["integer_error_ms"]) < max(float(row["step_error_ms"]), 0.1)

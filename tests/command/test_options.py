"""Options that are numbers, and files to be written."""

import argparse
import os

import pytest

from golden.command.console import InputError
from golden.command.options import add_jobs_option, to_write, whole, within


@pytest.mark.parametrize(("text", "number"), [("7", 7), ("-1", -1), ("0", 0)])
def test_whole_number(text, number):
    assert whole(text) == number


@pytest.mark.parametrize("given", [1, 2, 3])
def test_number_within_its_range_is_returned(given):
    assert within("--x", given, 1, 3) == within("--x", given, 1) == given


def test_jobs_are_as_many_as_cores():
    parser = argparse.ArgumentParser()
    add_jobs_option(parser)
    assert parser.parse_args([]).jobs == len(os.sched_getaffinity(0))
    assert parser.parse_args(["--jobs", "3"]).jobs == 3


def test_file_to_write_may_be_new_or_old(tmp_path):
    for _ in range(2):
        assert to_write(str(tmp_path / "table.csv")) == tmp_path / "table.csv"
        (tmp_path / "table.csv").touch()


# Refusals


@pytest.mark.parametrize("text", ["", "1.5", "1e3", "x", "0x10", "9" * 5000, "nan"])
def test_anything_else_is_no_whole_number(text):
    with pytest.raises(argparse.ArgumentTypeError, match=r"^must be a whole number, not '"):
        whole(text)


@pytest.mark.parametrize(
    ("given", "most", "text"),
    [
        (0, 3, "--x must be 1 to 3, not 0"),
        (4, 3, "--x must be 1 to 3, not 4"),
        (0, None, "--x must be at least 1, not 0"),
    ],
)
def test_number_beyond_its_range_is_refused(given, most, text):
    with pytest.raises(InputError, match=f"^{text}$"):
        within("--x", given, 1, most)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("none/table.csv", "No such file or directory"),
        ("", "Is a directory"),
        ("file/table.csv", "No such file or directory"),
    ],
)
def test_file_that_cannot_be_written_is_refused_before_the_work(tmp_path, name, why):
    (tmp_path / "file").touch()
    path = tmp_path / name
    with pytest.raises(argparse.ArgumentTypeError) as refusal:
        to_write(str(path))
    assert str(refusal.value) == f"{path} must be writable, not: {why}"

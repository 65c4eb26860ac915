"""golden.bench: figures that can be, and ratios."""

import json
import os

import pytest

from golden import bench
from tests.shared.commands import idx_folder


@pytest.fixture
def small(tmp_path):
    return ["--dataset", str(idx_folder(tmp_path / "halves")), "--preset", "tiny"]


def measured(capsys, *words):
    assert bench.main([*words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


# By hand


def test_figures_are_positive_and_of_the_images_asked_for(small, capsys):
    row = measured(capsys, *small, "--images", "3000")
    assert (row["dataset"], row["neurons"], row["images"]) == (small[1], 4, 3000)
    assert 0.01 < row["learn_us_per_image"] < 1000
    assert 0.01 < row["infer_us_per_image"] < 1000
    assert 1 < row["learn_events_per_image"] <= 16 * 8
    assert row["peak_memory_mb"] > 50
    assert "times_faster" not in row


def test_ratio_is_the_other_time_by_ours(small, capsys):
    row = measured(capsys, *small, "--images", "3000", "--against", "2.5")
    assert row["times_faster"] == pytest.approx(2500 / row["learn_us_per_image"])


def test_lines_for_people_say_times_faster(small, capsys):
    assert bench.main([*small, "--images", "100", "--against", "2.5"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"{small[1]}, 4 neurons, 100 images"
    assert lines[-1].endswith(" times faster than 2.5 ms an image")
    assert [line.split(maxsplit=1)[1] for line in lines[1:-1]] == list(bench.UNITS.values())


def test_peak_memory_is_at_least_what_was_held():
    held = bytes(range(256)) * (1 << 19)
    assert len(held) == 1 << 27
    del held
    assert bench.peak_memory() > 1 << 27


def test_all_cores_are_given_back(small):
    allowed = os.sched_getaffinity(0)
    with bench.one_core():
        assert len(os.sched_getaffinity(0)) == 1
    assert os.sched_getaffinity(0) == allowed


# Refusals


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("--images 0", "--images must be at least 1, not 0"),
        ("--against 0", "--against must be a positive number of ms, not 0.0"),
        ("--against -3", "--against must be a positive number of ms, not -3.0"),
        ("--against nan", "--against must be a positive number of ms, not nan"),
        ("--against inf", "--against must be a positive number of ms, not inf"),
    ],
)
def test_impossible_measurement_is_refused(small, capsys, words, text):
    assert bench.main([*small, *words.split()]) == 2
    assert capsys.readouterr() == ("", f"error: {text}\n")

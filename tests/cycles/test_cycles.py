"""The grid of any core: rows, phases that follow each other, streams with stalls."""

import numpy as np
import pytest

from golden.cycles.grid import Grid
from golden.cycles.stimulus import NEVER, Feed, Stimulus
from golden.cycles.track import Track

ROW = np.dtype([("phase", "<u1"), ("step", "<u2"), ("word", "<u1"), ("answer_valid", "<u1")])


def pattern(*cycles: int, n: int = 9) -> np.ndarray:
    """Return a pattern of so many cycles that is set in some."""
    return np.isin(np.arange(n), cycles)


# By hand


def test_phases_and_registers_on_a_grid():
    grid = Grid(ROW, beyond=2)
    grid.show("word", 0, 7)
    track = Track(grid)
    assert (track.spend(3, 2), track.now) == (0, 2)
    track.step = 5
    assert (track.spend(1, 3), track.now) == (2, 5)
    grid.follow("word", np.array([2, 4]), np.array([8, 9]))
    grid.mark(np.array([1, 6]), answer_valid=1)
    rows = grid.finish(7)
    assert rows["phase"].tolist() == [3, 3, 1, 1, 1, 0, 0]
    assert rows["step"].tolist() == [0, 0, 5, 5, 5, 0, 0]
    assert rows["word"].tolist() == [7, 7, 8, 8, 9, 9, 9]
    assert rows["answer_valid"].tolist() == [0, 1, 0, 0, 0, 0, 1]


def test_grid_grows_and_keeps_what_is_on_it():
    grid = Grid(ROW, beyond=2)
    grid.span(0, 3, phase=4)
    grid.reserve(100_000)
    grid.mark(100_001, phase=5)
    assert np.flatnonzero(grid.finish(100_002)["phase"]).tolist() == [0, 1, 2, 100_001]


def test_an_item_is_put_forward_when_its_stream_goes_and_stays_until_it_is_accepted():
    feed = Feed(Stimulus({"in": [(1, 2), (3, 4)]}, {"in": pattern(2, 5, 6)}), "in")
    assert (feed.valid, feed.head) == (2, (1, 2))
    feed.accept(3)
    assert (feed.valid, feed.head) == (5, (3, 4))
    feed.accept(8)
    assert feed.valid == NEVER


def test_a_stream_without_stalls_puts_forward_at_once():
    feed = Feed(Stimulus.eager(4, {"in": np.array([5])}, ("answer",)), "in")
    assert (feed.valid, feed.head) == (0, 5)


def test_answers_are_taken_where_they_are_valid_and_may_be_taken():
    rows = np.zeros(4, dtype=ROW)
    rows["answer_valid"] = [1, 1, 0, 1]
    stimulus = Stimulus({}, {"answer": pattern(1, 2, 3)})
    assert stimulus.taken(rows, "answer").tolist() == [False, True, False, True]
    assert stimulus.cut(2).taken(rows[:2], "answer").tolist() == [False, True]
    assert (stimulus.n_cycles, stimulus.cut(2).n_cycles) == (9, 2)


# Refusals


def test_refuses_patterns_of_different_length():
    text = r"pattern of b must be bool of shape \(9,\), not bool of shape \(8,\)"
    with pytest.raises(ValueError, match=f"^{text}$"):
        Stimulus({}, {"a": pattern(), "b": pattern(n=8)})


def test_refuses_patterns_that_are_numbers():
    text = r"pattern of a must be bool of shape \(2,\), not int64 of shape \(2,\)"
    with pytest.raises(ValueError, match=f"^{text}$"):
        Stimulus({}, {"a": np.arange(2)})  # pyright: ignore[reportArgumentType]


def test_refuses_items_of_a_stream_without_a_pattern():
    with pytest.raises(ValueError, match=r"^stream must be one of a, b, not c$"):
        Stimulus({"c": [1]}, {"a": pattern(), "b": pattern()})

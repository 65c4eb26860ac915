"""One operation each as a pipeline, on all numbers of small words; some by hand."""

from collections.abc import Callable

import numpy as np
import pytest

from golden.cells.schedule import GENERIC, scheduled
from golden.cells.trace import Trace
from golden.cells.units import interpolated, power2
from golden.cells.value import Value, maximum, minimum, select
from golden.numbers.hash import round_keys
from sim.jobs.vectors import Vectors, differences
from tests.hdl.cells.bench import simulated

A, B = 5, 4
"""Bits of the words; that of conditions has one."""
Text = Callable[[Trace, Value, Value], Value]

ENTRIES = (5, -3, 0, 7, 15, -16, 2, 9)
TEXTS: dict[str, Text] = {
    "add": lambda t, a, b: a + b,
    "add, shifted": lambda t, a, b: a.floored(3) + b,
    "add, shifted farther": lambda t, a, b: a + b.floored(7),
    "add a number": lambda t, a, b: a + t.number(12),
    "add to itself": lambda t, a, b: a + a,
    "add, rounded": lambda t, a, b: a + (b * a).rounded(-3).times2(3),
    "add to a rounded one": lambda t, a, b: (b * a).rounded(-2) + a.times2(-1),
    "add two rounded": lambda t, a, b: (b * a).rounded(-3) + (a * a).rounded(-2),
    "add, rounded beyond": lambda t, a, b: a.times2(-9) + b.rounded(-9),
    "add, rounded of no sign": lambda t, a, b: a + b.lowest(2).rounded(-5),
    "subtract": lambda t, a, b: a - b,
    "subtract, shifted": lambda t, a, b: a - b.floored(2),
    "subtract from shifted": lambda t, a, b: a.floored(4) - b,
    "subtract, rounded": lambda t, a, b: a - (b * a).rounded(-3).times2(4),
    "subtract from rounded": lambda t, a, b: (b * a).rounded(-3) - a,
    "subtract from a number": lambda t, a, b: t.number(-7) - a,
    "multiply": lambda t, a, b: a * b,
    "square": lambda t, a, b: a * a,
    "less": lambda t, a, b: a < b,
    "less, shifted": lambda t, a, b: a < b.floored(1),
    "less than nothing": lambda t, a, b: a < t.number(0),
    "less, of no sign": lambda t, a, b: a.lowest(3) < b,
    "less than the smaller one": lambda t, a, b: minimum(a, b) < b,
    "not": lambda t, a, b: a >= b,
    "and": lambda t, a, b: (a < b) & (b < t.number(3)),
    "or": lambda t, a, b: ~((a < b) | (t.number(0) < b)),
    "left": lambda t, a, b: a.floored(3) + b.floored(3),
    "round": lambda t, a, b: a.rounded(-2),
    "round beyond": lambda t, a, b: a.rounded(-7),
    "round a sum with a number": lambda t, a, b: (a + t.number(3)).rounded(-2),
    "round a number less": lambda t, a, b: (a - t.number(3)).rounded(-2),
    "round what is less than a number": lambda t, a, b: (t.number(5) - a).rounded(-1),
    "floor": lambda t, a, b: a.floored(-3) + b.floored(-1),
    "floor beyond": lambda t, a, b: a.floored(-9),
    "clip to a word": lambda t, a, b: a.clipped(-4, 3),
    "clip to no sign": lambda t, a, b: a.clipped(0, 7),
    "clip to wide numbers of no sign": lambda t, a, b: a.clipped(0, 31),
    "clip to very wide numbers of no sign": lambda t, a, b: b.clipped(0, 255),
    "clip from no sign": lambda t, a, b: a.lowest(4).clipped(0, 3),
    "clip anywhere": lambda t, a, b: a.clipped(-5, 6),
    "clip above all": lambda t, a, b: a.clipped(40, 50),
    "clip below all": lambda t, a, b: a.clipped(-50, -40),
    "within": lambda t, a, b: (a * a + t.number(1)).within(1, 257) - b,
    "shift": lambda t, a, b: (a * b).shifted(b.lowest(3)),
    "shift far": lambda t, a, b: (a.floored(40) + b).shifted(a.lowest(6).clipped(0, 50)).lowest(20),
    "low": lambda t, a, b: a.lowest(3),
    "low of less": lambda t, a, b: b.lowest(7),
    "table": lambda t, a, b: a.lowest(3).look_up(ENTRIES, 0),
    "table of one": lambda t, a, b: a.clipped(0, 0).look_up((9,), 0) + b,
    "two tables": lambda t, a, b: (
        a.lowest(2).look_up(ENTRIES, 0) - a.lowest(2).look_up(ENTRIES[2:], 0)
    ),
    "interpolated": lambda t, a, b: interpolated(a, ENTRIES[:5], 0, -16, 3),
    "power of two": lambda t, a, b: power2(a.times2(2), 4, 3, 4),
    "select": lambda t, a, b: select(a < b, a, b.floored(2)),
    "select always": lambda t, a, b: select(t.number(1), a, b),
    "minimum": lambda t, a, b: minimum(a, b),
    "maximum": lambda t, a, b: maximum(a, b.floored(1)),
    "random": lambda t, a, b: t.random(7) + a,
    "constant": lambda t, a, b: t.constant("k", 11, 0) * a - t.constant("l", 3, 0),
    "of constants": lambda t, a, b: a + t.constant("k", 11, 0) - (t.constant("l", 3, 0) * b),
    "only constants": lambda t, a, b: (
        t.constant("k", 11, 0) - t.constant("l", -3, 0).clipped(-2, 2)
    ),
}


def trial(text: Text, interval: int, saturating: int = 62):
    """Return the schedule of a program of one operation, and all numbers of its words."""
    trace = Trace(1.0)
    a, b = trace.state("a", A, 0, 0.0), trace.state("b", B, 0, 0.0)
    y = trace.state("y", 32, 0, 0.0)
    value = text(trace, a, b)
    trace.write("a", a)
    trace.write("b", b)
    trace.write("y", value.times2(value.point).fitted(32))
    trace.spike(y < trace.number(0), a)
    program = trace.program()
    both = np.meshgrid(np.arange(-16, 16), np.arange(-8, 8))
    words = {"a": both[0].ravel(), "b": both[1].ravel(), "y": np.zeros(512, np.int64)}
    constants = {c.name: np.broadcast_to(c.values, 512) for c in program.constants}
    given = Vectors(words, {}, constants, np.arange(512) << 9, round_keys(3, 4))
    return scheduled(program, GENERIC, interval), given


def numbers(text: Text) -> dict[tuple[int, int], int]:
    """Return what a pipeline gives for every pair of numbers."""
    schedule, given = trial(text, 1)
    found = simulated(schedule, given)["next_y"].tolist()
    return dict(
        zip(zip(*(given.states[x].tolist() for x in "ab"), strict=True), found, strict=True)
    )


# By hand


def test_roundings_by_hand():
    nearest, floor = numbers(TEXTS["round"]), numbers(TEXTS["floor beyond"])
    assert [nearest[a, 0] for a in (-16, -6, -7, -2, -3, 1, 2, 6)] == [-4, -1, -2, 0, -1, 0, 1, 2]
    assert {floor[a, 0] for a in range(-16, 0)} == {-1}
    assert {floor[a, 0] for a in range(16)} == {0}


def test_sums_by_hand():
    carried = numbers(lambda t, a, b: a + (b * b).rounded(-3).times2(-3))
    # 3 + nearest of 25 / 8; 3 + nearest of 4 / 8, which is up.
    assert (carried[3, 5], carried[3, 2]) == (3 + 3, 3 + 1)
    taken = numbers(lambda t, a, b: a - (b * b).rounded(-3).times2(-3))
    assert (taken[-16, -8], taken[3, 2]) == (-16 - 8, 3 - 1)


def test_choices_by_hand():
    clipped, smaller = numbers(TEXTS["clip anywhere"]), numbers(TEXTS["minimum"])
    assert [clipped[a, 0] for a in (-16, -6, -5, 0, 6, 7, 15)] == [-5, -5, -5, 0, 6, 6, 6]
    assert (smaller[-16, -8], smaller[4, 3], smaller[3, 4]) == (-16, 3, 3)


def test_tables_and_shifts_by_hand():
    table, shift = numbers(TEXTS["table"]), numbers(TEXTS["shift"])
    assert [table[a, 0] for a in (0, 1, 2, 7, -1, -8)] == [5, -3, 0, 9, 9, 5]
    # -16 * 7 = -112, by 7; 15 * -8 = -120, by 0; 15 * -7 = -105, by 1.
    assert (shift[-16, 7], shift[15, -8], shift[15, -7]) == (-1, -120, -53)


# Equality


@pytest.mark.parametrize("name", TEXTS)
def test_operation_on_all_numbers_is_golden(name):
    schedule, given = trial(TEXTS[name], 1)
    assert differences(schedule, given, simulated(schedule, given)) == []


@pytest.mark.parametrize("name", ["square", "table", "random", "only constants", "shift far"])
def test_operation_is_golden_with_an_interval(name):
    schedule, given = trial(TEXTS[name], 3)
    assert differences(schedule, given, simulated(schedule, given)) == []

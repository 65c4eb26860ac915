"""Every operation, for every operand of a few bits, against what its line in `value` says."""

from collections.abc import Callable
from fractions import Fraction
from itertools import product
from math import floor

import numpy as np
import pytest

from golden.cells.evaluate import evaluate
from golden.cells.trace import Trace
from golden.cells.value import Value, maximum, minimum, select
from tests.cells.models import engine, golden

A_BITS, A_POINT, B_BITS, B_POINT = 5, 2, 4, -1
TABLE = tuple((7 * i * i) % 61 - 30 for i in range(32))
PAIRS = list(product(range(-16, 16), range(-8, 8)))


def real(n: int, point: int) -> Fraction:
    return n / Fraction(2) ** point


def to_nearest(x: Fraction, point: int) -> Fraction:
    return real(floor(x * Fraction(2) ** point + Fraction(1, 2)), point)


def down(x: Fraction, point: int) -> Fraction:
    return real(floor(x * Fraction(2) ** point), point)


Meaning = Callable[[Fraction, Fraction], Fraction]
CASES: dict[str, tuple[Callable[[Value, Value], Value], Meaning]] = {
    "add": (lambda a, b: a + b, lambda a, b: a + b),
    "subtract": (lambda a, b: a - b, lambda a, b: a - b),
    "multiply": (lambda a, b: a * b, lambda a, b: a * b),
    "square": (lambda a, _: a * a, lambda a, _: a * a),
    "less": (lambda a, b: a < b, lambda a, b: Fraction(a < b)),
    "greater": (lambda a, b: a > b, lambda a, b: Fraction(a > b)),
    "at least": (lambda a, b: a >= b, lambda a, b: Fraction(a >= b)),
    "at most": (lambda a, b: a <= b, lambda a, b: Fraction(a <= b)),
    "and": (lambda a, b: (a < b) & (b < a + b), lambda a, b: Fraction(a < b < a + b)),
    "or": (lambda a, b: (a < b) | (b < a + b), lambda a, b: Fraction(a < b or b < a + b)),
    "not": (lambda a, b: ~(a < b), lambda a, b: Fraction(not a < b)),
    "rounded by 1": (lambda a, _: a.rounded(1), lambda a, _: to_nearest(a, 1)),
    "rounded by 3": (lambda a, _: a.rounded(-1), lambda a, _: to_nearest(a, -1)),
    "rounded to nothing": (lambda a, _: a.rounded(-9), lambda a, _: to_nearest(a, -9)),
    "rounded to more": (lambda a, _: a.rounded(6), lambda a, _: a),
    "floored by 1": (lambda a, _: a.floored(1), lambda a, _: down(a, 1)),
    "floored to a sign": (lambda a, _: a.floored(-9), lambda a, _: down(a, -9)),
    "floored to more": (lambda a, _: a.floored(6), lambda a, _: a),
    "times 2": (lambda a, _: a.times2(3), lambda a, _: 8 * a),
    "times a half": (lambda a, _: a.times2(-1), lambda a, _: a / 2),
    "clipped": (lambda a, _: a.clipped(-5, 9), lambda a, _: min(max(a, real(-5, 2)), real(9, 2))),
    "fitted": (lambda a, _: a.fitted(3), lambda a, _: min(max(a, Fraction(-1)), real(3, 2))),
    "within": (lambda a, _: (a * a).within(0, 256), lambda a, _: a * a),
    "minimum": (minimum, min),
    "maximum": (maximum, max),
    "select": (lambda a, b: select(a < b, a, b + b), lambda a, b: a if a < b else 2 * b),
    "table": (
        lambda a, _: a.lowest(5).look_up(TABLE, 3),
        lambda a, _: real(TABLE[int(4 * a) % 32], 3),
    ),
    "lowest": (lambda a, _: a.lowest(3), lambda a, _: real(int(4 * a) % 8, 2)),
    "shifted": (
        lambda a, b: a.shifted(b.lowest(3)),
        lambda a, b: real(floor(4 * a / 2 ** (int(b / 2) % 8)), 2),
    ),
}


def one(written: Callable[[Value, Value], Value]) -> tuple:
    """Trace one case into a program; return it, and the value that it writes."""
    trace = Trace(1.0)
    pairs = np.array(PAIRS)
    a = trace.state("a", A_BITS, A_POINT, pairs[:, 0] * 2.0**-A_POINT)
    b = trace.state("b", B_BITS, B_POINT, pairs[:, 1] * 2.0**-B_POINT)
    result = written(a, b)
    result_state = trace.state("result", 32, result.point, 0)
    trace.write("a", a)
    trace.write("b", b)
    trace.write("result", result + result_state)
    trace.spike(a < b, a)
    return trace.program(), result


@pytest.mark.parametrize("name", CASES)
def test_operation_gives_what_its_line_says(name):
    program, result = one(CASES[name][0])
    states = {s.name: np.broadcast_to(s.start, len(PAIRS)) for s in program.states}
    found = evaluate(program, states, {}, [], np.arange(len(PAIRS))).states["result"]
    wanted = [
        CASES[name][1](real(a, A_POINT), real(b, B_POINT)) * Fraction(2) ** result.point
        for a, b in PAIRS
    ]
    assert found.tolist() == wanted
    assert result.low <= min(wanted)
    assert max(wanted) <= result.high


def test_kernel_gives_the_same_for_all_operations_at_once():
    trace = Trace(1.0)
    pairs = np.array(PAIRS)
    a = trace.state("a", A_BITS, A_POINT, pairs[:, 0] * 2.0**-A_POINT)
    b = trace.state("b", B_BITS, B_POINT, pairs[:, 1] * 2.0**-B_POINT)
    for name, (written, _) in CASES.items():
        result = written(a, b)
        trace.write(name, result + trace.state(name, 32, result.point, 0))
    trace.write("a", a)
    trace.write("b", b)
    trace.spike(a < b, a)
    given = trace.program(), len(PAIRS), {}, 1
    assert engine(*given) == golden(*given)


def test_shifts_beyond_the_word_give_the_sign():
    trace = Trace(1.0)
    a = trace.state("a", 20, 0, np.array([-5.0, 5, -(1 << 19)]))
    far = trace.number(62)
    for name, made in {
        "b": a.shifted(far),
        "c": a.floored(-40),
        "d": a.rounded(-50),
        "e": a + trace.number(0, 35).times2(35),
        "f": trace.number(0).floored(40).times2(40),
    }.items():
        trace.write(name, made.times2(made.point) + trace.state(name, 32, 0, 0))
    trace.write("a", a)
    trace.spike(a < far, a)
    given = trace.program(), 3, {}, 2
    assert engine(*given) == golden(*given)
    assert golden(*given)[0][0]["b"] == [-1, 0, -1]


def test_ties_go_up_and_negative_ones_too():
    program, _ = one(lambda a, _: a.rounded(1))
    states = {s.name: np.broadcast_to(s.start, len(PAIRS)) for s in program.states}
    found = evaluate(program, states, {}, [], np.arange(len(PAIRS))).states["result"]
    by_integer = {a: int(n) for (a, _), n in zip(PAIRS, found, strict=True)}
    assert [by_integer[a] for a in (-3, -2, -1, 0, 1, 2, 3)] == [-1, -1, 0, 0, 1, 1, 2]


def test_saturation_is_counted_by_word_and_only_of_neurons_that_exist():
    trace = Trace(1.0)
    x = trace.state("x", 4, 0, 7)
    trace.write("x", x + trace.number(1))
    y = trace.state("y", 4, 0, -8)
    trace.write("y", y + y + trace.receptor("r", 5, 0))
    trace.spike(x < y, x)
    given = trace.program(), 65, {"r": np.full((3, 65), 99)}, 3
    words, spikes, saturated = golden(*given)
    assert [step["y"][64] for step in words] == [-16 + 15, 7, 7]
    assert saturated == {"x": 3 * 65, "r": 3 * 65, "y": 2 * 65}
    assert [len(spike) for spike in spikes] == [0, 0, 0]
    assert engine(*given) == (words, spikes, saturated)


def test_random_words_are_the_upper_bits_of_the_hash():
    trace = Trace(1.0)
    for width in (1, 12, 32):
        x = trace.random(width)
        trace.write(f"x{width}", trace.state(f"x{width}", 32, 0, 0) + x - trace.number(1 << 31))
    trace.spike(x < trace.number(1 << 31), trace.number(0))
    given = trace.program(), 70, {}, 2
    assert engine(*given) == golden(*given)
    words, spikes, _ = golden(*given)
    assert 20 < len(spikes[0]) < 50
    assert words[0] != words[1]


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        (lambda a: a.lowest(19) * a, "a factor must have at most 18 bits, not 20: round it before"),
        (lambda a: a.look_up(TABLE, 0), "a table of 32 must be read at 0 to 31, not at -16 to 15"),
        (lambda a: a.floored(70), "left must fit 62 bits, not 73"),
    ],
    ids=["factor", "table", "wide"],
)
def test_operation_refuses(wrong, text):
    trace = Trace(1.0)
    with pytest.raises(ValueError, match=text):
        wrong(trace.state("a", A_BITS, A_POINT, 0))


def test_golden_stops_where_a_claimed_range_does_not_hold():
    program, _ = one(lambda a, _: a.within(-15, 15))
    states = {s.name: np.broadcast_to(s.start, len(PAIRS)) for s in program.states}
    with pytest.raises(
        ArithmeticError, match="a value must be within -15 to 15, as its writer said"
    ):
        evaluate(program, states, {}, [], np.arange(len(PAIRS)))


def test_what_is_clipped_to_a_word_beyond_its_range_is_the_end_of_the_word():
    trace = Trace(1.0)
    far = trace.number(1000)
    assert (far.saturated(-8, 7, "v").low, far.saturated(-8, 7, "v").high) == (7, 7)
    near = trace.number(-1000).saturated(-8, 7, "v")
    assert (near.low, near.high) == (-8, -8)

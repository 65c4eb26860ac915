"""Functions built from operations: what they are, and how far from the real ones."""

from collections.abc import Callable

import mpmath
import numpy as np
import pytest

from golden.cells.evaluate import evaluate
from golden.cells.trace import Trace
from golden.cells.units import exponential, interpolated, normalised, power2, sampled
from golden.cells.value import Value


def read(function: Callable[[Value], Value], width: int, point: int, operand_bits: int = 18):
    """Return a function of every integer of ``width`` bits at ``point``: reals, and both ends."""
    x = np.arange(-(1 << (width - 1)), 1 << (width - 1)) * 2.0**-point
    trace = Trace(1.0, operand_bits)
    given = trace.state("x", width, point, x)
    found = function(given)
    trace.write("x", given)
    trace.write("f", trace.state("f", 32, found.point, 0) + found)
    trace.spike(given < given, given)
    program = trace.program()
    states = {s.name: np.broadcast_to(s.start, x.shape) for s in program.states}
    integers = evaluate(program, states, {}, [], np.arange(len(x))).states["f"]
    assert found.low <= integers.min()
    assert integers.max() <= found.high
    return x, integers * 2.0**-found.point


def test_entries_are_the_function_at_both_ends_and_between():
    assert sampled(lambda x: x * x, -2, 2, 4, 3) == (32, 8, 0, 8, 32)
    assert sampled(lambda x: mpmath.exp(x), 0, 1, 2, 10) == (1024, 1688, 2784)


def test_largest_normal_entry_fills_its_bits():
    assert normalised(lambda x: x, -1, 1, 2, 8) == ((-128, 0, 128), 7)
    assert normalised(lambda x: x * 255 / 256, 0, 1, 1, 8) == ((0, 255), 8)
    assert normalised(lambda x: x * 511 / 512, 0, 1, 1, 8) == ((0, 128), 7)
    with pytest.raises(ValueError, match="a table must have an entry that is not 0"):
        normalised(lambda x: 0 * x, 0, 1, 4, 8)


def test_interpolation_by_hand():
    table = (0, 100, 40)
    x, y = read(lambda v: interpolated(v, table, 0, -8, 3), 5, 3)
    wanted = [0] * 9 + [13, 25, 38, 50, 63, 75, 88, 100, 93, 85, 78, 70, 63, 55, 48] + [48] * 8
    assert x[8] == -1
    assert y.tolist() == wanted


def test_a_table_with_an_entry_for_each_number_is_read_as_it_is():
    _, y = read(lambda v: interpolated(v, (5, -3, 9), 0, -1, 0), 3, 0)
    assert y.tolist() == [5, 5, 5, 5, -3, 9, 9, 9]


@pytest.mark.parametrize("operand_bits", [16, 18])
def test_interpolation_errs_by_its_entries_and_its_curve(operand_bits):
    table = sampled(mpmath.sin, -4, 4, 256, 15)
    x, y = read(lambda v: interpolated(v, table, 15, -32768, 8), 16, 13, operand_bits)
    worst = float(np.abs(y - np.sin(x)).max())
    assert worst < 2.0**-15 + 2.0**-10 / 8


@pytest.mark.parametrize(("operand_bits", "least"), [(16, 25_000), (18, 25_000)])
def test_power_of_two(operand_bits, least):
    x, y = read(lambda v: power2(v, 16, 8), 18, 14, operand_bits)
    inside = x < 8 - 2.0**-14
    wanted = 2.0 ** x[inside]
    assert np.all(np.abs(y[inside] - wanted) <= wanted / least + 2.0**-17)
    assert y[x == 3] == 8
    assert y[~inside] == pytest.approx(256, rel=1e-3)


def test_power_of_two_is_limited_and_ends_at_0():
    x, y = read(lambda v: power2(v, 4, 3), 12, 4)
    assert y[x >= 3].max() == y[x == 3 - 1 / 16][0]
    assert y[x < -6].max() == 0
    assert y[x == -5] == 1 / 16


@pytest.mark.parametrize(("operand_bits", "least"), [(16, 18_000), (18, 18_000)])
def test_exponential(operand_bits, least):
    x, y = read(lambda v: exponential(v, 16, 8), 16, 13, operand_bits)
    wanted = np.exp(x)
    assert np.all(np.abs(y - wanted) <= wanted / least + 2.0**-17)

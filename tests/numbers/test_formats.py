"""Integer formats: rails and wrapping by hand, refusals, all small widths against arithmetic."""

import numpy as np
import pytest

from golden.numbers.formats import Fmt
from tests.shared.by_hand import ints

SMALL = [Fmt(width, signed) for width in range(1, 9) for signed in (False, True)]


def reference_wrap(fmt: Fmt, x: int) -> int:
    half = 2 ** (fmt.width - 1) if fmt.signed else 0
    return (x + half) % 2**fmt.width - half


def reference_range(fmt: Fmt) -> range:
    n = 2**fmt.width
    return range(-n // 2, n // 2) if fmt.signed else range(n)


# By hand


@pytest.mark.parametrize(
    ("signed", "x", "saturated", "wrapped"),
    [
        pytest.param(True, 7, 7, 7, id="signed-largest"),
        pytest.param(True, 8, 7, -8, id="signed-one-above"),
        pytest.param(True, -8, -8, -8, id="signed-smallest"),
        pytest.param(True, -9, -8, 7, id="signed-one-below"),
        pytest.param(True, 24, 7, -8, id="signed-one-turn-and-a-half"),
        pytest.param(False, 15, 15, 15, id="unsigned-largest"),
        pytest.param(False, 16, 15, 0, id="unsigned-one-above"),
        pytest.param(False, 0, 0, 0, id="unsigned-smallest"),
        pytest.param(False, -1, 0, 15, id="unsigned-one-below"),
    ],
)
def test_overflow_of_four_bits(signed, x, saturated, wrapped):
    assert Fmt(4, signed).saturate(x) == saturated
    assert Fmt(4, signed).wrap(x) == wrapped


@pytest.mark.parametrize(
    ("fmt", "low", "high", "text"),
    [
        pytest.param(Fmt(1, True), -1, 0, "s1", id="one-signed-bit"),
        pytest.param(Fmt(1, False), 0, 1, "u1", id="one-unsigned-bit"),
        pytest.param(Fmt(5, True), -16, 15, "s5", id="five-signed-bits"),
        pytest.param(Fmt(62, True), -(2**61), 2**61 - 1, "s62", id="widest-signed"),
        pytest.param(Fmt(62, False), 0, 2**62 - 1, "u62", id="widest-unsigned"),
    ],
)
def test_limits_and_name(fmt, low, high, text):
    assert (fmt.min, fmt.max, str(fmt)) == (low, high, text)
    assert (fmt.check(low), fmt.check(high)) == (low, high)


def test_check_returns_python_integer_or_same_array():
    array = ints(-16, 15)
    assert Fmt(5, True).check(array) is array
    assert type(Fmt(5, True).check(np.int8(3))) is int


def test_saturated_scalar_is_python_integer():
    assert type(Fmt(5, True).saturate(np.int64(99))) is int


# Refusals


@pytest.mark.parametrize("width", [0, 63])
def test_rejects_width(width):
    with pytest.raises(ValueError, match=rf"^width must be 1 to 62 bits, not {width}$"):
        Fmt(width, signed=True)


@pytest.mark.parametrize(
    ("x", "text"),
    [
        pytest.param(16, "16 does not fit s5", id="one-above"),
        pytest.param(-17, "-17 does not fit s5", id="one-below"),
        pytest.param(ints(3, 16, -40), "16 does not fit s5", id="first-outside-of-array"),
        pytest.param(ints(-17), "-17 does not fit s5", id="array-one-below"),
    ],
)
def test_check_rejects_value_outside(x, text):
    with pytest.raises(OverflowError, match=f"^{text}$"):
        Fmt(5, signed=True).check(x)


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (np.zeros(1, np.int32), "array must be int64, not int32"),
        (np.zeros(1), "array must be int64, not float64"),
        (1.0, "value must be an integer or an int64 array, not float"),
        (True, "value must be an integer or an int64 array, not bool"),
        (np.True_, "value must be an integer or an int64 array, not bool"),
    ],
    ids=["narrow-array", "float-array", "float", "bool", "numpy-bool"],
)
def test_check_rejects_kind(x, text):
    with pytest.raises(TypeError, match=f"^{text}$"):
        Fmt(5, signed=True).check(x)


# Equality


@pytest.mark.parametrize("fmt", SMALL, ids=str)
def test_values_are_all_values(fmt):
    assert list(fmt.values()) == list(reference_range(fmt))
    assert (fmt.min, fmt.max) == (reference_range(fmt)[0], reference_range(fmt)[-1])


@pytest.mark.parametrize("fmt", SMALL, ids=str)
def test_small_format_equals_reference(fmt):
    span = 2**fmt.width
    xs = range(-2 * span, 2 * span + 1)
    wrapped = [reference_wrap(fmt, x) for x in xs]
    nearest = [min(reference_range(fmt), key=lambda value, x=x: abs(value - x)) for x in xs]
    assert [fmt.wrap(x) for x in xs] == wrapped == fmt.wrap(ints(*xs)).tolist()
    assert [fmt.saturate(x) for x in xs] == nearest == fmt.saturate(ints(*xs)).tolist()


@pytest.mark.parametrize("fmt", SMALL, ids=str)
def test_check_accepts_exactly_the_values(fmt):
    for x in range(-2 * 2**fmt.width, 2 * 2**fmt.width + 1):
        if x in reference_range(fmt):
            assert fmt.check(x) == x
            assert fmt.check(ints(x)).tolist() == [x]
            continue
        for form in (x, ints(x)):
            with pytest.raises(OverflowError, match=rf"^{x} does not fit {fmt}$"):
                fmt.check(form)

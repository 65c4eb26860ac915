"""Plasticity tables: what the short descriptions mean, and what is refused."""

import re
from decimal import localcontext

import pytest

from golden.training.tables import table

# By hand


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("flat(32, 3)", (32, 32, 32), id="flat"),
        pytest.param("flat(5,1)", (5,), id="without-spaces"),
        pytest.param("flat( 5 , 2 )", (5, 5), id="with-spaces"),
        pytest.param("flat(5, 0)", (), id="no-window"),
        pytest.param("exp(100, 1, 3)", (100, 37, 14), id="exp"),  # 36.79, 13.53
        pytest.param("exp(1000, 5, 4)", (1000, 819, 670, 549), id="slow-exp"),
        pytest.param("exp(1, 1, 2)", (1, 0), id="exp-rounds-down"),
        pytest.param("exp(32, 1, 0)", (), id="exp-without-window"),
        pytest.param("3, 2, 1", (3, 2, 1), id="integers"),
        pytest.param("3", (3,), id="one-integer"),
        pytest.param(" 3 ,2,1 ", (3, 2, 1), id="integers-and-spaces"),
        pytest.param("", (), id="nothing"),
        pytest.param("  ", (), id="blank"),
    ],
)
def test_table(text, expected):
    assert table(text) == expected
    assert all(type(entry) is int for entry in table(text))


def test_longest_table_fades_to_nothing():
    assert table("exp(1000, 1, 1023)") == (1000, 368, 135, 50, 18, 7, 2, 1, *[0] * 1015)


# Refusals


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("ramp(3, 4)", id="unknown-name"),
        pytest.param("flat(3)", id="flat-without-window"),
        pytest.param("flat(3, 4, 5)", id="flat-with-too-much"),
        pytest.param("exp(3, 4)", id="exp-without-tau"),
        pytest.param("exp(3, 0, 4)", id="no-time-at-all"),
        pytest.param("exp(3, 00, 4)", id="no-time-at-all-in-two-digits"),
        pytest.param("flat(-3, 4)", id="negative-gain"),
        pytest.param("flat(3.5, 4)", id="fraction"),
        pytest.param("flat(3, 4) ", id="trailing-blank"),
        pytest.param("flat(3, 4)\n", id="trailing-line-feed"),
        pytest.param("1,,2", id="missing-integer"),
        pytest.param("1,2,", id="trailing-comma"),
        pytest.param("1 2", id="missing-comma"),
        pytest.param("-1", id="negative-integer"),
        pytest.param("\u0663", id="arabic-digit"),
    ],
)
def test_rejects_text(text):
    form = "flat(gain, window), exp(gain, tau, window) or integers"
    expected = f"table must be {form}, not {text!r}"
    with pytest.raises(ValueError, match=f"^{re.escape(expected)}$"):
        table(text)


@pytest.mark.parametrize(
    ("text", "window"),
    [
        pytest.param("flat(1, 1024)", 1024, id="one-too-many"),
        pytest.param("flat(1, 1000000000000000)", 10**15, id="more-than-memory"),
        pytest.param("exp(1, 1, 2000)", 2000, id="exp"),
    ],
)
def test_rejects_window_longer_than_spike_ages(text, window):
    expected = f"window must be at most 1023 steps, not {window}"
    with pytest.raises(ValueError, match=f"^{expected}$"):
        table(text)


# Equality


def test_exp_does_not_depend_on_the_callers_decimal_context():
    with localcontext() as context:
        context.prec = 2
        assert table("exp(1000, 5, 4)") == (1000, 819, 670, 549)

"""Membrane: leak and integration against numbers worked out by hand."""

from dataclasses import replace

import pytest

from golden.dense import membrane
from sim.battery.networks import TINY
from tests.shared.by_hand import ints

FREE = ints(0, 0)


@pytest.mark.parametrize(
    ("v", "expected"),
    [
        pytest.param(8, 7, id="smallest-that-leaks"),
        pytest.param(7, 7, id="dead-zone"),
        pytest.param(0, 0, id="zero-stays"),
        pytest.param(-1, 0, id="minus-one-leaks-to-zero"),
        pytest.param(-8, -7, id="exact-negative"),
        pytest.param(-9, -7, id="negative-rounds-to-minus-infinity"),
        pytest.param(127, 112, id="highest"),
    ],
)
def test_shift_leak_floors(v, expected):
    p = replace(TINY, leak_shift=3)
    assert membrane.leak(p, ints(v, 0), FREE).tolist() == [expected, 0]


@pytest.mark.parametrize(
    ("v", "expected"),
    [
        pytest.param(6, 1, id="one-above-reset-crosses-it"),
        pytest.param(5, 5, id="at-reset-stays"),
        pytest.param(4, 4, id="below-reset-stays"),
        pytest.param(20, 15, id="well-above"),
    ],
)
def test_subtractive_leak_acts_above_reset_only(v, expected):
    p = replace(TINY, v_reset=5, leak_sub=5)
    assert membrane.leak(p, ints(v, 5), FREE).tolist() == [expected, 5]


def test_shift_leaks_before_subtraction():
    p = replace(TINY, leak_shift=1, leak_sub=3)
    assert membrane.leak(p, ints(8, 9), FREE).tolist() == [1, 2]  # 8 - 4 - 3, 9 - 4 - 3


def test_subtraction_asks_what_the_shift_left():
    p = replace(TINY, leak_shift=1, leak_sub=3, v_reset=4)
    assert membrane.leak(p, ints(8, 9), FREE).tolist() == [4, 2]  # 4 is not above 4, but 5 is


def test_leak_saturates_at_the_low_rail():
    p = replace(TINY, v_reset=-128, leak_sub=100)
    assert membrane.leak(p, ints(-127, -28), FREE).tolist() == [-128, -128]


def test_no_leak_by_default():
    assert membrane.leak(TINY, ints(127, -128), FREE).tolist() == [127, -128]


def test_refractory_neuron_does_not_leak():
    p = replace(TINY, leak_shift=1, leak_sub=1)
    assert membrane.leak(p, ints(8, 8), ints(1, 0)).tolist() == [8, 3]


@pytest.mark.parametrize(
    ("v", "row", "expected"),
    [
        pytest.param(120, 7, 127, id="reaches-high-rail"),
        pytest.param(120, 8, 127, id="saturates-high"),
        pytest.param(-120, -8, -128, id="reaches-low-rail"),
        pytest.param(-120, -9, -128, id="saturates-low"),
        pytest.param(3, -5, -2, id="crosses-zero"),
    ],
)
def test_event_adds_weight(v, row, expected):
    assert membrane.integrate(TINY, ints(v, 0), ints(row, 1), FREE).tolist() == [expected, 1]


def test_order_of_events_matters_at_the_rail():
    v = ints(125, 125)
    for row in (ints(9, -9), ints(-9, 9)):
        v = membrane.integrate(TINY, v, row, FREE)
    assert v.tolist() == [118, 125]


def test_refractory_neuron_does_not_integrate():
    assert membrane.integrate(TINY, ints(3, 3), ints(5, 5), ints(0, 1)).tolist() == [8, 3]


def test_starts_at_reset():
    assert membrane.start(replace(TINY, v_reset=-7)).tolist() == [-7, -7]

"""The comparator: it finds the first difference, and fails when it must."""

import numpy as np
import pytest

from golden.dense.interface import Phase, record
from golden.numbers.fields import dtype
from golden.training import recipe
from sim.records.compare import Mismatch, compare, event, events_before

P = recipe.recipe("tiny", "stdp", n_lanes=2).params


def blank(n_cycles):
    return np.zeros(n_cycles, dtype=dtype(record(P)))


def changed(n_cycles, cycle, field, value):
    rows = blank(n_cycles)
    rows[field][cycle] = value
    return rows


# By hand


def test_equal_records_do_not_differ():
    assert compare(blank(3), blank(3)) is None


def test_first_of_two_differences_is_found():
    got = blank(9)
    got["row"][7], got["row"][4] = 3, 5
    assert compare(blank(9), got) == Mismatch(4, "row", None, 0, 5)


def test_cycles_are_counted_from_the_first():
    assert str(compare(blank(3), changed(3, 1, "lfsr", 9), first=100)) == (
        "cycle 101: lfsr = 9, expected 0"
    )


def test_lane_of_neuron_data_is_named():
    got = blank(2)
    got["n_data"][1, 1] = 200
    assert str(compare(blank(2), got)) == "cycle 1: n_data[1] = 200, expected 0"


def test_bit_of_a_mask_is_named():
    expected, got = blank(2), blank(2)
    expected["frozen"][0, 0], got["frozen"][0, 0] = 0b11, 0b01
    assert str(compare(expected, got)) == "cycle 0: frozen[1] = 0, expected 1"


@pytest.mark.parametrize("field", dtype(record(P)).names or ())
def test_every_field_is_compared(field):
    got = blank(5)
    got[field][3] = 1
    assert (found := compare(blank(5), got)) is not None
    assert (found.cycle, found.field, found.got, found.expected) == (3, field, 1, 0)


# Refusals


@pytest.mark.parametrize(
    ("n_expected", "n_got", "text"),
    [
        pytest.param(3, 2, "cycle 2: the record ends, expected more cycles", id="ends-early"),
        pytest.param(2, 3, "cycle 2: the record goes on, expected its end", id="goes-on"),
        pytest.param(1, 0, "cycle 0: the record ends, expected more cycles", id="nothing-came"),
        pytest.param(0, 0, "cycle 0: nothing was compared", id="empty"),
    ],
)
def test_records_of_other_lengths_differ(n_expected, n_got, text):
    assert str(compare(blank(n_expected), blank(n_got))) == text


def test_difference_comes_before_length():
    assert compare(blank(5), changed(3, 1, "take", 1)) == Mismatch(1, "take", None, 0, 1)


def test_rows_of_another_core_are_refused():
    other = np.zeros(1, dtype=dtype(record(recipe.recipe("tiny", "stdp", n_lanes=1).params)))
    with pytest.raises(TypeError, match="^rows must be of type .*, not .*$"):
        compare(blank(1), other)


# What happened before


def test_event_is_told_in_a_line():
    rows = blank(1)
    rows["phase"], rows["step"], rows["take"], rows["row"] = Phase.INTEGRATE, 3, 1, 8
    assert event(rows[0], 42) == "cycle 42: INTEGRATE, step 3, take row=8"


def test_event_tells_masks_as_numbers():
    rows = blank(1)
    rows["n_en"], rows["n_row"] = 3, 1
    assert event(rows[0], 0) == "cycle 0: IDLE, step 0, n_en=0x3 n_row=1"


def test_unknown_phase_is_told_as_a_number():
    rows = blank(1)
    rows["phase"] = 31
    assert event(rows[0], 0) == "cycle 0: 31, step 0"


def test_last_events_are_told_oldest_first():
    rows = blank(10)
    rows["take"][[1, 4, 6, 8]] = 1
    found = events_before(rows, 8, most=2, first=100)
    assert [text.partition(":")[0] for text in found] == ["cycle 104", "cycle 106"]


def test_change_of_phase_is_an_event():
    rows = blank(6)
    rows["phase"][3:] = Phase.TEACH
    assert events_before(rows, 6) == ["cycle 3: TEACH, step 0"]


def test_before_the_first_cycle_nothing_happened():
    assert events_before(blank(3), 0) == []

# amaranth: UnusedElaboratable=no
"""The comparator: it finds the first difference, and fails when it must."""

import numpy as np
import pytest

from golden.dense import interface
from golden.dense.interface import Phase
from golden.numbers.fields import dtype
from golden.training import recipe
from hdl.dense.core import Core
from sim.records.compare import Mismatch, compare
from sim.records.reader import Reader

P = recipe.recipe("tiny", "stdp", n_lanes=2).params
ROW = dtype(interface.record(P))
READER = Reader(Core(P))


def record(n_cycles):
    return np.zeros(n_cycles, dtype=ROW)


def changed(n_cycles, cycle, field, value):
    rows = record(n_cycles)
    rows[field][cycle] = value
    return rows


# By hand


def test_equal_records_do_not_differ():
    assert compare(record(3), record(3)) is None


def test_first_of_two_differences_is_found():
    got = record(9)
    got["row"][7], got["row"][4] = 3, 5
    assert compare(record(9), got) == Mismatch(4, "row", None, 0, 5)


def test_cycles_are_counted_from_the_first():
    assert str(compare(record(3), changed(3, 1, "lfsr", 9), first=100)) == (
        "cycle 101: lfsr = 9, expected 0"
    )


def test_lane_of_neuron_data_is_named():
    got = record(2)
    got["n_data"][1, 1] = 200
    assert str(compare(record(2), got)) == "cycle 1: n_data[1] = 200, expected 0"


def test_bit_of_a_mask_is_named():
    expected, got = record(2), record(2)
    expected["frozen"][0, 0], got["frozen"][0, 0] = 0b11, 0b01
    assert str(compare(expected, got, masks=READER.masks)) == "cycle 0: frozen[1] = 0, expected 1"


@pytest.mark.parametrize("field", ROW.names or ())
def test_every_field_is_compared(field):
    got = record(5)
    got[field][3] = 1
    assert (found := compare(record(5), got)) is not None
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
    assert str(compare(record(n_expected), record(n_got))) == text


def test_difference_comes_before_length():
    assert compare(record(5), changed(3, 1, "take", 1)) == Mismatch(1, "take", None, 0, 1)


def test_rows_of_another_core_are_refused():
    other = np.zeros(
        1, dtype=dtype(interface.record(recipe.recipe("tiny", "stdp", n_lanes=1).params))
    )
    with pytest.raises(TypeError, match="^rows must be of type .*, not .*$"):
        compare(record(1), other)


# What happened before


def test_event_is_told_in_a_line():
    rows = record(1)
    rows["phase"], rows["step"], rows["take"], rows["row"] = Phase.INTEGRATE, 3, 1, 8
    assert READER.event(rows[0], 42) == "cycle 42: INTEGRATE, step 3, take row=8"


def test_event_tells_masks_as_numbers():
    rows = record(1)
    rows["n_en"], rows["n_row"] = 3, 1
    assert READER.event(rows[0], 0) == "cycle 0: IDLE, step 0, n_en=0x3 n_row=1"


def test_unknown_phase_is_told_as_a_number():
    rows = record(1)
    rows["phase"] = 31
    assert READER.event(rows[0], 0) == "cycle 0: 31, step 0"


def test_last_events_are_told_oldest_first():
    rows = record(10)
    rows["take"][[1, 4, 6, 8]] = 1
    found = READER.events_before(rows, 8, most=2, first=100)
    assert [text.partition(":")[0] for text in found] == ["cycle 104", "cycle 106"]


def test_change_of_phase_is_an_event():
    rows = record(6)
    rows["phase"][3:] = Phase.TEACH
    assert READER.events_before(rows, 6) == ["cycle 3: TEACH, step 0"]


def test_before_the_first_cycle_nothing_happened():
    assert READER.events_before(record(3), 0) == []


def test_strobes_and_what_they_are_about_are_fields():
    fields = {field.name for field in interface.record(P)}
    assert {
        *interface.strobes(P),
        *(name for about in interface.strobes(P).values() for name in about),
    } <= fields

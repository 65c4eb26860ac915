"""Fields: what a record takes in bytes, as numpy and as Amaranth have it."""

import pytest
from amaranth.hdl import unsigned
from amaranth.lib import data

from golden.numbers.fields import Field, StreamPort, dtype
from golden.numbers.formats import Fmt, index_bits
from hdl.numbers.fields import packed, payload, stream_members

FIELDS = (
    Field("flag", Fmt(1, signed=False)),
    Field("mask", Fmt(1, signed=False), lanes=9),
    Field("lanes", Fmt(9, signed=True), lanes=3),
    Field("word", Fmt(33, signed=False)),
)

# By hand


@pytest.mark.parametrize(("n", "bits"), [(1, 1), (2, 1), (3, 2), (4, 2), (5, 3), (1 << 24, 24)])
def test_index_has_the_bits_of_the_largest(n, bits):
    assert index_bits(n) == bits


def test_record_is_whole_bytes_and_little_endian():
    assert dtype(FIELDS).descr == [
        ("flag", "|u1"), ("mask", "|u1", (2,)), ("lanes", "<u2", (3,)), ("word", "<u8"),
    ]  # fmt: skip
    assert dtype(FIELDS).itemsize == 1 + 2 + 6 + 8


def test_payload_begins_in_the_lowest_bit():
    found = payload(FIELDS[:1] + FIELDS[3:])
    assert isinstance(found, data.StructLayout)
    assert [(name, field.offset, field.width) for name, field in found] == [
        ("flag", 0, 1),
        ("word", 1, 33),
    ]


def test_single_field_without_a_name_is_a_number():
    assert payload((Field("", Fmt(8, signed=False)),)) == unsigned(8)


def test_direction_of_a_stream_is_seen_from_the_core():
    members = stream_members({
        "a": StreamPort(True, FIELDS[:1], ""),
        "b": StreamPort(False, FIELDS[:1], ""),
    })
    assert [str(member.flow) for member in members.values()] == ["In", "Out"]


# Equality


def test_gates_and_numpy_have_a_record_s_fields_at_the_same_bytes():
    numpy_places = {name: place[1] * 8 for name, place in (dtype(FIELDS).fields or {}).items()}
    assert {name: field.offset for name, field in packed(FIELDS)} == numpy_places
    assert packed(FIELDS).size == dtype(FIELDS).itemsize * 8

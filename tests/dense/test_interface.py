"""The interface: what lies where in a core of a size that a person can check."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from golden.dense import interface, registers
from golden.dense.interface import MemoryMap, Phase, Region
from golden.numbers.fields import dtype
from golden.numbers.formats import Fmt
from sim.battery.networks import TINY, UNEVEN
from tests.shared.cases import parameters

# By hand


def test_rows_of_the_weight_memory_follow_each_other():
    places = MemoryMap(UNEVEN)
    assert (places.class_row, places.class_parts) == (6, 2)
    assert (places.vote_row, places.vote_parts) == (8, 3)
    assert places.label_row(0, 19) == 8 + 19 * 3
    assert places.label_row(1, 0) == 8 + 20 * 3
    assert places.n_rows == 8 + 2 * 20 * 3
    assert places.n_weight_words == 128 * 3


def test_indices_have_the_bits_they_need():
    places = MemoryMap(UNEVEN)
    assert (places.word_bits, places.group_bits, places.lane_bits) == (9, 2, 1)
    assert (places.axon_bits, places.neuron_bits, places.value_bits) == (3, 3, 14)
    assert (places.n_padded, places.n_gains) == (6, 3)


def test_place_of_a_neuron_is_word_then_lane():
    assert [MemoryMap(UNEVEN).place(2, neuron) for neuron in range(5)] == [12, 13, 14, 15, 16]


def test_number_in_several_rows_has_its_low_bits_first():
    parts = MemoryMap(UNEVEN).split(np.array([0b1_0110_1001]), 3)
    assert parts[:, 0].tolist() == [-7, 6, 1]
    assert MemoryMap(UNEVEN).join(parts, 9).tolist() == [0b1_0110_1001]


@pytest.mark.parametrize(
    ("changes", "has_flags"),
    [({}, False), ({"refrac": 1}, True), ({"bar_losers": True}, True), ({"ballot": True}, False),
     ({"ballot": True, "vote_spikes": 3}, True), ({"drop_chance": 1}, True)],
)  # fmt: skip
def test_flags_exist_if_something_bars_or_freezes(changes, has_flags):
    assert MemoryMap(replace(UNEVEN, **changes)).has_flags == has_flags


def test_ports_have_the_bits_of_the_page():
    found = {
        name: [(field.name, field.fmt.width) for field in port.fields]
        for name, port in interface.streams(UNEVEN).items()
    }
    assert found == {
        "pixels": [("", 8)],
        "start": [("learn", 1), ("label", 5)],
        "result": [("label", 5), ("n_spikes", 11)],
        "bus": [("write", 1), ("region", 3), ("index", 24), ("data", 32)],
        "response": [("data", 32)],
    }


def test_streams_are_inputs_and_outputs():
    ports = interface.streams(UNEVEN)
    inputs = {name for name, port in ports.items() if port.is_input}
    assert (set(interface.INPUTS), set(interface.OUTPUTS)) == (inputs, ports.keys() - inputs)


def test_record_has_the_bytes_of_the_page():
    assert dtype(interface.record(UNEVEN)).itemsize == sum((
        1 + 2 + 1 + 2,  # phase step take row
        1 + 1 + 2 * 2,  # n_en n_row n_data
        1 + 1 + 1,  # f_en barred frozen
        1 + 2 + 1 + 2 + 1 + 1,  # w_read w_word w_en w_addr w_lane w_data
        1 + 1 + 2,  # last_en last_axon last_data
        1 + 1 + 4 + 4 + 4,  # elected neuron offset lfsr presented
        1 + 1 + 1 + 1 + 4,  # pixels_ready start_ready bus_ready response_valid response
        1 + 1 + 2,  # result_valid label n_spikes
    ))


def test_requests_are_payloads_in_order():
    names = [field.name for field in interface.streams(UNEVEN)["bus"].fields]
    assert list(interface.BusRequest._fields) == names
    names = [field.name for field in interface.streams(UNEVEN)["start"].fields]
    assert list(interface.Start._fields) == names


# Refusals


def test_classes_must_fit_two_rows_of_weights():
    p = replace(TINY, weight_bits=1, w_min=-1, w_max=0, w_init_low=-1, w_init_high=0)
    p = replace(p, n_classes=5, reward="class")
    text = "n_classes must be at most 4 with a reward and 1-bit weights, not 5"
    with pytest.raises(ValueError, match=f"^{text}$"):
        MemoryMap(p)
    MemoryMap(replace(p, n_classes=4))


# Properties


@given(parameters())
def test_everything_fits_and_nothing_overlaps(p):
    places = MemoryMap(p)
    rows = [*range(p.n_axons)]
    rows += range(places.class_row, places.class_row + places.class_parts)
    for rank in range(p.vote_spikes):
        for label in range(p.n_classes):
            first = places.label_row(rank, label)
            rows += range(first, first + places.vote_parts)
    assert rows == [*range(places.n_rows)]
    last = places.place(places.n_rows - 1, p.n_neurons - 1)
    assert last >> places.lane_bits < places.n_weight_words <= 1 << places.word_bits
    assert last <= interface.INDEX.max
    widths = {field.name: field.fmt.width for field in interface.record(p)}
    assert 1 << widths["phase"] > max(Phase)
    assert 1 << widths["row"] >= p.n_axons * p.n_words
    assert widths["n_data"] >= max(p.v.width, p.theta.width)
    assert 1 << widths["neuron"] >= p.n_neurons
    assert interface.COUNT.max >= p.last.max + 64
    bus = {field.name: field.fmt for field in interface.streams(p)["bus"].fields}
    assert bus["region"].max >= max(Region)


@given(parameters())
def test_parts_of_a_number_are_weights_and_give_it_back(p):
    places = MemoryMap(p)
    votes = np.array([0, 1, p.vote.max, p.vote.max // 2])
    parts = places.split(votes, places.vote_parts)
    p.w.check(parts)
    assert places.join(parts, p.vote_bits).tolist() == votes.tolist()


@given(parameters())
def test_registers_hold_what_their_core_starts_with(p):
    formats = registers.register_map(p)
    for name, value in registers.values(p, p).items():
        assert isinstance(formats[name], Fmt)
        formats[name].check(value)

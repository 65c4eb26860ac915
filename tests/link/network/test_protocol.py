"""Numbers of the page's last chapter, and what they refuse."""

import re
from dataclasses import replace

import pytest

from golden.builder import Network, one_to_one
from golden.cells import Izhikevich
from golden.network.chip import Chip
from golden.network.interface import extents
from golden.network.placement import Room, placed
from golden.network.rules import PairSTDP
from hdl.link.network import protocol
from hdl.link.network.protocol import (
    LENGTHS,
    Buffers,
    NetworkOp,
    NetworkStatus,
    build_hash,
    link_map,
    value_bits,
)
from hdl.link.protocol import MOST_ANSWER
from sim.battery.tiny import Adder
from tests.link.network.small import CHIP
from tests.link.test_protocol import WHOLE

CHAPTER = WHOLE.partition("## The network core")[2]


# The page


def test_ops_and_lengths_are_those_of_the_page():
    found = re.findall(r"^\| ([0-9a-f]{2}) \| (\w+) \| (.*?) \|", CHAPTER, re.MULTILINE)
    assert {name: int(code, 16) for code, name, _ in found} == {op.name: op for op in NetworkOp}
    for _, name, payload in found:
        (n,) = re.findall(r"\((\d)\)", payload)[:1]
        length = LENGTHS[NetworkOp[name]]
        assert (length is None) if payload.startswith("items") else length == int(n)


def test_statuses_are_those_of_the_page():
    (told,) = re.findall(r"\*\*Status\*\*: (.*)", CHAPTER)
    found = {name: int(number) for number, name in re.findall(r"(\d+) ([A-Z_]+)", told)}
    assert found == {status.name: status.value for status in NetworkStatus}


def test_most_spikes_and_items_are_those_of_the_page():
    assert f"up to {protocol.MOST_SPIKES} spikes" in CHAPTER
    assert protocol.HEAD.size + (protocol.MOST_SPIKES + 1) * protocol.SPIKE_BYTES > MOST_ANSWER
    assert f"up to {protocol.MOST_ITEMS}, the most of a FEED" in CHAPTER


# By hand


def test_regions_by_hand():
    found = [tuple(extent)[:2] for extent in link_map(CHIP, Buffers()).regions.values()]
    # Registers: 8, and a counter for each of v and u, whose bits are 20.
    assert found[:9] == [
        (10, 32),
        (32, 32),
        (300, 16),
        (300, 8),
        (64, 16),
        (256, 16),
        (4, 8),
        (16, 16),
        (16, 8),
    ]
    assert [size for size, _ in found[9:]] == [20] * 3


def test_bits_by_hand():
    # 300 axons need 9 bits.
    assert value_bits(CHIP) == 9
    assert value_bits(replace(CHIP, axons=3)) == 8


def test_a_build_is_told_by_its_sizes_and_not_by_where_its_cells_begin():
    (kind,) = CHIP.kinds
    same = replace(kind, program=Izhikevich(v=-60).program(1.0))
    assert build_hash(replace(CHIP, kinds=(same,)), Buffers()) == build_hash(CHIP, Buffers())
    others = [replace(CHIP, queue=17), replace(CHIP, gap_bits=3, count_bits=5)]
    others.append(replace(CHIP, kinds=(replace(kind, name="other"),)))
    hashes = {build_hash(chip, Buffers()) for chip in (CHIP, *others)}
    hashes.add(build_hash(CHIP, Buffers(items=9)))
    assert len(hashes) == 5


def test_a_build_that_learns_is_told_by_its_rule_and_by_what_may_wait():
    def chip(a_plus: float, **sizes: int) -> Chip:
        net = Network(dt=1)
        cells = net.population(2, Adder(), "cells")
        rule = PairSTDP(w_max=9, bits=9, a_plus=a_plus, a_minus=1)
        net.connect(cells, cells, one_to_one(), weight=3, rule=rule)
        return placed(net.build().blueprint, room=Room(**sizes)).chip

    chips = [chip(1), chip(1), chip(2), chip(1, posts=16), chip(1, span_bits=8)]
    assert extents(chips[0]) == extents(chips[3])
    hashes = [build_hash(chip, Buffers()) for chip in chips]
    assert hashes[0] == hashes[1]
    assert len(set(hashes[1:])) == 4


# Refusals


@pytest.mark.parametrize("spikes", [32, 100, 65536])
def test_the_buffer_must_be_a_power_of_two(spikes):
    expected = rf"^the buffer of spikes must be one of \[64, .*32768\], not {spikes}$"
    with pytest.raises(ValueError, match=expected):
        link_map(CHIP, Buffers(spikes))


def test_sizes_must_fit_what_hello_says():
    expected = "^sizes of a core with a link must be below 65536, not 70000$"
    with pytest.raises(ValueError, match=expected):
        link_map(replace(CHIP, axons=70_000), Buffers())

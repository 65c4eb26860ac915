"""Sources and currents as parts of programs; ranges of kinds."""

from dataclasses import replace

import numpy as np
import pytest

from golden.builder import Network
from golden.cells.evaluate import OPERATIONS, evaluate
from golden.cells.program import ConstantFormat
from golden.network.blueprint import Group
from golden.network.placement import placed
from golden.network.placement.able import check_words
from golden.network.placement.extras import Extra, augmented, source_program
from golden.network.placement.kinds import operations, united
from golden.network.placement.ranges import narrowed
from golden.network.source import POISSON, Chance, Drive
from golden.numbers.hash import round_keys, words
from sim.battery.tiny import Adder
from tests.cells.random_programs import random_program

KEYS = round_keys(5, 11)
INDEX = np.arange(400)
LEVEL = Extra("current", None)


def stepped(program, arrivals):
    n = len(INDEX)
    states = {s.name: np.broadcast_to(s.start, (n,)) for s in program.states}
    return evaluate(program, states, arrivals, KEYS, INDEX)


# By hand


def test_a_level_is_added_to_what_arrives():
    extras = {LEVEL: ConstantFormat(0, -8, 7)}
    values = {LEVEL.name: np.where(INDEX % 2, -5, 6)}
    program = augmented(Adder(v=10).program(1.0), extras, values)
    found = stepped(program, {"current": np.full(len(INDEX), 3)}).states["v"]
    np.testing.assert_array_equal(found, np.where(INDEX % 2, 8, 19))


def test_a_narrower_sum_makes_narrower_sums_behind_it():
    """16 bits of v and 4 of what arrives: the sum had 17 bits and has -32776 to 32774."""
    before = Adder().program(1.0)
    after = narrowed(before, {"current": (-8, 7)})
    at = next(v.index for v in before.values if v.operation == "add")
    assert (before.values[at].low, before.values[at].high) == (-(1 << 16), (1 << 16) - 2)
    assert (after.values[at].low, after.values[at].high) == (-32776, 32774)
    assert operations(after) == operations(before)


def test_the_range_of_a_kind_holds_those_of_its_groups():
    small, large = Adder(threshold=100).program(1.0), Adder(threshold=-300).program(1.0)
    assert united([small, large]).formats["threshold"] == (0, -512, 511)


@pytest.mark.parametrize(
    ("sizes", "text"),
    [
        ({"count_bits": 20, "gap_bits": 8}, "a run of a chip must fit 32 bits, not 38"),
        ({"weight_bits": 32}, "a synapse of a chip must fit 32 bits, not 34"),
        ({"runs": 1 << 24}, "a row of a chip must fit 32 bits, not 33"),
        ({"axons": 1 << 25}, "a memory of a chip must have up to 16,777,216 words, not 33,554,432"),
    ],
)
def test_a_chip_that_no_host_can_fill_is_refused(sizes, text):
    net = Network(dt=1)
    cells = net.population(3, Adder(), "cells")
    net.connect(cells, cells, weight=3)
    chip = replace(placed(net.build().blueprint).chip, family_bits=9, **sizes)
    with pytest.raises(ValueError, match=r".") as refusal:
        check_words(chip)
    assert str(refusal.value) == text


# Equality


@pytest.mark.parametrize("above", [0, 1])
def test_chance_is_exact_to_the_last_bit_of_a_threshold(above):
    """Thresholds are the random words themselves, which are not below, or one more."""
    source = Chance(words(KEYS, POISSON, INDEX) + above)
    program = source_program(Group("rain", 0, len(INDEX), None, source), 2, 16)
    found = stepped(program, {})
    np.testing.assert_array_equal(np.flatnonzero(found.spike), source.spikes(0, KEYS, INDEX))
    assert found.spike.sum() == above * len(INDEX)


def test_chance_is_exact_where_a_half_of_the_words_is_equal():
    word = words(KEYS, POISSON, INDEX)
    thresholds = np.where(INDEX % 2, word + 0x10000, word ^ 1)
    source = Chance(np.minimum(thresholds, 1 << 32))
    program = source_program(Group("rain", 0, len(INDEX), None, source), 2, 16)
    found = np.flatnonzero(stepped(program, {}).spike)
    np.testing.assert_array_equal(found, source.spikes(0, KEYS, INDEX))


@pytest.mark.parametrize("bits", [16, 18])
@pytest.mark.parametrize("largest", [1, 1000, 1 << 17, 1 << 24, (1 << 31) - 1])
def test_noise_is_that_of_a_drive(bits, largest):
    deviation = np.random.default_rng(bits).integers(0, largest, len(INDEX), endpoint=True)
    deviation[0] = largest
    nothing = np.zeros((1, len(INDEX)), np.int32)
    drive = Drive(0, "current", 0, np.zeros(1, np.int64), nothing, deviation.astype(np.int32), 77)
    extra = Extra("current", 0)
    extras = {extra: ConstantFormat(16, 0, (1 << largest.bit_length()) - 1)}
    values = {extra.name: deviation, extra.purpose: np.array(77)}
    program = augmented(Adder(threshold=1 << 30, bits=32).program(1.0, bits), extras, values)
    found = stepped(program, {"current": INDEX}).states["v"]
    np.testing.assert_array_equal(found, drive.level(0, KEYS, INDEX) + INDEX)


@pytest.mark.parametrize("seed", range(60))
def test_all_values_lie_in_their_narrowed_ranges(seed):
    program, _ = random_program(seed, 30)
    sums = {r.name: (-(1 << seed % 9), (1 << seed % 7) - 1) for r in program.receptors}
    narrow = narrowed(program, sums)
    dice = np.random.default_rng(seed)
    n = len(next((c.values for c in program.constants if c.values.ndim), INDEX))
    index = np.arange(n)
    outside = {
        "state": lambda v: dice.integers(v.low, v.high, n, endpoint=True),
        "arrival": lambda v: dice.integers(*sums[v.detail], n, endpoint=True),
        "constant": lambda v: {c.name: c.values for c in program.constants}[v.detail],
        "random": lambda v: words(KEYS, v.detail[0], index) >> (32 - v.detail[1]),
    }
    found, narrower = [], 0
    for old, v in zip(program.values, narrow.values, strict=True):
        if v.operation in outside:
            result = outside[v.operation](v)
        else:
            result = OPERATIONS[v.operation](v.detail, *(found[place] for place in v.operands))
        found.append(result)
        assert v.low <= np.min(result)
        assert np.max(result) <= v.high
        narrower += (v.low, v.high) != (old.low, old.high)
    assert narrower >= sum(v.operation == "arrival" for v in program.values)

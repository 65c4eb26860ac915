"""Block memories before synthesis: by hand, and as many as yosys has needed."""

from dataclasses import replace

import pytest

from boards.parts.families import FAMILIES
from boards.tools.size import (
    LaneMemory,
    blocks,
    memories,
    most_neurons,
    needed,
    of_neurons,
    written,
)
from golden.dense.params import Params

UP5K, ECP5 = FAMILIES["up5k"], FAMILIES["ecp5"]


P = Params(
    height=14,
    width=14,
    n_neurons=96,
    n_lanes=8,
    weight_bits=4,
    w_min=-8,
    w_max=7,
    w_init_low=-2,
    w_init_high=4,
    v_width=16,
    theta_width=16,
)
"""196 rows of weights and 20 of votes, of 12 words each."""


# By hand


@pytest.mark.parametrize(
    ("memory", "family", "expected"),
    [
        pytest.param(LaneMemory(512, 1, 8), UP5K, 1, id="one-block"),
        pytest.param(LaneMemory(513, 1, 8), UP5K, 2, id="one-word-too-many"),
        pytest.param(LaneMemory(40, 16, 16), UP5K, 16, id="a-block-a-lane"),
        pytest.param(LaneMemory(2028, 8, 4), UP5K, 16, id="nibbles"),
        pytest.param(LaneMemory(512, 1, 17), UP5K, 3, id="two-bits-beside"),
        pytest.param(LaneMemory(2, 1, 9), UP5K, 0, id="flip-flops"),
        pytest.param(LaneMemory(8848, 16, 4), ECP5, 48, id="ecp5-nibbles"),
        pytest.param(LaneMemory(5330, 40, 8), ECP5, 110, id="ecp5-bytes-two-lanes-a-block"),
        pytest.param(LaneMemory(32, 16, 16), ECP5, 0, id="lookup-tables"),
        pytest.param(LaneMemory(512, 1, 36), ECP5, 1, id="widest"),
        pytest.param(LaneMemory(2400, 1, 20), ECP5, 4, id="18-bits-in-three-and-two-in-one"),
        pytest.param(LaneMemory(2400, 1, 22), ECP5, 4, id="18-bits-in-three-and-four-in-one"),
        pytest.param(LaneMemory(2400, 1, 23), ECP5, 5, id="one-more"),
    ],
)
def test_blocks_of_a_memory(memory, family, expected):
    assert blocks(memory, family) == expected


def test_a_memory_that_has_no_port_to_write_is_never_written():
    port = '  cell $memwr_v2 $2\n    parameter \\MEMID "\\\\words"\n  end\n'
    words = "  memory width 8 size 512 \\words\n  memory width 8 size 512 \\table\n"
    il = f"module \\top\n{words}end\nmodule \\top.core\n{words}{port}end\n"
    assert memories(il).keys() == {"words", "table", "core.words", "core.table"}
    assert written(il) == {"core.words"}


def test_memories_are_found_in_rtlil_and_lanes_in_those_of_the_neurons():
    assert of_neurons(P) == [LaneMemory(2592, 8, 4), LaneMemory(24, 8, 16)]
    il = (
        "module \\top\n  memory width 8 size 512 \\queue\nend\nmodule \\top.core.weights\n"
        "  memory width 32 size 2592 \\words\n  memory width 128 size 24 \\others\nend\n"
    )
    weights, values = of_neurons(P)
    assert memories(il, of_neurons(P)) == {
        "queue": LaneMemory(512, 1, 8),
        "core.weights.words": weights,
        "core.weights.others": values,
    }


def named(*found):
    """Give memories names."""
    return {f"memory{i}": memory for i, memory in enumerate(found)}


def test_most_neurons_are_whole_words_that_fit_beside_the_others():
    found = named(*of_neurons(P), *[LaneMemory(128, 1, 8)] * 4)
    assert needed(found, UP5K) == 22 + 8 + 4
    assert most_neurons(P, found, UP5K, 34) == 96
    # 9 words: 216 * 9 = 1944 = 7.6 * 256.
    assert most_neurons(P, found, UP5K, 29) == 72
    assert most_neurons(P, found, UP5K, 14) == 8
    assert most_neurons(P, found, UP5K, 13) == 0


def test_memory_that_is_made_of_lookup_tables_needs_no_block():
    found = {"link.store.bytes": LaneMemory(512, 1, 8), "link.store.others": LaneMemory(512, 1, 8)}
    assert (needed(found, ECP5), needed(found, UP5K)) == (1, 2)


def test_last_word_may_be_part_of_one():
    found = named(*of_neurons(replace(P, n_neurons=90)))
    assert most_neurons(replace(P, n_neurons=90), found, UP5K, 30) == 90


def test_weights_in_spram_are_no_block_memory():
    _, values = of_neurons(P)
    assert most_neurons(P, named(values), UP5K, 8) == 96
    assert most_neurons(P, named(values), UP5K, 7) == 0


# Equality


@pytest.mark.parametrize(
    ("memory", "family", "used"),
    [
        pytest.param(LaneMemory(8848, 16, 4), "ecp5", 48, id="256-neurons"),
        pytest.param(LaneMemory(5530, 16, 4), "gw2a", 32, id="160-neurons"),
        pytest.param(LaneMemory(6636, 8, 4), "gw1n", 16, id="96-neurons"),
        pytest.param(LaneMemory(2028, 8, 4), "ice40", 16, id="96-neurons-of-the-hx8k"),
    ],
)
def test_weights_take_as_many_blocks_as_yosys_has_used(memory, family, used):
    assert blocks(memory, FAMILIES[family]) == used

"""Words gathered into requests, by hand."""

import pytest

from boards.host import memory
from boards.host.info import DeviceError
from boards.host.memory import WordRun
from boards.parts.dense import core_params
from golden.dense.interface import BusRequest, Region
from hdl.link.dense.protocol import link_map
from hdl.link.protocol import MOST, Op

PLACES = link_map(core_params("tiny", "both", n_lanes=3))
"""Four neurons in two words of three lanes, in places for four; weights of 4 bits."""
MANY = list(range(16)) * 100


def test_neighbours_are_one_run_over_lanes_that_are_not_there():
    written = [BusRequest(1, Region.WEIGHTS, index, 7) for index in (1, 2, 4, 5, 6, 8)]
    assert list(memory.runs(PLACES, written)) == [WordRun(1, Region.WEIGHTS, 1, [7] * 6)]


def test_a_gap_ends_a_run_and_so_do_another_region_and_reading():
    found = memory.runs(
        PLACES,
        [
            BusRequest(1, Region.LAST, 3, 9),
            BusRequest(1, Region.LAST, 5, 8),
            BusRequest(1, Region.TABLE, 6, 7),
            BusRequest(0, Region.TABLE, 7),
        ],
    )
    assert [(run.write, run.region, run.first, run.values) for run in found] == [
        (1, Region.LAST, 3, [9]),
        (1, Region.LAST, 5, [8]),
        (1, Region.TABLE, 6, [7]),
        (0, Region.TABLE, 7, [0]),
    ]


def test_pieces_follow_each_other():
    pieces = list(memory.pieces(PLACES, WordRun(1, Region.WEIGHTS, 0, MANY), 14))
    # Ten bytes are twenty weights: six words and two lanes.
    assert [piece.first for piece in pieces[:3]] == [0, 6 << 2 | 2, 13 << 2 | 1]
    assert [number for piece in pieces for number in piece.values] == MANY


@pytest.mark.parametrize("write", [0, 1])
def test_pieces_fill_frames(write):
    pieces = list(memory.pieces(PLACES, WordRun(write, Region.WEIGHTS, 0, MANY), MOST))
    assert len(pieces[0].values) == (502 if write else 255)


def test_a_write_says_region_index_and_values():
    request = memory.request(PLACES, WordRun(1, Region.WEIGHTS, 0x10203, [1, 2, 15]))
    assert request == (Op.WRITE, bytes((1, 3, 2, 1, 0x21, 0x0F)))


def test_a_read_says_region_index_and_count():
    request = memory.request(PLACES, WordRun(0, Region.THETA, 6, [0, 0]))
    assert request == (Op.READ, bytes((2, 6, 0, 0, 2)))


def test_answers_are_values_low_bytes_first():
    run = WordRun(0, Region.LAST, 0, [0, 0])
    assert memory.unpacked(PLACES, run, b"\x01\x02\xff\x00").tolist() == [0x201, 0xFF]
    run = WordRun(0, Region.WEIGHTS, 0, [0, 0, 0])
    assert memory.unpacked(PLACES, run, b"\x21\xf3").tolist() == [1, 2, 3]


def test_an_answer_of_another_length_is_refused():
    expected = "^an answer to READ must have 4 bytes, not 3$"
    with pytest.raises(DeviceError, match=expected):
        memory.unpacked(PLACES, WordRun(0, Region.LAST, 0, [0, 0]), b"abc")

"""Frames and images on the line, byte by byte."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boards.host.dense import pixel_payloads
from boards.host.frames import Frame, FrameReader, encoded
from hdl.link.protocol import MOST

FRAMES = st.builds(Frame, st.integers(0, 255), st.integers(0, 255), st.binary(max_size=MOST))


def checksum(body):
    return zlib.crc32(body).to_bytes(4, "little")


def pixels_of(payloads):
    """Read an image as docs/link.md says, each payload for itself."""
    image = b""
    for payload in payloads:
        values = iter(payload)
        for value in values:
            image += bytes(next(values)) if value == 0 else bytes((value,))
    return image


# By hand


def test_a_frame_is_header_payload_checksum_and_end():
    body = bytes((5, 0x22, 2)) + b"ab"
    assert encoded(Frame(5, 0x22, b"ab")) == body + checksum(body) + b"\xc0"


def test_ends_and_escapes_are_escaped():
    assert encoded(Frame(0xC0, 0xDB, b""))[:5] == b"\xdb\xdc\xdb\xdd\x00"


def test_runs_of_zeros_are_pairs():
    assert pixel_payloads(b"\0\0\0\x07\x08\0") == [b"\0\x03\x07\x08\0\x01"]


def test_long_runs_are_divided():
    assert pixel_payloads(bytes(600)) == [b"\0\xff\0\xff\0\x5a"]


def test_a_pair_is_not_divided_between_frames():
    image = bytes([9] * (MOST - 1) + [0, 9])
    assert [len(payload) for payload in pixel_payloads(image)] == [MOST - 1, 3]


# Refusals


@pytest.mark.parametrize(
    "spoiled",
    [
        b"\x05\x22\x00" + checksum(b"\x05\x22\x01"),
        b"\x05\x22\x01" + checksum(b"\x05\x22\x01"),
        b"\x05\x22" + checksum(b"\x05\x22"),
        b"\x05",
        b"\xdb\x05",
        b"\xdb",
    ],
    ids=["checksum", "length", "no-length", "short", "escape", "half-an-escape"],
)
def test_what_cannot_be_read_is_one_none(spoiled):
    good = Frame(1, 2, b"3")
    assert list(FrameReader().feed(spoiled + b"\xc0" + encoded(good))) == [None, good]


def test_empty_frames_mean_nothing():
    assert list(FrameReader().feed(b"\xc0\xc0\xc0")) == []


# Equality


@given(st.lists(FRAMES, max_size=4), st.integers(1, 9))
def test_frames_come_back_whatever_the_pieces(frames, size):
    line, decoder = b"".join(encoded(frame) for frame in frames), FrameReader()
    pieces = [line[at : at + size] for at in range(0, len(line), size)]
    assert [frame for piece in pieces for frame in decoder.feed(piece)] == frames


@given(st.binary(max_size=30), FRAMES)
def test_garbage_costs_at_most_the_frame_that_it_touches(garbage, good):
    found = list(FrameReader().feed(garbage + b"\xc0" + encoded(good)))
    assert found[-1] == good


@given(st.lists(st.one_of(st.just(0), st.integers(0, 255), st.just(0)), max_size=900).map(bytes))
def test_images_come_back(image):
    payloads = pixel_payloads(image)
    assert all(0 < len(payload) <= MOST for payload in payloads)
    assert pixels_of(payloads) == image

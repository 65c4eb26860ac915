"""Numbers of the page, and what they refuse."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

import hdl
from golden.dense.interface import Region
from hdl.link import protocol
from hdl.link.dense.protocol import COUNTERS, LENGTHS, Image, ImageOp, ImageStatus, link_map
from hdl.link.protocol import ABOUT, Extent, LinkMap, Loss, Op, Status
from tests.link.host import built

P = built()
WHOLE = Path(hdl.__file__).parents[1].joinpath("docs/link.md").read_text()
PAGE = WHOLE.partition("## The network core")[0]


# The page


def test_ops_and_lengths_are_those_of_the_page():
    told, lengths = {}, {}
    for code, name, payload in re.findall(
        r"^\| ([0-9a-f]{2}) \| (\w+) \| (.*?) \|", PAGE, re.MULTILINE
    ):
        told[name] = int(code, 16)
        parts = re.findall(r"\((\d)\)", payload)
        fixed = sum(map(int, parts)) + (len("RESET") if name == "RESET" else 0)
        lengths[told[name]] = None if name in ("WRITE", "PIXELS") else fixed
    assert told == {op.name: op.value for op in (*Op, *ImageOp)}
    assert lengths == protocol.LENGTHS | LENGTHS


def test_statuses_are_those_of_the_page():
    told = re.search(r"\*\*Status\*\*: (.*)", PAGE)
    assert told
    found = {name: int(number) for number, name in re.findall(r"(\d+) ([A-Z_]+)", told[1])}
    assert found == {status.name: status.value for status in (*Status, *ImageStatus)}


def test_counters_and_states_of_an_image_are_those_of_the_page():
    (told,) = re.findall(r"\*\*Counters\*\*: (.*)", PAGE)
    _, *parts = re.split(r"(?<![\w`])[0-5] ", told.partition(". They")[0])
    names = [*COUNTERS, *(loss.name.rstrip("S") for loss in Loss)]
    assert all(name in part for name, part in zip(names, parts, strict=True))
    assert "0 empty, 1 partial, 2 complete, 3 spoilt" in PAGE
    assert [state.name for state in Image] == ["EMPTY", "PARTIAL", "COMPLETE", "SPOILT"]


def test_bytes_of_slip_are_those_of_the_page():
    (end, *pairs) = re.findall(r"`([0-9A-F]{2}(?: [0-9A-F]{2})?)`", PAGE.partition("## Frames")[2])[
        :5
    ]
    assert int(end, 16) == protocol.END
    assert (pairs[0], pairs[1]) == (
        f"{protocol.END:02X}",
        f"{protocol.ESC:02X} {protocol.ESC_END:02X}",
    )
    assert (pairs[2], pairs[3]) == (
        f"{protocol.ESC:02X}",
        f"{protocol.ESC:02X} {protocol.ESC_ESC:02X}",
    )


# By hand


def test_capacity_by_hand():
    assert link_map(P).capacity(512) == 512 - 24 - 48
    assert link_map(P).capacity(32768) == 32768 - 72


@pytest.mark.parametrize("queue", [256, 511, 513, 65536])
def test_memory_must_be_a_power_of_two(queue):
    with pytest.raises(ValueError, match=rf"^queue must be one of \[512, .*32768\], not {queue}$"):
        link_map(P).info("tiny", queue)


@pytest.mark.parametrize("name", ["seventeen letters", "täny"])
def test_name_must_fit(name):
    text = rf"^preset must be at most 16 characters of ASCII, not '{name}'$"
    with pytest.raises(ValueError, match=text):
        link_map(P).info(name)


def test_sizes_must_fit():
    with pytest.raises(ValueError, match=r"^sizes of a core with a link must be below 65536"):
        link_map(replace(P, height=512, width=512))


def test_hash_follows_every_parameter():
    hashes = {link_map(q).build_hash for q in (P, replace(P, a_minus=17), replace(P, n_lanes=4))}
    assert len(hashes) == 3
    assert link_map(P).build_hash == link_map(built()).build_hash


def test_limits_by_hand():
    assert [extent.size for extent in link_map(P).extents.values()] == [16, 224, 4, 16, 32, 2, 6]


@pytest.mark.parametrize(("bits", "size"), [(1, 4), (4, 4), (5, 8), (8, 8), (9, 16), (16, 16)])
def test_values_take_whole_halves_or_bytes(bits, size):
    low = -(1 << bits - 1)
    p = replace(
        P, weight_bits=bits, w_min=low, w_max=-low - 1, w_init_low=low, w_init_high=low + 1,
        v_width=24, reward="none",
    )  # fmt: skip
    assert link_map(p).extents[Region.WEIGHTS].bits == size
    assert link_map(p).extents[Region.THETA].bits == 32
    assert link_map(P).extents[Region.THETA].bits == 16


def test_indices_walk_over_lanes_that_are_not_there():
    places = LinkMap({0: Extent(6, 8, lanes=3), 1: Extent(9, 8)}, (), bytes(8), bytes(ABOUT))
    assert [places.successor(0, index) for index in (0, 1, 2, 4)] == [1, 2, 4, 5]
    assert places.successor(1, 2) == 3


# Refusals


@pytest.mark.parametrize(
    ("regions", "about", "text"),
    [
        ({0: Extent(1, 8), 2: Extent(1, 8)}, 17, r"regions must be numbered from 0, not \[0, 2\]"),
        (
            {0: Extent(1, 8, lanes=2), 1: Extent(1, 8, lanes=3)},
            17,
            "regions with lanes must have the same number of them",
        ),
        ({}, 3, "about must have 17 bytes, not 3"),
    ],
    ids=["gap", "lanes", "about"],
)
def test_a_map_that_does_not_fit_the_link_is_refused(regions, about, text):
    with pytest.raises(ValueError, match=f"^{text}$"):
        LinkMap(regions, (), bytes(8), bytes(about))

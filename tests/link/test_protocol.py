"""Numbers of the page, and what they refuse."""

from dataclasses import replace

import pytest

from golden.dense.interface import Region
from hdl.link.protocol import build_hash, capacity, info, limits, value_bits
from tests.link.host import built

P = built()


def test_capacity_by_hand():
    assert capacity(512) == 512 - 24 - 48
    assert capacity(32768) == 32768 - 72


@pytest.mark.parametrize("queue", [256, 511, 513, 65536])
def test_memory_must_be_a_power_of_two(queue):
    with pytest.raises(ValueError, match=rf"^queue must be one of \[512, .*32768\], not {queue}$"):
        info(P, "tiny", queue)


@pytest.mark.parametrize("name", ["seventeen letters", "täny"])
def test_name_must_fit(name):
    text = rf"^preset must be at most 16 characters of ASCII, not '{name}'$"
    with pytest.raises(ValueError, match=text):
        info(P, name)


def test_sizes_must_fit():
    with pytest.raises(ValueError, match=r"^sizes of a core with a link must be below 65536"):
        info(replace(P, height=512, width=512), "large")


def test_hash_follows_every_parameter():
    hashes = {build_hash(q) for q in (P, replace(P, a_minus=17), replace(P, n_lanes=4))}
    assert len(hashes) == 3
    assert build_hash(P) == build_hash(built())


def test_limits_by_hand():
    assert list(limits(P).values()) == [15, 224, 4, 16, 32, 2, 6]


@pytest.mark.parametrize(("bits", "size"), [(1, 4), (4, 4), (5, 8), (8, 8), (9, 16), (16, 16)])
def test_values_take_whole_halves_or_bytes(bits, size):
    low = -(1 << bits - 1)
    p = replace(
        P, weight_bits=bits, w_min=low, w_max=-low - 1, w_init_low=low, w_init_high=low + 1,
        v_width=24, reward="none",
    )  # fmt: skip
    assert value_bits(p)[Region.WEIGHTS] == size
    assert value_bits(p)[Region.THETA] == 32
    assert value_bits(P)[Region.THETA] == 16

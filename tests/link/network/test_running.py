# amaranth: UnusedElaboratable=no
"""RUN, FETCH and FEED before a core that spikes by itself, over the line, as docs/link.md says."""

import numpy as np
import pytest

from boards.host.info import DeviceError
from boards.host.link import LinkRequest
from boards.host.network import NetworkDriver
from boards.host.simulated import SimPort, compiled
from boards.parts.board import board
from hdl.link.network.protocol import END_BIT, Buffers, link_map
from hdl.link.network.running import Running
from hdl.link.top import Top
from sim.targets.library import QUICK, library
from sim.targets.serial import DRIVER, Serial
from sim.traffic.noise import DIVISOR
from tests.link.host import (
    BAD_LENGTH,
    BAD_VALUE,
    DUPLICATE,
    OK,
    READ,
    RESET,
    STATUS,
    WRITE,
    LineHost,
)
from tests.link.network.small import CHIP
from tests.link.network.stand_in import EACH, FIRST, StandIn

RUN, FETCH, FEED = 0x20, 0x21, 0x22
RUNNING, NO_ROOM = 9, 10
BUFFERS = Buffers(spikes=64, items=17)
QUIET = b"\0\0\0\1"
"""The item that ends a step."""


def top(divisor: int) -> Top:
    return Top(StandIn(CHIP), link_map(CHIP, BUFFERS), Running(CHIP, BUFFERS), "small", divisor)


@pytest.fixture(scope="module")
def serial():
    line = Serial(library(top(DIVISOR), DRIVER, QUICK), DIVISOR)
    yield line
    line.close()


@pytest.fixture
def host(serial):
    made = LineHost(serial)
    made.hello()
    made.do(RESET, b"RESET")
    made.hello()
    return made


def spikes(answer: bytes) -> list[tuple[int, int]]:
    """Return steps and neurons behind the head of an answer to FETCH."""
    told = [answer[at : at + 5] for at in range(6, len(answer), 5)]
    return [(int.from_bytes(s[:2], "little"), int.from_bytes(s[2:], "little")) for s in told]


def fetch(host: LineHost, position: int) -> bytes:
    return host.do(FETCH, position.to_bytes(2, "little"))


# By hand


def test_a_run_of_two_steps_byte_by_byte(host):
    host.do(FEED, b"\7\1\0\0" + QUIET + QUIET)
    host.do(RUN, b"\2\0")
    # Two cycles an item, one or two for the rest of a step; none for who waits.
    first = bytes((0, 0, 7, 1, 0)) + b"".join(bytes((0, 0, FIRST + k, 0, 0)) for k in range(3))
    answer = fetch(host, 0)
    assert answer[4:] == bytes((0, 17)) + first + first[5:].replace(b"\0\0d", b"\1\0d").replace(
        b"\0\0e", b"\1\0e"
    ).replace(b"\0\0f", b"\1\0f")
    # STEP, LISTEN, ECHO, LISTEN, EMIT, STEP, LISTEN, EMIT, STEP, DONE; between two spikes a cycle.
    assert int.from_bytes(answer[:4], "little") == 1 + 1 + 1 + 1 + 5 + 1 + 1 + 5 + 1 + 1


def test_what_was_told_is_told_again_until_it_is_released(host):
    host.do(FEED, QUIET)
    host.do(RUN, b"\1\0")
    assert spikes(fetch(host, 0)) == [(0, 100), (0, 101), (0, 102)]
    assert spikes(fetch(host, 0)) == [(0, 100), (0, 101), (0, 102)]
    assert spikes(fetch(host, 2)) == [(0, 102)]
    assert spikes(fetch(host, 2)) == [(0, 102)]
    assert host.ask(FETCH, b"\1\0") == (BAD_VALUE, b"")
    assert host.ask(FETCH, b"\4\0") == (BAD_VALUE, b"")
    # 2 modulo 128, which is not what a position may be.
    assert host.ask(FETCH, b"\x82\0") == (BAD_VALUE, b"")
    assert host.ask(FETCH, b"\2\1") == (BAD_VALUE, b"")
    assert spikes(fetch(host, 3)) == []


def test_a_repeated_run_is_not_run(host):
    host.do(FEED, QUIET * 2)
    seq = host.seq
    host.do(RUN, b"\1\0")
    assert host.ask(RUN, b"\1\0", seq=seq) == (DUPLICATE, b"")
    assert len(spikes(fetch(host, 0))) == EACH
    # The other item is still there.
    host.do(RUN, b"\1\0")
    assert len(spikes(fetch(host, 3))) == EACH


def test_a_run_of_no_steps_is_over(host):
    host.do(RUN, b"\0\0")
    assert fetch(host, 0)[4:] == bytes((0, 17))


# Refusals


def test_in_a_run_nothing_is_read_written_or_begun(host):
    host.do(RUN, b"\1\0")
    assert host.state() == (host.seq, 1)
    place = b"\1\0\0\0"
    assert host.ask(READ, place + b"\1") == (RUNNING, b"")
    assert host.ask(READ, place) == (BAD_LENGTH, b"")
    assert host.ask(WRITE, place + b"\1\2\3\4") == (RUNNING, b"")
    assert host.ask(RUN, b"\1\0") == (RUNNING, b"")
    assert fetch(host, 0)[4:] == bytes((1, 17))
    host.do(FEED, QUIET)
    assert len(spikes(fetch(host, 0))) == EACH
    assert host.state() == (host.seq, 0)
    host.write(1, 0, b"\1\2\3\4")
    assert host.read(1, 3, 1) == b"\3\0\0\1"


@pytest.mark.parametrize(
    ("op", "payload"), [(RUN, b"\1"), (RUN, b"\1\0\0"), (FETCH, b""), (FEED, b"\1\0\0\0\1")]
)
def test_a_payload_of_another_length_is_refused(host, op, payload):
    assert host.ask(op, payload) == (BAD_LENGTH, b"")


def test_items_without_room_are_refused_and_none_is_taken(host):
    host.do(FEED, QUIET * 10)
    assert fetch(host, 0)[5] == 7
    assert host.ask(FEED, QUIET * 8) == (NO_ROOM, b"")
    assert fetch(host, 0)[5] == 7
    host.do(FEED, QUIET * 7)
    assert fetch(host, 0)[5] == 0
    assert host.ask(FEED, QUIET) == (NO_ROOM, b"")
    assert host.ask(FEED) == (OK, b"")


# Another host


@pytest.mark.parametrize("word", [b"", b"RESET"])
def test_a_run_that_nobody_feeds_is_broken_off_by_the_next_host(host, word):
    host.do(FEED, b"\5\0\0\0" * 9)
    host.do(RUN, b"\2\0")
    assert host.state()[1] == 1
    if word:
        host.do(RESET, word)
    host.hello()
    assert host.state() == (1, 0)
    assert fetch(host, 0)[4:] == bytes((0, 17))
    host.do(FEED, QUIET)
    host.do(RUN, b"\1\0")
    assert spikes(fetch(host, 0)) == [(0, 100), (0, 101), (0, 102)]


def test_spikes_without_room_make_the_core_wait(host):
    host.do(FEED, QUIET * 16)
    host.do(RUN, b"\x19\0")
    for _ in range(3):
        host.do(STATUS, b"wait")
        host.seq -= 1
    host.do(FEED, QUIET * 9)
    assert host.state()[1] == 1
    told, position = [], 0
    while len(told) < 25 * EACH:
        some = spikes(fetch(host, position))
        told += some
        position = (position + len(some)) % 128
    assert told == [(step, FIRST + k) for step in range(25) for k in range(EACH)]
    assert host.state()[1] == 0


# The driver


@pytest.fixture(scope="module")
def device():
    here = board("icebreaker")
    with NetworkDriver(
        SimPort(here, compiled(top(here.divisor), QUICK)), CHIP, "small", BUFFERS
    ) as made:
        yield made


def test_the_driver_hears_every_spike_and_feeds_every_item(device, monkeypatch):
    # A stand-in has no registers.
    steps = iter((70_000, 71_000))
    monkeypatch.setattr(device, "registers", lambda: {"step": next(steps)})
    when, axons = np.array((0, 0, 3, *range(500, 600))), np.arange(3, 106)
    given = []
    for step in range(1000):
        given += [*axons[when == step].tolist(), END_BIT]
    heard = list(device.run(1000, given))
    found = np.concatenate([some.neurons for some in heard])
    # A step of the stand-in has 16 bits.
    at = np.concatenate([some.steps for some in heard])
    expected = [(step, FIRST + k) for step in range(1000) for k in range(EACH)]
    outside = list(zip(when.tolist(), axons.tolist(), strict=True))
    assert sorted(zip((at % (1 << 16)).tolist(), found.tolist(), strict=True)) == sorted(
        expected + outside
    )
    assert [some.cycles > 0 for some in heard[-2:]] == [False, True]
    assert device.link.recoveries == 0


def test_a_refusal_is_named(device):
    with pytest.raises(DeviceError, match="^the device must accept FEED, not answer NO_ROOM$"):
        list(device.once([LinkRequest(FEED, QUIET * 18)]))

"""The top level, request by request: every op with every status that it can have."""

import struct
from dataclasses import replace

import numpy as np
import pytest

from golden.dense.core import State, present
from golden.dense.registers import register_map
from hdl.link.dense.protocol import link_map
from tests.link.host import (
    BAD_INDEX,
    BAD_LENGTH,
    BAD_OP,
    BAD_VALUE,
    DISCARD,
    DUPLICATE,
    HELLO,
    NO_IMAGE,
    OK,
    OVERRUN,
    PIXELS,
    PRESENT,
    READ,
    RESET,
    SEQUENCE,
    START,
    STATUS,
    WRITE,
    built,
    place,
)

P = built()
NAMES = list(register_map(P))
"""Of the registers."""
WHITE = bytes([255]) * 16
EMPTY, PARTIAL, COMPLETE, SPOILT = range(4)


# HELLO, STATUS, RESET


def test_hello_tells_what_the_core_is(host):
    told = host.hello()
    assert told == link_map(P).info("tiny", 512)
    assert told[:4] == b"GS\x02\x08"
    assert struct.unpack("<7H", told[12:26]) == (440, 4, 4, 16, 4, 2, 10)
    assert told[26:30] == bytes([4, 8, 8, P.last.width])
    assert told[30:] == b"tiny" + bytes(14)


def test_hello_sets_the_number_and_status_does_not(host):
    assert host.ask(HELLO, b"1234", seq=200)[0] == OK
    assert host.state() == (201, EMPTY)
    assert host.ask(STATUS, b"1234", seq=201) == (OK, b"1234" + bytes([201, EMPTY]))
    assert host.state() == (201, EMPTY)


@pytest.mark.parametrize("op", [HELLO, STATUS, RESET], ids=["hello", "status", "reset"])
@pytest.mark.parametrize("payload", [b"", b"123", b"123456"], ids=len)
def test_refused_hello_status_and_reset_change_nothing(host, op, payload):
    before = host.state()
    assert host.ask(op, payload, seq=99) == (BAD_LENGTH, b"")
    assert host.state() == before


@pytest.mark.parametrize("word", [b"RESEt", b"rESET", b"RESTE", b"REST\0"])
def test_reset_wants_its_word(host, word):
    host.do(PIXELS, b"\1")
    assert host.ask(RESET, word, seq=50) == (BAD_VALUE, b"")
    assert host.state() == (host.seq, PARTIAL)


def test_reset_restores_registers_and_counters_and_keeps_memories(host):
    fresh = host.read(0, 0, len(NAMES))
    host.write(0, 1, struct.pack("<I", 9))
    host.write(1, 0, b"\x21\x43")
    host.do(PIXELS, WHITE)
    host.present(0, 3)
    assert host.read(0, 0, len(NAMES)) != fresh
    assert host.counters()[3] == 1
    host.do(PIXELS, WHITE[:5])
    assert host.ask(RESET, b"RESET", seq=8) == (OK, b"")
    assert host.state() == (9, EMPTY)
    host.seq = 9
    assert host.read(0, 0, len(NAMES)) == fresh
    assert host.counters() == (0,) * 6
    assert host.read(1, 0, 4) == b"\x21\x43"


# Sequence numbers


def test_every_number_is_executed_a_duplicate_or_out_of_sequence(host):
    host.write(3, 0, b"\7\0")
    expected = host.seq
    for ahead in range(1, 256):
        reply = host.ask(WRITE, place(3, 0) + bytes([ahead, 0]), seq=(expected + ahead) & 255)
        wanted = (DUPLICATE, b"") if ahead >= 128 else (SEQUENCE, bytes([expected]))
        assert reply == wanted, ahead
    assert host.read(3, 0, 1) == b"\7\0"


def test_numbers_go_round(host):
    for k in range(300):
        host.write(3, 1, bytes([k & 255, 0]))
    assert host.read(3, 1, 1) == bytes([299 & 255, 0])


def test_an_image_is_presented_once_however_often_that_is_asked(host):
    host.do(PIXELS, WHITE)
    number = host.seq
    assert host.ask(PRESENT, b"\1\0")[0] == OK
    for _ in range(3):
        assert host.ask(PRESENT, b"\1\0", seq=number) == (DUPLICATE, b"")
    assert host.counters()[3] == 1


@pytest.mark.parametrize("op", [0, 4, 0x0F, 0x12, 0x13, 0x33, 0x41, 0x81, 0xFF])
def test_unknown_op(host, op):
    if op < 128:
        assert host.ask(op, b"abc") == (BAD_OP, b"")
    else:
        host.send(op, b"abc")
        reply = host.reply()
        assert (reply.op, reply.status, reply.answer) == (op - 128, BAD_OP, b"")
    assert host.state()[0] == host.seq
    assert host.ask(0x12, b"abc", seq=host.seq + 1) == (SEQUENCE, bytes([host.seq]))


# READ, WRITE


def test_values_are_read_back_in_every_region(host):
    for region, first, values in (
        (0, NAMES.index("lfsr"), struct.pack("<2I", 77777, 0xC0DBC0DB)),
        (1, 220, bytes([0x21, 0x43])),
        (2, 0, struct.pack("<4H", 1, 20, 127, 4)),
        (3, 14, struct.pack("<2H", 1023, 2)),
        (4, 30, struct.pack("<2H", 65535, 0x1234)),
    ):
        host.write(region, first, values)
        count = {0: 2, 1: 4, 2: 4, 3: 2, 4: 2}[region]
        assert host.read(region, first, count) == values, region
        assert host.read(region, first, 0) == b""


def test_weights_are_half_bytes_and_the_first_is_low(host):
    host.write(1, 0, bytes.fromhex("10325476"))
    assert host.read(1, 1, 1)[0] & 15 == 1
    assert host.read(1, 1, 4) == bytes.fromhex("2143")
    assert [host.read(1, k, 1)[0] & 15 for k in range(8)] == list(range(8))
    host.write(1, 3, b"\xba")
    assert host.read(1, 0, 8) == bytes.fromhex("10a25b76")


@pytest.mark.parametrize(
    ("region", "end"), [(0, len(NAMES)), (1, 224), (2, 4), (3, 16), (4, 32), (5, 2), (6, 6), (7, 0)]
)
def test_reading_ends_where_a_region_ends(host, region, end):
    if end:
        size = {0: 4, 1: 1, 6: 4}.get(region, 2)
        assert len(host.read(region, end - 1, 1)) == size
    for index, count in ((end, 1), (end - 1, 2), (0, end + 1), (1 << 16, 1), (1 << 23, 1)):
        if count < 64 and index >= 0:
            assert host.ask(READ, place(region, index) + bytes([count])) == (BAD_INDEX, b"")
    assert host.ask(READ, place(region | 8, 0) + b"\1") == (BAD_INDEX, b"")


@pytest.mark.parametrize(("region", "most"), [(0, 63), (1, 255), (2, 127), (3, 127), (6, 63)])
def test_a_reply_has_room_for_so_many(host, region, most):
    if most < 255:
        payload = place(region, 0) + bytes([most + 1])
        assert host.ask(READ, payload) == (BAD_LENGTH, b"")
    status, answer = host.ask(READ, place(region, 0) + bytes([most]))
    assert (status, answer) == (BAD_INDEX, b"")


def test_a_long_read(host):
    rows = bytes(k * 37 & 255 for k in range(112))
    host.write(1, 0, rows)
    assert host.read(1, 0, 224) == rows
    assert host.read(1, 0, 223)[:111] == rows[:111]


def test_writing_stops_at_the_first_index_that_does_not_exist(host):
    host.write(3, 15, b"\1\0")
    assert host.ask(WRITE, place(3, 15) + b"\5\0\6\0\7\0") == (BAD_INDEX, b"")
    assert host.read(3, 15, 1) == b"\5\0"
    assert host.ask(WRITE, place(1, 222) + b"\x21\x43") == (BAD_INDEX, b"")
    assert host.read(1, 222, 2) == b"\x21"


def test_only_the_very_last_half_may_lie_behind_the_end(host):
    host.write(1, 223, b"\x09")
    assert host.read(1, 223, 1)[0] & 15 == 9
    assert host.ask(WRITE, place(1, 223) + b"\x09\x09") == (BAD_INDEX, b"")
    assert host.ask(WRITE, place(1, 224) + b"\x09") == (BAD_INDEX, b"")


@pytest.mark.parametrize(
    ("region", "size"), [(5, 2), (6, 4), (7, 1), (8, 4), (9, 1), (10, 2), (14, 4), (255, 1)]
)
def test_what_is_read_only_is_not_written(host, region, size):
    """Low bits of a region that does not exist tell the size of its values."""
    before = host.counters()
    for count in range(1, 5):
        status = BAD_LENGTH if count % size else BAD_INDEX
        assert host.ask(WRITE, place(region, 0) + bytes(count)) == (status, b"")
    assert host.counters() == before


@pytest.mark.parametrize("payload", [b"", b"\0\0\0", place(0, 0), place(0, 0) + b"\1\1"], ids=len)
def test_read_has_one_length(host, payload):
    assert host.ask(READ, payload) == (BAD_LENGTH, b"")


def test_write_has_whole_values(host):
    assert host.ask(WRITE, b"\0\0\0") == (BAD_LENGTH, b"")
    for region, parts in ((0, 1), (0, 2), (0, 3), (0, 7), (2, 1), (3, 3), (4, 5)):
        assert host.ask(WRITE, place(region, 0) + bytes([9] * parts)) == (BAD_LENGTH, b"")
    assert host.ask(WRITE, place(3, 0)) == (OK, b"")


# PIXELS, PRESENT, DISCARD


def test_an_image_comes_in_by_runs(host):
    assert host.state()[1] == EMPTY
    host.do(PIXELS, b"")
    host.do(PIXELS, b"\0\0")
    assert host.state()[1] == EMPTY
    host.do(PIXELS, b"\1\0\3\2")
    assert host.state()[1] == PARTIAL
    host.do(PIXELS, b"\0\x0a\5")
    assert host.state()[1] == COMPLETE
    host.do(PIXELS, b"\0\0")
    assert host.ask(PIXELS, b"\1") == (OVERRUN, b"")
    assert host.state()[1] == SPOILT
    assert host.ask(PIXELS, b"\1") == (OVERRUN, b"")
    assert host.ask(PRESENT, b"\0\0") == (NO_IMAGE, b"")
    host.do(DISCARD)
    assert host.state()[1] == EMPTY
    host.do(PIXELS, WHITE)
    host.present(0, 0)


@pytest.mark.parametrize("payload", [b"\0\x11", b"\0\xff", WHITE + b"\1", WHITE + b"\0\1\1\1\1"])
def test_too_many_pixels(host, payload):
    assert host.ask(PIXELS, payload) == (OVERRUN, b"")
    assert host.state()[1] == SPOILT


@pytest.mark.parametrize("payload", [b"\0", b"\1\2\0", WHITE + b"\0"])
def test_a_divided_pair_spoils_the_image(host, payload):
    assert host.ask(PIXELS, payload) == (BAD_LENGTH, b"")
    assert host.state()[1] == SPOILT
    host.do(DISCARD)
    assert host.state()[1] == EMPTY


@pytest.mark.parametrize(
    ("payload", "status"),
    [
        (b"", BAD_LENGTH),
        (b"\0", BAD_LENGTH),
        (b"\0\0\0", BAD_LENGTH),
        (b"\2\0", BAD_VALUE),
        (b"\x81\0", BAD_VALUE),
        (b"\0\x0a", BAD_VALUE),
        (b"\1\xff", BAD_VALUE),
        (b"\0\x09", OK),
        (b"\1\0", OK),
    ],
)
@pytest.mark.parametrize("op", [PRESENT, START], ids=["present", "start"])
def test_what_a_presentation_asks_for_is_judged(host, op, payload, status):
    assert host.ask(op, payload)[0] == (NO_IMAGE if status == OK else status)
    host.do(PIXELS, WHITE[1:])
    assert host.ask(op, payload)[0] == (NO_IMAGE if status == OK else status)
    host.do(PIXELS, WHITE[:1])
    assert host.ask(op, payload)[0] == status
    assert host.state()[1] == (EMPTY if status == OK else COMPLETE)


def learned(host) -> State:
    """Read back all that learning changes."""
    halves = np.frombuffer(host.read(1, 0, 64), np.uint8).astype(np.int64)
    w = np.stack([halves & 15, halves >> 4], 1).reshape(16, 4)
    theta = np.frombuffer(host.read(2, 0, 4), "<u2").astype(np.int64)
    last = np.frombuffer(host.read(3, 0, 16), "<u2").astype(np.int64)
    lfsr, presented = struct.unpack("<2I", host.read(0, NAMES.index("lfsr"), 2))
    return State(P.w.wrap(w), theta, 0, last, lfsr, presented)


def load(host, seed: int) -> State:
    """Write a network; return it."""
    rng = np.random.default_rng(seed)
    w, theta = rng.integers(-8, 8, (16, 4)), rng.integers(0, 30, 4)
    halves = (w & 15).reshape(-1, 2)
    host.write(1, 0, bytes((halves[:, 0] | halves[:, 1] << 4).tolist()))
    host.write(1, 64, bytes(80))
    host.write(2, 0, struct.pack("<4H", *theta.tolist()))
    host.write(3, 0, bytes(32))
    host.write(4, 0, struct.pack("<32H", *P.a_plus))
    host.write(0, NAMES.index("theta_plus"), struct.pack("<I", 3))
    return State(w, theta, 0, np.zeros(16, np.int64), 1, 0)


def show(host, rng) -> np.ndarray:
    """Send a random image; return it."""
    image = rng.integers(0, 256, 16) * rng.integers(0, 2, 16)
    host.do(PIXELS, b"".join(bytes([v]) if v else b"\0\1" for v in image.tolist()))
    return image


def same(ours: State, theirs: State) -> bool:
    """Tell whether two states are equal."""
    return all(np.array_equal(a, b) for a, b in zip(ours, theirs, strict=True))


def test_the_core_learns_as_golden_does_and_is_counted(host):
    rng, state, p = np.random.default_rng(5), load(host, 5), replace(P, theta_plus=3)
    assert same(learned(host), state)
    begun, totals = state, np.zeros(4, np.int64)
    for learn in (1, 0, 1, 1, 0):
        image = show(host, rng)
        label, spikes, cycles = host.present(learn, 9)
        outcome, state = present(p, state, image, learn=bool(learn))
        assert (label, spikes) == (0, len(outcome.spikes))
        assert cycles > 2 * outcome.n_events
        totals += cycles, outcome.n_events, spikes, 1
        assert same(learned(host), state)
        assert host.counters() == (*totals.tolist(), 0, 0)
        if spikes:
            told = np.frombuffer(host.read(5, 0, min(spikes, 2)), "<u2").tolist()
            assert told == list(outcome.spikes[:2])
    assert not same(begun, state)
    assert totals[2] > 3


def test_counters_carry_into_all_their_bytes(host):
    load(host, 5)
    for name, value in (("n_steps", 1000), ("v_th", 127), ("force_spike", 0)):
        host.write(0, NAMES.index(name), struct.pack("<I", value))
    cycles = spikes = 0
    for k in range(1, 20):
        host.do(PIXELS, WHITE)
        _, more, longer = host.present(0, 0)
        cycles, spikes = cycles + longer, spikes + more
        assert host.counters()[:4:2] == (cycles, spikes)
        assert host.counters()[3] == k
    assert cycles > 1 << 16


def test_the_answer_has_the_label(host):
    load(host, 5)
    host.write(1, 120, b"\x55\x55")
    host.do(PIXELS, WHITE)
    label, spikes, _ = host.present(0, 0)
    assert (label, spikes) == (7, 2)


def test_the_same_image_takes_the_same_time(host):
    load(host, 6)
    seen = set()
    for _ in range(3):
        host.do(PIXELS, WHITE)
        seen.add(host.present(0, 0))
    assert len(seen) == 1


# Discarding


def half(host):
    host.do(PIXELS, WHITE[:7])


def complete(host):
    host.do(PIXELS, WHITE)


def spoilt(host):
    assert host.ask(PIXELS, WHITE + b"\1")[0] == OVERRUN


def spoilt_half(host):
    assert host.ask(PIXELS, WHITE[:5] + b"\0")[0] == BAD_LENGTH


def nothing(host):
    assert host.state()[1] == EMPTY


@pytest.mark.parametrize("left", [half, complete, spoilt, spoilt_half, nothing])
@pytest.mark.parametrize("op", [DISCARD, HELLO, RESET], ids=["discard", "hello", "reset"])
def test_what_is_left_behind_is_discarded_and_nothing_is_learned(host, left, op):
    state, rng = load(host, 7), np.random.default_rng(8)
    show(host, rng)
    # The learning request before must not make the discarded presentation learn.
    host.present(1, 3)
    state = learned(host)
    left(host)
    assert host.ask(op, {DISCARD: b"", HELLO: b"1234", RESET: b"RESET"}[op])[0] == OK
    assert host.state() == (host.seq, EMPTY)
    scalars = {"lfsr": 1, "presented": 0} if op == RESET else {}
    assert same(learned(host), state._replace(**scalars))
    host.write(0, NAMES.index("theta_plus"), struct.pack("<I", 3))
    image = show(host, rng)
    host.present(1, 0)
    _, state = present(replace(P, theta_plus=3), state._replace(**scalars), image, learn=True)
    assert same(learned(host), state)

"""Whatever comes over the line: no hang, no change of learned state, in step at the next end."""

import random

import pytest

from tests.link.host import (
    BAD_FRAME,
    DISCARD,
    HELLO,
    OK,
    OVERFLOW,
    PIXELS,
    PRESENT,
    READ,
    RESET,
    STATUS,
    WRITE,
    body,
    line,
    place,
)
from tests.link.test_top import EMPTY, NAMES, WHITE, learned, load, same

END = b"\xc0"
SLOW = 100_000
"""Cycles."""
BODIES = {
    HELLO: b"1234",
    STATUS: b"1234",
    READ: place(1, 0) + b"\x10",
    WRITE: place(1, 0) + bytes(16),
    PIXELS: WHITE,
    PRESENT: b"\1\3",
    DISCARD: b"",
}


def reports(host) -> list[int]:
    """Return the statuses of the reports that come, and nothing else may."""
    told = host.replies()
    assert all((reply.op, reply.answer) == (0xFF, b"") for reply in told), told
    return [reply.status for reply in told]


def in_step(host, state):
    """Assert that the next request is done, and that nothing has been learned."""
    assert host.state()[0] == host.seq
    assert same(learned(host), state)


def slow(host):
    """Make presentations last `SLOW` cycles at most, but longer than it takes to fill the queue."""
    for name, value in (("n_steps", 1023), ("v_th", 127), ("force_spike", 0)):
        host.write(0, NAMES.index(name), value.to_bytes(4, "little"))


def test_empty_frames_mean_nothing(host):
    host.put(END * 50)
    assert reports(host) == []
    assert host.counters()[4:] == (0, 0)


def test_a_report_tells_the_number_expected(host):
    host.seq = 9
    host.ask(HELLO, b"1234", seq=8)
    host.put(b"garbage" + END)
    (reply,) = host.replies()
    assert (reply.seq, reply.op, reply.status, reply.answer) == (9, 0xFF, BAD_FRAME, b"")
    assert host.counters()[4:] == (1, 0)


def test_every_wrong_bit_is_found(host):
    state = load(host, 1)
    for op in (WRITE, PRESENT):
        text = body(host.seq, op, BODIES[op])
        for bit in range(8 * len(text)):
            wrong = bytearray(text)
            wrong[bit // 8] ^= 1 << bit % 8
            host.put(line(bytes(wrong)))
            assert reports(host) == [BAD_FRAME]
    in_step(host, state)
    assert host.counters()[4] == 8 * (len(body(0, WRITE, BODIES[WRITE])) + 9)


def test_every_truncation_and_extension_is_found(host):
    state = load(host, 2)
    text = body(host.seq, WRITE, BODIES[WRITE])
    wrong = [text[:n] for n in range(1, len(text))]
    wrong += [text + text[-1:], text + bytes(4), text + text, bytes(7), bytes(8), bytes(300)]
    for frame in wrong:
        host.put(line(frame))
        assert reports(host) == [BAD_FRAME], frame
    in_step(host, state)
    assert host.counters()[4:] == (len(wrong), 0)


def test_bad_escapes_are_found(host):
    state = load(host, 3)
    text = body(host.seq, PIXELS, b"\xc0\xdb")
    seq = host.seq
    good = line(text)
    assert b"\xdb\xdc\xdb\xdd" in good
    for byte in (0x00, 0xDB, 0xDE, 0xFF, 0x5C):
        host.put(good.replace(b"\xdb\xdc", bytes([0xDB, byte])))
        assert reports(host) == [BAD_FRAME], byte
    host.put(good[:-1] + b"\xdb" + END)
    assert reports(host) == [BAD_FRAME]
    host.put(good)
    (reply,) = host.replies()
    assert (reply.seq, reply.status) == (seq, OK)
    host.seq = seq + 1
    in_step(host, state)


@pytest.mark.parametrize("seed", range(6))
def test_garbage_is_ended_by_the_first_end(host, seed):
    state, rng = load(host, seed), random.Random(seed)
    for _ in range(8):
        garbage = rng.randbytes(rng.choice((1, 3, 40, 700)))
        host.put(garbage + END)
        assert set(reports(host)) <= {BAD_FRAME}
        assert host.ask(STATUS, b"1234", seq=1)[0] == OK
    in_step(host, state)


@pytest.mark.parametrize("seed", range(6))
def test_mutated_traffic_does_nothing_that_was_not_asked_for(host, seed):
    """Requests that may not learn, with bytes lost, doubled and changed."""
    state, rng = load(host, seed), random.Random(100 + seed)
    ops = [HELLO, STATUS, READ, PIXELS, DISCARD]
    for _ in range(60):
        op = rng.choice(ops)
        sent = bytearray(line(body(rng.choice((host.seq, 0, 255)), op, BODIES[op])))
        for _ in range(rng.randrange(4)):
            at = rng.randrange(len(sent))
            sent[at : at + rng.randrange(3)] = rng.randbytes(rng.randrange(3))
            sent = sent or bytearray(b"\0")
        host.put(bytes(sent))
    host.put(END)
    host.replies()
    expected, _ = host.state()
    host.seq = expected
    in_step(host, state)
    host.hello()
    assert host.state() == (host.seq, EMPTY)


@pytest.mark.parametrize("op", BODIES)
def test_a_host_that_dies_in_a_frame_costs_that_frame(host, op):
    state = load(host, 4)
    whole = line(body(host.seq, op, BODIES[op]))
    for n in range(1, len(whole)):
        host.put(whole[:n], 3000)
        host.hello()
        assert host.state() == (1, EMPTY)
    assert same(learned(host), state)


def test_a_full_queue_drops_whole_requests_and_says_so(host):
    load(host, 5)
    slow(host)
    host.do(PIXELS, WHITE)
    begun = host.seq
    frames = [
        line(body(begun + 1 + k, WRITE, place(3, k % 16) + bytes([k, 1]))) for k in range(120)
    ]
    host.put(line(body(begun, PRESENT, b"\0\0")) + b"".join(frames))
    told = host.replies(SLOW)
    done = [reply for reply in told if reply.status == OK]
    assert [reply.seq for reply in done] == [(begun + k) & 255 for k in range(len(done))]
    # So many have place: the first is not in the queue any more, and each of the others takes 9.
    assert len(done) == 1 + 440 // 9
    assert any(reply.status == OVERFLOW for reply in told)
    host.seq = (begun + len(done)) & 255
    assert host.state()[0] == host.seq
    lost = host.counters()[5]
    assert 0 < lost <= 120
    assert host.counters()[4] == 0
    values = host.read(3, 0, 16)
    for axon in range(16):
        writes = [k for k in range(len(done) - 1) if k % 16 == axon]
        if writes:
            assert values[2 * axon : 2 * axon + 2] == bytes([writes[-1], 1])


def test_requests_that_fill_the_queue_to_the_last_byte_are_all_done(host):
    slow(host)
    for _ in range(4):
        host.do(PIXELS, WHITE)
        begun = host.seq
        host.send(PRESENT, b"\0\0")
        host.put(b"", 3000)
        # The first has been read before the others come, which need 255 + 182 + 3 bytes.
        host.send(PIXELS, bytes(252))
        host.send(PIXELS, bytes(178) + b"\1")
        host.send(DISCARD)
        told = host.replies(SLOW)
        assert [reply.status for reply in told] == [OK] * 4
        assert [reply.seq for reply in told] == [(begun + k) & 255 for k in range(4)]
        host.do(PIXELS, WHITE)
        host.send(PRESENT, b"\0\0")
        host.put(b"", 3000)
        host.send(PIXELS, bytes(252))
        host.send(PIXELS, bytes(180))
        host.send(DISCARD)
        told = host.replies(SLOW)
        assert [reply.status for reply in told] == [OK, OVERFLOW, OK, OK]
        host.seq = (host.seq - 1) & 255
        host.do(DISCARD)
    assert host.counters()[4:] == (0, 4)


def test_only_what_is_asked_for_within_the_window_is_done_at_any_speed(host):
    load(host, 6)
    begun = host.seq
    for k in range(40):
        host.send(WRITE, place(3, k % 16) + bytes([k, 2]))
    told = host.replies()
    assert [(reply.seq, reply.status) for reply in told] == [
        ((begun + k) & 255, OK) for k in range(40)
    ]


def test_reset_ends_everything(host):
    state = load(host, 7)
    host.put(b"\xdb\x00" + line(body(3, PIXELS, WHITE[:3]))[:7])
    host.put(END + line(body(250, RESET, b"RESET")))
    assert [reply.status for reply in host.replies()][-1] == OK
    host.seq = 251
    in_step(host, state)

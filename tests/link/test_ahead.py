"""START: the core presents while the next image comes in, and nobody can tell but by the clock."""

from dataclasses import replace

import numpy as np
import pytest

from golden.dense.core import present
from tests.link.host import BAD_FRAME, OK, PIXELS, PRESENT, READ, RESET, START, WRITE, place
from tests.link.test_hostile import SLOW, slow
from tests.link.test_top import COMPLETE, EMPTY, PARTIAL, WHITE, P, learned, load, same, show

SOON = 3000
"""Cycles within which a request that waits for nothing is answered."""


def busy(host, learn: int = 0) -> int:
    """Start a presentation that lasts; return the cycle in which that was answered."""
    slow(host)
    host.do(PIXELS, WHITE)
    host.do(START, bytes((learn, 0)))
    return host.line.cycles


def test_the_next_image_comes_in_and_is_told_of_while_one_is_presented(host):
    begun = busy(host)
    assert host.state()[1] == EMPTY
    host.do(PIXELS, WHITE[:7])
    assert host.state()[1] == PARTIAL
    host.do(PIXELS, b"\0\x09")
    assert host.state()[1] == COMPLETE
    assert host.line.cycles - begun < 5 * SOON


@pytest.mark.parametrize(
    ("op", "payload"),
    [
        (START, b"\0\0"),
        (PRESENT, b"\0\0"),
        (READ, place(3, 0) + b"\1"),
        (WRITE, place(3, 0) + b"\7\0"),
        (RESET, b"RESET"),
    ],
    ids=["start", "present", "read", "write", "reset"],
)
def test_whatever_else_waits_until_it_is_over(host, op, payload):
    begun = busy(host)
    host.do(PIXELS, WHITE)
    assert host.ask(op, payload)[0] == OK
    assert host.line.cycles - begun > SLOW // 10


def test_counters_are_those_of_present_to_the_cycle(host):
    told = []
    for op in (PRESENT, START):
        load(host, 7)
        before = np.array(host.counters())
        for image in (WHITE, b"\0\5" + WHITE[5:], WHITE):
            host.do(PIXELS, image)
            host.do(op, b"\0\0")
            # It is long over, or is not.
            host.put(b"", 0 if image == WHITE else SLOW // 10)
        told.append((np.array(host.counters()) - before).tolist())
    assert told[0] == told[1]
    assert told[0][3] == 3


def test_a_loss_is_reported_and_counted_meanwhile_and_costs_no_cycle(host):
    counted = []
    for spoilt in (b"", b"spoilt\xc0" * 3):
        before = np.array(host.counters())
        busy(host)
        host.put(spoilt)
        lost = host.replies(SOON)
        assert {reply.status for reply in lost} == ({BAD_FRAME} if spoilt else set())
        host.do(PIXELS, WHITE)
        counted.append((np.array(host.counters()) - before).tolist())
        host.do(PRESENT, b"\0\0")
        assert counted[-1][4] == len(lost)
    assert counted[0][:4] == counted[1][:4]


def test_the_core_learns_as_golden_does(host):
    rng, state, p = np.random.default_rng(8), load(host, 8), replace(P, theta_plus=3)
    for k in range(40):
        image = show(host, rng)
        learn = int(rng.integers(0, 4) > 0)
        host.do(START, bytes((learn, k % 10)))
        _, state = present(p, state, image, learn=bool(learn))
        if k % 4 == 0:
            assert host.state() == (host.seq, EMPTY)
            assert same(learned(host), state)
    assert same(learned(host), state)
    assert host.counters()[3] == 40


def test_a_started_image_is_learned_once_however_often_that_is_asked(host):
    load(host, 9)
    host.do(PIXELS, WHITE)
    number = host.seq
    host.do(START, b"\1\0")
    for _ in range(3):
        assert host.ask(START, b"\1\0", seq=number)[0] == 1
    assert host.counters()[3] == 1


def test_hello_waits_and_forgets_the_image_that_came_in_meanwhile(host):
    begun = busy(host)
    host.do(PIXELS, WHITE[:3])
    host.hello()
    assert host.line.cycles - begun > SLOW // 10
    assert host.state()[1] == EMPTY
    # The rest of the image was presented, without being counted.
    assert host.counters()[3] == 1

# amaranth: UnusedElaboratable=no
"""The sweep in gates: every cycle's reads and writes, against golden's weights and words."""

from dataclasses import replace

import numpy as np
import pytest

from golden.dense import stdp
from golden.dense.stdp import PUNISH, REWARD
from golden.numbers import lfsr
from hdl.dense.stdp import DROP_BITS, STDP
from sim.battery.networks import TINY
from tests.hdl.bench import run
from tests.hdl.dense.sweeps import AFTER, LATE, QUIET, Lesson, check, expected, load, observe, start
from tests.shared.by_hand import ALL_ONES_NEXT, WORDS

GAINS = (0, 1, 3, 4, 9, 65535)
SEEDS = range(40)
OTHER = 5
"""Gain outside the window, unlike those in it."""


def lesson_of(rng, p, kind):
    step = int(rng.integers(p.n_steps))
    latest = min(p.n_steps, step + p.ltd_window + 3) if kind == LATE else step + 1
    oldest = max(0, latest - p.ltp_window - p.ltd_window - 3)
    last = rng.integers(oldest, latest + 1, p.n_axons) * (rng.random(p.n_axons) < 0.8)
    inside = rng.random(p.n_axons) < 0.8
    column = rng.integers(p.w.min, p.w.max + 1, p.n_axons)
    column = np.where(inside, column.clip(p.w_min, p.w_max), column)
    register, word = int(rng.integers(1, 2**32)), int(rng.integers(p.n_words))
    return Lesson(column, last, step, kind, register, word)


def params_of(rng, **changes):
    bits = int(rng.choice((1, 2, 3, 4, 8, 16)))
    w_min = int(rng.integers(-(1 << (bits - 1)), (1 << (bits - 1)) - 1))
    w_max = int(rng.integers(w_min + 1, 1 << (bits - 1)))
    scale = 1 << int(rng.integers(1, 17))
    late = tuple(map(int, rng.integers(0, scale, rng.choice((0, 0, 1, 5)))))
    return replace(
        TINY,
        width=int(rng.integers(1, 40)),
        n_neurons=int(rng.integers(2, 12)),
        n_lanes=int(rng.integers(1, 3)),
        n_steps=int(rng.choice((1, 4, 16, 1023))),
        weight_bits=bits,
        w_min=w_min,
        w_max=w_max,
        w_init_low=w_min,
        w_init_high=w_min + 1,
        dw_shift=int(rng.integers(0, 17)),
        a_plus=tuple(map(int, rng.integers(0, scale, rng.integers(0, 7)))),
        a_minus=int(rng.integers(scale)),
        a_late=late,
        soft_bounds=bool(rng.integers(2)),
        single_port=bool(rng.integers(2)),
        **changes,
    )


# By hand


@pytest.mark.parametrize("single_port", [False, True], ids=["dual-port", "single-port"])
def test_sweep_by_hand(single_port):
    p = replace(TINY, width=2, a_plus=(8,), a_minus=8, dw_shift=2, single_port=single_port)
    lesson = Lesson(np.array([3, 3]), np.array([1, 0]), 0, REWARD, 1, 1)
    first, second, third = 1, *WORDS[:2]
    trace = {0: (1, 1, 0, 0, 0, 0, first), 1: (1, 3, 0, 0, 0, 0, first)}
    trace[7] = (0, 0, 1, 1, 5, 0, third)
    trace[8] = (0, 0, 1, 3, 1, 1, third)
    told = expected(p, lesson)
    assert {i: row for i, row in enumerate(told) if row[:6] != QUIET} == trace
    assert [row[6] for row in told[:8]] == [first] * 6 + [second, third]
    check(p, [lesson])


@pytest.mark.parametrize(
    ("single_port", "eighth", "write", "done"),
    [(False, 7, (1, 14, 1), 15), (True, 8, (0, 0, 1), 16)],
    ids=["dual-port", "single-port"],
)
def test_axons_wait_for_writes_of_a_single_port(single_port, eighth, write, done):
    p = replace(TINY, width=9, a_plus=(8,), a_minus=0, dw_shift=2, single_port=single_port)
    lesson = Lesson(np.full(9, 3), np.array([1] + [0] * 8), 0, REWARD, 1)
    told = expected(p, lesson)
    assert [i for i, row in enumerate(told) if row[0]] == [*range(7), eighth, eighth + 1]
    assert [row[:3] for row in told if row[2]] == [write]
    assert [i for i, row in enumerate(told) if row[5]] == [done]
    check(p, [lesson])


# The host's side


def test_host_reads_back_last_and_table():
    p = replace(TINY, a_plus=(7, 6), a_late=(5,))
    dut = STDP(p)

    async def bench(ctx):
        await load(ctx, dut, p, Lesson(np.zeros(3), np.array([3, 1, 1023]), 0, REWARD, 1))
        ctx.set(dut.host, 1)
        read = []
        for index in range(3):
            ctx.set(dut.host_axon, index)
            ctx.set(dut.table_index, index)
            await ctx.tick()
            read.append((ctx.get(dut.last), ctx.get(dut.table)))
        assert read == [(3, 7), (1, 6), (1023, 5)]

    run(dut, bench)


def test_register_draws_when_told():
    dut = STDP(TINY)

    async def bench(ctx):
        await ctx.tick()
        assert ctx.get(dut.lfsr) == 1
        ctx.set(dut.draw, 1)
        for word in WORDS:
            assert ctx.get(dut.drawn) == word >> (32 - DROP_BITS)
            await ctx.tick()
            assert ctx.get(dut.lfsr) == word
        ctx.set(dut.lfsr_data, ALL_ONES_NEXT)
        ctx.set(dut.lfsr_en, 1)
        await ctx.tick()
        assert ctx.get(dut.lfsr) == ALL_ONES_NEXT
        assert ctx.get(dut.drawn) == (1 << DROP_BITS) - 1

    run(dut, bench)


@pytest.mark.parametrize("a_late", [(), (3,)], ids=["without", "with"])
def test_ports_of_lateness_exist_only_with_it(a_late):
    members = STDP(replace(TINY, a_late=a_late)).signature.members
    assert [name in members for name in ("late", "ltd_window")] == [bool(a_late)] * 2


# Equality


def every_case(p, kind):
    """Make one lesson with every weight, gain and noise; the noise follows from the register."""
    ages = range(len(GAINS) + 1)
    pools = {
        noise: [(w, age) for w in range(p.w.min, p.w.max + 1) for age in ages]
        for noise in range(1 << p.dw_shift)
    }
    register, chosen = 1, []
    while any(pools.values()) or len(chosen) % 32:
        noise, register = lfsr.draw(register, p.dw_shift)
        chosen.append(pools[noise].pop() if pools[noise] else (0, 0))
    column, age = np.array(chosen).T
    return Lesson(column, len(GAINS) + 1 - age, len(GAINS), kind, 1)


@pytest.mark.parametrize("soft", [False, True], ids=["hard", "soft"])
@pytest.mark.parametrize("kind", [REWARD, PUNISH, LATE], ids=["reward", "punish", "late"])
@pytest.mark.parametrize("bounds", [(-8, 7), (-5, 6), (-8, -7), (6, 7), (0, 1)], ids=str)
def test_four_bit_rule_exhaustively(soft, kind, bounds):
    table = {"a_late": GAINS} if kind == LATE else {"a_plus": GAINS, "a_minus": OTHER}
    low, high = bounds
    ends = {"w_min": low, "w_max": high, "w_init_low": low, "w_init_high": high}
    p = replace(TINY, weight_bits=4, **ends)
    p = replace(p, n_steps=16, dw_shift=2, soft_bounds=soft, **table)
    lesson = every_case(p, kind)
    if kind == LATE:
        lesson = lesson._replace(step=0, last=lesson.last + 1)
    p = replace(p, width=32, height=lesson.column.size // 32)
    assert (
        set(lesson.gain(p))
        == {
            REWARD: {*GAINS, -OTHER},
            PUNISH: {*(-gain for gain in GAINS), OTHER},
            LATE: {-gain for gain in GAINS},
        }[kind]
    )
    check(p, [lesson])


def random_run(seed):
    rng = np.random.default_rng(seed)
    p = params_of(rng)
    kinds = [REWARD, PUNISH, REWARD, PUNISH] + [LATE] * (2 * (p.ltd_window > 0))
    return p, [lesson_of(rng, p, int(kind)) for kind in rng.permutation(kinds)]


@pytest.mark.parametrize("seed", SEEDS)
def test_random_sweeps_equal_golden(seed):
    check(*random_run(seed))


def test_random_sweeps_go_everywhere():
    seen = set()
    for p, lessons in map(random_run, SEEDS):
        for lesson in lessons:
            after, _ = stdp.sweep(p, lesson.column, lesson.gain(p), lesson.register)
            dw = after - lesson.column
            seen |= {("up", lesson.kind, at) for at in (after == p.w_max)[dw > 0]}
            seen |= {("down", lesson.kind, at) for at in (after == p.w_min)[dw < 0]}
    ways = {("down", LATE), *((way, kind) for way in ("up", "down") for kind in (REWARD, PUNISH))}
    assert seen == {(*way, at_bound) for way in ways for at_bound in (False, True)}


@pytest.mark.parametrize("single_port", [False, True], ids=["dual-port", "single-port"])
def test_next_sweep_may_start_in_the_cycle_after_the_last(single_port):
    p = replace(TINY, width=9, a_plus=(3, 5), a_minus=2, dw_shift=2, single_port=single_port)
    first = lesson_of(np.random.default_rng(1), p, REWARD)
    after, register = stdp.sweep(p, first.column, first.gain(p), first.register)
    second = first._replace(column=after, register=register, kind=PUNISH)
    dut, done = STDP(p), []

    async def bench(ctx):
        await load(ctx, dut, p, first)
        for lesson in (first, second):
            await start(ctx, dut, p, lesson)
            wanted = expected(p, lesson)[:-AFTER]
            assert await observe(ctx, dut, p, lesson, len(wanted)) == wanted
            done.append(lesson)

    run(dut, bench)
    assert len(done) == 2


def test_registers_may_be_smaller_than_the_core():
    small = replace(TINY, width=20, n_steps=16, a_plus=(9, 8), a_minus=3, a_late=(7,), dw_shift=1)
    rng = np.random.default_rng(1)
    lessons = [lesson_of(rng, small, kind) for kind in (REWARD, LATE, PUNISH, LATE)]
    made_for = replace(small, a_plus=(9, 8, 50, 60), a_late=(7, 70))
    dut = STDP(made_for)

    async def bench(ctx):
        for lesson in lessons:
            await load(ctx, dut, made_for, lesson)
            ctx.set(dut.ltp_window, small.ltp_window)
            ctx.set(dut.ltd_window, small.ltd_window)
            await start(ctx, dut, small, lesson)
            wanted = expected(small, lesson)
            assert await observe(ctx, dut, small, lesson, len(wanted)) == wanted

    run(dut, bench)

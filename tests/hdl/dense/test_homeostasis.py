# amaranth: UnusedElaboratable=no
"""Homeostasis in gates: offset, base and counters against golden, edge by edge."""

from dataclasses import replace

import numpy as np
import pytest

from golden.dense import homeostasis
from hdl.dense.homeostasis import BASE_LATENCY, Homeostasis
from sim.battery.networks import TINY
from tests.hdl.bench import run

SMALL = replace(TINY, v_width=5, theta_width=3, theta_init=0, offset_shift=2, offset_plus=1)
"""Its offset has 5 bits, so every rise can be tried."""
DECAYING = replace(TINY, theta_decay_shift=1, theta_decay_period=3)
LAST = TINY.presented.max
"""The counter's last value before it wraps."""


async def strobe(ctx, dut, name, data=None):
    if data is not None:
        ctx.set(getattr(dut, name.replace("_en", "_data")), data)
    ctx.set(getattr(dut, name), 1)
    await ctx.tick()
    ctx.set(getattr(dut, name), 0)


def rtl_count(p, presented, n):
    """Count ``n`` presentations; return (due before, presented, count after) of each."""
    dut, told = Homeostasis(p), []

    async def bench(ctx):
        ctx.set(dut.theta_decay_period, p.theta_decay_period)
        await strobe(ctx, dut, "presented_en", presented)
        await strobe(ctx, dut, "decay_count_en", presented % p.theta_decay_period)
        for _ in range(n):
            due = ctx.get(dut.decay_due)
            await strobe(ctx, dut, "count")
            told.append((due, ctx.get(dut.presented), ctx.get(dut.decay_count)))
            await ctx.tick()
            assert told[-1][1:] == (ctx.get(dut.presented), ctx.get(dut.decay_count))

    run(dut, bench)
    return told


# By hand


def test_decay_is_due_every_third_presentation():
    assert rtl_count(DECAYING, 0, 4) == [(0, 1, 1), (0, 2, 2), (1, 3, 0), (0, 4, 1)]


def test_decay_is_due_as_the_counter_wraps():
    p = replace(DECAYING, theta_decay_period=4 * 3)  # does not divide 2**32
    assert rtl_count(p, LAST - 1, 3) == [(0, LAST, LAST % 12), (1, 0, 0), (0, 1, 1)]


def test_period_one_is_always_due():
    p = replace(DECAYING, theta_decay_period=1)
    assert rtl_count(p, 5, 2) == [(1, 6, 0), (1, 7, 0)]


def test_longest_period_is_due_once():
    p = replace(DECAYING, theta_decay_period=LAST)
    assert rtl_count(p, LAST - 2, 2) == [(0, LAST - 1, LAST - 1), (1, LAST, 0)]


def test_ports_of_what_is_off_do_not_exist():
    optional = {"peak", "activity_gain", "decay_due", "decay_count", "theta_decay_period"}
    assert optional.isdisjoint(Homeostasis(TINY).signature.members)
    built = replace(DECAYING, activity_gain=1)
    assert optional <= set(Homeostasis(built).signature.members)


# Equality


def test_every_rise_and_limit_equals_golden():
    p, dut = SMALL, Homeostasis(SMALL)
    cases = [(offset, plus) for offset in p.offset.values() for plus in p.offset.values()]
    assert {offset + plus > p.offset.max for offset, plus in cases} == {False, True}
    theta = np.zeros(p.n_neurons, dtype=np.int64)

    async def bench(ctx):
        for i, (offset, plus) in enumerate(cases):
            v_th = p.v.values()[i % len(p.v.values())]
            ctx.set(dut.v_th, v_th)
            ctx.set(dut.offset_plus, plus)
            await strobe(ctx, dut, "offset_en", offset)
            await ctx.tick()
            assert ctx.get(dut.offset) == offset
            assert -ctx.get(dut.limit) == homeostasis.threshold(p, v_th, theta, offset)[0]
            _, risen = homeostasis.rise(replace(p, offset_plus=plus), theta, offset, 0)
            await strobe(ctx, dut, "rise")
            assert ctx.get(dut.offset) == risen
            await ctx.tick()
            assert -ctx.get(dut.limit) == homeostasis.threshold(p, v_th, theta, risen)[0]

    run(dut, bench)


def test_limit_reaches_both_ends():
    widths = ({"v_width": 2, "theta_width": 24}, {"v_width": 24})
    for p in (SMALL, *(replace(TINY, offset_plus=1, **width) for width in widths)):
        dut = Homeostasis(p)

        async def bench(ctx, p=p, dut=dut):
            for v_th, offset in ((p.v.min, p.offset.max), (p.v.max, 0)):
                ctx.set(dut.v_th, v_th)
                await strobe(ctx, dut, "offset_en", offset)
                await ctx.tick()
                assert ctx.get(dut.limit) == (offset >> p.offset_shift) - v_th

        run(dut, bench)


@pytest.mark.parametrize("shift", [0, 3, 16])
@pytest.mark.parametrize("v_width", [5, 12, 24])
def test_base_of_every_peak_equals_golden(shift, v_width):
    built = replace(TINY, width=9, v_width=v_width, activity_gain=1, activity_shift=shift)
    dut, seen = Homeostasis(built), set()

    async def bench(ctx):
        for v_th in (built.v.min, -1, 0, 5, built.v.max):
            for gain in (0, 1, 5, 300, 65535):
                p = replace(built, v_th=v_th, activity_gain=gain)
                ctx.set(dut.v_th, v_th)
                ctx.set(dut.activity_gain, gain)
                for peak in range(p.n_axons + 1):
                    ctx.set(dut.peak, peak)
                    await ctx.tick().repeat(BASE_LATENCY)
                    base = homeostasis.base_threshold(p, peak)
                    assert ctx.get(dut.limit) == -base
                    seen.add((base > v_th, base == p.v.max))

    run(dut, bench)
    assert seen >= {(False, False), (False, True), (True, v_width < 24 and shift < 16)}


@pytest.mark.parametrize("seed", range(5))
def test_counters_equal_golden(seed):
    rng = np.random.default_rng(seed)
    period = int(rng.choice((1, 2, 3, 7, 64)))
    p = replace(DECAYING, theta_decay_period=period)
    start = int(rng.choice((0, 5, LAST - 70)))
    theta = np.full(p.n_neurons, 8, dtype=np.int64)
    expected, presented = [], start
    for _ in range(140):
        presented = p.presented.wrap(presented + 1)
        due = int(homeostasis.decay(p, theta, presented)[0] < 8)
        expected.append((due, presented, presented % period))
    assert rtl_count(p, start, len(expected)) == expected
    assert {due for due, *_ in expected} == ({1} if period == 1 else {0, 1})

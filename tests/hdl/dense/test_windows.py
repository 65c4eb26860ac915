# amaranth: UnusedElaboratable=no
"""Rings of neurons by age: refractory neurons against golden.dense.wta, windows against a list."""

from dataclasses import replace

import numpy as np
import pytest

from golden.dense import wta
from hdl.dense.windows import Refractory, Windows
from sim.battery.networks import TINY
from tests.hdl.bench import run

P = replace(TINY, n_neurons=7, n_lanes=3, n_steps=16, refrac=4, a_late=(3, 2, 1))
STEPS = 100
SEEDS = range(2)


def place(ctx, port, neuron):
    ctx.set(port.word, neuron // P.n_lanes)
    ctx.set(port.lane, neuron % P.n_lanes)


def neuron_at(ctx, port):
    return ctx.get(port.word) * P.n_lanes + ctx.get(port.lane)


async def strobe(ctx, port):
    ctx.set(port, 1)
    await ctx.tick()
    ctx.set(port, 0)


# Equality


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("refrac", range(P.refrac + 1))
def test_neurons_are_released_as_in_golden(refrac, seed):
    dut, rng, released = Refractory(P), np.random.default_rng(seed), []
    p = replace(P, refrac=refrac)

    async def bench(ctx):
        ctx.set(dut.refrac, refrac)
        v, flags = np.zeros(p.n_neurons, dtype=np.int64), wta.start(p)
        for _ in range(STEPS):
            if rng.random() < 0.05:
                await strobe(ctx, dut.clear)
                flags = wta.start(p)
            able = np.flatnonzero(wta.eligible(flags)).tolist()
            winner = int(rng.choice([*able, wta.NOBODY, wta.NOBODY]))
            before = flags.refrac_left
            v, flags = wta.settle(p, v, flags, winner)
            expected = np.flatnonzero((before == 1) & (flags.refrac_left == 0)).tolist()
            ctx.set(dut.won, winner != wta.NOBODY)
            place(ctx, dut.winner, max(winner, 0))
            got = [neuron_at(ctx, dut.neuron)] if ctx.get(dut.release) else []
            assert got == expected
            released.extend(got)
            await ctx.tick()  # Nothing happens without a strobe.
            await strobe(ctx, dut.tick)

    run(dut, bench)
    assert bool(released) == bool(refrac)


def look(ctx, dut, windows, step, oldest):
    """Compare all outputs with golden's windows: neuron -> step of its spike, oldest first."""
    ended = [n for n, spiked in windows.items() if step - spiked == P.ltd_window]
    asked = neuron_at(ctx, dut.neuron)
    told = [ctx.get(port) for port in (dut.any, dut.ended, dut.hit)]
    assert told == [bool(windows), bool(ended), asked in windows]
    pointed = list(windows)[:1] if oldest else [*ended, *({asked} & set(windows))][:1]
    for neuron in pointed:
        assert ctx.get(dut.age) == step - windows[neuron]
        assert neuron_at(ctx, dut.of) == neuron
    return "oldest" if oldest else "ended" if ended else "hit" if asked in windows else "none"


@pytest.mark.parametrize("seed", SEEDS)
def test_windows_equal_a_list(seed):
    dut, rng, seen = Windows(P), np.random.default_rng(seed), set()

    async def bench(ctx):
        ctx.set(dut.ltd_window, P.ltd_window)
        windows, step = {}, 0
        for _ in range(STEPS):
            neuron, oldest = int(rng.integers(P.n_neurons)), bool(rng.random() < 0.2)
            place(ctx, dut.neuron, neuron)
            ctx.set(dut.oldest, oldest and bool(windows))
            await ctx.tick()
            kind = look(ctx, dut, windows, step, oldest and bool(windows))
            seen.add(kind)
            if kind == "oldest":
                await strobe(ctx, dut.close)
                windows.pop(next(iter(windows)))
            elif kind == "ended":
                await strobe(ctx, dut.close)
                windows = {n: t for n, t in windows.items() if step - t < P.ltd_window}
            elif kind == "hit":
                await strobe(ctx, dut.close)
                del windows[neuron]
            elif step not in windows.values() and rng.random() < 0.6:
                await strobe(ctx, dut.open)
                windows[neuron] = step
            else:
                await strobe(ctx, dut.tick)
                step += 1
            if rng.random() < 0.02:
                await strobe(ctx, dut.clear)
                windows = {}

    run(dut, bench)
    assert seen == {"oldest", "ended", "hit", "none"}


def test_window_may_be_shorter_than_the_core():
    dut = Windows(P)

    async def bench(ctx):
        for ltd_window in (1, 2, 3):
            ctx.set(dut.ltd_window, ltd_window)
            place(ctx, dut.neuron, 5)
            await strobe(ctx, dut.open)
            for age in range(ltd_window):
                assert (ctx.get(dut.ended), ctx.get(dut.age)) == (0, age)
                await strobe(ctx, dut.tick)
            assert (ctx.get(dut.ended), ctx.get(dut.age)) == (1, ltd_window)
            await strobe(ctx, dut.close)
            assert ctx.get(dut.any) == 0

    run(dut, bench)

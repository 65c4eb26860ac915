"""Encoder in gates: every port in every cycle, against golden's spikes and docs/hardware.md."""

import random
from dataclasses import replace

import numpy as np
import pytest

from golden.dense import encoder
from golden.dense.params import Params
from golden.numbers import lfsr
from hdl.dense.encoder import Encoder
from sim.battery.networks import SMALL
from tests.hdl.bench import run

P = replace(SMALL, n_neurons=5, n_lanes=2, n_steps=9)
AFTER = 20
"""Cycles after the end in which nothing may happen."""
LIMIT = 5000


def spikes_of(p: Params, image) -> list:
    """List golden's spikes of every step."""
    state, steps = encoder.start(p), []
    for step in range(p.n_steps):
        spikes, state = encoder.encode(p, image, state, step)
        steps.append(spikes.tolist())
    return steps


def presentation(p: Params, image, learn: bool, dry: bool):
    """Predict each cycle's ports; send (i.valid, o.ready, step), once to begin."""
    spikes, active = spikes_of(p, image), np.flatnonzero(image).tolist()
    valid, ready, t = yield
    scan = True
    for drying in [True, False] if dry else [False]:
        for e in range(p.n_steps):
            if not scan:
                for _ in range(2 if active else 1):
                    valid, ready, t = yield {"done": e > t}
            left = p.n_axons if scan else 0
            for axon in range(p.n_axons) if scan else active:
                while scan and left == p.n_axons - axon:  # Nothing to look at before it is taken.
                    left -= valid
                    valid, ready, t = yield {"done": e > t, "taken": valid}
                accepted = False
                while not accepted:
                    event = spikes[e][axon]
                    shown = event and not drying and t == e
                    accepted = bool(drying or not event or (t == e and ready))
                    taken = bool(accepted and left and valid)
                    left -= taken
                    ports = {"done": e > t, "taken": taken, "valid": shown}
                    ports["word"] = axon * p.n_words if shown else 0
                    if learn and accepted and (scan or (event and not drying)):
                        stamp = e + 1 if event and not drying else 0
                        ports["last"] = (axon, stamp)
                    valid, ready, t = yield ports
            scan = False
        valid, ready, t = yield {"done": True, "dry_done": drying}
    while True:
        valid, ready, t = yield {"done": True, "end": True}


def compare(p: Params, images, *, learn=True, dry=False, stall=0.0, seed=1) -> list[int]:
    """Run presentations, comparing every cycle; return the cycles that each took."""
    dut, rng, lengths = Encoder(p), random.Random(seed), []

    async def bench(ctx):
        ctx.set(dut.n_steps, p.n_steps)
        if p.encoder == "periodic":
            ctx.set(dut.period_num, p.period_num)
            ctx.set(dut.period_offset, p.period_offset)
        if p.encoder == "bernoulli":
            ctx.set(dut.encoder_lfsr, lfsr.seeded(p.encoder_seed))
        for image in images:
            ctx.set(dut.start, 1)
            if p.activity_gain:
                ctx.set(dut.dry, dry)
            await ctx.tick()
            ctx.set(dut.start, 0)
            ctx.set(dut.learn, learn)
            lengths.append(await one(ctx, image))

    async def one(ctx, image):
        model = presentation(p, image, learn, dry)
        next(model)
        k, t, real, ended = 0, 0, not dry, None
        for cycle in range(LIMIT):
            valid, ready = k < p.n_axons and rng.random() >= stall, rng.random() >= stall
            ctx.set(dut.i.valid, valid)
            ctx.set(dut.i.payload, int(image[k]) if valid else rng.randrange(256))
            ctx.set(dut.o.ready, ready)
            ctx.set(dut.next_step, t + 1)
            want = model.send((valid, ready, t))
            check(ctx, want, cycle, p, image)
            k += want.get("taken", False)
            goes_on = want["done"] and real and t < p.n_steps - 1 and rng.random() >= stall
            ctx.set(dut.tick, goes_on)
            await ctx.tick()
            t += goes_on
            real |= want.get("dry_done", False)
            if want.get("end") and ended is None:
                ended = cycle
            if ended is not None and cycle == ended + AFTER:
                return ended
        raise TimeoutError(f"encoder must end in {LIMIT} cycles")

    def check(ctx, want, cycle, p, image):
        valid = ctx.get(dut.o.valid)
        got = {
            "done": ctx.get(dut.done),
            "taken": ctx.get(dut.i.valid) & ctx.get(dut.i.ready),
            "valid": valid,
            "word": ctx.get(dut.o.payload) if valid else 0,
        }
        expected = {name: int(want.get(name, 0)) for name in got}
        got["last"] = expected["last"] = None
        if ctx.get(dut.last_en):
            got["last"] = (ctx.get(dut.last_axon), ctx.get(dut.last_data))
        expected["last"] = want.get("last")
        if p.activity_gain:
            got["dry_done"], expected["dry_done"] = ctx.get(dut.dry_done), want.get("dry_done", 0)
            if want.get("dry_done"):
                got["peak"], expected["peak"] = ctx.get(dut.peak), encoder.peak(p, image)
        assert got == expected, f"cycle {cycle}"

    run(dut, bench)
    return lengths


def images(p: Params, seed: int) -> list:
    """Make images of many kinds."""
    rng, n = np.random.default_rng(seed), p.n_axons
    spot = np.zeros(n, dtype=np.int64)
    spot[rng.integers(n)] = 255
    sparse = rng.integers(0, 256, n) * (rng.random(n) < 0.4)
    return [
        rng.integers(0, 256, n),
        np.zeros(n, dtype=np.int64),
        np.full(n, 255, dtype=np.int64),
        spot,
        sparse,
        np.full(n, 1, dtype=np.int64),
    ]


VARIANTS = [
    pytest.param({"encoder": "rate"}, id="rate"),
    pytest.param({"encoder": "rate", "rate_shift": 2, "n_steps": 12}, id="slow-rate"),
    pytest.param({"encoder": "periodic", "period_num": 700}, id="periodic"),
    pytest.param(
        {"encoder": "periodic", "period_num": 100, "period_offset": 19}, id="periodic-exact"
    ),
    pytest.param({"encoder": "periodic", "period_num": 1, "period_offset": 1}, id="each-step"),
    pytest.param({"encoder": "bernoulli", "encoder_seed": 5}, id="bernoulli"),
    pytest.param({"encoder": "bernoulli", "rate_shift": 3}, id="slow-bernoulli"),
    pytest.param({"encoder": "latency"}, id="latency"),
    pytest.param({"encoder": "latency", "n_steps": 1}, id="one-step"),
    pytest.param({"height": 1, "width": 1, "n_lanes": 5}, id="one-axon"),
    pytest.param({"height": 4, "width": 4, "n_neurons": 21, "n_lanes": 1}, id="full-list"),
]

# By hand


def test_black_image_takes_a_cycle_an_axon_and_one_a_step():
    assert compare(P, [np.zeros(12, dtype=np.int64)]) == [1 + 12 + 9]


def test_steps_without_an_event_take_a_cycle_an_entry_and_two():
    p = replace(P, encoder="periodic", period_num=10000)
    image = np.array([0, 7, 0, 0, 9, 0, 0, 0, 0, 0, 0, 1], dtype=np.int64)
    assert compare(p, [image]) == [1 + 12 + 8 * (2 + 3) + 1]


def test_dry_run_waits_for_nothing_and_starts_again_in_turn():
    p = replace(P, height=1, width=2, n_steps=3, activity_gain=1)
    image = np.array([255, 255], dtype=np.int64)
    real = 3 * (2 + 2) + 1
    lengths = compare(p, [image], dry=True)
    assert lengths == [1 + 2 + 2 * (2 + 2) + 1 + real]


# Equality


@pytest.mark.parametrize("changes", VARIANTS)
@pytest.mark.parametrize("stall", [0.0, 0.5], ids=["fluent", "stalled"])
def test_encoder_equals_golden_in_every_cycle(changes, stall):
    p = replace(P, **changes)
    some = images(p, 3)
    outcomes = {spike for image in some for step in spikes_of(p, image) for spike in step}
    assert outcomes == {False, True}
    assert len(compare(p, some, stall=stall)) == len(some)


@pytest.mark.parametrize("changes", VARIANTS)
@pytest.mark.parametrize("dry", [True, False], ids=["dry", "not-dry"])
def test_dry_run_finds_the_peak_and_leaves_no_trace(changes, dry):
    p = replace(P, **changes, activity_gain=3)
    some = images(p, 4)
    assert max(encoder.peak(p, image) for image in some) > 0
    assert len(compare(p, some, dry=dry, stall=0.3)) == len(some)


def test_inference_writes_no_time_stamps():
    assert len(compare(P, images(P, 5), learn=False, stall=0.3)) == 6

"""Receptive fields in gates: every cycle against golden's pixels and docs/hardware.md."""

import random
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from golden.dense.interface import POOLING
from golden.dense.params import Params
from golden.dense.receptive_field import receptive_field
from hdl.dense import receptive_field as gates
from tests.hdl.bench import run

LIMIT = 20000
AFTER = 30
"""Cycles after the last pixel in which nothing may be given."""


def inside(p: Params) -> list[bool]:
    """Tell for every position of the walk whether it takes a pixel."""
    if p.receptive_field == "none":
        return [True] * (p.height * p.width)
    rows, columns = range(-2, p.height + 2), range(-2, p.width + 2)
    return [0 <= y < p.height and 0 <= x < p.width for y, x in product(rows, columns)]


def turns(p: Params) -> int:
    """Return the turns of a position, 0 if it takes none."""
    return max(2, -(-len(POOLING) // p.rf_stride)) if p.rf_in_turns else 0


def pipeline(p: Params) -> int:
    """Return the cycles from the last position to the first pixel."""
    if p.receptive_field == "none":
        return 0
    return 7 + turns(p) if p.rf_in_turns else 6


def walk(p: Params):
    """Tell of every cycle of a walk in which nothing waits whether it may take a pixel."""
    first, *others = inside(p)
    yield first
    for position in others:
        yield from [False] * (turns(p) - 1)
        yield position


def phases(p: Params, images):
    """Predict each cycle's (i.ready, o.valid, o.payload); send (i.valid, o.ready)."""
    valid, ready = yield
    for image in images:
        for position in walk(p):
            advanced = False
            while not advanced:
                advanced = valid or not position
                valid, ready = yield position, False, 0
        for _ in range(pipeline(p)):
            valid, ready = yield False, False, 0
        for pixel in receptive_field(p, image).tolist():
            taken = False
            while not taken:
                taken = ready
                valid, ready = yield False, True, pixel
    positions = walk(p)
    position = next(positions)
    while True:
        if not position:
            valid, ready = yield position, False, 0
            position = next(positions)
        else:
            valid, ready = yield True, False, 0


def compare(p: Params, images, stall: float, seed=1) -> int:
    """Run images through, comparing every cycle; return the cycles until all were given."""
    dut, rng = gates.receptive_field(p), random.Random(seed)
    pixels = [int(x) for image in images for x in image]
    ends: list[int] = []

    async def bench(ctx):
        model, fed, given = phases(p, images), 0, 0
        next(model)
        for cycle in range(LIMIT):
            valid, ready = fed < len(pixels) and rng.random() >= stall, rng.random() >= stall
            ctx.set(dut.i.valid, valid)
            ctx.set(dut.i.payload, pixels[fed] if valid else rng.randrange(256))
            ctx.set(dut.o.ready, ready)
            want = model.send((valid, ready))
            full = ctx.get(dut.o.valid)
            got = ctx.get(dut.i.ready), full, ctx.get(dut.o.payload) if full else 0
            assert got == want, f"cycle {cycle}"
            assert ctx.get(dut.full) == full
            fed += valid and want[0]
            given += ready and want[1]
            await ctx.tick()
            if given == len(images) * p.n_axons and not ends:
                ends.append(cycle + 1)
            if ends and cycle > ends[0] + AFTER:
                return
        raise TimeoutError(f"field must give all pixels in {LIMIT} cycles")

    run(dut, bench)
    return ends[0]


def some_images(p: Params, seed=2) -> list:
    """Make random images of many contrasts, and the corners of the input space."""
    rng, n = np.random.default_rng(seed), p.height * p.width
    spot = np.zeros(n, dtype=np.int64)
    spot[rng.integers(n)] = 255
    noise = [rng.integers(0, 256, n) >> k for k in (0, 3)]
    sharp = rng.integers(0, 2, n) * 255
    return [
        noise[0],
        sharp,
        np.zeros(n, dtype=np.int64),
        np.full(n, 255, dtype=np.int64),
        spot,
        noise[1],
    ]


# By hand


@pytest.mark.parametrize(
    ("field", "cycles"),
    [
        pytest.param("none", 8 * 9 + 72, id="none"),
        pytest.param("surround", 12 * 13 + 6 + 72, id="surround"),
        pytest.param("oriented", 12 * 13 + 6 + 8 * 2, id="oriented"),
    ],
)
def test_image_takes_its_positions_the_pipeline_and_its_pixels(field, cycles):
    p = Params(height=8, width=9, receptive_field=field, rf_stride=3)
    assert p.n_axons == {"none": 72, "surround": 72, "oriented": 16}[field]
    assert compare(p, some_images(p)[:1], 0.0) == cycles


def test_image_in_turns_takes_as_many_cycles_a_position():
    p = Params(height=8, width=9, receptive_field="oriented", rf_stride=3, rf_in_turns=True)
    assert compare(p, some_images(p)[:1], 0.0) == (12 * 13 - 1) * 2 + 1 + 9 + 8 * 2


# Equality


@pytest.mark.parametrize("stall", [0.0, 0.4], ids=["fluent", "stalled"])
@pytest.mark.parametrize(
    ("field", "height", "width", "stride", "rf_shift"),
    [
        pytest.param("none", 1, 1, 1, 0, id="one-pixel"),
        pytest.param("none", 3, 5, 1, 0, id="pixels"),
        pytest.param("surround", 1, 1, 1, 3, id="surround-of-one-pixel"),
        pytest.param("surround", 1, 6, 1, 0, id="surround-of-a-row"),
        pytest.param("surround", 7, 6, 1, 3, id="surround"),
        pytest.param("surround", 6, 7, 1, 4, id="surround-faint"),
        pytest.param("oriented", 2, 2, 1, 3, id="one-cell-each-pixel"),
        pytest.param("oriented", 5, 4, 1, 4, id="stride-one"),
        pytest.param("oriented", 4, 4, 2, 5, id="one-cell"),
        pytest.param("oriented", 7, 9, 2, 5, id="stride-two"),
        pytest.param("oriented", 11, 13, 3, 5, id="stride-three"),
        pytest.param("oriented", 12, 9, 3, 0, id="stride-three-saturates"),
        pytest.param("oriented", 8, 13, 4, 6, id="stride-four"),
        pytest.param("oriented", 17, 10, 5, 5, id="stride-five"),
        pytest.param("oriented", 15, 22, 7, 4, id="stride-seven"),
    ],
)
def test_field_equals_golden_in_every_cycle(field, height, width, stride, rf_shift, stall):
    p = Params(
        height=height, width=width, receptive_field=field, rf_stride=stride, rf_shift=rf_shift
    )
    images = some_images(p)
    assert len({x for image in images for x in receptive_field(p, image).tolist()}) > 1
    assert compare(p, images, stall) > 0
    if field == "oriented":
        assert compare(replace(p, rf_in_turns=True), images, stall) > 0


@pytest.mark.parametrize("in_turns", [False, True], ids=["at-once", "in-turns"])
def test_field_of_the_presets(in_turns):
    p = Params(receptive_field="oriented", rf_shift=5, rf_in_turns=in_turns)
    images = some_images(p)[1:2]
    assert {0, 22} <= {x for image in images for x in receptive_field(p, image).tolist()}
    assert compare(p, images, 0.1) > 0

"""Encoders: spike times worked out by hand, and counts that must come out even."""

from dataclasses import replace

import numpy as np
import pytest

from golden.dense import encoder
from golden.dense.params import Params
from sim.battery.networks import TINY
from tests.shared.by_hand import AT, WORDS, ints


def spike_steps(p: Params, pixel: int) -> list[int]:
    """List the steps in which the first axon spikes."""
    state, steps = encoder.start(p), []
    for step in range(p.n_steps):
        spikes, state = encoder.encode(p, ints(pixel, 0, 0), state, step)
        assert spikes.dtype == np.bool_
        assert not spikes[1:].any()  # a black pixel never spikes
        steps += [step] if spikes[0] else []
    return steps


def variant(name: str, n_steps: int, **changes) -> Params:
    return replace(TINY, encoder=name, n_steps=n_steps, **changes)


# By hand: rate


@pytest.mark.parametrize(
    ("pixel", "steps"),
    [
        pytest.param(255, [0, 1, 2, 3, 4], id="white-at-once"),
        pytest.param(128, [0, 2, 4], id="half-carries-at-once"),
        pytest.param(127, [1, 3], id="one-below-half-waits"),
        pytest.param(64, [1], id="quarter-in-second-step"),
        pytest.param(1, [], id="faint-not-yet"),
    ],
)
def test_rate_starts_at_one_half(pixel, steps):
    assert spike_steps(variant("rate", 5), pixel) == steps


def test_faintest_rate_pixel_spikes_after_half_a_turn():
    assert spike_steps(variant("rate", 128), 1) == [127]


def test_brightest_rate_pixel_misses_one_step_of_256():
    assert [s for s in range(256) if s not in spike_steps(variant("rate", 256), 255)] == [128]


def test_rate_shift_halves_the_rate_and_keeps_the_half_start():
    assert spike_steps(variant("rate", 6, rate_shift=1), 255) == [1, 3, 5]
    assert spike_steps(variant("rate", 6, rate_shift=1), 128) == [1, 5]


# By hand: periodic


@pytest.mark.parametrize(
    ("pixel", "steps"),
    [
        pytest.param(1, [4, 9], id="exact-period-is-five"),
        pytest.param(2, [4, 9], id="four-and-a-bit-rounds-up-to-five"),
        pytest.param(6, [3, 7], id="exact-period-is-four"),
        pytest.param(255, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], id="shortest-period-is-one"),
    ],
)
def test_period_is_rounded_up(pixel, steps):
    assert spike_steps(variant("periodic", 10, period_num=100, period_offset=19), pixel) == steps


def test_default_period_of_white_is_that_of_iakymchuk():
    p = Params(height=1, width=3, encoder="periodic", n_steps=100)
    assert spike_steps(p, 255) == [37, 75]  # ceil(15501 / 417) = 38
    assert spike_steps(p, 1) == [95]  # ceil(15501 / 163) = 96


# By hand: Bernoulli


def test_bernoulli_draws_for_active_pixels_in_ascending_order():
    p = replace(TINY, width=4, encoder="bernoulli")
    state = encoder.EncoderState(ints(0, 0, 0, 0), 1)
    spikes, after = encoder.encode(p, ints(1, 0, 4, 158), state, 0)
    assert spikes.tolist() == [True, False, False, True]  # words 0, 4 and 157
    assert after.lfsr == WORDS[2]


def test_bernoulli_spikes_if_word_is_below_pixel():
    p = replace(TINY, encoder="bernoulli")
    state = encoder.EncoderState(ints(0, 0, 0), 1)
    spikes, _ = encoder.encode(p, ints(1, 5, 157), state, 0)
    assert spikes.tolist() == [True, True, False]  # words 0, 4 and 157


def test_bernoulli_rate_shift_draws_longer_words():
    p = replace(TINY, encoder="bernoulli", rate_shift=1)
    state = encoder.EncoderState(ints(0, 0, 0), WORDS[0])
    spikes, after = encoder.encode(p, ints(8, 0, 0), state, 0)
    assert not spikes.any()  # the upper nine bits of 0x04080601 are 8
    assert after.lfsr == WORDS[1]


def test_black_image_draws_no_word():
    p = replace(TINY, encoder="bernoulli")
    state = encoder.start(p)
    assert encoder.encode(p, ints(0, 0, 0), state, 0)[1].lfsr == state.lfsr


@pytest.mark.parametrize(("seed", "register"), [(0, 1), (1, 2654435769)], ids=["zero", "one"])
def test_register_starts_from_its_seed(seed, register):
    assert encoder.start(replace(TINY, encoder_seed=seed)).lfsr == register


# By hand: latency


@pytest.mark.parametrize(
    ("pixel", "steps"),
    [
        pytest.param(255, [0], id="brightest-first"),
        pytest.param(192, [0], id="last-value-of-first-step"),
        pytest.param(191, [1], id="first-value-of-second-step"),
        pytest.param(128, [1], id="last-value-of-second-step"),
        pytest.param(127, [2], id="first-value-of-third-step"),
        pytest.param(1, [3], id="faintest-in-last-step"),
    ],
)
def test_brighter_pixels_spike_earlier(pixel, steps):
    assert spike_steps(variant("latency", 4), pixel) == steps


def test_tiny_pixels_spike_where_the_networks_say():
    assert [spike_steps(TINY, pixel) for pixel in AT] == [[0], [1], [2], [3]]


# By hand: busiest step


@pytest.mark.parametrize(
    ("name", "pixels", "most"),
    [
        pytest.param("latency", (255, 100, 90), 2, id="two-in-third-step"),
        pytest.param("latency", (255, 150, 50), 1, id="never-together"),
        pytest.param("latency", (0, 0, 50), 1, id="last-step-counts"),
        pytest.param("rate", (128, 127, 127), 2, id="odd-steps-are-busiest"),
        pytest.param("rate", (0, 0, 0), 0, id="black"),
    ],
)
def test_peak_is_the_busiest_step(name, pixels, most):
    assert encoder.peak(replace(TINY, encoder=name), ints(*pixels)) == most


# Equality


@pytest.mark.parametrize("shift", [0, 1])
def test_rate_gives_as_many_spikes_a_turn_as_the_pixel(shift):
    p = variant("rate", 256 << shift, rate_shift=shift)
    assert [len(spike_steps(p, pixel)) for pixel in (0, 1, 77, 128, 255)] == [0, 1, 77, 128, 255]


def test_bernoulli_gives_about_its_rate():
    p = variant("bernoulli", 1000)
    assert 250 - 60 < len(spike_steps(p, 64)) < 250 + 60  # four standard deviations


def test_same_image_gives_same_spikes_and_pixels_of_zero_never_spike():
    for name in encoder.ENCODERS:
        p = variant(name, 30, period_num=400)
        assert spike_steps(p, 200) == spike_steps(p, 200) != []
        assert spike_steps(p, 0) == []

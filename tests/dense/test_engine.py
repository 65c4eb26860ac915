"""Engine: counts by hand, then equal to the step model bit by bit on random networks."""

import re
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from numpy.typing import NDArray

from golden.dense import core, engine
from golden.dense.core import Presentation, present
from golden.dense.engine import Learner, Record, infer
from golden.dense.engine.clock import CYCLES
from golden.dense.params import ENCODERS, RECEPTIVE_FIELDS, Params
from golden.dense.wta import NOBODY
from sim.battery.networks import TINY
from tests.shared.by_hand import ints, network
from tests.shared.cases import Case, cases, outcomes

RATE = replace(TINY, encoder="rate", n_steps=6, refrac=1, a_plus=(3,))
"""A pixel of 255 spikes in every step; a neuron rests for one step after its spike."""

BOUNDS = {"w_min": -4, "w_max": 3, "w_init_low": -4, "w_init_high": 4}

ONE_ROW = network(RATE, (10, 0), (0, 0), (0, 0))
"""The first axon alone fires the first neuron."""

OUTCOMES = """\
spike, no spike, several spikes, forced spike, stopped early, all steps, v at top, v at bottom,
refractory, activity threshold, potentiation, depression, w reaches w_max, w reaches w_min,
theta saturates, theta decays, offset saturates, presented wraps, dropout, window closed in time,
window closed by lesson, window closed at end, two neurons learn, left alone, ballot whole,
ballot cut short, soft bounds, hard bounds, reward none, reward class, reward error"""
"""What has to happen among the random networks, besides every encoder and receptive field."""


def byte_images(*rows: tuple[int, ...]) -> NDArray[np.uint8]:
    return np.array(rows, dtype=np.uint8)


def expected_record(p: Params, told: Presentation) -> tuple[list[int], list[int]]:
    """Return the spikes and the counts that the engine must give."""
    first = next((s.step for s in told.steps if s.winner != NOBODY), p.n_steps)
    busy = sum(
        s.axons.size > 0 or (p.force_spike and s.step == p.n_steps - 1 <= first) for s in told.steps
    )
    spikes = [*told.spikes, *[NOBODY] * p.vote_spikes][: p.vote_spikes]
    counts = [told.n_events, len(told.steps), busy, len(told.spikes), told.n_sweeps]
    return spikes, counts


def plain(record: Record) -> tuple[list[int], list[int]]:
    assert len(record.spikes) == len(record.counts) == 1
    return record.spikes[0].tolist(), record.counts[0, :CYCLES].tolist()


# By hand


def test_counts_and_spikes_of_inference():
    p = replace(RATE, vote_spikes=4)
    [record] = infer(p, ONE_ROW, byte_images((255, 0, 0), (0, 0, 0), (0, 255, 255)))
    assert record.spikes.tolist() == [[0, 0, 0, NOBODY], [NOBODY] * 4, [NOBODY] * 4]
    assert record.events.tolist() == [6, 0, 12]
    assert record.steps.tolist() == [6, 6, 6]
    assert record.busy_steps.tolist() == [6, 0, 6]
    assert record.n_spikes.tolist() == [3, 0, 0]
    assert record.sweeps.tolist() == [0, 0, 0]


def test_forced_spike_is_a_busy_step_without_events():
    p = replace(RATE, force_spike=True)
    [record] = infer(p, ONE_ROW, byte_images((0, 0, 0)))
    assert (record.busy_steps.tolist(), record.n_spikes.tolist()) == ([1], [1])


def test_learning_counts_sweeps_and_changes_weights():
    learner = Learner(RATE, ONE_ROW)  # spikes in steps 0, 2 and 4, each sweep adds 3 at age 0
    record = learner.learn(byte_images((255, 0, 0)), ints(0))
    assert plain(record) == ([0, 0, 0, *[NOBODY] * 61], [6, 6, 6, 3, 3])
    assert learner.state.w.tolist() == [[15, 0], [0, 0], [0, 0]]  # 10, 13, then w_max
    assert (learner.state.last.tolist(), learner.state.presented) == ([6, 0, 0], 1)


@pytest.mark.parametrize(("chance", "winner"), [(0, 0), (4, 1), (5, NOBODY)])
def test_neuron_is_dropped_by_a_word_below_its_chance(chance, winner):
    p = replace(RATE, drop_chance=chance)  # the random words for two neurons are 0 and 4
    learner = Learner(p, network(p, (10, 10), (0, 0), (0, 0)))
    assert learner.learn(byte_images((255, 0, 0)), ints(0)).spikes[0, 0] == winner


def test_inhibition_can_drive_v_to_the_rail():
    p = replace(RATE, n_neurons=3, refrac=0, v_inhibit=100, n_steps=3, a_plus=(1,))
    p = replace(p, reward="error", reward_margin=10000)
    learner = Learner(p, network(p, (10, -5, -1), (0, 0, 0), (0, 0, 0)), ints(0, 1, 1))
    learner.learn(byte_images((255, 0, 0)), ints(0))
    # Neuron 2 is the rival at -1 and -103; then both stand at -128, a tie to neuron 1.
    assert learner.state.w[0].tolist() == [13, -6, -3]


def test_weights_outside_their_bounds_saturate_v_like_others():
    bounds = {"w_min": -1, "w_max": 1, "w_init_low": -1, "w_init_high": 1}
    p = replace(RATE, n_steps=1, weight_bits=8, v_th=50, **bounds)
    state = network(p, (120, 0), (120, 0), (-120, 0), theta=ints(0, 0))
    # 120, 127 at the rail, 7; without the rail it would be 120.
    told, _ = present(p, state, ints(255, 255, 255))
    [record] = infer(p, state, byte_images((255, 255, 255)))
    assert (told.steps[0].v.tolist(), told.spikes) == ([7, 0], ())
    assert record.n_spikes.tolist() == [0]


def test_mean_theta_is_less_the_offset():
    learner = Learner(TINY, network(TINY, (0, 0), (0, 0), (0, 0), theta=ints(4, 9), offset=3 << 8))
    assert learner.mean_theta == 3.5


def test_images_are_learned_in_order_each_with_its_label():
    p = replace(RATE, reward="class", stop_after=1)
    state = network(p, (10, 10), (0, 0), (0, 0))
    learner = Learner(p, state, ints(1, 0))
    record = learner.learn(byte_images((255, 0, 0), (255, 0, 0), (0, 0, 0)), ints(1, 0, 1))
    assert record.spikes[:, 0].tolist() == [0, 1, NOBODY]


def test_parameters_may_change_between_images():
    learner = Learner(RATE, ONE_ROW)
    learner.params = replace(RATE, a_plus=(1,), n_steps=1)
    learner.learn(byte_images((255, 0, 0)), ints(0))
    assert learner.state.w[0].tolist() == [11, 0]
    learner.params = replace(RATE, a_plus=(2,), n_steps=1)
    learner.learn(byte_images((255, 0, 0)), ints(0))
    assert learner.state.w[0].tolist() == [13, 0]


def test_warming_up_changes_nothing():
    learner = Learner(RATE, ONE_ROW)
    learner.warm_up()
    assert learner.state.sha256() == ONE_ROW.sha256()


def test_learner_works_on_a_copy():
    digest = ONE_ROW.sha256()
    learner = Learner(replace(RATE, theta_plus=1, offset_plus=1), ONE_ROW)
    before = learner.state
    learner.learn(byte_images((255, 0, 0)), ints(0))
    assert ONE_ROW.sha256() == before.sha256() == digest
    for field, old in zip(learner.state, before, strict=True):
        assert not np.array_equal(field, old)


# Equality


@pytest.mark.parametrize("threads", [1, 2], ids=["one-thread", "two-threads"])
@pytest.mark.parametrize("chunk", [1, 7, 20, 50], ids=["each", "uneven", "exact", "one-chunk"])
def test_chunks_come_in_order(chunk, threads, monkeypatch):
    monkeypatch.setattr(engine, "CHUNK", chunk)
    images = np.random.default_rng(1).integers(0, 256, (20, 3)).astype(np.uint8)
    state = network(RATE, (10, 0), (0, 9), (5, 5))
    digest = state.sha256()
    parts = list(infer(RATE, state, images, threads))
    assert [len(part.spikes) for part in parts[:-1]] == [chunk] * ((20 - 1) // chunk)
    rows = [(a.tolist(), b[:CYCLES].tolist()) for part in parts for a, b in zip(*part, strict=True)]
    told = [present(RATE, state, image.astype(np.int64))[0] for image in images]
    assert rows == [expected_record(RATE, one) for one in told]
    assert len({len(one.spikes) for one in told}) > 2
    assert state.sha256() == digest


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"leak_shift": 1}, id="halving"),
        pytest.param({"leak_shift": 3}, id="leak-with-a-dead-zone"),
        pytest.param({"leak_sub": 2, "v_reset": 1}, id="subtraction"),
        pytest.param({"v_width": 4, "leak_shift": 2}, id="rails"),
        pytest.param({"v_inhibit": 3, "v_width": 4}, id="inhibition"),
    ],
)
def test_small_networks_show_every_step_of_v(changes):
    p = replace(RATE, width=9, n_neurons=8, n_steps=16, theta_init=4, weight_bits=3, **BOUNDS)
    p, rng = replace(p, **changes), np.random.default_rng(3)
    images = (rng.integers(0, 256, (60, 9)) * (rng.random((60, 9)) < 0.5)).astype(np.uint8)
    state = core.initial(p, 1)
    [record] = infer(p, state, images)
    told = [present(p, state, image.astype(np.int64))[0] for image in images]
    rows = zip(record.spikes.tolist(), record.counts[:, :CYCLES].tolist(), strict=True)
    assert list(rows) == [expected_record(p, one) for one in told]


def seen_in(case: Case) -> set[str]:
    """Hold the engine to the step model after every image; return what was seen."""
    p, state, classes = case.p, case.state, case.classes
    learner, seen = Learner(p, state, classes), set()
    for image, label in zip(case.images, case.labels, strict=True):
        pixels, one = image.astype(np.int64), image[None]
        told, _ = present(p, state, pixels)
        [record] = infer(p, state, one, 1)
        assert plain(record) == expected_record(p, told)
        if p.ballot and told.spikes:
            seen.add("ballot whole" if len(told.spikes) == p.vote_spikes else "ballot cut short")
        told, after = present(p, state, pixels, learn=True, right=classes == label)
        assert plain(learner.learn(one, label[None])) == expected_record(p, told)
        assert learner.state.sha256() == after.sha256()
        after.check(p)
        seen |= outcomes(p, told, state, after)
        state = after
    return seen


def test_engine_equals_the_step_model_and_everything_happens():
    seen = Counter()

    @settings(max_examples=350, derandomize=True, deadline=None)
    @given(cases())
    def compare(case):
        seen.update(seen_in(case))

    compare()
    wanted = {*ENCODERS, *RECEPTIVE_FIELDS, *re.split(r",\s", OUTCOMES)}
    assert wanted - seen.keys() == set()


@pytest.mark.parametrize(
    ("images", "found"),
    [
        pytest.param(np.zeros((2, 5), dtype=np.uint8), "uint8 of shape (2, 5)", id="narrow"),
        pytest.param(np.zeros((2, 6), dtype=np.int64), "int64 of shape (2, 6)", id="integers"),
        pytest.param(np.zeros(6, dtype=np.uint8), "uint8 of shape (6,)", id="one-image"),
    ],
)
def test_refuses_images_that_are_not_the_parameters_size(images, found):
    p = replace(TINY, height=2)
    text = re.escape(f"images must be uint8 of shape (n, 6), not {found}")
    with pytest.raises(ValueError, match=f"^{text}$"):
        Learner(p, core.initial(p, 1)).learn(images, np.zeros(len(images), dtype=np.int64))
    with pytest.raises(ValueError, match=f"^{text}$"):
        next(infer(p, core.initial(p, 1), images))


def test_refuses_labels_of_another_number():
    p = replace(TINY, height=2)
    learner = Learner(p, core.initial(p, 1))
    with pytest.raises(ValueError, match=r"^labels must have shape \(2,\), not \(1,\)$"):
        learner.learn(np.zeros((2, 6), dtype=np.uint8), np.zeros(1, dtype=np.int64))

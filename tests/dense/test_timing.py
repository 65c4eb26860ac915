"""Cycles: one presentation worked out from docs/hardware.md by hand, then random networks."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from golden.dense import classifier, core, timing
from golden.dense.interface import Phase
from golden.dense.params import Params
from golden.dense.timing import Machine, Presented, present
from golden.dense.wta import NOBODY
from sim.battery.networks import TINY
from tests.dense.records import cores, phases, replay, runs, strobes
from tests.shared.by_hand import WORDS, ints, network

LEARNING = replace(
    TINY,
    n_neurons=3,
    n_lanes=2,
    n_steps=2,
    refrac=1,
    v_inhibit=2,
    a_plus=(3,),
    theta_plus=5,
    offset_plus=7,
    theta_decay_shift=1,
    theta_decay_period=1,
    vote_spikes=2,
)
"""Two words, the second with a padding lane; a pixel of 255 spikes in step 0, one of 100 in 1."""

STATE = network(LEARNING, (10, 4, 0), (0, 0, 0), (7, -1, 2))
IMAGE = ints(255, 0, 100)

VOTES = np.zeros((2, 3, 2), dtype=np.int64)
VOTES[0, 0], VOTES[1, 1] = (200, 100), (1, 103)

# By hand


def test_learning_presentation_cycle_by_cycle():
    shown = present(LEARNING, LEARNING, STATE, IMAGE, learn=True)
    rows = shown.rows
    assert phases(rows) == [
        ("CLEAR", 3), ("INTEGRATE", 4), ("COMPETE", 17), ("VERDICT", 1), ("TEACH", 1),
        ("SWEEP", 10), ("TEACH", 1), ("RISE", 3), ("ENDSTEP", 1), ("INHIBIT", 4), ("RESET", 3),
        ("INTEGRATE", 4), ("COMPETE", 8), ("VERDICT", 1), ("ENDSTEP", 1), ("FINISH", 1),
        ("DECAY", 3), ("RESULT", 1), ("IDLE", 1),
    ]  # fmt: skip
    both, first, second = [3], [1], [2]
    assert strobes(rows) == {
        1: {"last_en": 1, "last_data": 1},
        2: {"last_en": 1, "last_axon": 1, "n_en": both, "f_en": 1},
        3: {
            "last_en": 1, "last_axon": 2, "n_en": both, "n_row": 2, "f_en": 1, "take": 1,
            "w_read": 1,
        },
        4: {"w_read": 1, "w_word": 1},
        6: {"n_en": both, "n_data": [10, 4]},
        7: {"n_en": both, "n_row": 2},
        24: {"elected": 1},
        26: {"w_read": 1},
        27: {"w_read": 1, "w_word": 2},
        28: {"w_read": 1, "w_word": 4},
        33: {"w_en": 1, "w_data": 13},
        39: {"n_en": first, "n_row": 1, "n_data": [15, 0]},
        41: {"last_en": 1, "last_axon": 2, "last_data": 2},
        43: {"n_en": both, "n_data": [8, 2]},
        44: {"n_en": both, "n_row": 2, "n_data": [254, 254]},
        47: {"n_en": first, "f_en": 1, "frozen": first},
        48: {"take": 1, "row": 4, "w_read": 1, "w_word": 4},
        49: {"w_read": 1, "w_word": 5},
        51: {"n_en": second, "n_data": [0, 1]},
        52: {"n_en": both, "n_row": 2, "n_data": [0, 254]},
        65: {"n_en": both, "n_row": 1, "n_data": [8, 5]},
        66: {"n_en": both, "n_row": 3, "n_data": [5, 0], "result_valid": 1, "n_spikes": 1},
    }  # fmt: skip
    assert runs(rows["step"]) == [(0, 41), (1, 27)]
    assert runs(rows["offset"]) == [(0, 38), (7, 30)]
    assert runs(rows["lfsr"]) == [(1, 32), (WORDS[0], 1), (WORDS[1], 1), (WORDS[2], 34)]
    assert runs(rows["presented"]) == [(0, 63), (1, 5)]
    assert runs(rows["pixels_ready"]) == [(0, 3), (1, 65)]
    assert not rows["bus_ready"].any()
    assert (shown.cycles, shown.label, shown.spikes) == (67, 0, (0,))


def test_ballot_cycle_by_cycle():
    p = replace(LEARNING, ballot=True)
    shown = present(p, p, STATE, IMAGE, votes=VOTES)
    rows = shown.rows
    assert phases(rows) == [
        ("CLEAR", 3), ("INTEGRATE", 4), ("COMPETE", 17), ("VERDICT", 1), ("BAR", 3),
        ("COMPETE", 17), ("VERDICT", 1), ("ENDSTEP", 1), ("FINISH", 1), ("DECIDE", 13),
        ("RESULT", 1), ("IDLE", 1),
    ]  # fmt: skip
    table = strobes(rows)
    # There is no flag of who is barred, as there are two votes; there is one of who is frozen.
    assert table[27] == {"f_en": 1}
    assert (table[24], table[45]) == ({"elected": 1}, {"elected": 1, "neuron": 1})
    # Rows 3, 4: rank 0, label 0. 5, 6: rank 0, label 1. 7, 8 and 9, 10: rank 1. Two words each.
    words = [6, 8, 14, 16, 10, 12, 18, 20]
    assert [table[48 + i] for i in range(8)] == [{"w_read": 1, "w_word": word} for word in words]
    assert table[61] == {"result_valid": 1, "label": 1, "n_spikes": 2}
    assert max(table) == 61
    assert not rows["last_en"].any()


def test_dry_run_and_queue_cycle_by_cycle():
    p = replace(LEARNING, width=13, n_steps=1, activity_gain=1)
    state = network(p, *[(0, 0, 0)] * 13)
    rows = present(p, p, state, ints(*[255] * 13), learn=True).rows
    assert phases(rows)[:4] == [("DRY", 15), ("CLEAR", 3), ("INTEGRATE", 40), ("COMPETE", 8)]
    assert np.flatnonzero(rows["take"]).tolist() == [*range(18, 55, 3)]
    # TURN in 15, LIST in 16; four places in the queue; each event taken makes room a cycle later.
    times = np.flatnonzero(rows["last_en"])
    assert times.tolist() == [*range(1, 14), *range(17, 22), *range(22, 44, 3)]
    assert rows["last_data"][times].tolist() == [0] * 13 + [1] * 13


def test_event_is_seen_one_cycle_after_it_entered_the_queue():
    p = replace(LEARNING, width=6)
    rows = present(p, p, network(p, *[(0, 0, 0)] * 6), ints(0, 0, 0, 0, 0, 255)).rows
    assert np.flatnonzero(rows["take"]).tolist() == [7]


def test_leak_by_subtraction_writes_only_lanes_above_reset():
    p = replace(LEARNING, leak_shift=2, leak_sub=1, v_th=90)
    rows = present(p, p, STATE, IMAGE).rows
    # 10 and 4 become 8 and 3, then 7 and 2; word 1 stands at 0.
    start = int(np.argmax((rows["step"] == 1) & (rows["phase"] == Phase.LEAK)))
    at = start + np.array([2, 3, 5, 6])
    assert rows["n_data"][at].tolist() == [[8, 3], [0, 0], [7, 2], [0, 0]]
    assert rows["n_en"][at].ravel().tolist() == [3, 3, 3, 0]
    assert rows["n_row"][at].tolist() == [0, 2, 0, 0]


@pytest.mark.parametrize(("v_th", "elections"), [(15, 2), (16, 1), (30, 1), (31, 0)])
def test_no_election_is_held_while_no_membrane_can_reach_the_bar(v_th, elections):
    p = replace(LEARNING, v_th=v_th)  # one event in each step, and no weight exceeds 15
    rows = present(p, p, network(p, (0, 0, 0), (0, 0, 0), (0, 0, 0)), IMAGE).rows
    assert [name for name, _ in phases(rows)].count("COMPETE") == elections


def test_black_image_waits_for_nothing_but_the_scan():
    p = replace(LEARNING, n_steps=3, leak_sub=1)
    assert phases(present(p, p, STATE, ints(0, 0, 0)).rows) == [
        ("CLEAR", 3), *[("LEAK", 3), ("INTEGRATE", 1), ("ENDSTEP", 1)] * 3,
        ("FINISH", 1), ("RESULT", 1), ("IDLE", 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("events", "sweeps", "expected"),
    [
        pytest.param(0, 0, 0, id="nothing-happens"),
        pytest.param(7, 0, 21, id="three-words-an-event"),
        pytest.param(0, 2, 6, id="one-cycle-a-synapse-of-a-sweep"),
        pytest.param(7, 2, 27, id="sum"),
    ],
)
def test_bound(events, sweeps, expected):
    p = replace(TINY, n_neurons=10, n_lanes=4)
    assert timing.bound(p, ints(events), ints(sweeps)).tolist() == [expected]


# Refusals


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"leak_shift": 2}, "leak_shift is fixed in hardware: it must be 0, not 2"),
        ({"leak_sub": 3}, "leak_sub must be off in this core, not 3"),
        ({"ballot": True}, "ballot must be off in this core, not True"),
        ({"refrac": 2}, "refrac must be at most 1 in this core, not 2"),
        ({"a_plus": (1, 2)}, "ltp_window must be at most 1 in this core, not 2"),
        ({"a_late": (1,)}, r"a_late must be off in this core, not \(1,\)"),
        ({"reward": "class"}, "reward must be off in this core, not class"),
    ],
    ids=lambda value: value.split()[0] if isinstance(value, str) else "",
)
def test_core_refuses_what_it_was_not_made_for(changes, text):
    with pytest.raises(ValueError, match=f"^{text}$"):
        Machine.loaded(LEARNING, replace(LEARNING, **changes), STATE)


# Properties


def check_writes(built: Params, before, after, told: core.Presentation, shown: Presented) -> None:
    """Hold the writes of a record to what the step model says."""
    m, rows = built.n_neurons, shown.rows
    padded = built.n_words * built.n_lanes
    w, v = np.zeros((built.n_axons, padded), dtype=np.int64), np.zeros(padded, dtype=np.int64)
    w[:, :m] = before.w
    memories = {"w": w, "v": v, "theta": np.zeros_like(v), "last": before.last.copy()}
    memories["theta"][:m] = before.theta
    done = 0
    for step in told.steps[:-1]:
        later = (rows["step"] == step.step + 1) & np.isin(rows["phase"], [5, 6])
        # The last word of an event is written up to a cycle behind INTEGRATE and ENDSTEP.
        end = int(np.argmax(later)) + 1
        replay(built, rows[done:end], memories)
        done = end
        assert memories["v"][:m].tolist() == step.v.tolist()
    replay(built, rows[done:], memories)
    assert (w[:, :m].tolist(), memories["last"].tolist()) == (after.w.tolist(), after.last.tolist())
    assert memories["theta"][:m].tolist() == after.theta.tolist()
    assert not w[:, m:].any()
    assert not memories["theta"][m:].any()
    presented = after.presented if built.theta_decay_shift else 0
    registers = (after.offset, after.lfsr, presented)
    assert rows[-1][["offset", "lfsr", "presented"]].tolist() == registers


def check_story(built: Params, p: Params, told: core.Presentation, shown: Presented) -> None:
    """Hold events, sweeps, elections and the cost to what the step model says."""
    rows, n = shown.rows, built.n_axons
    events = [axon * built.n_words for step in told.steps for axon in step.axons]
    assert rows["row"][rows["take"] > 0].tolist() == events
    written = rows[rows["w_en"] > 0]
    lanes = written["w_addr"] % built.n_words * built.n_lanes + written["w_lane"]
    swept = [neuron for step in told.steps for neuron in step.sweeps] + [*told.closing]
    read = rows["w_word"][(rows["w_read"] > 0) & (rows["phase"] == Phase.SWEEP)]
    assert (read % built.n_words).tolist() == [
        neuron // built.n_lanes for neuron in swept for _ in range(n)
    ]
    assert set(lanes.tolist()) <= set(swept)
    if p.reward != "error":
        assert rows["neuron"][rows["elected"] > 0].tolist() == [*told.spikes]
    assert shown.spikes == told.spikes
    assert len(rows) == shown.cycles + 1
    [least] = timing.bound(p, ints(told.n_events), ints(told.n_sweeps))
    assert shown.cycles > least


def test_writes_of_the_record_are_the_step_model():
    seen: Counter[str] = Counter()

    @settings(max_examples=120, derandomize=True, deadline=None)
    @given(cores())
    def compare(drawn):
        (p, state, classes, images, labels), built = drawn
        votes = np.random.default_rng(p.n_steps).integers(
            0, p.vote.max, (p.vote_spikes, p.n_neurons, p.n_classes), endpoint=True
        )
        for image, label in zip(images.astype(np.int64), labels, strict=True):
            right = classes == label
            for learn in (False, True):
                told, after = core.present(p, state, image, learn=learn, right=right)
                shown = present(
                    p, built, state, image,
                    learn=learn, label=int(label), classes=classes, votes=votes,
                )  # fmt: skip
                check_writes(built, state, after, told, shown)
                check_story(built, p, told, shown)
                answer = 0 if learn else classifier.decide(p, votes, told.spikes)
                assert (shown.label, shown.state.sha256()) == (answer, after.sha256())
                seen.update(name for name, _ in phases(shown.rows))
                seen.update(["won" if s.winner != NOBODY else "quiet" for s in told.steps])
            state = after

    compare()
    outside = {"HOST", "RESPOND"}
    assert {phase.name for phase in Phase} - outside | {"won", "quiet"} == set(seen)

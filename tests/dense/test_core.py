"""One presentation: a test for every sentence of the specification, then the state and its hash."""

import hashlib
import re
import struct
from dataclasses import replace

import numpy as np
import pytest

from golden.dense import core
from golden.dense.core import present
from golden.dense.wta import NOBODY
from sim.battery.networks import TINY
from tests.shared.by_hand import AT, ints, network, sweeps, winners

RATE = replace(TINY, encoder="rate", n_steps=6)
"""A pixel of 255 spikes in every step."""

LEARNING = replace(RATE, a_plus=(3,), a_minus=2, a_late=(1, 1), theta_plus=4, offset_plus=9)


def tiny_state(**changes) -> core.State:
    return network(TINY, (15, 12), (-3, 4), (0, -16), **changes)


# By hand: start


def test_every_presentation_starts_at_reset_with_fresh_phases():
    p = replace(RATE, v_reset=3)
    presentation, state = present(p, network(p, (2, 0), (0, 1), (0, 0)), ints(255, 127, 0))
    assert presentation.steps[0].v.tolist() == [5, 3]
    again, _ = present(p, state, ints(255, 127, 0))
    assert [s.axons.tolist() for s in again.steps] == [[0], [0, 1]] * 3
    assert [s.v.tolist() for s in again.steps] == [s.v.tolist() for s in presentation.steps]


# By hand: phases of a step


def test_phase_a_events_come_in_ascending_axon_order():
    presentation, _ = present(TINY, tiny_state(), ints(255, AT[1], 200))
    assert [step.axons.tolist() for step in presentation.steps] == [[0, 2], [1], [], []]
    assert presentation.n_events == 3


def test_phase_b_leak_comes_before_integration():
    p = replace(TINY, leak_shift=1)
    presentation, _ = present(p, network(p, (6, 0), (4, 0), (0, 0)), ints(*AT[:2], 0))
    assert [step.v[0] for step in presentation.steps] == [6, 7, 4, 2]  # 6 - 3 + 4


def test_phase_c_saturates_event_by_event():
    p = replace(TINY, v_width=5, theta_init=100)
    state = network(p, (15, -16), (9, -9), (-9, 15))  # 24 > 15, -25 < -16
    assert present(p, state, ints(255, 255, 255))[0].steps[0].v.tolist() == [6, -1]


def test_phase_d_neurons_compete_with_what_is_above_their_own_threshold():
    state = network(TINY, (15, 12), (0, 0), (0, 0), theta=ints(14, 10))
    assert winners(present(TINY, state, ints(255, 0, 0))[0])[0] == 1


def test_phase_d_no_event_no_competition():
    state = network(TINY, (15, 12), (0, 0), (0, 0))  # neuron 1 stays above its threshold
    presentation, _ = present(TINY, state, ints(AT[0], 0, AT[2]))
    assert winners(presentation) == [0, NOBODY, 1, NOBODY]


def test_phase_e_winner_is_reset_and_losers_are_inhibited():
    p = replace(TINY, v_inhibit=5, v_reset=1, refrac=1)
    presentation, _ = present(p, network(p, (14, 11), (4, 4), (0, 0)), ints(*AT[:2], 0))
    assert [step.v.tolist() for step in presentation.steps[:2]] == [[1, 7], [1, 1]]
    reached = [(step.margin + step.threshold).tolist() for step in presentation.steps[:2]]
    assert reached == [[15, 12], [1, 11]]  # before the reset and the inhibition
    assert presentation.voters[:2] == ((0, 0), (1, 1))
    assert winners(presentation)[:2] == [0, 1]  # 1 + 11 - 5 + 4 = 11, neuron 0 is frozen


def test_phase_f_weights_of_this_step_count_from_the_next():
    p = replace(RATE, n_steps=2, a_plus=(2,), refrac=0)
    presentation, after = present(
        p, network(p, (10, 0), (0, 0), (0, 0)), ints(255, 0, 0), learn=True
    )
    assert winners(presentation) == [0, 0]
    assert sweeps(presentation) == [(0,), (0,)]
    assert after.w.tolist() == [[14, 0], [0, 0], [0, 0]]


# By hand: end


@pytest.mark.parametrize(
    ("stop_after", "n_steps"),
    [pytest.param(0, 6, id="never"), pytest.param(1, 1, id="one"), pytest.param(2, 3, id="two")],
)
def test_learning_ends_with_its_last_spike(stop_after, n_steps):
    p = replace(RATE, stop_after=stop_after, vote_spikes=1, refrac=1)
    state = network(p, (10, 0), (0, 0), (0, 0))  # spikes in steps 0, 2 and 4
    assert len(present(p, state, ints(255, 0, 0), learn=True)[0].steps) == n_steps


# By hand: inference


def test_inference_never_changes_the_state():
    p = replace(LEARNING, drop_chance=200, theta_decay_shift=1, theta_decay_period=1)
    before = tiny_state(last=ints(3, 0, 1), offset=7, presented=5)
    digest = before.sha256()
    presentation, after = present(p, before, ints(255, 127, 255))
    assert len(presentation.spikes) > 1
    assert (sweeps(presentation), presentation.closing) == ([()] * 6, ())
    assert after.sha256() == before.sha256() == digest


def test_learning_leaves_the_state_it_was_given_alone():
    before = tiny_state()
    digest = before.sha256()
    after = present(LEARNING, before, ints(255, 127, 255), learn=True)[1]
    assert before.sha256() == digest != after.sha256()


# By hand: state and label


def test_untrained_network():
    state = core.initial(TINY, 2)
    assert (state.theta.tolist(), state.last.tolist()) == ([10, 10], [0, 0, 0])
    assert (state.offset, state.lfsr, state.presented) == (0, 1013904242, 0)


def test_hash_is_over_little_endian_words_in_documented_order():
    state = tiny_state(theta=ints(7, 8), offset=9, last=ints(1, 2, 3), lfsr=2**32 - 1, presented=5)
    words = (15, 12, -3, 4, 0, -16, 7, 8, 9, 1, 2, 3, 2**32 - 1, 5)
    expected = hashlib.sha256(struct.pack("<14q", *words)).hexdigest()
    assert state.sha256() == expected
    assert state._replace(w=np.asfortranarray(state.w).astype(">i8")).sha256() == expected


# Refusals


@pytest.mark.parametrize(
    ("name", "outside", "fmt"),
    [
        ("w", 16, "s5"),
        ("theta", 256, "u8"),
        ("offset", 65536, "u16"),
        ("last", 1024, "u10"),
        ("lfsr", 4294967296, "u32"),
        ("presented", 4294967296, "u32"),
    ],
)
def test_check_rejects_value_outside_format(name, outside, fmt):
    state = tiny_state(**{name: getattr(tiny_state(), name) * 0 + outside})
    with pytest.raises(OverflowError, match=f"^{outside} does not fit {fmt}$"):
        state.check(TINY)


@pytest.mark.parametrize(
    ("name", "shape", "expected"),
    [("w", (2, 3), "(3, 2)"), ("theta", (3,), "(2,)"), ("last", (2,), "(3,)")],
)
def test_check_rejects_shape(name, shape, expected):
    state = tiny_state(**{name: np.zeros(shape, dtype=np.int64)})
    text = re.escape(f"{name} must have shape {expected}, not {shape}")
    with pytest.raises(ValueError, match=f"^{text}$"):
        state.check(TINY)


@pytest.mark.parametrize("changes", [{"w_min": -15}, {"w_max": 14}], ids=["low", "high"])
def test_check_rejects_weight_outside_its_bounds(changes):
    p = replace(TINY, **changes)
    with pytest.raises(ValueError, match=rf"^w must be in \[{p.w_min}, {p.w_max}\]$"):
        tiny_state().check(p)


# Equality


@pytest.mark.parametrize("name", core.State._fields)
def test_hash_changes_with_every_field(name):
    state = tiny_state()
    changed = state._replace(**{name: getattr(state, name) + 1})
    changed.check(replace(TINY, weight_bits=6, w_max=16))
    assert changed.sha256() != state.sha256()

"""Proofs by a solver, and the faults that each of them finds."""

from dataclasses import replace
from functools import partial

import pytest

from tests.formal import control, election, ending, stages
from tests.formal.faults import Fault, seeded
from tests.formal.prove import Claim, check
from tests.networks import TINY

LANES = replace(
    TINY,
    n_lanes=2,
    n_neurons=3,
    v_width=6,
    theta_width=6,
    weight_bits=5,
    leak_shift=2,
    leak_sub=3,
    theta_decay_shift=2,
)
"""Two words of two lanes; sums can leave the formats by a factor of two."""
NARROW_THETA = replace(LANES, theta_width=4)
WIDE_WEIGHTS = replace(LANES, v_width=3, theta_width=3, theta_init=3)

CLAIMS = [
    Claim("weights_stay_in_bounds", stages.weights_stay_in_bounds, 10),
    Claim("weights_never_go_further_out", stages.weights_never_go_further_out, 10),
    Claim("random_register_is_never_zero", stages.random_register_is_never_zero, 2),
    Claim("random_words_differ", stages.random_words_differ, 1),
    Claim("sums_saturate", stages.sums_saturate(LANES), 5),
    Claim("sums_saturate_with_narrow_theta", stages.sums_saturate(NARROW_THETA), 6),
    Claim("sums_saturate_with_wide_weights", stages.sums_saturate(WIDE_WEIGHTS), 6),
    Claim("thresholds_saturate", stages.thresholds_saturate, 2),
    Claim("queue_keeps_order", stages.queue_keeps_order, 2),
    Claim("winner_is_the_best", election.winner_is_the_best, 18, inductive=False),
    Claim("one_winner_a_step", control.one_winner_a_step, 4),
    Claim("windows_are_different", election.windows_are_of_different_neurons, 2),
    Claim("windows_open_once_a_step", control.windows_open_once_a_step, 3),
    Claim(
        "windows_open_once_in_a_small_core",
        partial(control.windows_open_once_a_step, p=control.SMALL),
        3,
    ),
    Claim("inference_writes_nothing", control.inference_writes_no_learned_state, 11),
    Claim("presentation_ends", ending.presentation_ends, 3),
    Claim("sweep_ends", ending.sweep_ends, 16),
    Claim("decision_ends", ending.decision_ends, 24),
    Claim("encoder_ends", ending.encoder_ends, 4),
]
NAMED = {claim.name: claim for claim in CLAIMS}

FAULTS = [
    (
        "weights_never_go_further_out",
        10,
        Fault("dense.stdp", "STDP", "x = Mux(room < 0, 0, ", "x = Mux(0, 0, "),
    ),
    (
        "weights_never_go_further_out",
        10,
        Fault(
            "dense.stdp",
            "STDP",
            "room, kept = Signal(signed(width + 1))",
            "room, kept = Signal(width)",
        ),
    ),
    (
        "weights_stay_in_bounds",
        10,
        Fault("dense.stdp", "STDP", "Mux((left < 0) & (room >= 0), 0, left)", "left"),
    ),
    (
        "weights_stay_in_bounds",
        10,
        Fault("dense.stdp", "STDP", "Mux(up, self.weight, self.w_min))", "room)"),
    ),
    (
        "random_register_is_never_zero",
        3,
        Fault("numbers.lfsr", "step", "state ^ moved", "state & moved"),
    ),
    ("random_words_differ", 1, Fault("numbers.lfsr", "step", "state ^ moved", "state | moved")),
    (
        "sums_saturate",
        8,
        Fault("dense.membrane", "Membrane", "Mux(over, Cat(edge) | loaded, total)", "total"),
    ),
    (
        "sums_saturate_with_narrow_theta",
        8,
        Fault("golden.dense.interface", "sum_width", "away = 2 if", "away = 1 if"),
    ),
    (
        "sums_saturate_with_wide_weights",
        8,
        Fault("golden.dense.interface", "sum_width", "p.w.width + 1", "p.w.width"),
    ),
    (
        "sums_saturate",
        8,
        Fault("dense.membrane", "Membrane", "fill.eq((theta | ~sign)", "fill.eq((theta | sign)"),
    ),
    (
        "sums_saturate",
        8,
        Fault("dense.membrane", "Membrane", "Mux(theta, total[p.theta.width],", "Mux(theta, 0,"),
    ),
    (
        "thresholds_saturate",
        6,
        Fault(
            "dense.homeostasis",
            "Homeostasis",
            "Mux(raised[-1], self.p.offset.max, raised)",
            "raised",
        ),
    ),
    ("queue_keeps_order", 12, Fault("parts.queue", "Queue", "later | push & used[k]", "later")),
    (
        "queue_keeps_order",
        12,
        Fault("parts.queue", "Queue", "m.If(take | ~used[k])", "m.If(take)"),
    ),
    (
        "queue_keeps_order",
        12,
        Fault("parts.queue", "Queue", "eq(~used[-1])", "eq(~used[-1] | take)"),
    ),
    (
        "winner_is_the_best",
        18,
        Fault("parts.tournament", "exceeds", "Cat(1, margin)", "Cat(0, margin)"),
    ),
    ("winner_is_the_best", 18, Fault("dense.wta", "WTA", "if i >= n_last", "if i > n_last")),
    ("winner_is_the_best", 18, Fault("dense.wta", "WTA", "terms.append(~frozen[i])", "pass")),
    (
        "one_winner_a_step",
        40,
        Fault(
            "dense.sequencer.election",
            "ElectionPhases",
            "s.election.eq(Election.VOTER)",
            "s.k.eq(s.k + 1)",
        ),
    ),
    (
        "windows_are_different",
        8,
        Fault("dense.windows", "Windows", "m.d.sync += ages[0].valid.eq(0)", "pass"),
    ),
    (
        "windows_open_once_in_a_small_core",
        46,
        Fault(
            "dense.sequencer.lessons",
            "LessonPhases",
            "windows.ended | (left & windows.hit)",
            "windows.ended",
        ),
    ),
    (
        "inference_writes_nothing",
        20,
        Fault("dense.encoder", "Encoder", "self.learn & self.accept &", "self.accept &"),
    ),
    (
        "inference_writes_nothing",
        30,
        Fault(
            "dense.sequencer.opening",
            "OpeningPhases",
            "s.learn & (self.ports.drop_chance != 0)",
            "self.ports.drop_chance != 0",
        ),
    ),
    (
        "presentation_ends",
        16,
        Fault(
            "dense.sequencer.step",
            "StepPhases",
            "~s.subtracting & (self.ports.leak_sub != 0)",
            "self.ports.leak_sub != 0",
        ),
    ),
    (
        "presentation_ends",
        10,
        Fault("dense.sequencer.sequencer", "Sequencer", "s.hosting << 1", "s.hosting"),
    ),
    ("sweep_ends", 20, Fault("dense.stdp", "STDP", "== self.p.n_axons - 1", "== self.p.n_axons")),
    (
        "decision_ends",
        24,
        Fault("dense.classifier", "Classifier", "(rank + 1)[:bits] ==", "rank[:bits] =="),
    ),
    (
        "encoder_ends",
        20,
        Fault("dense.encoder", "Encoder", "ended | (turn & ~finished & empty)", "ended"),
    ),
    (
        "encoder_ends",
        20,
        Fault("dense.encoder", "Encoder", "scan, self.p.n_axons - 1, count", "scan, -1, count"),
    ),
]


@pytest.mark.parametrize("claim", [pytest.param(claim, id=claim.name) for claim in CLAIMS])
def test_holds(claim):
    verdict = check(claim)
    assert verdict.proved, verdict.text


@pytest.mark.parametrize(
    ("name", "depth", "fault"),
    [pytest.param(*row, id=f"{row[0]}-{i}") for i, row in enumerate(FAULTS)],
)
def test_fault_has_a_counterexample_from_reset(name, depth, fault, request):
    claim = NAMED[name]._replace(depth=depth, inductive=False)
    with seeded(fault):
        verdict = check(claim, f"fault_{request.node.callspec.id.replace('-', '_')}")
    assert not verdict.base, verdict.text


def test_every_claim_has_a_fault():
    assert {name for name, _, _ in FAULTS} == set(NAMED) - {"windows_open_once_a_step"}


def test_fault_must_be_in_the_source_once():
    fault = Fault("numbers.lfsr", "step", "no such text", "")
    with (
        pytest.raises(ValueError, match=r"^'no such text' must be once in hdl\.numbers\.lfsr$"),
        seeded(fault),
    ):
        pass

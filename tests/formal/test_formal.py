"""Proofs by a solver, and the faults that each of them finds."""

from importlib import import_module

import pytest

from sim.battery.inject import Fault, injected
from tests.formal.claims import NAMED
from tests.formal.faults import OF_NETWORK
from tests.formal.faults_of_learning import OF_LEARNING
from tests.formal.prove import check

FAULTS = [
    (
        "weights_never_go_further_out",
        10,
        Fault(
            "dense/stdp",
            "a room of too few bits",
            "room, kept = Signal(signed(width + 1))",
            "room, kept = Signal(width)",
        ),
    ),
    (
        "weights_stay_in_bounds",
        10,
        Fault(
            "dense/stdp",
            "a step beyond the bound",
            "Mux(left < 0, 0, left)",
            "left",
        ),
    ),
    (
        "weights_stay_in_bounds",
        10,
        Fault(
            "dense/stdp",
            "a weight raised to the room instead of to w_max",
            "Mux(up, self.weight, self.w_min))",
            "room)",
        ),
    ),
    (
        "random_register_is_never_zero",
        3,
        Fault("numbers/lfsr", "a register that becomes zero", "state ^ moved", "state & moved"),
    ),
    (
        "random_words_differ",
        1,
        Fault(
            "numbers/lfsr", "a register that fills up with ones", "state ^ moved", "state | moved"
        ),
    ),
    (
        "sums_saturate",
        8,
        Fault(
            "dense/membrane",
            "a sum beyond the format is stored as it is",
            "Mux(over, Cat(edge) | loaded, total)",
            "total",
        ),
    ),
    (
        "sums_saturate_with_narrow_theta",
        8,
        Fault(
            "dense/params",
            "a sum with a narrow theta has a bit too few",
            "away = 2 if",
            "away = 1 if",
            package="golden",
        ),
    ),
    (
        "sums_saturate_with_wide_weights",
        8,
        Fault(
            "dense/params",
            "a sum with wide weights has a bit too few",
            "p.w.width + 1",
            "p.w.width",
            package="golden",
        ),
    ),
    (
        "sums_saturate",
        8,
        Fault(
            "dense/membrane",
            "the fill of theta is not inverted",
            "fill.eq((theta | ~sign)",
            "fill.eq((theta | sign)",
        ),
    ),
    (
        "sums_saturate",
        8,
        Fault(
            "dense/membrane",
            "theta's sum is not told from a margin",
            "Mux(theta, total[p.theta.width],",
            "Mux(theta, 0,",
        ),
    ),
    (
        "thresholds_saturate",
        6,
        Fault(
            "dense/homeostasis",
            "a threshold wraps",
            "Mux(raised[-1], self.p.offset.max, raised)",
            "raised",
        ),
    ),
    (
        "queue_keeps_order",
        12,
        Fault("parts/queue", "a pushed entry is lost", "later | push & used[k]", "later"),
    ),
    (
        "queue_keeps_order",
        12,
        Fault("parts/queue", "an entry is overwritten", "m.If(take | ~used[k])", "m.If(take)"),
    ),
    (
        "queue_keeps_order",
        12,
        Fault("parts/queue", "ready while it is full", "eq(~used[-1])", "eq(~used[-1] | take)"),
    ),
    (
        "winner_is_the_best",
        34,
        Fault("dense/wta", "a tie goes to the highest", "value < self", "value <= self"),
    ),
    (
        "winner_is_the_best",
        34,
        Fault("dense/wta", "a neuron in a padding lane can win", "if i >= n_last", "if i > n_last"),
    ),
    (
        "winner_is_the_best",
        34,
        Fault("dense/wta", "a neuron that is frozen can win", "m, barred | frozen)", "m, barred)"),
    ),
    (
        "one_winner_a_step",
        40,
        Fault(
            "dense/sequencer/election",
            "an election begins anew after a winner",
            "s.election.eq(Election.VOTER)",
            "s.k.eq(s.k + 1)",
        ),
    ),
    (
        "windows_are_different",
        8,
        Fault(
            "dense/windows",
            "a window's first age stays open",
            "m.d.sync += ages[0].valid.eq(0)",
            "pass",
        ),
    ),
    (
        "windows_open_once_in_a_small_core",
        46,
        Fault(
            "dense/sequencer/lessons",
            "a window opens in a step that has ended one",
            "windows.ended | (left & windows.hit)",
            "windows.ended",
        ),
    ),
    (
        "inference_writes_nothing",
        20,
        Fault(
            "dense/encoder",
            "inference counts events",
            "self.learn & self.accept &",
            "self.accept &",
        ),
    ),
    (
        "inference_writes_nothing",
        30,
        Fault(
            "dense/sequencer/opening",
            "inference drops events",
            "s.learn & (self.ports.drop_chance != 0)",
            "self.ports.drop_chance != 0",
        ),
    ),
    (
        "presentation_ends",
        16,
        Fault(
            "dense/sequencer/step",
            "a leak of zero takes its time",
            "~s.subtracting & (self.ports.leak_sub != 0)",
            "self.ports.leak_sub != 0",
        ),
    ),
    (
        "presentation_ends",
        10,
        Fault(
            "dense/sequencer/sequencer",
            "the host is served for ever",
            "s.hosting << 1",
            "s.hosting",
        ),
    ),
    (
        "sweep_ends",
        20,
        Fault("dense/stdp", "a sweep of an axon too many", "self.p.n_axons - 1", "self.p.n_axons"),
    ),
    (
        "sweep_of_one_port_ends",
        20,
        Fault(
            "dense/stdp",
            "a memory of one port is read while it is written",
            "busy & ~(self.w_en if self.p.single_port else 0)",
            "busy",
        ),
    ),
    (
        "decision_ends",
        24,
        Fault(
            "dense/classifier",
            "a vote of one spike too many",
            "(rank + 1)[:bits] ==",
            "rank[:bits] ==",
        ),
    ),
    (
        "encoder_ends",
        20,
        Fault(
            "dense/encoder",
            "an image's end is forgotten",
            "ended | (turn & ~finished & empty)",
            "ended",
        ),
    ),
    (
        "encoder_ends",
        20,
        Fault(
            "dense/encoder",
            "a scan that does not end",
            "scan, self.p.n_axons - 1, count",
            "scan, -1, count",
        ),
    ),
    *OF_NETWORK,
    *OF_LEARNING,
]


@pytest.mark.parametrize("claim", [pytest.param(claim, id=claim.name) for claim in NAMED.values()])
def test_holds(claim):
    verdict = check(claim)
    assert verdict.proved, verdict.text


@pytest.mark.parametrize(
    ("name", "depth", "fault"),
    [pytest.param(*row, id=f"{row[0]}-{i}") for i, row in enumerate(FAULTS)],
)
def test_fault_has_a_counterexample_from_reset(name, depth, fault, request):
    with injected(fault, "tests.formal"):
        claim = import_module("tests.formal.claims").NAMED[name]
        claim = claim._replace(depth=depth, inductive=False)
        verdict = check(claim, f"fault_{request.node.callspec.id.replace('-', '_')}")
    assert not verdict.base, verdict.text


def test_every_claim_has_a_fault():
    assert {name for name, _, _ in FAULTS} == set(NAMED) - {"windows_open_once_a_step"}

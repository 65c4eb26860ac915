"""Rules beside `golden.study.learning.formulas`, which know no traces: only spikes and ages."""

from typing import Any

import numpy as np
import pytest

from golden.network.rules import (
    DerivativeSTDP,
    Hebbian,
    InhibitorySTDP,
    PairSTDP,
    Rule,
    TripletSTDP,
)
from golden.study.learning.formulas import FloatSynapse
from tests.rules.test_pair import pair

STEPS = 600
PAIR: dict[str, Any] = {"w_min": -20, "w_max": 100, "tau_plus": 15, "tau_minus": 30, "bits": 18}
SHARES: dict[str, Any] = {"a_plus": 0.04, "a_minus": 0.05, "pairs": "nearest"}
CASES: dict[str, Rule] = {
    "additive": PairSTDP(a_plus=0.4, a_minus=0.5, **PAIR),
    "multiplicative": PairSTDP(dependence="multiplicative", **SHARES, **PAIR),
    "proportional": PairSTDP(dependence="proportional", **SHARES, **PAIR),
    "triplet": TripletSTDP(
        w_min=-20, w_max=100, bits=18, a2_plus=0.1, a2_minus=0.3, a3_plus=0.15, a3_minus=0.2,
        tau_plus=17, tau_minus=33, tau_x=100, tau_y=120,
    ),
    "inhibitory": InhibitorySTDP(w_min=-20, w_max=100, bits=18, eta=0.5, target=10),
    "hebbian": Hebbian(w_min=-20, w_max=100, bits=18, nu_pre=0.2, nu_post=0.3, tau=25),
}  # fmt: skip


def trains(seed: int) -> tuple[list[int], list[int]]:
    """Return arrivals and posts: some at the same step, some in a row, some after a long pause."""
    random = np.random.default_rng(seed)
    rate = np.where(np.arange(STEPS) // 100 % 2, 0.01, 0.05)
    pre, post = (np.flatnonzero(random.random(STEPS) < rate) + 2 for _ in range(2))
    return pre.tolist(), post.tolist()


@pytest.mark.parametrize("name", CASES)
def test_a_rule_does_what_its_equations_say(name):
    """Every event rounds the weight, and a trace by half of its place: a sum of small errors."""
    rule, moved = CASES[name], []
    for seed in range(5):
        pre, post = trains(seed)
        net, synapse = pair([step - 1 for step in pre], post, rule, 30)
        net.run(steps=STEPS + 2)
        exact = FloatSynapse(rule, 1, 30)
        exact.learn(pre, post, STEPS + 2)
        assert abs(synapse.weights[0] - exact.w) < 0.02, seed
        moved.append(abs(exact.w - 30))
    assert max(moved) > 1


def test_a_derivative_that_fades_comes_to_nothing():
    """Of 10 bits up to 8 a place is 1/32: five of them, up or down, stay as they are or fade."""
    ends = {}
    for fading in (False, True):
        for post in ([5], [1]):
            rule = DerivativeSTDP(
                w_max=64, bits=18, every=1, sd_bits=10, fading=fading, drift=0, tau_plus=1e4,
                tau_minus=1e4, a_plus=1, a_minus=1,
            )  # fmt: skip
            net, synapse = pair([3], post, rule, 32)
            net.run(steps=200)
            ends[fading, post[0]] = synapse.variable("sd")[0] * 32
    assert ends == {(False, 5): 5, (False, 1): -5, (True, 5): 0, (True, 1): 0}


def test_the_derivative_moves_the_weight_at_the_end_of_an_epoch_before_the_posts_of_its_step():
    # Arrivals in 4 and 9, posts in 5 and 9; epochs end in 9, 19, 29.
    rule = DerivativeSTDP(
        w_max=64, bits=18, every=10, a_plus=4, a_minus=2, tau_plus=1e4, tau_minus=1e4, drift=0.5,
        keep=0.5,
    )  # fmt: skip
    net, synapse = pair([3, 8], [5, 9], rule, 32)
    found = []
    for _ in range(31):
        net.run(steps=1, engine="golden")
        found.append((synapse.weights[0], synapse.variable("sd")[0]))
    assert np.round(found, 2)[[3, 5, 8, 9, 18, 19, 29, 30]].tolist() == [
        [32.0, 0.0],
        [32.0, 4.0],
        [32.0, 4.0],
        [34.5, 5.0],
        [34.5, 5.0],
        [40.0, 2.5],
        [43.0, 1.25],
        [43.0, 1.25],
    ]
    again, same = pair([3, 8], [5, 9], rule, 32)
    again.run(steps=31)
    assert again.state.sha256() == net.state.sha256()
    assert same.weights[0] == synapse.weights[0]

"""Every rule beside a model of its own in float64, which knows no traces: only spikes and ages."""

from collections.abc import Callable

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
from tests.rules.test_pair import pair

STEPS = 600
Change = Callable[[str, float, "Past"], float]


class Past:
    """Ages of all arrivals and posts so far, at an event."""

    def __init__(self, arrivals: list[int], posts: list[int], step: int):
        self.ages = {"pre": step - np.array(arrivals), "post": step - np.array(posts)}

    def all(self, side: str, tau: float) -> float:
        """Return what is left of all of them."""
        return float(np.exp(-self.ages[side] / tau).sum())

    def last(self, side: str, tau: float) -> float:
        """Return what is left of the last."""
        ages = self.ages[side]
        return float(np.exp(-ages.min() / tau)) if ages.size else 0.0


def additive(event: str, w: float, past: Past) -> float:
    """Return PairSTDP's change, of all pairs."""
    return -0.5 * past.all("post", 30) if event == "pre" else 0.4 * past.all("pre", 15)


def multiplicative(event: str, w: float, past: Past) -> float:
    """Return PairSTDP's change, a share of the way to either bound."""
    if event == "pre":
        return -0.05 * past.last("post", 30) * (w + 20)
    return 0.04 * past.last("pre", 15) * (100 - w)


def proportional(event: str, w: float, past: Past) -> float:
    """Return PairSTDP's change, a share of the weight."""
    return w * (-0.05 * past.last("post", 30) if event == "pre" else 0.04 * past.last("pre", 15))


def triplet(event: str, w: float, past: Past) -> float:
    """Return TripletSTDP's change."""
    if event == "pre":
        return -past.all("post", 33) * (0.3 + 0.2 * past.all("pre", 100))
    return past.all("pre", 17) * (0.1 + 0.15 * past.all("post", 120))


def inhibitory(event: str, w: float, past: Past) -> float:
    """Return InhibitorySTDP's change."""
    if event == "pre":
        return 0.5 * (past.all("post", 20) - 2 * 0.010 * 20)
    return 0.5 * past.all("pre", 20)


def hebbian(event: str, w: float, past: Past) -> float:
    """Return Hebbian's change."""
    return 0.2 * past.last("post", 25) if event == "pre" else 0.3 * past.last("pre", 25)


CASES: dict[str, tuple[Rule, Change]] = {
    "additive": (
        PairSTDP(w_min=-20, w_max=100, a_plus=0.4, a_minus=0.5, tau_plus=15, tau_minus=30, bits=18),
        additive,
    ),
    "multiplicative": (
        PairSTDP(
            w_min=-20, w_max=100, a_plus=0.04, a_minus=0.05, tau_plus=15, tau_minus=30, bits=18,
            pairs="nearest", dependence="multiplicative",
        ),
        multiplicative,
    ),
    "proportional": (
        PairSTDP(
            w_min=-20, w_max=100, a_plus=0.04, a_minus=0.05, tau_plus=15, tau_minus=30, bits=18,
            pairs="nearest", dependence="proportional",
        ),
        proportional,
    ),
    "triplet": (
        TripletSTDP(
            w_min=-20, w_max=100, bits=18, a2_plus=0.1, a2_minus=0.3, a3_plus=0.15, a3_minus=0.2,
            tau_plus=17, tau_minus=33, tau_x=100, tau_y=120,
        ),
        triplet,
    ),
    "inhibitory": (InhibitorySTDP(w_min=-20, w_max=100, bits=18, eta=0.5, target=10), inhibitory),
    "hebbian": (
        Hebbian(w_min=-20, w_max=100, bits=18, nu_pre=0.2, nu_post=0.3, tau=25),
        hebbian,
    ),
}  # fmt: skip


def trains(seed: int) -> tuple[list[int], list[int]]:
    """Return arrivals and posts: some at the same step, some in a row, some after a long pause."""
    random = np.random.default_rng(seed)
    rate = np.where(np.arange(STEPS) // 100 % 2, 0.01, 0.05)
    pre, post = (np.flatnonzero(random.random(STEPS) < rate) + 2 for _ in range(2))
    return pre.tolist(), post.tolist()


def in_floats(change: Change, pre: list[int], post: list[int], w: float) -> float:
    """Return the weight at the end: within a step the arrival comes first."""
    arrivals: list[int] = []
    posts: list[int] = []
    for step in range(STEPS + 2):
        if step in pre:
            w = float(np.clip(w + change("pre", w, Past(arrivals, posts, step)), -20, 100))
            arrivals.append(step)
        if step in post:
            w = float(np.clip(w + change("post", w, Past(arrivals, posts, step)), -20, 100))
            posts.append(step)
    return w


@pytest.mark.parametrize("name", CASES)
def test_a_rule_does_what_its_equations_say(name):
    """Every event rounds the weight, and a trace by half of its place: a sum of small errors."""
    rule, change = CASES[name]
    moved = []
    for seed in range(5):
        pre, post = trains(seed)
        net, synapse = pair([step - 1 for step in pre], post, rule, 30)
        net.run(steps=STEPS + 2)
        exact = in_floats(change, pre, post, 30)
        assert abs(synapse.weights[0] - exact) < 0.02, seed
        moved.append(abs(exact - 30))
    assert max(moved) > 1


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

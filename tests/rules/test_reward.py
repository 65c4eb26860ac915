"""Rewards: by hand in both engines, in order, lazily; who is refused."""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from golden.builder import Network, SpikeTrain, one_to_one
from golden.network.rules import (
    MSE,
    MSTDP,
    MSTDPET,
    ModulatedSTDP,
    PairSTDP,
    Rule,
    SumOfProducts,
    Ternary,
    Variable,
)
from sim.battery.tiny import Adder
from tests.rules.test_learning import learned
from tests.rules.test_pair import FOREVER, pair, weights

both = pytest.mark.parametrize("engine", ["golden", "numba"])
LASTING: dict[str, Any] = {
    "w_max": 64,
    "bits": 18,
    "a_plus": 4,
    "tau_plus": FOREVER,
    "tau_minus": FOREVER,
}
ELIGIBLE = MSTDPET(a_minus=2, tau_e=50, e_max=32, **LASTING)


@both
def test_a_reward_turns_what_is_left_of_an_eligibility_into_weight(engine):
    # An arrival in 4, posts in 5 and 8, an arrival in 21: e rises by 4, 4, and falls by 2 y = 4.
    net, synapse = pair([3, 20], [5, 8], ELIGIBLE, 32)
    net.reward([0.5, -1], at=[7, 30])
    left = np.exp(-np.array([2, 3, 22, 9]) / 50)
    first = 4 * left[0] * 0.5
    later = 4 * left[2] + 4 * np.exp(-25 / 50) - 4 * left[3]
    found = weights(net, synapse, engine, 31)
    assert np.round(found[6:8], 2).tolist() == [32, round(32 + first, 2)]
    assert abs(found[29] - (32 + first)) < 0.01
    assert abs(found[30] - (32 + first - later)) < 0.01


@both
def test_a_pair_counts_by_the_last_reward_that_was_given_before_it(engine):
    # One post in each of 5, 8 and 11; rewards in 8 and 11 come before the posts of their step.
    net, synapse = pair([3], [5, 8, 11], MSTDP(a_minus=0, **LASTING), 32)
    net.reward([0.5, -0.25], at=[8, 11])
    found = np.round(weights(net, synapse, engine, 13), 2).tolist()
    assert found[4:] == [32, 32, 32, 32, 34, 34, 34, 33, 33]


@both
def test_a_modulator_is_what_is_left_of_all_rewards(engine):
    net, synapse = pair([3], [10], ModulatedSTDP(a_minus=0, tau_m=20, **LASTING), 32)
    net.reward([1, 0.5], at=[2, 6])
    exact = 32 + 4 * (np.exp(-8 / 20) + 0.5 * np.exp(-4 / 20))
    assert abs(weights(net, synapse, engine, 12)[-1] - exact) < 0.01


@both
def test_a_reward_may_be_another_one_for_every_target(engine):
    # x = 1 and y = 1 for the first neuron, that spikes; x = 1 and y = 0 for the second.
    net = Network(dt=1)
    told, drive = net.input(2, SpikeTrain([1, 1], [0, 1]), "told"), net.input(2, SpikeTrain([2]))
    cells = net.population(2, Adder(1000), "cells")
    net.connect(drive, cells, one_to_one(), weight=5000)
    rule = MSE(w_max=64, bits=18, rate=4, tau_pre=FOREVER, tau_post=FOREVER)
    synapses = net.connect(told, cells, one_to_one(), weight=32, rule=rule, zeros=1)
    net.reward([[3, -2]], at=[9], to=cells)
    net.run(steps=9, engine=engine)
    assert synapses.weights.tolist() == [32, 32]
    net.run(steps=1, engine=engine)
    assert np.round(synapses.weights, 1).tolist() == [32 + 4 * 2, 32 - 4 * 2]


@both
def test_three_factors_are_arrivals_posts_and_a_reward(engine):
    # A reward in 5 finds no post, those in 9 and 13 the last arrival and the last post.
    rule = Ternary(w_max=64, bits=18, rate=2, tau_pre=FOREVER, tau_post=FOREVER)
    net, synapse = pair([1, 3], [6, 10], rule, 32)
    net.reward([1, 0.5, -1], at=[5, 9, 13])
    found = weights(net, synapse, engine, 16)
    assert np.round(found[4:], 1).tolist() == [32] * 5 + [33] * 4 + [31] * 3


@both
def test_a_reward_now_is_the_one_that_was_told_for_this_step(engine):
    told, given = (pair([3, 20], [5, 8], ELIGIBLE, 32) for _ in range(2))
    told[0].reward(0.75, at=12)
    told[0].run(steps=40, engine=engine)
    given[0].run(steps=12, engine=engine)
    given[0].reward(0.75)
    given[0].run(steps=28, engine=engine)
    assert told[0].state.sha256() == given[0].state.sha256()
    assert told[1].weights[0] > 33


@both
@pytest.mark.parametrize("cuts", [[90], [1] * 90, [30, 30, 30], [31, 7, 52]])
def test_a_teacher_is_asked_whenever_its_time_is_over_however_a_run_is_cut(engine, cuts):
    asked = []

    def teacher(net: Network) -> float | None:
        asked.append(net.state.step)
        return 0.5 if len(asked) < 3 else None

    net, synapse = pair([3, 20, 40], [5, 8, 33, 64], ELIGIBLE, 32)
    net.reward(teacher, every=30)
    for steps in cuts:
        net.run(steps=steps, engine=engine)
    again, same = pair([3, 20, 40], [5, 8, 33, 64], ELIGIBLE, 32)
    again.reward([0.5, 0.5], at=[30, 60])
    again.run(steps=90)
    assert asked == [30, 60, 90]
    assert synapse.weights == same.weights
    assert net.state.sha256() == again.state.sha256()


@both
def test_where_learning_is_off_a_reward_changes_nothing(engine):
    net, synapse = pair([3, 20], [5, 8], ELIGIBLE, 32)
    net.reward([1, 1], at=[10, 15])
    net.run(steps=9, engine=engine)
    before = learned(net, 1)[1:]
    net.run(steps=9, engine=engine, learning=False)
    assert learned(net, 1)[1:] == before
    net.run(steps=1, engine=engine)
    net.reward(1)
    assert synapse.weights[0] > 36


@both
def test_a_run_goes_on_from_a_file_with_rewards_and_what_is_left_of_them(engine, tmp_path):
    def begun():
        net, _ = pair([3, 20, 40], [5, 8, 33], ModulatedSTDP(tau_m=30, a_minus=2, **LASTING), 32)
        net.reward([1, -0.5], at=[2, 25])
        return net

    whole, first, second = begun(), begun(), begun()
    whole.run(steps=50, engine=engine)
    first.run(steps=24, engine=engine)
    first.save(tmp_path / "state.npz")
    second.restore(tmp_path / "state.npz")
    second.run(steps=26, engine=engine)
    assert second.state.sha256() == whole.state.sha256()


def test_an_eligibility_is_that_of_all_pairs_each_decayed_since_it_was_made():
    """In float64, of ages alone; the rule rounds it at every event, by half a place of 2**-12."""
    random = np.random.default_rng(5)
    pre, post = (np.flatnonzero(random.random(400) < 0.05) + 2 for _ in range(2))
    rule = MSTDPET(w_max=64, bits=18, a_plus=2, a_minus=1.5, tau_e=80, e_max=31)
    net, synapse = pair((pre - 1).tolist(), post.tolist(), rule, 32)
    net.reward(0.25, at=350)
    net.run(steps=351)
    e = 0.0
    for events, others, size, tau in ((post, pre, 2, 20), (pre, post, -1.5, 20)):
        for t in events[events < 350]:
            before = others[(others <= t) if size > 0 else (others < t)]
            e += size * np.exp(-(t - before) / tau).sum() * np.exp(-(350 - t) / 80)
    assert abs(synapse.variable("e")[0] - e) < 0.02
    assert abs(synapse.weights[0] - 32 - e / 4) < 0.01
    assert abs(e) > 1


# What cannot be


def rewarded(**given) -> None:
    """Build a network with a reward."""
    net, _ = pair([3], [5], ELIGIBLE, 32)
    net.reward(**given)
    net.build()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"amount": 32, "at": 3}, "a reward must be below 32 in magnitude, not 32"),
        ({"amount": 1e-5, "at": 3}, "a reward must be 0 or at least 0.00012207, not 1e-05"),
        ({"amount": "much", "at": 3}, "a reward must be a number or an array of numbers, not much"),
        ({"amount": 1, "at": -3}, "time of a reward must be 0 ms to step 4294967295, not -3"),
        ({"amount": [1, 2], "at": [3]}, "a reward must be 1 or 1 x 1 numbers, not 2"),
        ({"amount": [1, 2, 3], "at": [3, 4]}, "a reward must be 2 or 2 x 1 numbers, not 3"),
        (
            {"amount": lambda net: 1},
            "a reward must be a number, or a function with every, not with at",
        ),
        (
            {"amount": 1, "every": 3},
            "a reward must be a number, or a function with every, not with at",
        ),
        ({"amount": lambda net: 1, "every": 0}, "every must be a step of 1 ms or more, not 0"),
    ],
)  # fmt: skip
def test_a_reward_that_cannot_be_is_refused(given, said):
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        rewarded(**given)


def test_a_reward_that_no_rule_uses_is_refused():
    said = "a reward must have a connection with a rule that uses it, such as MSTDPET"
    net, _ = pair([3], [5], PairSTDP(w_max=64), 32)
    with pytest.raises(ValueError, match=f"^{said}$"):
        net.reward(1)
    net.reward(1, at=3)
    with pytest.raises(ValueError, match=f"^{said}$"):
        net.build()
    for products in ((1, ("x0", "y1")), (1, ("y0", "x1", "w"))):
        net, _ = pair([3], [5], SumOfProducts(w_max=64, w_rule=(products,)), 32)
        net.reward(1, at=3)
        with pytest.raises(ValueError, match=f"^{said}$"):
            net.build()
    net, _ = pair([3], [5], ELIGIBLE, 32)
    other = net.population(2, Adder(), "other")
    net.reward(lambda net: 1, every=10, to=other)
    said = "a reward to other must have a connection to other with a rule that uses it, such as "
    with pytest.raises(ValueError, match=f"^{said}MSTDPET$"):
        net.build()


def test_a_reward_is_to_a_population_of_this_network_and_told_before_it_runs():
    net, _ = pair([3], [5], ELIGIBLE, 32)
    cell = net.populations["cell"]
    said = "^a reward must be to a whole population, not to a part or a sum$"
    with pytest.raises(ValueError, match=said):
        net.reward(1, at=3, to=cell[:1])  # type: ignore[arg-type]
    net.run(steps=1)
    with pytest.raises(ValueError, match=r"^a reward must be one number or 1, not 2$"):
        net.reward([1, 2], to=cell)
    with pytest.raises(
        ValueError, match=r"^a network must be complete before it runs or is given a reward$"
    ):
        net.reward(1, at=30)


@dataclass(frozen=True, kw_only=True)
class Fading(Rule):
    """A rule whose variable decays, and is written where that cannot be, or begins."""

    w_max: float = 64.0
    start: float = 0.0
    tau: float = 20.0
    writes: bool = False
    draws: int = 0
    every: float = 10.0
    rounding: str = "random"

    def kept(self):
        """Return what fades."""
        return (Variable("tag", -1, 1, start=self.start, tau=self.tau),)

    def on_pre(self, s):
        """Write as often as it is told."""
        for k in range(self.draws):
            s.w += s.amount(f"gain{k}", 1) * s.pre(5)

    def on_epoch(self, s):
        """Write what fades."""
        if self.writes:
            s["tag"] += s.amount("gain", 0.1, "tag")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"start": 1}, "tag, which decays, must start at 0, not 1"),
        ({"tau": -1}, "tau of tag must be 0 to 65536 ms, not -1 ms"),
        ({"tau": 7e4}, "tau of tag must be 0 to 65536 ms, not 70000 ms"),
        ({"writes": True}, "tag, which decays, must not be written in an epoch"),
        ({"draws": 8}, "on_pre must draw at most 8 random words, not 9"),
    ],
)
def test_a_variable_that_cannot_fade_is_refused(given, said):
    net, _ = pair([3], [5], Fading(**given), 32)
    with pytest.raises(ValueError, match=f"^{re.escape(f'told to cell by Fading: {said}')}$"):
        net.build()


def test_what_fades_may_be_read_at_an_epoch():
    net, synapse = pair([3], [5], Fading(draws=1), 32)
    net.run(steps=30)
    assert synapse.variable("tag").tolist() == [0]

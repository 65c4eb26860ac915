"""STDP by pairs: by hand in both engines, its refusals, and how far it is from its formula."""

import re

import numpy as np
import pytest

from golden.builder import Network, SpikeTrain, one_to_one
from golden.builder.projection import Projection
from golden.network.rules import PairSTDP, Rule
from golden.network.rules.words import TraceWord
from sim.battery.tiny import Adder

both = pytest.mark.parametrize("engine", ["golden", "numba"])
FOREVER = 10_000
"""ms: a trace hardly decays within the few steps of a test."""


def pair(pre: list[int], post: list[int], rule: Rule, weight: float, delay: int = 1):
    """Return a network of one synapse whose neurons spike in given steps; the synapse itself.

    Its target spikes a step after what drives it, and hears nothing of the synapse: its threshold
    is beyond all weights.
    """
    net = Network(dt=1)
    told, cell = net.input(1, SpikeTrain(pre), "told"), net.population(1, Adder(1000), "cell")
    drive = net.input(1, SpikeTrain([step - 1 for step in post]), "drive")
    net.connect(drive, cell, weight=5000)
    return net, net.connect(told, cell, weight=weight, delay=delay, rule=rule)


def weights(net: Network, synapse: Projection, engine: str, steps: int) -> list[float]:
    """Return the weight after every step."""
    found = []
    for _ in range(steps):
        net.run(steps=1, engine=engine)
        found.append(float(synapse.weights[0]))
    return found


ADDITIVE = PairSTDP(w_max=64, bits=18, a_plus=2, a_minus=1, tau_plus=FOREVER, tau_minus=FOREVER)


@both
def test_a_post_spike_adds_what_is_left_of_arrivals_and_an_arrival_takes_off_for_posts(engine):
    # Arrivals in steps 1, 2 and 6, posts in 4 and 5: +2 for two arrivals, twice; -1 for two posts.
    net, synapse = pair([0, 1, 5], [4, 5], ADDITIVE, 32)
    found = weights(net, synapse, engine, 8)
    assert np.round(found).tolist() == [32, 32, 32, 32, 36, 40, 38, 38]


@both
def test_only_the_nearest_spike_counts_if_that_is_asked_for(engine):
    rule = PairSTDP(
        w_max=64, a_plus=2, a_minus=1, tau_plus=FOREVER, tau_minus=FOREVER, pairs="nearest"
    )
    net, synapse = pair([0, 1, 5], [4, 5], rule, 32)
    found = weights(net, synapse, engine, 8)
    assert np.round(found, 1).tolist() == [32, 32, 32, 32, 34, 36, 35, 35]


@both
def test_multiplicative_changes_are_shares_of_what_is_left_to_either_bound(engine):
    # Half of 64 - 32, then a quarter of 48 - 16 for the post before.
    rule = PairSTDP(
        w_min=16,
        w_max=64,
        bits=18,
        a_plus=0.5,
        a_minus=0.25,
        tau_plus=FOREVER,
        tau_minus=FOREVER,
        dependence="multiplicative",
    )
    net, synapse = pair([0, 5], [3], rule, 32)
    assert np.round(weights(net, synapse, engine, 8), 1).tolist() == [
        32,
        32,
        32,
        48,
        48,
        48,
        40,
        40,
    ]


@both
def test_a_weight_stays_within_its_bounds(engine):
    net, synapse = pair([0, 20, 22, 24], [2, 3, 18, 19], ADDITIVE, 61)
    found = weights(net, synapse, engine, 30)
    assert max(found) == 64
    down = PairSTDP(w_min=-1, w_max=64, a_plus=0, a_minus=30, tau_minus=FOREVER)
    net, synapse = pair([9, 10], [2, 3], down, 61)
    assert weights(net, synapse, engine, 14)[-1] == -1


@both
def test_arrivals_and_posts_of_one_step_are_arrival_first(engine):
    # Both in step 3: the post finds the arrival, of age 0; the arrival finds no post.
    net, synapse = pair([2], [3], ADDITIVE, 32)
    assert np.round(weights(net, synapse, engine, 5)).tolist() == [32, 32, 32, 34, 34]


@both
@pytest.mark.parametrize("delay", [1, 7, 63, 255])
def test_a_synapse_counts_time_from_when_the_spike_arrives(engine, delay):
    net, synapse = pair([1], [delay + 3], ADDITIVE, 32, delay)
    found = weights(net, synapse, engine, delay + 6)
    assert np.round(found[delay + 2 :]).tolist() == [32, 34, 34, 34]


@both
def test_posts_before_the_first_arrival_and_after_the_last_count(engine):
    # A post long before the only arrival: -1. A post long after, with nobody looking until then.
    net, synapse = pair([400], [3, 800], ADDITIVE, 32)
    net.run(steps=900, engine=engine)
    assert np.round(synapse.weights, 1).tolist() == [33.0]


@pytest.mark.parametrize("pairs", ["all", "nearest"])
def test_a_window_is_its_formula_but_for_rounding(pairs):
    """One pair at every distance, 1 ms to 100 ms, both signs, at once: 200 synapses.

    A trace that is added up has its own rounding, half a place; every other has that of the table,
    half of 2**-16; and the weight has half a place of its own.
    """
    sizes, taus = (0.1, -0.12), (17, 34)
    rule = PairSTDP(
        w_max=1, bits=18, a_plus=0.1, a_minus=0.12, tau_plus=17, tau_minus=34, pairs=pairs
    )
    distance = np.array([d for d in range(-100, 101) if d])
    n, at = len(distance), 120
    net = Network(dt=1)
    told = net.input(n, SpikeTrain(np.full(n, at - 1), np.arange(n)), "told")
    drive = net.input(n, SpikeTrain(at - 1 + distance, np.arange(n)), "drive")
    cells = net.population(n, Adder(1000), "cells")
    net.connect(drive, cells, one_to_one(), weight=5000)
    synapses = net.connect(told, cells, one_to_one(), weight=0.5, rule=rule, zeros=1)
    net.run(steps=400)
    for side, size, tau in zip(("pre", "post"), sizes, taus, strict=True):
        own = distance * size > 0
        exact = size * np.exp(-np.abs(distance[own]) / tau)
        place = 2.0 ** -TraceWord(side, tau, True).format(18)[0] if pairs == "all" else 0.0
        most = abs(size) * (place + 2.0**-16) / 2 + 2.0**-17
        assert np.abs(synapses.weights[own] - 0.5 - exact).max() < most


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"pairs": "some"}, "pairs must be one of all, nearest, not some"),
        (
            {"dependence": "no"},
            "dependence must be one of additive, multiplicative, proportional, not no",
        ),
        ({"rounding": "up"}, "rounding must be one of nearest, random, not up"),
        ({"bits": 19}, "bits must be 2 to 18, not 19"),
        ({"w_min": 2}, "w_max must be above w_min, 2, not 1"),
        ({"a_plus": "much"}, "a_plus must be a number, not 'much'"),
        ({"tau_plus": 0}, "tau of a trace must be above 0 ms, not 0 ms"),
        ({"tau_plus": 1e5}, "tau of a trace must be at most 65536 steps of 1 ms, not 100000 ms"),
        (
            {"tau_plus": 6e4},
            "a trace must be shorter than 60000 steps to be added up",
        ),
        (
            {"a_plus": 1e-6},
            "a_plus must be at least 3.05e-05 for the bits of w, not 1e-06: it is lost",
        ),
        (
            {"a_minus": 1e-6, "dependence": "multiplicative"},
            "a_minus must be at least 3.05e-05 for the bits of w, not 1e-06: it is lost",
        ),
        (
            {"w_max": 40_000},
            "w_max must be at most 32767 in magnitude, as its receptor is, not 40000",
        ),
    ],
)
def test_what_cannot_be_is_refused(given, said):
    net, _ = pair([0], [3], PairSTDP(**given), 1)
    said = f"told to cell by PairSTDP: {said}"
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        net.build()


def test_a_weight_outside_its_bounds_is_refused():
    net, _ = pair([0], [3], PairSTDP(w_max=8), 9)
    said = "told to cell by PairSTDP: weight must be 0 to 8, as its rule keeps it, not 9"
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        net.build()

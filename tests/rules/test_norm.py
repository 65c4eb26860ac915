"""Weights of a target scaled to a norm: by hand in both engines, refusals."""

import re

import numpy as np
import pytest

from golden.builder import Network, SpikeTrain, fixed_probability, from_pairs
from golden.network.rules import PairSTDP
from sim.battery.tiny import Adder

both = pytest.mark.parametrize("engine", ["golden", "numba"])


def scaled(engine: str, weights: list[float], steps: int, **given) -> list[float]:
    """Return weights of three synapses, the first two of one target, after some silent steps."""
    net = Network(dt=1)
    told, cells = net.input(2, SpikeTrain([0]), "told"), net.population(2, Adder(1000), "cells")
    rule = PairSTDP(**{"w_max": 64, "w_min": -64, "bits": 16, "every": 5, **given})
    pairs = from_pairs([0, 1, 0], [0, 0, 1])
    synapses = net.connect(told, cells, pairs, weight=weights, rule=rule, zeros=1)
    net.run(steps=steps, engine=engine)
    order = np.lexsort((synapses.pre, synapses.post))
    return synapses.weights[order].tolist()


@both
def test_weights_of_each_target_add_up_to_the_norm_after_each_epoch_and_keep_their_signs(engine):
    # The first target's are doubled from 4 + 8, the second's halved from 48.
    assert scaled(engine, [4, -8, 48], 4, norm=24) == [4, -8, 48]
    assert scaled(engine, [4, -8, 48], 5, norm=24) == [8, -16, 24]
    assert scaled(engine, [4, -8, 48], 99, norm=24) == [8, -16, 24]


@both
def test_a_scaled_weight_stays_within_its_bounds_and_grows_at_most_256_fold(engine):
    assert scaled(engine, [6, 3, 1], 5, norm=90) == [60, 30, 64]
    # The last place of 16 bits is 2**-8, and 256 of it are 1.
    assert scaled(engine, [2.0**-8, 0, 0], 5, norm=60) == [1, 0, 0]


@both
def test_a_target_without_weight_keeps_none(engine):
    assert scaled(engine, [0, 0, 1], 5, norm=7) == [0, 0, 7]


@both
def test_weights_are_rounded_to_the_nearest_a_half_upwards(engine):
    # 4 bits, whole numbers: 1 and 2 times 2.5 are 2.5 and 5; -1 and 2 are -2.5 and 5.
    given = {"w_max": 7, "w_min": -7, "bits": 4, "norm": 7.4, "a_plus": 1, "a_minus": 1}
    assert scaled(engine, [1, 2, 1], 5, **given) == [2, 5, 7]
    given["norm"] = 5
    assert scaled(engine, [2, 2, -2], 5, **given) == [3, 3, -5]
    assert scaled(engine, [-2, -2, -2], 5, **given) == [-2, -2, -5]


def test_a_norm_is_kept_while_synapses_learn_but_for_half_a_place_of_each():
    # Only arrivals change anything: posts of the last step would come after the epoch.
    net = Network(dt=1, seed=3)
    rain = net.input(40, SpikeTrain(np.arange(400), np.arange(400) * 7 % 40), "rain")
    cells = net.population(9, Adder(60), "cells")
    rule = PairSTDP(w_max=64, bits=18, a_plus=0, a_minus=2, every=50, norm=200)
    synapses = net.connect(rain, cells, fixed_probability(0.8), weight=30, rule=rule)
    net.noise(cells, 20, "current")
    moved = []
    for _ in range(8):
        net.run(steps=49)
        before = synapses.weights
        net.run(steps=1)
        sums = np.bincount(synapses.post - 40, synapses.weights, 9)
        moved.append(np.abs(synapses.weights - before).max())
        assert np.abs(sums - 200).max() < 40 * 2.0**-12 + 200 * 2.0**-16
    assert min(moved) > 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {"norm": 1, "every": 0},
            "every must be above 0 ms for a rule with an epoch, not 0 ms",
        ),
        ({"norm": -1}, "norm must be 0 to 4.29497e+09 for the bits of w, not -1"),
        ({"norm": 1e12}, "norm must be 0 to 4.29497e+09 for the bits of w, not 1e+12"),
        ({"norm": 1e-9}, "norm must be at least 0.00195312 for the bits of w, not 1e-09"),
        ({"norm": "much"}, "norm must be a number, not 'much'"),
    ],
)
def test_a_norm_that_cannot_be_is_refused(given, said):
    with pytest.raises(ValueError, match=f"^{re.escape(f'told to cells by PairSTDP: {said}')}$"):
        scaled("golden", [1, 1, 1], 1, **given)

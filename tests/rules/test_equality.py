"""Golden and the engine on small random networks that learn; hundreds are run by the command."""

from collections import Counter
from dataclasses import dataclass

import pytest

from golden.builder import Network, SpikeTrain
from golden.network.engine.events import KEYS, POSTS
from golden.network.rules import Rule
from sim.battery.tiny import Adder
from tests.rules.equality import compared


@pytest.mark.parametrize("part", range(4))
def test_small_random_networks_learn_the_same_at_once_and_late(part):
    seen = sum((compared(seed) for seed in range(3 * part, 3 * part + 3)), start=Counter())
    assert seen["weights moved"] >= 2
    assert seen["spikes"] > 100


@dataclass(frozen=True, kw_only=True)
class Growing(Rule):
    """Grows by 0.3 at every post, rounded at random."""

    w_max: float = 127.0
    bits: int = 8
    rounding: str = "random"

    def on_post(self, s):
        """Grow."""
        s.w += s.amount("more", 0.3)


@pytest.mark.parametrize(
    ("every", "steps"),
    [
        pytest.param(1, 3 * POSTS, id="more posts than a list has room for"),
        pytest.param(KEYS // 32, KEYS + 2, id="keys that are long gone"),
    ],
)
def test_posts_that_no_arrival_follows_for_long_are_not_lost(every, steps):
    weights = []
    for engine in ("golden", "numba"):
        net = Network(dt=1, seed=3)
        never, clock = net.input(20, SpikeTrain([])), net.input(1, SpikeTrain(range(0, steps, 9)))
        cells = net.population(2, Adder(every, v=every), "cells")
        synapses = net.connect(never, cells, weight=1, rule=Growing())
        net.connect(clock, cells[1:], weight=1)
        net.current(cells[:1], 1)
        net.run(steps=steps, engine=engine)
        assert net.state.spikes[2] >= steps // every
        weights.append(synapses.weights.tolist())
    assert weights[0] == weights[1]
    assert max(weights[0]) > 9

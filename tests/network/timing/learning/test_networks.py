"""Random networks that learn: the cycle model, which learns late, is golden whenever it is idle."""

import numpy as np
import pytest

from golden.network.placement import Room, placed
from sim.battery.one_rule import one_rule
from tests.network.timing.test_equality import ends_as_in_golden

PIECES = 4


@pytest.mark.parametrize("seed", range(16))
def test_a_network_that_learns_is_at_every_stop_as_in_golden(seed):
    """Few posts may wait, and not for long: so many are replayed before the end."""
    room = Room(posts=2 << seed % 3, span_bits=3 + seed % 4)
    placement = placed(one_rule(seed).build().blueprint, queue=64 * 256, room=room)
    assert placement.runs.learning
    random = np.random.default_rng(seed)
    stops = np.cumsum(random.integers(1, 30, PIECES)).tolist()
    ends_as_in_golden(placement, stops, random)


@pytest.mark.parametrize("seed", range(24))
def test_a_rule_with_rewards_or_a_norm_is_at_every_stop_as_in_golden(seed):
    room = Room(posts=2 << seed % 3, span_bits=3 + seed % 4)
    placement = placed(one_rule(seed, late=True).build().blueprint, queue=64 * 256, room=room)
    assert placement.runs.learning
    random = np.random.default_rng([seed, 1])
    stops = np.cumsum(random.integers(1, 30, PIECES)).tolist()
    ends_as_in_golden(placement, stops, random)

"""Golden and the engine on small random networks that learn; hundreds are run by the command."""

from collections import Counter

import pytest

from tests.rules.equality import compared


@pytest.mark.parametrize("part", range(4))
def test_small_random_networks_learn_the_same_at_once_and_late(part):
    seen = sum((compared(seed) for seed in range(3 * part, 3 * part + 3)), start=Counter())
    assert seen["weights moved"] >= 2
    assert seen["spikes"] > 100

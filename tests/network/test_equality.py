"""Golden and the engine on small random networks; a thousand are run by the command."""

from collections import Counter

import pytest

from tests.network.equality import compared


@pytest.mark.parametrize("part", range(4))
def test_small_random_networks_have_goldens_state_after_every_step(part):
    seen = sum((compared(seed) for seed in range(10 * part, 10 * part + 10)), start=Counter())
    for figure in ("with short-term plasticity", "gap junctions", "groups that compete"):
        assert seen[figure], figure
    assert seen["spikes"] > 1000
    assert seen["saturated words"] > 100

"""Rewards and norms as words of a chip: by hand, what no chip can do, and as golden does it."""

import numpy as np
import pytest

from golden.builder import Network, SpikeTrain, from_pairs
from golden.network.core import step
from golden.network.interface import BusRequest, added, registers
from golden.network.placement import placed
from golden.network.placement.events import halts, rewarding
from golden.network.placement.loading import state_words
from golden.network.rules import ModulatedSTDP, PairSTDP, Rule
from golden.network.state import NetworkState
from sim.battery.one_rule import one_rule
from sim.battery.tiny import Adder
from tests.network.placement.test_equality import follow

NORMED = PairSTDP(w_max=31, norm=40, every=5)
GIVEN = 1 << 18


def taught(rule: Rule) -> Network:
    """Return an input that leads to two groups of two cells by a rule, and a reward to each."""
    net = Network(dt=1)
    told = net.input(2, SpikeTrain([1, 2, 9], [0, 1, 0]), "told")
    groups = [net.population(2, Adder(threshold=9), name) for name in ("one", "two")]
    for cells in groups:
        net.connect(told, cells, weight=8, rule=rule)
    return net


def test_a_reward_is_written_for_the_places_of_its_group_and_then_told():
    net = taught(ModulatedSTDP(w_max=31))
    net.reward(1, at=[3, 7])
    net.reward([[0.5, -0.25]], at=3, to=net.populations["two"])
    placement = placed(net.build().blueprint)
    region = added(placement.chip)["rewards"]
    register = list(registers(placement.chip)).index("reward")
    assert halts(placement).tolist() == [3, 7]
    everybody = rewarding(placement, [True, True], None, np.array([4096]))
    assert [request[1:] for request in everybody] == [
        *((region, place, GIVEN | 4096) for place in range(4)), (0, register, 1)
    ]  # fmt: skip
    to_two = rewarding(placement, [True, True], 2, np.array([2048, -1024]))
    assert to_two[:2] == [
        BusRequest(1, region, 2, GIVEN | 2048),
        BusRequest(1, region, 3, GIVEN | GIVEN - 1024),
    ]
    assert rewarding(placement, [True, False], 2, np.array([1, 1])) == []


def test_words_of_rewards():
    net = taught(ModulatedSTDP(w_max=31, tau_m=10))
    net.reward(-1, at=[3, 7])
    net.reward(2, at=8, to=net.populations["one"])
    placement = placed(net.build().blueprint)
    state = NetworkState.start(placement.blueprint)
    for _ in range(9):
        step(placement.blueprint, state)
    words = state_words(placement, state)
    regions = added(placement.chip)
    assert words[regions["rewards"]].tolist() == [8192] * 2 + [GIVEN - 4096] * 2
    assert words[regions["reward_lasts"]].tolist() == [x | 1 << 26 for x in (8, 8, 7, 7)]
    left = [-np.exp(-0.4) - 1] * 2
    left[0] = left[0] * np.exp(-0.1) + 2
    exact = [round(4096 * x) for x in (left[0], left[0], left[1], left[1])]
    marks = words[regions["reward_trace_0"]].astype(np.int64)
    assert np.abs(np.where(marks >= GIVEN // 2, marks - GIVEN, marks) - exact).max() <= 1


def test_a_norm_of_two_connections_to_one_target_is_refused():
    net = taught(NORMED)
    target = net.populations["one"]
    net.connect(target, target, from_pairs([0], [1]), weight=5, rule=NORMED)
    said = (
        "weights with a norm must come to their targets by one connection on a chip, not by told "
        "to one and by one to one"
    )
    with pytest.raises(ValueError, match=f"^{said}$"):
        placed(net.build().blueprint)


@pytest.mark.parametrize("seed", range(24))
def test_a_network_with_rewards_or_a_norm_does_what_golden_does(seed):
    follow(placed(one_rule(seed, late=True).build().blueprint, queue=64 * 256), 50)

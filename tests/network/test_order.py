"""The order of a step, sentence by sentence of golden.network.core, in both engines."""

import numpy as np
import pytest

from golden.builder import Network, ShortTerm, SpikeTrain, all_to_all, from_pairs, one_to_one
from golden.builder.short_term import LONGEST
from golden.cells import Izhikevich
from golden.network.rules import PairSTDP
from sim.battery.tiny import Adder, Holder

both = pytest.mark.parametrize("engine", ["golden", "numba"])
EVERY_DELAY = list(range(1, 256))


def network(**more) -> Network:
    return Network(dt=1, **more)


def watched(net: Network, what, engine: str, steps: int = 8, variable: str = "v") -> list[int]:
    """Return a variable after every step, of one neuron."""
    monitor = net.record(what, variable)
    net.run(steps=steps, engine=engine)
    return monitor.integers[:, 0].tolist()


# 1


@both
def test_a_spike_and_a_current_of_step_t_come_in_step_t(engine):
    net = network()
    cell = net.population(1, Adder(), "cell")
    told = net.input(1, SpikeTrain([3]), "told")
    spikes = net.record(told)
    net.current(cell, 5, start=2, stop=4)
    assert watched(net, cell, engine, 6) == [0, 0, 5, 10, 10, 10]
    assert spikes.t.tolist() == [3]


# 2


@both
def test_a_spike_of_step_t_arrives_in_step_t_plus_delay_whatever_the_delay(engine):
    net = network()
    told = net.input(1, SpikeTrain([1, 4]), "told")
    cells = net.population(255, Adder(), "cells")
    net.connect(told, cells, all_to_all(), weight=7, delay=np.array(EVERY_DELAY))
    v = net.record(cells, "v")
    net.run(steps=260, engine=engine)
    for neuron, delay in enumerate(EVERY_DELAY):
        steps = np.arange(260)
        expected = 7 * (steps >= 1 + delay) + 7 * (steps >= 4 + delay)
        np.testing.assert_array_equal(v.integers[:, neuron], expected)


@both
def test_gap_junctions_see_potentials_of_the_step_before(engine):
    net = network()
    cells = net.population(2, Adder(v=np.array([64, 0])), "cells")
    net.gap(cells[:1], cells[1:], one_to_one(), 0.25)
    v = net.record(cells, "v")
    net.run(steps=3, engine=engine)
    assert v.integers.tolist() == [[48, 16], [40, 24], [36, 28]]


@both
def test_a_synapse_learns_at_an_arrival_from_earlier_posts_and_then_transmits(engine):
    """The trace of a post hardly decays: 16 less for the post of step 1, not for that of step 3."""
    net = network()
    told = net.input(1, SpikeTrain([2]), "told")
    cell = net.population(1, Adder(threshold=70), "cell")
    drive = net.input(1, SpikeTrain([0, 2]), "drive")
    net.connect(drive, cell, weight=100)
    rule = PairSTDP(w_max=64, a_plus=0, a_minus=16, tau_minus=10_000)
    net.connect(told, cell, weight=40, delay=2, rule=rule)
    assert watched(net, cell, engine, 6) == [0, 0, 0, 0, 8, 8]


# 3


@both
def test_a_sum_is_saturated_once_so_that_order_cannot_matter(engine):
    net = network()
    told = net.input(3, SpikeTrain([0, 0, 0], [0, 1, 2]), "told")
    cells = net.population(2, Adder(bits=8), "cells")
    net.connect(told, cells[:1], weight=np.array([90, 90, -100]))
    net.connect(told, cells[1:], weight=np.array([-100, 90, 90]))
    v = net.record(cells, "v")
    net.run(steps=2, engine=engine)
    assert v.integers.tolist() == [[0, 0], [80, 80]]


# 4


@both
def test_programs_read_states_of_the_step_before_so_that_groups_have_no_order(engine):
    seen = []
    for order in (("a", "b"), ("b", "a")):
        net = network()
        made = {name: net.population(1, Adder(v={"a": 90, "b": 5}[name]), name) for name in order}
        net.gap(made["a"], made["b"], one_to_one(), 0.25)
        net.connect(made["a"], made["b"], weight=3)
        net.current(made["a"], 20)
        v = [net.record(made[name], "v") for name in "ab"]
        net.run(steps=6, engine=engine)
        seen.append([m.integers.tolist() for m in v])
    assert seen[0] == seen[1]


@both
def test_what_decays_does_so_at_the_end_of_a_step(engine):
    net = network()
    told = net.input(1, SpikeTrain([0]), "told")
    cell = net.population(1, Holder(), "cell")
    net.connect(told, cell, weight=100)
    g = net.record(cell, "g")
    assert watched(net, cell, engine, 5) == [0, 100, 50, 25, 13]
    assert g.integers[:, 0].tolist() == [0, 50, 25, 13, 7]


@both
def test_substeps_belong_to_one_step(engine):
    halves, wholes = network(), Network(dt="1/2 ms")
    for net, substeps in ((halves, 2), (wholes, 1)):
        cell = net.population(1, Izhikevich(a=0.0, b=0.0, d=0.0, u=-10, substeps=substeps), "cell")
        net.current(cell, 20)
    once = watched(halves, halves.populations["cell"], engine, 20)
    twice = watched(wholes, wholes.populations["cell"], engine, 40)[1::2]
    assert once == twice
    assert halves.state.spikes == wholes.state.spikes == [6]


# 5


@both
def test_who_reaches_the_threshold_spikes_and_is_reset(engine):
    net = network()
    cells = net.population(3, Adder(v=np.array([98, 99, 100])), "cells")
    net.current(cells, 1, stop=1)
    spikes, v = net.record(cells), net.record(cells, "v")
    net.run(steps=1, engine=engine)
    assert spikes.i.tolist() == [1, 2]
    assert v.integers.tolist() == [[99, 0, 0]]


@both
def test_of_those_equally_far_ahead_the_lowest_spike_but_all_are_reset(engine):
    net = network()
    start = np.array([105, 110, 105, 90, 105, 120])
    cells = net.population(6, Adder(v=start), "cells", winners=3)
    spikes, v = net.record(cells), net.record(cells, "v")
    net.run(steps=1, engine=engine)
    assert spikes.i.tolist() == [0, 1, 5]
    assert v.integers.tolist() == [[0, 0, 0, 90, 0, 0]]


@both
def test_lateral_inhibition_is_a_connection_with_all_others(engine):
    net = network()
    cells = net.population(3, Adder(v=np.array([100, 50, 60])), "cells", winners=1)
    net.connect(cells, cells, all_to_all(self_too=False), weight=-20, delay=1)
    v = net.record(cells, "v")
    net.run(steps=2, engine=engine)
    assert v.integers.tolist() == [[0, 50, 60], [0, 30, 40]]


# 6


@both
def test_a_spike_is_not_seen_in_its_own_step(engine):
    net = network()
    ring = net.population(2, Adder(v=np.array([100, 0])), "ring")
    net.connect(ring, ring, from_pairs([0, 1], [1, 0]), weight=100)
    spikes = net.record(ring)
    net.run(steps=4, engine=engine)
    assert list(zip(spikes.t.tolist(), spikes.i.tolist(), strict=True)) == [
        (0, 0),
        (1, 1),
        (2, 0),
        (3, 1),
    ]


@both
def test_what_a_spike_transmits_is_decided_when_it_is_emitted(engine):
    """U is 1/2 and nothing recovers: 64 1/2, then 64 1/4, and so on, whatever happens meanwhile."""
    net = network()
    told = net.input(1, SpikeTrain([0, 1, 2, 3]), "told")
    cell = net.population(1, Adder(), "cell")
    net.connect(told, cell, weight=64, delay=6, plasticity=ShortTerm(0.5, LONGEST, 0))
    assert watched(net, cell, engine, 11) == [0, 0, 0, 0, 0, 0, 32, 48, 56, 60, 60]


@both
def test_a_synapse_learns_at_a_post_from_arrivals_of_the_same_step_and_earlier(engine):
    """16 more for the arrival of step 3, when the cell spikes, none for that of step 4."""
    net = network()
    told = net.input(1, SpikeTrain([2, 3, 5]), "told")
    cell = net.population(1, Adder(threshold=70), "cell")
    drive = net.input(1, SpikeTrain([2]), "drive")
    net.connect(drive, cell, weight=100)
    rule = PairSTDP(w_max=64, a_plus=16, a_minus=0, tau_plus=10_000)
    net.connect(told, cell, weight=8, rule=rule)
    assert watched(net, cell, engine, 8) == [0, 0, 0, 0, 24, 24, 48, 48]


# 7


@both
def test_monitors_see_states_after_the_reset_and_the_spikes_of_the_step(engine):
    net = network()
    cell = net.population(1, Adder(), "cell")
    net.current(cell, 40)
    spikes = net.record(cell)
    assert watched(net, cell, engine, 7) == [40, 80, 0, 40, 80, 0, 40]
    assert spikes.t.tolist() == [2, 5]

"""Weights over time: the monitor of synapses that learn, and its pictures."""

import re

import numpy as np
import pytest

from golden.builder import Network, Poisson
from golden.network.rules import DerivativeSTDP, PairSTDP
from golden.pictures.weights import fields, histogram
from golden.simulation.weights import weights
from sim.battery.tiny import Adder

both = pytest.mark.parametrize("engine", ["golden", "numba"])


def network(rule=None):
    """Return eight cells that hear eight inputs, and the connection that learns."""
    net = Network(dt=1, seed=4)
    rain, cells = net.input(8, Poisson(100), "rain"), net.population(8, Adder(60), "cells")
    rule = rule or PairSTDP(w_max=40, a_plus=3, a_minus=2)
    return net, net.connect(rain, cells, weight=20, delay=3, rule=rule)


@both
def test_monitor_reads_what_the_weights_were_after_these_steps(engine):
    net, synapses = network()
    monitor = net.record(synapses[5:9], "w", every=7)
    net.run(steps=30, engine=engine)
    assert monitor.t.tolist() == [0, 7, 14, 21, 28]
    assert monitor.times.tolist() == [1, 8, 15, 22, 29]
    for step, values in zip(monitor.t, monitor.values, strict=True):
        twin, others = network()
        twin.run(steps=int(step) + 1, engine="golden")
        assert values.tolist() == others.weights[5:9].tolist()
    assert len(np.unique(monitor.values)) > 4


def test_monitor_changes_nothing():
    (seen, synapses), (unseen, _) = network(), network()
    seen.record(synapses, "w", every=3)
    for net in (seen, unseen):
        net.run(steps=100)
    assert seen.state.sha256() == unseen.state.sha256()


def test_variable_of_a_rule_is_recorded_too():
    net, synapses = network(DerivativeSTDP(w_max=40, every=20))
    monitor = net.record(synapses, "sd", every=10)
    net.run(steps=41)
    assert monitor.values.shape == (5, 64)
    assert monitor.values[-1].tolist() == synapses.variable("sd").tolist()


def test_no_more_numbers_are_kept_than_the_limit():
    net, synapses = network()
    monitor = net.record(synapses, "w", limit=200)
    net.run(steps=10)
    assert (len(monitor.t), monitor.lost) == (3, 7)


def test_run_goes_on_from_a_file_with_what_was_kept(tmp_path):
    (whole, all_), (begun, first), (resumed, again) = network(), network(), network()
    kept = [net.record(p, "w", every=9) for net, p in ((whole, all_), (begun, first))]
    whole.run(steps=50)
    begun.run(steps=23)
    begun.save(tmp_path / "state.npz")
    kept.append(resumed.record(again, "w", every=9))
    resumed.restore(tmp_path / "state.npz")
    resumed.run(steps=27)
    assert kept[2].integers.tolist() == kept[0].integers.tolist()


@pytest.mark.parametrize(
    ("variable", "said"),
    [
        ("tag", "a variable of PairSTDP must be w, not tag"),
        ("v", "a variable of PairSTDP must be w, not v"),
    ],
)
def test_word_that_a_rule_does_not_have_is_refused(variable, said):
    net, synapses = network()
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        net.record(synapses, variable)


def test_connection_that_learns_nothing_is_refused():
    net, _ = network()
    still = net.connect(net.populations["cells"], net.populations["cells"], weight=1)
    with pytest.raises(ValueError, match=r"^cells to cells must learn, or there is nothing to"):
        net.record(still, "w")


# Pictures


def test_lines_histogram_and_fields_are_drawn_of_all_that_there_is():
    net, synapses = network()
    monitor = net.record(synapses, "w", every=5)
    net.run(steps=40)
    (axes,) = monitor.plot().axes
    assert len(axes.lines) == 64 + 1
    assert axes.lines[-1].get_ydata().tolist() == monitor.values.mean(axis=1).tolist()
    (axes,) = histogram(np.full(64, 20.0), synapses.weights, (0, 40)).axes
    assert len(axes.patches) == 50 + 1
    wall = fields(np.arange(12.0).reshape(4, 3), 2, 2).axes[0].images[0].get_array()
    assert wall is not None
    assert wall.tolist()[:2] == [[0, 3, 1, 4], [6, 9, 7, 10]]


def test_report_of_a_network_that_learns_says_what_it_has_learned():
    net, _ = network()
    net.run(steps=100)
    assert "rain to cells: 64 weights, 20 on the mean at first" in weights(net)
    still = Network(dt=1)
    still.population(1, Adder(1), "cell")
    assert weights(still) == ""

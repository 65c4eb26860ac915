"""The literal Izhikevich 2006 network: its rule in his own order, and engine and specification."""

import numpy as np
import pytest

from golden.examples.spnet import network
from golden.network.engine.engine import Engine
from golden.network.state import NetworkState
from golden.network.stepping import StepModel

SECONDS = 3
DELAYS = 20


def published(pre, post, delay, start, when, who, steps: int) -> np.ndarray:
    """Return the weights that spnet makes of spikes, in floats, with its arrays in its order.

    There a spike is called by the step after that in which v crosses the peak, posts come before
    arrivals, and a delay of d steps is ``d - 1``.
    """
    neurons = 1000
    potentiation = np.zeros((neurons, steps + 1))
    depression, slope, weight = np.zeros(neurons), np.zeros(len(pre)), start.copy()
    fired = [who[when + 1 == t] for t in range(steps)]
    onto = [np.flatnonzero(post == neuron) for neuron in range(neurons)]
    leaving = {
        (neuron, d): np.flatnonzero((pre == neuron) & (delay == d + 1))
        for neuron in range(800)
        for d in range(DELAYS)
    }
    for t in range(steps):
        potentiation[fired[t], t] = 0.1
        depression[fired[t]] = 0.12
        for neuron in fired[t]:
            at = onto[neuron]
            then = t - delay[at]
            slope[at] += np.where(then >= 0, potentiation[pre[at], then], 0)
        for d in range(min(DELAYS, t + 1)):
            for neuron in fired[t - d]:
                if neuron < 800:
                    at = leaving[neuron, d]
                    slope[at] -= depression[post[at]]
        potentiation[:, t + 1] = 0.95 * potentiation[:, t]
        depression *= 0.95
        if t % 1000 == 999:
            weight = np.clip(weight + 0.01 + slope, 0, 10)
            slope *= 0.9
    return weight


def test_weights_are_those_of_the_published_program():
    net = network(seconds=SECONDS)
    spikes = net.record(net.populations["exc"] + net.populations["inh"])
    net.run(f"{SECONDS} s")
    synapses = net.projections[1]
    delay = np.concatenate([rows.delay for rows in net.build().blueprint.rows if rows.learning])
    start = np.full(len(delay), 6.0)
    exact = published(
        synapses.pre, synapses.post, delay.astype(int), start, spikes.t, spikes.i, 1000 * SECONDS
    )
    assert len(spikes.t) > 10_000
    assert np.abs(exact - 6).max() > 1
    assert np.abs(synapses.weights - exact).max() < 0.01


def test_specification_and_engine_are_equal_where_it_is_busiest():
    blueprint = network(seconds=1).build().blueprint
    fast = Engine(blueprint, NetworkState.start(blueprint))
    fast.advance(960)
    golden = StepModel(blueprint, fast.state())
    fast.advance(60)
    golden.advance(60)
    assert golden.state().sha256() == fast.state().sha256()
    assert golden.state().step > 1000


def test_a_network_with_too_few_cells_to_choose_targets_from_is_refused():
    said = "excitatory must be at least 100, a cell's targets, not 99"
    with pytest.raises(ValueError, match=f"^{said}$"):
        network(excitatory=99)
    assert network(excitatory=100, inhibitory=1, seconds=1).build().blueprint.synapses == 10_201

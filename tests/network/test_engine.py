"""The engine against the specification: the same state, step by step."""

from dataclasses import dataclass

import numpy as np
import pytest

from golden.builder import (
    Network,
    Periodic,
    Poisson,
    SpikeTrain,
    fixed_fan_out,
    fixed_probability,
    whole,
)
from golden.cells import LIF, Izhikevich, McCullochPitts
from golden.cells.cell import Cell
from golden.cells.trace import Trace
from golden.network.engine.engine import Engine
from golden.network.state import NetworkState
from golden.network.stepping import StepModel


def network(seed: int = 1) -> Network:
    net = Network(dt="1/2 ms", seed=seed)
    exc = net.population(100, Izhikevich(c=np.linspace(-65, -50, 100)), "exc")
    inh = net.population(30, Izhikevich(a=0.1, d=2), "inh", winners=2)
    rain = net.input(40, Poisson(80), "rain")
    net.connect(exc, exc + inh, fixed_fan_out(20), weight=6, delay=whole(1, 30))
    net.connect(inh, exc, fixed_probability(0.5), weight=-5, delay=1)
    net.connect(rain, inh, weight=2.5)
    net.noise(exc, 7)
    net.current(inh, 4, start=20, stop=60)
    return net


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_engine_has_goldens_state_after_every_step(seed):
    golden, fast = network(seed), network(seed)
    for _ in range(200):
        golden.run(steps=1, engine="golden")
        fast.run(steps=1)
        assert fast.state.sha256() == golden.state.sha256()
    assert fast.state.saturated == golden.state.saturated
    assert fast.state.spikes == golden.state.spikes
    assert min(fast.state.spikes) > 10


def test_monitors_see_the_same_in_both_engines():
    seen = []
    for engine in ("golden", "numba"):
        net = network()
        exc, inh = net.populations["exc"], net.populations["inh"]
        spikes = net.record(exc[10:90] + inh)
        v, u = net.record(exc[:3], "v"), net.record(inh, "u", every=7)
        net.run(steps=90, engine=engine)
        net.run(steps=60, engine=engine)
        seen.append([spikes.t, spikes.i, v.t, v.integers, u.t, u.integers])
    for golden, fast in zip(*seen, strict=True):
        np.testing.assert_array_equal(golden, fast)
    assert len(seen[0][0])


def test_a_current_enters_at_the_receptor_of_that_name():
    net = Network()
    lif = net.population(2, LIF(threshold=-60, reset=-65))
    net.current(lif[1:], 40)
    net.run(3)
    assert net.state.spikes == [1]


@pytest.mark.parametrize("model", [StepModel, Engine])
def test_steps_are_counted_beyond_31_bits(model):
    net = Network()
    net.connect(net.input(1, Periodic(2)), net.population(1, McCullochPitts()), delay=3)
    state = NetworkState.start(net.build().blueprint)
    state.step, state.history = (1 << 31) - 4, [np.zeros(0, np.int64)] * 3
    ran = model(net.build().blueprint, state)
    chunks = ran.advance(4), ran.advance(2)
    assert [x - (1 << 31) for chunk in chunks for x in chunk.spike_steps] == [-4, -2, -1, 0, 1]
    assert [x.tolist() for x in ran.state().history] == [[1], [0], [1]]


@dataclass(frozen=True)
class Far(Cell):
    """Far above its threshold."""

    def step(self, trace: Trace) -> None:
        v = trace.write("v", trace.state("v", 32, 0, 0.0) + trace.receptor("x", 32, 0))
        margin = v - trace.constant("threshold", -(2.0**30), 0)
        trace.spike(margin >= trace.number(0), margin)


@pytest.mark.parametrize("engine", ["golden", "numba"])
def test_a_margin_wider_than_a_word_wins(engine):
    net = Network()
    net.current(net.population(3, Far(), winners=1), [5.0, 2.0**31 - 9, 7.0])
    spikes = net.record(net.populations["far0"])
    net.run(steps=1, engine=engine)
    assert spikes.i.tolist() == [1]


@pytest.mark.parametrize("neurons", [1, 40])
@pytest.mark.parametrize("delay", [1, 2, 3, 4])
def test_what_arrives_at_the_seam_of_the_ring_arrives(neurons, delay):
    """The first sum of slot 0 is where an address is exactly the ring's length."""
    states = []
    for engine in ("golden", "numba"):
        net = Network(dt=1)
        cells = net.population(neurons, Izhikevich(), "cells")
        source = net.input(1, SpikeTrain(np.arange(12)))
        net.connect(source, cells, weight=0.1, delay=delay)  # 16 bits: 40 of them are a run
        v = net.record(cells, "v")
        net.run(steps=16, engine=engine)
        states.append(v.integers)
    np.testing.assert_array_equal(*states)

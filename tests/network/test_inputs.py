"""Inputs and currents: what comes from outside, in both engines."""

import numpy as np
import pytest

from golden.builder import (
    Bernoulli,
    ImageSequence,
    Network,
    Periodic,
    Poisson,
    RankOrder,
    Raster,
    SpikeTrain,
    pulses,
    ramp,
    steps,
)
from golden.cells import Izhikevich


def spikes(source, n, dt=1, duration=20, engine="numba"):
    net = Network(dt=dt)
    monitor = net.record(net.input(n, source))
    net.run(duration, engine=engine)
    return list(zip(monitor.t.tolist(), monitor.i.tolist(), strict=True))


# By hand


@pytest.mark.parametrize("engine", ["golden", "numba"])
def test_inputs_spike_when_they_should(engine):
    def found(source, n, **more):
        return spikes(source, n, engine=engine, **more)

    assert found(SpikeTrain([3, 0.4, 3], [1, 0, 0]), 2) == [(0, 0), (3, 0), (3, 1)]
    assert found(SpikeTrain([1, 2], None), 1, dt="1/2") == [(2, 0), (4, 0)]
    assert found(Raster([[0, 1], [0, 0], [1, 1]]), 2) == [(0, 1), (2, 0), (2, 1)]
    assert found(Periodic([7, 9], [1, 0]), 2) == [(0, 1), (1, 0), (8, 0), (9, 1), (15, 0), (18, 1)]
    assert found(RankOrder([0.2, 0, 0.9, 0.2], every=2), 4) == [(0, 2), (2, 0), (2, 3)]
    assert found(Bernoulli([0, 1]), 2, duration=2) == [(0, 1), (1, 1)]
    image = np.array([[[255, 0], [128, 1]]], np.uint8)
    latency = ImageSequence(image.repeat(2, axis=0), encoder="latency", steps=8, pause=1)
    assert found(latency, 4) == [(0, 0), (3, 2), (7, 3), (9, 0), (12, 2), (16, 3)]


@pytest.mark.parametrize("engine", ["golden", "numba"])
def test_currents_flow_when_they_should(engine):
    """U of a cell with a = 0 rests, so that v alone shows what came: x' = x + x*x + j."""
    for waveform, expected in [
        (steps([2, 5], [1.0, 3.0]), [0, 0, 1, 1, 1, 3, 3, 3, 3, 3]),
        (pulses(2.0, 1, 1, 3, 2), [0, 2, 0, 0, 2, 0, 0, 0, 0, 0]),
        (ramp(0, 4, 1, 5, 1), [0, 0, 1, 2, 3, 0, 0, 0, 0, 0]),
    ]:
        net = Network()
        cells = net.population(2, Izhikevich())
        net.current(cells[1], waveform)
        blueprint = net.build().blueprint
        (drive,) = blueprint.drives
        got = [int(drive.level(t, [0] * 6, np.arange(1))[0]) for t in range(10)]
        scale = blueprint.groups[0].receptor(None).scale
        assert got == scale.integer(np.array(expected, float)).tolist()
        v = net.record(cells, "v")
        net.run(steps=10, engine=engine)
        assert (v.integers[:, 1] > v.integers[:, 0]).any()


# What is drawn


def test_a_rate_is_kept_on_average_and_neurons_are_independent():
    net = Network(dt="1/8")
    monitor = net.record(net.input(100, Poisson(np.linspace(0, 100, 100))))
    net.run("10 s")
    count = np.bincount(monitor.i, minlength=100)
    assert count[0] == 0
    assert abs(count.sum() - 50_000) < 1_000  # 224 a deviation
    assert abs(count[99] - 1_000) < 130
    halves = np.bincount(monitor.t // 4_000, minlength=20)
    assert np.std(halves) < 130  # 50 expected


# Refusals


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (Poisson(2000), "rate must be 0 to 1000 Hz, not 2000"),
        (Poisson(1e-8), "rate must not round to 0, as 1e-08 does"),
        (Poisson([1, 2, 3]), "rate must be one number or 2, not 3"),
        (Poisson(float("nan")), "rate must be finite, not nan"),
        (Bernoulli(-0.1), "probability of a spike must be 0 to 1, not -0.1"),
        (Periodic(0.2), "period must be a step of 1 ms or more, not 0.2 ms"),
        (Periodic(3, -1), "phase must be 0 ms or more, not -1 ms"),
        (SpikeTrain([1, -2], [0, 1]), "a spike must be at 0 ms or later, not at -2 ms"),
        (SpikeTrain([1, 2], [0]), "spikes must have a neuron for each time, not 1 for 2"),
        (SpikeTrain([1], [2]), "neuron of a spike must be 0 to 1, not 2"),
        (
            SpikeTrain([1, 1.2], [1, 1]),
            "neuron 1 must spike at most once a step, not twice at 1 ms",
        ),
        (SpikeTrain([1], [0.7]), "neuron of a spike must be whole, not 0.7"),
        (SpikeTrain([1e30], [0]), "a spike must be by step 4294967295, not at 1e+30 ms"),
        (Raster([[0, np.nan]]), "a raster must be finite, not nan"),
        (RankOrder([1, 2], every=1e30), "every must let the last rank be by step 4294967295"),
        (
            ImageSequence(np.full((2, 1, 2), 255, np.uint8), pause=-100),
            "pause must be 0 or more, not -100",
        ),
        (Raster([[0, 1, 0]]), "a raster must have the shape steps x 2, not 1 x 3"),
        (RankOrder([1, 2], every=0.2), "every must be a step of 1 ms or more, not 0.2 ms"),
        (
            ImageSequence(np.zeros((1, 2, 2), np.uint8)),
            "images must have 2 pixels, one a neuron, not 4",
        ),
        (
            ImageSequence(np.zeros((1, 2))),
            "images must be uint8, images x rows x columns, not float64, 1 x 2",
        ),
        (
            ImageSequence(np.zeros((1, 1, 2), np.uint8), encoder="morse"),
            "encoder must be one of rate, periodic, bernoulli, latency, not morse",
        ),
    ],
)
def test_impossible_inputs_are_refused(source, text):
    net = Network()
    net.input(2, source, "rain")
    with pytest.raises(ValueError) as refused:  # noqa: PT011
        net.build()
    assert str(refused.value) == f"rain: {text}"


def built(use):
    net = Network()
    use(net, net.population(2, Izhikevich(), "cells"))
    net.build()


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (1e9, "a current into cells must be at most 3200 in magnitude, not 1e+09"),
        (1e-9, "a current into cells must not round to 0: 1e-09 is less than half of 2.38419e-05"),
        (
            [1e-9, 1],
            "a current into cells must not round to 0: 1e-09 is less than half of 2.38419e-05",
        ),
        ([1, 2, 3], "a current must have 1 or 2 values, not 3"),
        (1e30, "a current into cells must be at most 3200 in magnitude, not 1e+30"),
        (float("nan"), "amount of a current must be finite, not nan"),
        (
            steps([0, 0.2], [1, 2]),
            "a current must change once a step of 1 ms at most, not more often",
        ),
    ],
)
def test_impossible_currents_are_refused(amount, text):
    with pytest.raises(ValueError) as refused:  # noqa: PT011
        built(lambda net, cells: net.current(cells, amount))
    assert str(refused.value) == text


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: steps([0, 1], [1, np.nan]), "level of a current must be finite, not nan"),
        (
            lambda: steps([], []),
            "a current must have a level for each of its times, not 0 for 0",
        ),
        (lambda: steps([2, 1], [1, 2]), "times of a current must ascend, not go from 2 to 1"),
        (lambda: pulses(1, 0, 1, 2, 0), "n of pulses must be 1 or more, not 0"),
    ],
)
def test_impossible_waveforms_are_refused(make, text):
    with pytest.raises(ValueError) as refused:  # noqa: PT011
        make()
    assert str(refused.value) == text


@pytest.mark.parametrize(
    ("use", "text"),
    [
        (
            lambda net, cells: net.current(cells, steps([0], [1]), start=5),
            "a waveform must say itself when it flows, without start and stop",
        ),
        (
            lambda net, cells: net.current(cells, 1, start=1e30),
            "a current must change before step 4294967295, not at 1e+30 ms",
        ),
        (
            lambda net, cells: net.noise(cells, 1e30),
            "deviation of a noise must be about 5e-08 to 1e+02 here, not 1e+30",
        ),
    ],
)
def test_impossible_uses_of_currents_are_refused(use, text):
    with pytest.raises(ValueError) as refused:  # noqa: PT011
        built(use)
    assert str(refused.value) == text

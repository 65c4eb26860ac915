"""Integers beside float64 with the same step and order: potentials while nobody spikes, spikes."""

import csv
from pathlib import Path

import numpy as np
import pytest

from golden.builder import Network, Poisson, fixed_probability, whole
from golden.cells import (
    GABAB,
    IF,
    LIF,
    NMDA,
    ConductanceAlpha,
    ConductanceExponential,
    ConductanceTwoExponentials,
    CurrentAlpha,
    CurrentExponential,
    CurrentTwoExponentials,
    Delta,
    StepCurrent,
)
from golden.study.cells.leaky import Leaky
from golden.study.cells.networks import compare
from tests.cells.driving import Trial

STEPS, DT = 400, 0.125
TABLES = Path(__file__).parents[2] / "docs" / "results"


def received(cell, arrivals):
    """Return what arrives as the receptor rounds it."""
    scale = cell.program(DT).receptor("x").scale
    return scale.quantity(scale.integer(arrivals))


@pytest.mark.parametrize(
    ("inlet", "weight", "off"),
    [
        (Delta("x"), 0.3, 0.01),
        (StepCurrent("x"), 20, 0.01),
        (CurrentExponential("x", tau=5), 0.6, 0.01),
        (CurrentAlpha("x", tau=3), 0.6, 0.01),
        (CurrentTwoExponentials("x", decay=8, rise=2), 0.5, 0.01),
        (ConductanceExponential("x", tau=5, start=0.1), 0.01, 0.03),
        (ConductanceAlpha("x", tau=3, reversal=-80), 0.02, 0.03),
        (ConductanceTwoExponentials("x", decay=8, rise=2), 0.01, 0.03),
        (NMDA("x"), 0.01, 0.03),
        (GABAB("x"), 0.003, 0.03),
    ],
)
@pytest.mark.parametrize("method", ["exact", "euler", "second order"])
def test_potential_is_that_of_float64(inlet, weight, off, method):
    cell = LIF(tau=20, threshold=-40, current=3, method=method, receptors=(inlet,))
    arrivals = received(cell, np.random.default_rng(2).poisson(0.3, STEPS) * weight)
    run = Trial(cell, STEPS, {"x": arrivals}, DT)
    twin, v = Leaky(cell, DT, 1), []
    for step in range(STEPS):
        twin.step({"x": arrivals[step : step + 1]})
        v.append(twin.v[0])
    np.testing.assert_allclose(run["v"][:, 0], v, atol=off)
    assert not run.spikes()
    assert np.ptp(v) > 0.5


def test_capacitor_is_that_of_float64():
    cell = IF(threshold=60, capacitance=2, receptors=(CurrentExponential("x", tau=5),))
    arrivals = received(cell, np.random.default_rng(2).poisson(0.3, STEPS) * 0.1)
    run = Trial(cell, STEPS, {"x": arrivals}, DT)
    twin = Leaky(cell, DT, 1)
    for step in range(STEPS):
        twin.step({"x": arrivals[step : step + 1]})
    assert run["v"][-1, 0] == pytest.approx(twin.v[0], abs=0.02)
    assert twin.v[0] > 10


def test_small_network_spikes_as_in_float64():
    net = Network(dt="1/2 ms", seed=4)
    inlets = CurrentExponential("exc", tau=5), ConductanceExponential("inh", reversal=-80)
    cells = net.population(40, LIF(refractory=2, receptors=inlets), "cells")
    rain = net.input(30, Poisson(60), "rain")
    net.connect(rain, cells, fixed_probability(0.5), weight=8, delay=whole(1, 9))
    net.connect(cells, cells, fixed_probability(0.2), weight=0.3, delay=1, receptor="inh")
    found = compare(net, 400)
    assert found.overflows == 0
    assert found.integers[40:].tolist() == found.floats[0, 40:].tolist()
    assert found.correlation(0, 40) > 0.97
    integers, (floats,) = found.rates(0, 40, 400)
    assert integers == pytest.approx(floats, rel=0.03)
    assert floats > 10


def recorded(name):
    with (TABLES / f"{name}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(("network", "least"), [("cuba", 0.9), ("coba", 0.9)])
def test_recorded_rates_of_balanced_networks_are_within_5_percent(network, least):
    rows = [row for row in recorded("networks") if row["network"] == network]
    assert len(rows) == 6
    for row in rows:
        assert abs(float(row["difference_percent"])) < 5
        assert float(row["count_correlation"]) > least
        assert row["overflows"] == "0"


@pytest.mark.parametrize("population", ["exc", "inh"])
def test_recorded_rates_of_neurapses_network_are_within_3_percent(population):
    """On the mean of three seeds; float64 itself moves by 3 % when weights change by 0.03 %."""
    rows = [row for row in recorded("networks") if row["network"] == "neurapse-drn"]
    rows = [row for row in rows if row["population"] == population]
    integers, floats = (sum(float(row[x]) for row in rows) for x in ("hz_integers", "hz_float"))
    assert len(rows) == 3
    assert integers == pytest.approx(floats, rel=0.03)
    for row in rows:
        assert abs(float(row["difference_percent"])) < 4
        assert float(row["count_correlation"]) > 0.99
        assert row["overflows"] == "0"


def test_recorded_integers_are_nearer_to_float64_than_the_step_to_the_equation():
    rows = recorded("cells/integrators")
    for row in rows:
        assert row["spikes_integer"] == row["spikes_float"]
        if row["step_ms"]:
            assert float(row["integer_ms"]) < float(row["step_ms"])
    assert len(rows) > 15

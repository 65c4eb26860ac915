"""Cells that integrate and fire, beside LIF: by hand, refusals, golden against the engine."""

import re

import numpy as np
import pytest

from golden.builder import Network, Poisson
from golden.cells import (
    IF,
    LIF,
    SRM0,
    AdaptiveLIF,
    CubaLIF,
    CurrentExponential,
    Delta,
    McCullochPitts,
)
from tests.cells.driving import Trial, pulses


def test_nothing_leaks_without_a_leak():
    run = Trial(IF(threshold=16), 4, {"delta": pulses(4, {0: 5, 2: 10.5, 3: 0.5})})
    assert run["v"][:, 0].tolist() == [5, 5, 15.5, 0]
    assert run.spikes() == [3]


def test_a_current_lifts_a_capacitor_by_its_charge():
    cell = IF(threshold=30, capacitance=2, receptors=(CurrentExponential("i", tau=4),))
    run = Trial(cell, 400, {"i": pulses(400, {0: 8})}, 0.5)
    assert run["v"][-1, 0] == pytest.approx(8 * 4 / 2, abs=0.02)
    constant = Trial(IF(threshold=16, capacitance=2, current=1), 10, dt=0.5)
    assert constant["v"][:, 0].tolist() == (np.arange(1, 11) / 4).tolist()


def test_a_walk_without_leak_spreads_with_the_root_of_time():
    run = Trial(IF(threshold=60, rest=0, reset=-60, noise=2), 64, dt=0.25, neurons=2000)
    assert run["v"][15].std() == pytest.approx(2 * np.sqrt(4), rel=0.06)
    assert run["v"][63].std() == pytest.approx(2 * np.sqrt(16), rel=0.06)


def test_current_and_potential_lose_their_own_shares():
    run = Trial(CubaLIF(du=0.5, dv=0.25, threshold=16), 4, {"synapse": pulses(4, {0: 8})})
    assert run["synapse"][:, 0].tolist() == [4, 2, 1, 0.5]
    assert run["v"][:, 0].tolist() == [8, 10, 9.5, 8.125]


def test_current_is_lost_at_once_with_a_whole_share():
    run = Trial(CubaLIF(du=1, dv=1, threshold=16), 3, {"synapse": pulses(3, {0: 8})})
    assert run["v"][:, 0].tolist() == [8, 0, 0]


def test_bias_and_strict_threshold():
    cell = CubaLIF(du=0.5, dv=0.25, bias=4, threshold=4, subtract=True)
    run = Trial(cell, 2)
    assert run["v"][:, 0].tolist() == [4, 3]
    assert run.spikes() == [1]


def test_threshold_rises_with_spikes_and_decays_before_it_is_compared():
    cell = AdaptiveLIF(
        tau=4, rest=0, reset=0, threshold=16, method="euler", theta_plus=8, tau_theta=1 / np.log(2)
    )
    run = Trial(cell, 4, {"delta": pulses(4, {0: 16, 1: 19.5, 2: 1, 3: 8})})
    assert run.spikes() == [0, 3]
    np.testing.assert_allclose(run["theta"][:, 0], [8, 4, 2, 9], atol=2**-8)
    assert run["v"][1, 0] == 19.5


def test_slow_threshold_decays_right_on_the_mean():
    cell = AdaptiveLIF(theta=20, theta_plus=1, tau_theta=1e7)
    run = Trial(cell, 200, neurons=500)
    lost = 20 - run["theta"][-1].mean()
    assert lost == pytest.approx(20 * 200 / 1e7, rel=0.02)


def test_probability_of_a_spike_is_that_of_the_distance():
    cell = SRM0(rest=-50, reset=-60, threshold=-50, tau=1e6, rho_0=0.1, d_threshold=2, refractory=9)
    for v, expected in ((-50, 0.1), (-52, 0.1 / np.e), (-47, 0.1 * np.exp(1.5)), (-45, 1.2182)):
        run = Trial(SRM0(**{**vars(cell), "v": v}), 1, neurons=40_000)
        found = np.mean(run.fired[0])
        assert found == pytest.approx(1 - np.exp(-expected), abs=0.009)


def test_table_of_probabilities_ends_in_never_and_always():
    for v, fires in ((-90, 0), (-30, 1)):
        cell = SRM0(rest=-50, threshold=-50, reset=-60, d_threshold=1, v=v)
        assert np.mean(Trial(cell, 1, neurons=1000).fired[0]) == fires


def test_a_sum_reaches_its_threshold_or_is_forgotten():
    cell = McCullochPitts(threshold=np.array([2.0, 3.5]))
    arrivals = np.array([[1, 3.4], [2, 3.5], [1.9, -200]])
    run = Trial(cell, 3, {"delta": arrivals}, neurons=2)
    assert run.spikes(0) == run.spikes(1) == [1]
    np.testing.assert_allclose(run["v"], arrivals, atol=2**-11)


ONES = [6, 22, 27, 31, 32, 35, 37, 40, 41, 43, 44, *range(45, 54), *range(67, 79), 84, 85]
"""Input of the paper of NIR to its one cell: spikes at 10 times these steps."""


@pytest.mark.parametrize("method", ["exact", "euler"])
def test_nirs_single_neuron_spikes_when_most_platforms_say(method):
    cell = LIF(
        tau=25,
        rest=0,
        reset=0,
        threshold=0.1,
        strict=True,
        subtract=True,
        method=method,
    )
    run = Trial(cell, 1000, {"current": pulses(1000, {10 * k: 1.0 for k in ONES})})
    assert run.spikes() == [460, 510, 710, 760]


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (IF(capacitance=0), "capacitance must be above 0, not 0"),
        (CubaLIF(du=0), "du must be above 0, not 0"),
        (CubaLIF(dv=1.5), "dv must be at most 1, not 1.5"),
        (AdaptiveLIF(tau_theta=-1), "tau_theta must be above 0 ms, not -1 ms"),
        (SRM0(d_threshold=0), "d_threshold must be above 0, not 0"),
        (
            SRM0(rho_0=np.ones(2)),  # pyright: ignore[reportArgumentType]
            "rho_0 must be one number for all neurons, not an array",
        ),
        (McCullochPitts(threshold=0), "threshold must not be 0"),
    ],
)
def test_refused(cell, said):
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        cell.program(1.0)


@pytest.mark.parametrize(
    ("cell", "weight"),
    [
        (IF(threshold=np.linspace(9, 15, 30), refractory=1, noise=1), 2),
        (CubaLIF(du=np.linspace(0.1, 0.9, 30), dv=0.1, threshold=10), 2),
        (AdaptiveLIF(theta_plus=np.linspace(0.1, 0.5, 30)), 8),
        (AdaptiveLIF(tau_theta=50, theta_plus=2, receptors=(Delta("delta"),)), 8),
        (SRM0(d_threshold=3, rho_0=0.2, refractory=2), 4),
        (McCullochPitts(threshold=np.linspace(1, 3, 30)), 1),
    ],
)
def test_engine_is_golden(cell, weight):
    networks = []
    for _ in range(2):
        net = Network(dt=1, seed=3)
        cells = net.population(30, cell, "cells")
        net.connect(net.input(20, Poisson(100), "rain"), cells, weight=weight)
        networks.append(net)
    golden, fast = networks
    for _ in range(60):
        golden.run(steps=5, engine="golden")
        fast.run(steps=5)
        assert fast.state.sha256() == golden.state.sha256()
    assert golden.state.spikes[0] > 10

"""Leaky integrate-and-fire: by hand, refusals."""

import re

import numpy as np
import pytest

from golden.cells import LIF, CurrentExponential, Delta, StepCurrent
from tests.cells.driving import Trial, pulses

QUARTER = {"tau": 4, "rest": 0, "reset": 0, "threshold": 16, "method": "euler"}
"""A quarter is lost in every step of 1 ms."""


def test_potential_loses_a_quarter_and_rises_by_what_arrives():
    run = Trial(LIF(**QUARTER), 5, {"delta": pulses(5, {0: 8, 3: 1})})
    assert run["v"][:, 0].tolist() == [8, 6, 4.5, 4.375, 3.28125]
    assert not run.spikes()


def test_current_of_a_step_counts_a_quarter_and_leads_to_itself():
    run = Trial(LIF(**QUARTER), 60, {"current": np.full(60, 12.0)})
    assert run["v"][:3, 0].tolist() == [3, 5.25, 6.9375]
    assert run["v"][-1, 0] == pytest.approx(12, abs=2**-10)


def test_threshold_is_reached_or_passed():
    reached = {"delta": pulses(3, {0: 16})}
    assert Trial(LIF(**QUARTER), 3, reached).spikes() == [0]
    assert Trial(LIF(**QUARTER, strict=True), 3, reached).spikes() == []
    more = {"delta": pulses(3, {0: 16 + 2**-12})}
    assert Trial(LIF(**QUARTER, strict=True), 3, more).spikes() == [0]


def test_reset_is_a_value_or_a_subtraction():
    arrivals = {"delta": pulses(2, {0: 20})}
    assert Trial(LIF(**QUARTER), 2, arrivals)["v"][:, 0].tolist() == [0, 0]
    assert Trial(LIF(**QUARTER, subtract=True), 2, arrivals)["v"][:, 0].tolist() == [4, 3]
    lower = LIF(**{**QUARTER, "reset": -8})
    assert Trial(lower, 2, arrivals)["v"][:, 0].tolist() == [-8, -6]


@pytest.mark.parametrize(
    ("habit", "v", "spikes"),
    [
        ("hold", [0, 0, 0, 8, 0], [0, 4]),
        ("add", [0, 1, 2, 9.5, 0], [0, 4]),
        ("leak", [0, 0, 0, 8, 0], [0, 4]),
    ],
)
def test_refractory_steps_hold_add_or_leak(habit, v, spikes):
    cell = LIF(**QUARTER, refractory=2, while_refractory=habit)
    run = Trial(cell, 5, {"delta": pulses(5, {0: 16, 1: 1, 2: 1, 3: 8, 4: 10})})
    assert run["v"][:, 0].tolist() == v
    assert run.spikes() == spikes
    assert run["refractory"][:, 0].tolist() == [2, 1, 0, 0, 2]


def test_leaking_while_refractory_goes_on_from_the_reset():
    cell = LIF(**{**QUARTER, "reset": -8}, refractory=2, while_refractory="leak")
    run = Trial(cell, 4, {"delta": pulses(4, {0: 16, 1: 5})})
    assert run["v"][:, 0].tolist() == [-8, -6, -4.5, -3.375]


@pytest.mark.parametrize("n", [0, 1, 2, 5])
def test_first_spike_comes_after_n_refractory_steps(n):
    run = Trial(LIF(**QUARTER, refractory=n), 12, {"delta": np.full(12, 20.0)})
    assert run.spikes() == list(range(0, 12, n + 1))


def test_potential_stops_at_the_lower_bound():
    run = Trial(LIF(**QUARTER, lowest=-2), 2, {"delta": pulses(2, {0: -5})})
    assert run["v"][:, 0].tolist() == [-2, -1.5]


def test_exponential_current_acts_at_once_and_is_kept_decayed():
    cell = LIF(**QUARTER, receptors=(CurrentExponential("exc", tau=5),))
    run = Trial(cell, 3, {"exc": pulses(3, {0: 8})})
    decay = np.exp(-1 / 5)
    currents = 8 * decay ** np.arange(4)
    np.testing.assert_allclose(run["exc"][:, 0], currents[1:], atol=2**-11)
    v = [2, 1.5 + currents[1] / 4, 0.75 * (1.5 + currents[1] / 4) + currents[2] / 4]
    np.testing.assert_allclose(run["v"][:, 0], v, atol=2**-10)


def test_parameters_are_each_neurons_own():
    cell = LIF(
        tau=np.array([4.0, 8.0, 8.0]),
        rest=np.array([0.0, -64.0, 0.0]),
        reset=np.array([0.0, -64.0, 0.0]),
        threshold=np.array([16.0, -50.0, 4.0]),
        resistance=np.array([1.0, 1.0, 0.5]),
        method="euler",
    )
    run = Trial(cell, 3, {"current": pulses(3, {0: 8})}, neurons=3)
    assert cell.size() == 3
    assert run["v"][:, 0].tolist() == [2, 1.5, 1.125]
    assert (run["v"][:, 1] + 64).tolist() == [1, 0.875, 0.765625]
    assert run["v"][0, 2] == 0.5
    with pytest.raises(ValueError, match="one length, not tau 3, receptors tau 2"):
        LIF(tau=np.ones(3), receptors=(CurrentExponential("e", tau=np.ones(2)),)).size()


def test_noise_alone_has_the_deviation_that_was_asked_for():
    cell = LIF(tau=8, rest=-60, reset=-60, threshold=-10, noise=2.0)
    run = Trial(cell, 400, neurons=500)
    later = run["v"][100:]
    assert later.std() == pytest.approx(2, rel=0.01)
    assert later.mean() == pytest.approx(-60, abs=0.06)
    apart = np.corrcoef(later[0], later[64])[0, 1]
    assert abs(apart) < 0.15


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"tau": 0}, "tau must be above 0 ms, not 0 ms"),
        ({"tau": np.array([1.0, -2.0])}, "tau must be above 0 ms, not -2 ms"),
        (
            {"tau": 0.01, "method": "euler"},
            "tau must be at least dt, 1 ms, for method euler, not 0.01 ms",
        ),
        ({"resistance": 0}, "resistance must be above 0, not 0"),
        ({"threshold": -70}, "threshold must be above -65, not -70"),
        ({"method": "heun"}, "method must be one of exact, euler, second order, not heun"),
        (
            {"while_refractory": "wait"},
            "while_refractory must be one of hold, add, leak, not wait",
        ),
        (
            {"receptors": (Delta("exc"), StepCurrent("exc"))},
            "a receptor's name must be its own, not exc again",
        ),
        (
            {"receptors": (CurrentExponential("exc", tau=-1),)},
            "tau of exc must be above 0 ms, not -1 ms",
        ),
        ({"v": 100}, "v must start within -193 to 62.9998, not at 100"),
    ],
)
def test_refused(given, said):
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        LIF(**given).program(1.0)

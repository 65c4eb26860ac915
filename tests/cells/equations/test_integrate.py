"""Which integrator a variable gets, and what it gives: closed forms."""

import math

import numpy as np
import pytest

from golden.builder import Network
from golden.cells import Equations
from tests.cells.equations.runs import floats, integers, same_in_both_engines

# By hand


def methods(text: str, **given) -> dict[str, str]:
    inputs = {"I": "1"} if "I" in text.replace("INF", "") else {}
    names = [line.split("'")[0].strip() for line in text.split(";") if "'" in line]
    ranges = dict.fromkeys([*names, *inputs], (-2, 2))
    cell = Equations(text, inputs=inputs, ranges=ranges, **given)
    return {x.variable.name: x.method for x in cell.scheme(1.0).updates}


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("v' = (I - v)/(10*ms)", {"v": "exact"}),
        ("v' = (I**2 - v)/(10*ms)", {"v": "exact"}),
        ("v' = (I*v - v)/(10*ms)", {"v": "exponential"}),
        ("v' = (g - v)/(9*ms); g' = -g/(3*ms)", {"v": "exact", "g": "exact"}),
        ("x' = y/ms; y' = -x/ms", {"x": "exact", "y": "exact"}),
        ("v' = (v**2 - u)/ms; u' = (v - u)/(9*ms)", {"v": "Euler", "u": "exponential"}),
        ("v' = (v**2 - u)/ms; u' = (v**2 - u)/(9*ms)", {"v": "Euler", "u": "exponential"}),
        ("v' = (v**2 - m)/ms; m' = exp(v)*(1 - m)/ms", {"v": "Euler", "m": "exponential"}),
        ("v' = (v**2 - m)/ms; m' = exp(v)*(I - m)/ms", {"v": "Euler", "m": "Euler"}),
        ("v' = (v**2 - m)/ms; m' = v*(1 - m)/ms", {"v": "Euler", "m": "exponential"}),
        ("v' = (v**2 - m)/ms; m' = v/(9*ms)", {"v": "Euler", "m": "Euler"}),
    ],
)
def test_the_first_integrator_that_fits_is_taken(text, chosen):
    assert methods(text) == chosen
    assert set(methods(text, method="Euler").values()) == {"Euler"}


def test_propagators_are_the_exponential_of_the_matrix():
    """A double pole: v' = (g - v)/10, g' = -g/10, so v(h) = v exp(-h/10) + g h/10 exp(-h/10)."""
    cell = Equations("v' = (g - v)/(10*ms); g' = -g/(10*ms)", ranges={"v": (-1, 1), "g": (-1, 1)})
    values = {str(x): float(value) for x, value in cell.scheme(0.5).constants.values.items()}
    decay = math.exp(-0.05)
    assert values["decay(v, v)"] == values["decay(g, g)"] == pytest.approx(decay - 1, rel=1e-15)
    assert values["decay(v, g)"] == pytest.approx(0.05 * decay, rel=1e-15)
    assert "decay(g, v)" not in values


# Closed forms

LEAKY = {
    "text": "v' = (R*I - v)/tau : mV (unless refractory)",
    "threshold": "v >= 20*mV",
    "reset": "v = 5*mV",
    "inputs": {"I": "pA"},
    "parameters": {"R": "100 Mohm", "tau": "10 ms"},
    "ranges": {"v": (-50, 50), "I": (0, 500)},
}


def test_a_leaky_cell_is_the_closed_form():
    """v(t) = R I (1 - exp(-t/tau)): integers stay within 0.5 uV of it, a bit being 3 uV."""
    cell = Equations(**{**LEAKY, "threshold": "", "reset": ""})
    _, v = integers(cell, 0.5, 200, {"I": 150})
    exact = 15 * (1 - np.exp(-np.arange(1, 201) * 0.5 / 10))
    bit = 2.0 ** -cell.scheme(0.5).formats["v"].point
    assert np.max(np.abs(v - exact)) < 4 * bit
    assert bit < 1e-4


def test_a_leaky_cell_fires_in_the_steps_of_the_closed_form():
    """From 5 mV it takes tau log((RI - 5)/(RI - 20)) to 20 mV, and 3 ms it is refractory."""
    cell = Equations(**LEAKY, refractory="3 ms")
    spikes, _ = integers(cell, 0.125, 4000, {"I": 300})
    first = math.ceil(10 * math.log(30 / 10) / 0.125)
    again = math.ceil(10 * math.log(25 / 10) / 0.125) + 3 * 8
    assert spikes[0] == first - 1
    assert set(np.diff(spikes)) == {again}
    assert (spikes == floats(cell, 0.125, 4000, {"I": 300})[0]).all()


def test_arrivals_at_a_variable_are_added_to_it_and_decay():
    cell = Equations(
        "v' = -v/(20*ms) + g/ms; g' = -g/(5*ms)",
        receptors=["g"],
        ranges={"v": (-10, 10), "g": (-4, 4)},
    )
    _, g = integers(cell, 1, 3, {"g": 1}, "g")
    fade = math.exp(-1 / 5)
    assert g == pytest.approx([fade, fade * (fade + 1), fade * (fade * (fade + 1) + 1)], abs=1e-4)


def test_without_a_reset_it_spikes_when_the_condition_begins_to_hold():
    cell = Equations(
        "x' = y/ms; y' = -x/ms",
        threshold="x > 0.5 and not y > 2",
        ranges={"x": (-2, 2), "y": (-2, 2)},
        start={"x": 0, "y": 1},
    )
    spikes, x = integers(cell, 0.25, 200, {}, "x")
    rises = 1 + np.flatnonzero((x[:-1] <= 0.5) & (x[1:] > 0.5))
    assert len(spikes) == 8
    assert (spikes == rises).all()


def test_who_is_refractory_does_not_spike_though_the_condition_holds():
    cell = Equations(
        "v' = 1/ms", threshold="v >= 2", reset="v += 0", refractory=3, ranges={"v": (0, 50)}
    )
    assert integers(cell, 1, 12, {})[0].tolist() == [1, 5, 9]
    assert floats(cell, 1, 12, {})[0].tolist() == [1, 5, 9]


def test_a_neuron_that_spikes_in_two_substeps_sends_one_spike():
    """In each of 3 substeps v grows by 1; it is reset at 2, so in every second substep."""
    cell = Equations(
        "v' = 3/ms; n' = 0/ms",
        threshold="v >= 2",
        reset="v = 0; n += 1",
        substeps=3,
        ranges={"v": (0, 8), "n": (0, 100)},
    )
    spikes, n = integers(cell, 1, 5, {}, "n")
    assert spikes.tolist() == [0, 1, 2, 3, 4]
    assert n.tolist() == [1, 3, 4, 6, 7]


# Equality


def test_engine_has_goldens_state_with_all_features():
    cell = Equations(
        "v' = (e*exp((v - 10*mV)/(2*mV)) + R*I - v + g*ms)/tau : mV (unless refractory)\n"
        "g' = -g/(5*ms) : mV/ms\n"
        "m' = (1/(1 + exp(-v/(5*mV))) - m)/(1*ms + 1*ms*exp(-(v/(20*mV))**2))",
        threshold="v >= 15*mV or (v > 12*mV and m > 0.93)",
        reset="v = low; g -= 0.1*mV/ms; m /= 2",
        refractory="1 ms",
        substeps=2,
        inputs={"I": "nA"},
        receptors=["g"],
        parameters={
            "tau": (np.linspace(5, 20, 4), "ms"),
            "R": "40 Mohm",
            "e": "0.5 mV",
            "low": (np.linspace(-5, 5, 4), "mV"),
        },
        ranges={"v": (-20, 40), "I": (0, 1), "g": (-2, 4)},
    )
    same_in_both_engines(cell, 0.5, 150, {"I": 0.6, "g": 0.05}, 4)
    told = cell.float64(0.5, 150, {"I": 0.6, "g": 0.05})["spikes"].sum(axis=0)
    assert told.min() > 2
    for i in range(4):
        own, _ = _neuron(cell, i)
        assert abs(len(own) - told[i]) <= 1


def _neuron(cell, i):
    net = Network(dt=0.5)
    cells = net.population(4, cell, "cells")
    net.current(cells, 0.6, receptor="I")
    net.current(cells, 0.05, receptor="g")
    spikes = net.record(cells[i])
    net.run(steps=150)
    return spikes.t, spikes.i

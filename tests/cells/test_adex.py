"""The adaptive exponential neuron: a step by hand, the peak, the engine, float64's rates."""

from math import exp
from typing import Any

import numpy as np
import pytest

from golden.builder import Network
from golden.cells import AdEx
from golden.cells.behaviours.adex import ADEX
from golden.study.cells.floats import adex
from golden.study.cells.integers import spike_steps
from tests.cells.models import engine, golden


def after(cell, dt, current=0.0):
    """Return v and w of one neuron after a step, and whether it spiked."""
    net = Network(dt=dt)
    cells = net.population(1, cell, "cells")
    if current:
        net.current(cells, current)
    v, w, spikes = net.record(cells, "v"), net.record(cells, "w"), net.record(cells)
    net.run(steps=1, engine="golden")
    return v.values[-1, 0], w.values[-1, 0], len(spikes.t)


def test_a_step_by_hand():
    v, w, spikes = after(AdEx(v=-49, w=100), 1 / 8, current=300)
    total = 30 * (-70.6 + 49) + 30 * 2 * exp(1.4 / 2) - 100 + 300
    assert v == pytest.approx(-49 + total / 281 / 8, abs=1e-3)
    assert w == pytest.approx(100 + (4 * (-49 + 70.6) - 100) / 144 / 8, abs=1e-2)
    assert spikes == 0


def test_just_below_the_peak_it_takes_off_and_does_not_spike():
    v, _, spikes = after(AdEx(v=-42), 1 / 8)
    assert v == pytest.approx(-42 + (30 * -28.6 + 60 * exp(8.4 / 2)) / 281 / 8, abs=2e-3)
    assert -40.7 < v < -40.4
    assert spikes == 0


def test_it_spikes_at_vt_and_5_dt_and_is_reset():
    assert after(AdEx(v=-40.7, w=10, a=0, tau_w=1000), 1 / 8)[2] == 1
    v, w, _ = after(AdEx(v=-40.7, w=10, a=0, tau_w=1000, Vr=-60), 1 / 8)
    assert v == pytest.approx(-60, abs=1e-3)
    assert w == pytest.approx(10 * (1 - 1 / 8000) + 80.5, abs=1e-2)


def test_the_peak_may_be_elsewhere():
    assert after(AdEx(v=-40.7), 1 / 8)[2] == 1
    assert after(AdEx(v=-40.7, peak=0), 1 / 8)[2] == 0


@pytest.mark.parametrize("operand_bits", [16, 18])
def test_rates_are_float64s(operand_bits):
    cell = AdEx(C=200, gL=12, EL=-70, VT=-50, a=2, tau_w=300, b=60, Vr=-58)
    currents = np.tile(np.arange(100.0, 1001, 100), (8 * 500, 1))
    found = spike_steps(cell, 1 / 8, currents, operand_bits)
    wanted = adex(cell, 1 / 8, currents)
    assert [len(x) for x in found] == [len(x) for x in wanted]
    assert max(map(len, found)) > 20


def test_parameters_are_each_neurons_and_substeps_are_steps():
    regular = [b.cell for b in ADEX if b.name != "irregular"]
    names = ("C", "gL", "EL", "a", "tau_w", "b", "Vr")
    given: dict[str, Any] = {
        n: np.array([getattr(cell, n) for cell in regular], float) for n in names
    }
    cell = AdEx(**given, VT=-50.0, DT=2.0, substeps=4)
    currents = np.tile([b.currents()[0] for b in ADEX if b.name != "irregular"], (600, 1))
    found, wanted = spike_steps(cell, 1 / 2, currents), adex(cell, 1 / 2, currents)
    assert [len(x) for x in found] == [len(x) for x in wanted]
    assert sum(map(len, found)) > 50


def test_engine_is_golden():
    program = AdEx(substeps=2).program(1 / 4)
    levels = program.receptor("current").scale.integer(np.tile(np.linspace(-50, 1500, 70), (80, 1)))
    given = program, 70, {"current": levels}, 80
    assert engine(*given) == golden(*given)

"""Izhikevich's neurons: a step by hand, options, refusals, the engine, float64 of the same step."""

import numpy as np
import pytest

from golden.builder import Network
from golden.cells import Izhikevich, Izhikevich2007
from golden.study.cells.floats import izhikevich, izhikevich2007
from golden.study.cells.integers import spike_steps
from tests.cells.models import engine, golden


def after(cell, dt, current=0.0, steps=1):
    """Return v and u of one neuron after some steps."""
    net = Network(dt=dt)
    cells = net.population(1, cell, "cells")
    if current:
        net.current(cells, current)
    v, u = net.record(cells, "v"), net.record(cells, "u")
    net.run(steps=steps, engine="golden")
    return v.values[-1, 0], u.values[-1, 0]


def test_a_step_by_hand():
    v, u = after(Izhikevich(v=-60, u=-10), 1 / 2, current=4)
    assert v == pytest.approx(-60 + (0.04 * 3600 - 300 + 140 + 10 + 4) / 2, abs=1e-3)
    assert u == pytest.approx(-10 + 0.01 * (0.2 * v + 10), abs=1e-4)


def test_a_step_of_2007_by_hand():
    v, u = after(Izhikevich2007(v=-50, u=20), 1 / 4, current=100)
    assert v == pytest.approx(-50 + (0.7 * 10 * -10 - 20 + 100) / 100 / 4, abs=1e-3)
    assert u == pytest.approx(20 + 0.03 / 4 * (-2 * (v + 60) - 20), abs=1e-3)


def test_u_of_accommodation_has_no_leak_and_rests_elsewhere():
    v, u = after(Izhikevich(b=1, v=-60, u=-16, rest=-65, leak=0), 1 / 2)
    assert u == pytest.approx(-16 + 0.01 * (v + 65), abs=1e-4)


def test_v_is_clipped_before_u_sees_it_and_then_reset():
    v, u = after(Izhikevich(v=25, u=0), 1)
    assert v == pytest.approx(-65, abs=1e-3)
    assert u == pytest.approx(0.02 * 0.2 * 30 + 8, abs=1e-3)


def test_with_overshoot_u_sees_what_v_would_be():
    overshot = 25 + 0.04 * 625 + 125 + 140
    v, u = after(Izhikevich(v=25, u=0, overshoot=True), 1)
    assert v == pytest.approx(-65, abs=1e-3)
    assert u == pytest.approx(0.02 * 0.2 * overshot + 8, abs=2e-3)


def test_with_overshoot_the_second_substep_goes_on_from_above_the_peak():
    first = 29 + (0.04 * 29 * 29 + 5 * 29 + 140) / 2
    second = first + (0.04 * first * first + 5 * first + 140) / 2
    _, u = after(Izhikevich(v=29, u=0, overshoot=True, substeps=2), 1)
    assert 1000 < second < 1850
    assert u == pytest.approx(0.02 * 0.2 * second + 8, abs=5e-3)


def test_without_it_v_waits_at_the_peak():
    _, u = after(Izhikevich(v=29, u=0, substeps=2), 1)
    assert u == pytest.approx(0.02 * 0.2 * 30 + 8, abs=1e-3)


@pytest.mark.parametrize("dt", [1, 1 / 2, 1 / 8])
def test_parameters_are_each_neurons_and_spikes_float64s(dt):
    d = np.array([8.0, 8, 4, 2, 2, 0.05])
    a, b = np.array([0.02, 0.02, 0.02, 0.02, 0.1, 0.02]), np.array([0.2, 0.2, 0.2, 0.2, 0.2, 0.25])
    c = np.array([-65.0, -60, -55, -50, -65, -65])
    cell = Izhikevich(a=a, b=b, c=c, d=d, v=c)
    currents = np.full((round(500 / dt), 6), 10.0)
    found, wanted = spike_steps(cell, dt, currents), izhikevich(cell, dt, currents)
    assert [len(x) for x in found] == [len(x) for x in wanted]
    assert min(map(len, found)) > 5


@pytest.mark.parametrize("operand_bits", [16, 18])
def test_cells_of_2007_spike_as_in_float64(operand_bits):
    cell = Izhikevich2007(
        C=np.array([100.0, 50, 20]),
        k=np.array([0.7, 1.5, 1.0]),
        vr=np.array([-60.0, -60, -55]),
        peak=np.array([35.0, 25, 25]),
        a=np.array([0.03, 0.03, 0.2]),
        b=np.array([-2.0, 1, 0]),
        c=np.array([-50.0, -40, -45]),
        d=np.array([100.0, 150, 0]),
        v=np.array([-60.0, -60, -55]),
    )
    currents = np.tile([100.0, 300, 100], (8 * 500, 1))
    found = spike_steps(cell, 1 / 8, currents, operand_bits)
    wanted = izhikevich2007(cell, 1 / 8, currents)
    assert [len(x) for x in found] == [len(x) for x in wanted]
    assert min(map(len, found)) > 5


@pytest.mark.parametrize("cell", [Izhikevich(substeps=2), Izhikevich(overshoot=True, substeps=2)])
def test_engine_is_golden(cell):
    program = cell.program(1)
    levels = program.receptor("current").scale.integer(np.tile(np.linspace(-5, 30, 70), (60, 1)))
    given = program, 70, {"current": levels}, 60
    assert engine(*given) == golden(*given)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (Izhikevich(v=100), "v must start within -162.5 to 37.4992, not at 100"),
        (
            Izhikevich(a=1e-8),
            (
                "a change in Izhikevich must not be lost: it is always less than half of "
                "1.86265e-09, with a = 1e-08"
            ),
        ),
        (
            Izhikevich(b=1e-9),
            "Izhikevich must make numbers of 62 bits or fewer, not 67, with b = 1e-09",
        ),
        (Izhikevich(d=1e-7), "d must not round to 0: 6.25e-11 is less than half of 1.86265e-09"),
        (Izhikevich(c=np.array([-65.0, np.nan])), "c must be finite, not nan"),
    ],
    ids=["start", "nothing-comes-of-it", "too-wide", "rounds-to-0", "nan"],
)
def test_parameters_are_refused_by_what_they_would_become(cell, text):
    with pytest.raises(ValueError) as refused:  # noqa: PT011
        cell.program(1 / 8)
    assert str(refused.value) == text

"""Receptors: potentials against closed forms and scipy, golden against the engine."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from golden.builder import Network, Poisson, whole
from golden.cells import (
    AMPA,
    GABAA,
    GABAB,
    LIF,
    NMDA,
    ConductanceAlpha,
    ConductanceExponential,
    ConductanceTwoExponentials,
    CurrentAlpha,
    CurrentExponential,
    CurrentTwoExponentials,
    Delta,
    GABABKinetic,
    IF_cond_alpha,
    IF_cond_exp,
    IF_curr_alpha,
    IF_curr_delta,
    IF_curr_exp,
    StepCurrent,
)
from tests.cells.driving import Trial, pulses

TAU, DT, STEPS = 20.0, 0.125, 800
SHAPES = {
    "exponential": lambda t: np.exp(-t / 5),
    "slow": lambda t: np.exp(-t / TAU),
    "alpha": lambda t: t / 5 * np.exp(1 - t / 5),
    "two": lambda t: (np.exp(-t / 8) - np.exp(-t / 2)) / 0.4724703937105774,
    "raw": lambda t: np.exp(-t / 15) - np.exp(-t / 3.75),
}


def solved(shape, reversal=None, w=1.0):
    """Return v - rest after every step, when something of a shape begins at time 0."""

    def rate(t, v):
        drive = 1.0 if reversal is None else reversal - v
        return (w * SHAPES[shape](t) * drive - v) / TAU

    ends = np.arange(1, STEPS + 1) * DT
    return solve_ivp(rate, (0, ends[-1]), [0.0], "LSODA", ends, rtol=1e-9, atol=1e-9).y[0]


@pytest.mark.parametrize(
    ("shape", "inlet"),
    [
        ("exponential", CurrentExponential("i", tau=5)),
        ("slow", CurrentExponential("i", tau=TAU)),
        ("alpha", CurrentAlpha("i", tau=5)),
        ("two", CurrentTwoExponentials("i", decay=8, rise=2)),
        ("raw", CurrentTwoExponentials("i", decay=15, rise=3.75, normal=False)),
    ],
)
def test_potential_of_a_current_is_exact_but_for_rounding(shape, inlet):
    cell = LIF(tau=TAU, receptors=(inlet,))
    run = Trial(cell, STEPS, {"i": pulses(STEPS, {0: 30})}, DT)
    np.testing.assert_allclose(run["v"][:, 0] + 65, solved(shape, w=30), atol=0.008)


@pytest.mark.parametrize(
    ("shape", "inlet", "step"),
    [
        ("exponential", ConductanceExponential("g", tau=5, reversal=0), 0.03),
        ("exponential", ConductanceExponential("g", tau=5, reversal=-85), 0.03),
        ("alpha", ConductanceAlpha("g", tau=5, reversal=0), 0.05),
        ("two", ConductanceTwoExponentials("g", decay=8, rise=2, reversal=0), 0.03),
    ],
)
def test_potential_of_a_conductance_is_off_by_the_step_alone(shape, inlet, step):
    cell = LIF(tau=TAU, threshold=-49, receptors=(inlet,))
    run = Trial(cell, STEPS, {"g": pulses(STEPS, {0: 0.3})}, DT)
    exact = solved(shape, inlet.reversal + 65, 0.3)
    np.testing.assert_allclose(run["v"][:, 0] + 65, exact, atol=step)
    assert np.ptp(exact) > 0.8


@pytest.mark.parametrize("v", [-80.0, -65.0, -40.0, -20.0])
def test_magnesium_blocks_at_low_potentials(v):
    """V is held by a leak that is stronger than the receptor, which is long, so I is steady."""
    cell = LIF(tau=1, rest=v, reset=-90, threshold=20, receptors=(NMDA(rise=1, decay=1e5),))
    run = Trial(cell, 100, {"nmda": pulses(100, {0: 0.05})})
    lifted = run["v"][20, 0]
    open_share = 1 / (1 + np.exp(-0.062 * lifted) / 3.57)
    assert lifted - v == pytest.approx(0.05 * open_share * -lifted, rel=0.02, abs=0.006)


def test_named_receptors_are_conductances_with_their_constants():
    cell = LIF(tau=10, receptors=(AMPA(), GABAA(), GABAB()))
    run = Trial(cell, 200, {name: pulses(200, {0: 1}) for name in ("ampa", "gabaa", "gabab")})
    t = np.arange(1, 201)
    np.testing.assert_allclose(run["ampa"][:, 0], np.exp(-t / 2), atol=0.002)
    np.testing.assert_allclose(run["gabaa"][:, 0], np.exp(-t / 6), atol=0.002)
    slow = run["gabab"][:, 0] - run["gabab_rise"][:, 0]
    np.testing.assert_allclose(slow, np.exp(-t / 200) - np.exp(-t / 60), atol=0.004)


def test_g_proteins_open_with_their_fourth_power():
    cell = LIF(tau=5, receptors=(GABABKinetic(g=2, reversal=-95),))
    steps, dt = 2000, 0.5
    run = Trial(cell, steps, {"gabab": pulses(steps, {0: 1.0})}, dt)

    def rate(t, y):
        g, v = y
        return [0.18 * np.exp(-0.0012 * t) - 0.034 * g, self_drive(g, v) - (v + 65) / 5]

    def self_drive(g, v):
        return 2 * g**4 / (g**4 + 100) * (-95 - v) / 5

    ends = np.arange(1, steps + 1) * dt
    exact = solve_ivp(rate, (0, ends[-1]), [0, -65], "LSODA", ends, rtol=1e-9, atol=1e-9).y
    np.testing.assert_allclose(run["gabab"][:, 0], exact[0], atol=0.002)
    np.testing.assert_allclose(run["v"][:, 0], exact[1], atol=0.2)
    assert exact[1].min() < -75


def test_receptors_saturate_and_count():
    cell = LIF(receptors=(CurrentExponential("exc", tau=5),))
    run = Trial(cell, 3, {"exc": np.full(3, 255.0)})
    assert run.saturated["exc"] == 2


PIECES = (
    CurrentExponential("a", tau=np.linspace(2, 9, 30)),
    CurrentAlpha("b", tau=3),
    CurrentTwoExponentials("c", decay=np.linspace(5, 9, 30), rise=np.linspace(1, 4, 30)),
    ConductanceExponential("d", tau=4),
    ConductanceAlpha("e", tau=np.linspace(3, 4, 30), reversal=-80),
    ConductanceTwoExponentials("f", decay=100, rise=2),
    Delta("g"),
    StepCurrent("h"),
)
NAMED = AMPA(), GABAA(), GABAB(), NMDA(), GABABKinetic("slow")
FEW = PIECES[1], PIECES[6]


@pytest.mark.filterwarnings("ignore:no word must saturate")
@pytest.mark.parametrize(
    ("cell", "weight"),
    [
        (LIF(tau=np.linspace(5, 30, 30), refractory=2, receptors=PIECES), 0.2),
        (LIF(receptors=FEW, while_refractory="add", refractory=1, strict=True, noise=3), 2),
        (LIF(receptors=FEW, while_refractory="leak", refractory=1, subtract=True), 2),
        (LIF(receptors=FEW, method="second order", lowest=-66, room=4), 2),
        (LIF(receptors=NAMED, rest=np.linspace(-66, -60, 30)), 0.4),
        (IF_curr_delta(), 3),
        (IF_curr_exp(), 0.5),
        (IF_curr_alpha(), 0.5),
        (IF_cond_exp(), 0.02),
        (IF_cond_alpha(), 0.02),
    ],
)
def test_engine_is_golden_with_every_receptor(cell, weight):
    """Also where words saturate."""
    networks = []
    for _ in range(2):
        net = Network(dt="1/2 ms", seed=3)
        cells = net.population(30, cell, "cells")
        rain = net.input(20, Poisson(100), "rain")
        for r in cell.program(net.dt).receptors:
            net.connect(rain, cells, weight=weight, delay=whole(1, 9), receptor=r.name)
        networks.append(net)
    golden, fast = networks
    for _ in range(60):
        golden.run(steps=5, engine="golden", overflow="warn")
        fast.run(steps=5, overflow="warn")
        assert fast.state.sha256() == golden.state.sha256()
    assert fast.state.saturated == golden.state.saturated
    assert golden.state.spikes[0] > 10

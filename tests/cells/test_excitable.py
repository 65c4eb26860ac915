"""What flows into cells that make their own spikes: receptors, currents, refractory steps."""

import math

import numpy as np
import pytest

from golden.builder import Network, Poisson, SpikeTrain, whole
from golden.cells import (
    AdEx,
    ConductanceAlpha,
    ConductanceExponential,
    CurrentExponential,
    EIF_cond_alpha_isfa_ista,
    EIF_cond_exp_isfa_ista,
    HH_cond_exp,
    HodgkinHuxley,
    IF_cond_exp,
    Izhikevich,
    Izhikevich2007,
    TraubMiles,
)

PAIR = ConductanceExponential("exc", tau=5, reversal=0), CurrentExponential("inh", tau=10)
DT = 1 / 32


def driven(cell, weight, receptor, steps, dt):
    """Return v after every step of one neuron that gets one spike in step 1."""
    net = Network(dt=dt)
    cells = net.population(1, cell, "cells")
    net.connect(net.input(1, SpikeTrain([0])), cells, weight=weight, receptor=receptor)
    v = net.record(cells, "v")
    net.run(steps=steps, engine="golden")
    return v.values[:, 0]


def test_a_conductance_opens_with_the_spike_and_pulls_v_to_its_reversal():
    cell = TraubMiles(gNa=0, gK=0, receptors=PAIR)
    v, g = -60.0, 0.0
    wanted = []
    for step in range(40):
        g = g + (50 if step == 1 else 0)
        v, g = v + DT / 200 * (10 * (-60 - v) + g * (0 - v)), g * math.exp(-DT / 5)
        wanted.append(v)
    assert driven(cell, 50, "exc", 40, DT) == pytest.approx(wanted, abs=5e-3)
    assert wanted[-1] > -50


@pytest.mark.parametrize(
    ("cell", "unit"),
    [
        (Izhikevich(receptors=PAIR, v=-70, u=-14), 1),
        (Izhikevich2007(receptors=PAIR), 100),
        (AdEx(receptors=PAIR), 281),
        (HodgkinHuxley(receptors=PAIR), 1),
    ],
    ids=lambda x: type(x).__name__,
)
def test_a_current_that_decays_is_that_current_in_every_cell(cell, unit):
    with_it = driven(cell, 3 * unit, "inh", 4, DT) - driven(cell, 1e-3 * unit, "inh", 4, DT)
    assert with_it[0] == pytest.approx(0, abs=1e-3)
    assert with_it[1] == pytest.approx(3 * DT, rel=0.02)
    assert with_it[3] == pytest.approx(9 * DT, rel=0.05)


def test_a_constant_current_is_one_from_outside():
    spikes = []
    for constant in (True, False):
        net = Network(dt=1 / 8)
        cells = net.population(1, AdEx(current=900 if constant else 0), "cells")
        if not constant:
            net.current(cells, 900)
        seen = net.record(cells)
        net.run(100)
        spikes.append(seen.t.tolist())
    assert spikes[0] == spikes[1]
    assert len(spikes[0]) > 3


def test_v_waits_while_it_is_refractory():
    net = Network(dt=1 / 8)
    cells = net.population(2, AdEx(refractory=np.array([2.0, 0.5]), current=2000, Vr=-60), "cells")
    v, spikes = net.record(cells, "v"), net.record(cells)
    net.run(60)
    first = spikes.t[spikes.i == 0][0]
    assert v.values[first : first + 17, 0] == pytest.approx([-60] * 17, abs=1e-3)
    assert v.values[first + 17, 0] > -60
    later = spikes.t[spikes.i == 1][0]
    assert v.values[later + 4, 1] == pytest.approx(-60, abs=1e-3)
    assert v.values[later + 5, 1] > -60


@pytest.mark.parametrize(
    ("cell", "dt", "weight"),
    [
        (Izhikevich(receptors=PAIR, substeps=2), 1, 0.1),
        (Izhikevich2007(C=np.linspace(50, 150, 30), k=np.linspace(0.5, 1.5, 30)), 1 / 4, 500),
        (EIF_cond_exp_isfa_ista(tau_refrac=2), 1 / 8, 0.02),
        (EIF_cond_alpha_isfa_ista(cm=np.linspace(0.2, 0.4, 30)), 1 / 8, 0.02),
        (HH_cond_exp(substeps=2), 1 / 16, 0.2),
    ],
    ids=["izhikevich", "2007", "eif-exp", "eif-alpha", "hh"],
)
def test_engine_is_golden_with_receptors(cell, dt, weight):
    networks = []
    for _ in range(2):
        net = Network(dt=dt, seed=3)
        cells = net.population(30, cell, "cells")
        rain = net.input(20, Poisson(100), "rain")
        for r in cell.program(net.dt).receptors[:2]:
            net.connect(rain, cells, weight=weight, delay=whole(1, 9), receptor=r.name)
        networks.append(net)
    golden, fast = networks
    for _ in range(20):
        golden.run(steps=20, engine="golden")
        fast.run(steps=20)
        assert fast.state.sha256() == golden.state.sha256()
    assert golden.state.spikes[0] > 20


@pytest.mark.parametrize(
    ("cell", "given"),
    [
        (Izhikevich, {"a": [0.02, 0.1], "v": [-60, -65]}),
        (Izhikevich2007, {"C": [100, 50]}),
        (AdEx, {"C": [200, 100], "receptors": [*PAIR]}),
        (EIF_cond_exp_isfa_ista, {"cm": [0.2, 0.3]}),
        (HH_cond_exp, {"cm": [0.2, 0.3]}),
        (IF_cond_exp, {"tau_m": [10, 20], "tau_syn_E": [2, 3]}),
    ],
)
def test_a_list_is_an_array(cell, given):
    same = {
        name: tuple(value) if name == "receptors" else np.array(value)
        for name, value in given.items()
    }
    assert cell(**given).size() == 2
    found, wanted = cell(**given).program(1 / 8), cell(**same).program(1 / 8)
    for one, other in zip(found.constants, wanted.constants, strict=True):
        assert np.array_equal(one.values, other.values)


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (
            lambda: AdEx(receptors=(CurrentExponential("exc", tau="5 ms"),)).program(1 / 8),
            "tau must be a number or one for each neuron, not '5 ms'",
        ),
        (
            lambda: IF_cond_exp(tau_m="5 ms"),
            "tau_m must be a number or one for each neuron, not '5 ms'",
        ),
    ],
)
def test_a_text_is_no_parameter(make, text):
    with pytest.raises(ValueError) as refused:  # noqa: PT011
        make()
    assert str(refused.value) == text


def test_what_cannot_be_is_refused():
    two = ConductanceAlpha("exc"), ConductanceAlpha("exc")
    with pytest.raises(ValueError, match="a receptor's name must be its own, not exc again"):
        AdEx(receptors=two).program(1 / 8)
    with pytest.raises(ValueError, match="must have one unit of v for all neurons, not 2"):
        AdEx(DT=np.array([2.0, 3]), receptors=PAIR).program(1 / 8)
    with pytest.raises(ValueError, match="parameter must be one of gbar_Na, .*, v, not gbar_na"):
        HH_cond_exp(gbar_na=3)

"""Neurons with sodium and potassium channels: rest, a step by hand, spikes, the engine, float64."""

from math import exp

import mpmath
import numpy as np
import pytest

from golden.builder import Network
from golden.cells import HodgkinHuxley, TraubMiles
from golden.cells.hodgkin_huxley import linoid
from golden.study.cells.floats import hodgkin_huxley, squid_rates, traub_rates
from golden.study.cells.integers import spike_steps
from tests.cells.models import engine, golden

SHORT = 1 / 32


def start(cell, variable):
    program = cell.program(SHORT)
    return program.state(variable).scale.quantity(program.state(variable).start)


def test_gates_start_where_they_rest():
    squid = HodgkinHuxley()
    assert start(squid, "m") == pytest.approx(0.0529, abs=5e-5)
    assert start(squid, "h") == pytest.approx(0.5961, abs=5e-5)
    assert start(squid, "n") == pytest.approx(0.3177, abs=5e-5)
    assert start(HodgkinHuxley(v=np.array([-65.0, 20])), "m")[1] == pytest.approx(0.9941, abs=5e-4)


@pytest.mark.parametrize(
    ("kind", "rates"), [(HodgkinHuxley, squid_rates), (TraubMiles, traub_rates)]
)
def test_rates_are_those_of_float64_wherever_v_is(kind, rates):
    at = np.array([-120.0, -80, -65, -55, -50, -40.5, -20, 0, 40, 120])
    cell = kind(v=at)
    for (name, functions), wanted in zip(cell.rates().items(), rates(cell, at), strict=True):
        for function, there in zip(functions, wanted, strict=True):
            found = [float(function(mpmath.mpf(float(v)))) for v in at]
            assert found == pytest.approx(there.tolist(), rel=1e-9)
        alpha, beta = wanted
        assert start(cell, name) == pytest.approx(alpha / (alpha + beta), abs=1e-5)


def test_linoid_has_no_hole():
    assert linoid(mpmath.mpf(0)) == 1
    assert float(linoid(mpmath.mpf("1e-20"))) == 1
    assert float(linoid(mpmath.mpf(1))) == pytest.approx(1 / (1 - exp(-1)))


def test_a_step_by_hand():
    net = Network(dt=SHORT)
    cells = net.population(1, HodgkinHuxley(v=-50), "cells")
    net.current(cells, 7)
    v, m = net.record(cells, "v"), net.record(cells, "m")
    net.run(steps=1, engine="golden")
    gates = [float(start(HodgkinHuxley(v=-50), g)) for g in "mhn"]
    flow = 120 * gates[0] ** 3 * gates[1] * 100 + 36 * gates[2] ** 4 * -27 + 0.3 * -4.387 + 7
    assert v.values[0, 0] == pytest.approx(-50 + SHORT * flow, abs=1e-3)
    assert m.values[0, 0] == pytest.approx(gates[0], abs=2e-5)
    net.run(steps=1, engine="golden")
    at = -50 + SHORT * flow
    alpha, beta = (at + 40) / 10 / (1 - exp(-(at + 40) / 10)), 4 * exp(-(at + 65) / 18)
    there = gates[0] + (alpha / (alpha + beta) - gates[0]) * (1 - exp(-SHORT * (alpha + beta)))
    assert m.values[1, 0] == pytest.approx(there, abs=2e-5)


def test_a_spike_is_the_way_up_through_the_threshold_and_no_reset():
    net = Network(dt=SHORT)
    cells = net.population(1, HodgkinHuxley(threshold=-20), "cells")
    net.current(cells, 20, stop=5)
    v, spikes = net.record(cells, "v"), net.record(cells)
    net.run(20)
    over = v.values[:, 0] >= -20
    assert spikes.t.tolist() == (np.flatnonzero(over[1:] & ~over[:-1]) + 1).tolist()
    assert len(spikes.t) == 1
    assert v.values.max() > 30


@pytest.mark.parametrize("operand_bits", [16, 18])
@pytest.mark.parametrize(
    ("cell", "currents"),
    [
        (HodgkinHuxley(), [3, 6, 9, 20, 40, 60]),
        (HodgkinHuxley(EL=-55), [8, 15, 20, 30]),
        (TraubMiles(), [0, 100, 500, 1000, 2000]),
    ],
    ids=["squid", "neurapse", "traub"],
)
def test_rates_are_float64s(cell, currents, operand_bits):
    given = np.tile(np.array(currents, float), (300 * 32, 1))
    found = spike_steps(cell, SHORT, given, operand_bits)
    wanted = hodgkin_huxley(cell, SHORT, given)
    assert [len(x) for x in found] == [len(x) for x in wanted]
    assert max(map(len, found)) > 20


def test_parameters_are_each_neurons_and_substeps_are_steps():
    cell = HodgkinHuxley(gNa=np.array([120.0, 80]), EL=np.array([-54.387, -50]), substeps=4)
    given = np.full((200 * 8, 2), 12.0)
    found, wanted = spike_steps(cell, 1 / 8, given), hodgkin_huxley(cell, 1 / 8, given)
    assert [len(x) for x in found] == [len(x) for x in wanted]
    assert len(found[0]) != len(found[1])


def test_engine_is_golden():
    program = TraubMiles().program(SHORT, 16)
    levels = program.receptor("current").scale.integer(np.tile(np.linspace(0, 3e4, 70), (90, 1)))
    given = program, 70, {"current": levels}, 90
    assert engine(*given) == golden(*given)
    assert any(golden(*given)[1])


def test_a_step_that_is_too_long_for_it_saturates_and_is_counted():
    net = Network(dt="1/8 ms")
    net.current(net.population(1, HodgkinHuxley(), "axon"), 10)
    with pytest.raises(OverflowError, match=r"^no word must saturate, but v of axon did \d+ times"):
        net.run(20)

# amaranth: UnusedElaboratable=no
"""Simulators: all give the same record, go on where they stood, and say what they lack."""

import os
from dataclasses import replace

import numpy as np
import pytest

from golden.cycles.stimulus import Stimulus
from golden.dense.interface import STREAMS, BusRequest, Start
from golden.dense.timing import items
from golden.training import recipe
from hdl.dense.core import Core
from sim.targets import target
from sim.targets.library import without_zeros
from sim.targets.target import NEEDS, SimulatorError, checked_dtype, missing, open_target
from tests.hdl.dummy import Dummy

P = recipe.recipe("tiny", "stdp").params
N_CYCLES = 400
SKIPPED = os.environ.get("GOLDSPIKE_SKIP_SIMULATORS", "").split(",")
"""Simulators that this machine need not have."""
COMPILED = [
    pytest.param(name, marks=pytest.mark.skipif(name in SKIPPED, reason="told to skip it"))
    for name in NEEDS
    if name != "pysim"
]


def stimulus(seed, n_cycles=N_CYCLES):
    random = np.random.default_rng(seed)
    shares = dict(zip(STREAMS, (0.5, 0.2, 0.1, 0.5, 0.7), strict=True))
    put = items(
        random.integers(0, 256, n_cycles // 4),
        [Start(learn=bool(i & 1), label=i % 10) for i in range(n_cycles // 40)],
        [BusRequest(bool(i & 1), 0, i % 4, int(random.integers(1 << 32))) for i in range(8)],
    )
    go = {stream: random.random(n_cycles) < share for stream, share in shares.items()}
    return Stimulus(put, go)


@pytest.fixture(scope="module")
def expected():
    """Return what Amaranth's own simulator shows of three stimuli, one after another."""
    with open_target("pysim", Core(P)) as simulator:
        return [simulator.run(stimulus(seed)) for seed in range(3)]


# Equality


@pytest.mark.parametrize("simulator", COMPILED)
def test_simulators_agree_and_go_on_where_they_stood(simulator, expected):
    with open_target(simulator, Core(P)) as found:
        for seed, rows in enumerate(expected):
            assert np.array_equal(found.run(stimulus(seed)), rows)
        assert found.cycles == len(expected) * N_CYCLES


def test_stimulus_reaches_something(expected):
    rows = np.concatenate(expected)
    assert len(set(rows["phase"].tolist())) > 10
    for field in ("take", "elected", "response_valid", "result_valid", "last_en"):
        assert set(rows[field].tolist()) == {0, 1}


@pytest.mark.parametrize("simulator", ["pysim", *COMPILED])
def test_answers_are_the_rows_that_take_something(simulator):
    with open_target("pysim", Dummy(P)) as every, open_target(simulator, Dummy(P)) as found:
        given = stimulus(5)
        rows, answers = every.run(given), found.answers(given)
        after = every.run(given), found.run(given)
    taken = given.taken(rows, "result") | given.taken(rows, "response")
    assert 0 < len(answers) < len(rows)
    assert np.array_equal(answers, rows[taken])
    assert np.array_equal(*after)


@pytest.mark.parametrize("simulator", COMPILED)
def test_core_is_built_anew_when_it_changes(simulator):
    for core in (Dummy(P), Dummy(replace(P, n_lanes=4))):
        with open_target("pysim", core) as expected, open_target(simulator, core) as found:
            assert np.array_equal(found.run(stimulus(6)), expected.run(stimulus(6)))


# Refusals


@pytest.mark.parametrize("simulator", list(NEEDS))
def test_all_simulators_are_there(simulator):
    if simulator in SKIPPED:
        pytest.skip("told to skip it")
    assert missing(simulator) == ""


def test_missing_simulator_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr(target, "which", lambda name: None)
    with pytest.raises(SimulatorError, match="^icarus needs iverilog: apt-get install iverilog$"):
        open_target("icarus", Dummy(P))
    assert target.available() == ["pysim"]


def test_unknown_simulator_is_refused():
    expected = "^simulator must be one of cxxrtl, verilator, icarus, pysim, not 'spice'$"
    with pytest.raises(SimulatorError, match=expected):
        open_target("spice", Dummy(P))


def test_stimulus_without_cycles_is_refused():
    with (
        open_target("pysim", Dummy(P)) as simulator,
        pytest.raises(ValueError, match="^a stimulus must have at least one cycle, not 0$"),
    ):
        simulator.run(stimulus(1, 0))


def test_payload_that_does_not_fit_is_refused():
    wrong = replace(stimulus(1), items={"pixels": [7, 256]})
    with (
        open_target("pysim", Dummy(P)) as simulator,
        pytest.raises(ValueError, match="^pixels must be 0 to 255, not 256$"),
    ):
        simulator.run(wrong)


def test_probe_of_another_core_is_refused():
    core = Dummy(P)
    core.p = replace(P, n_lanes=4)
    with pytest.raises(ValueError, match="^the probe must have its fields at bytes .*$"):
        checked_dtype(core)


def test_contents_of_memories_that_are_not_all_0_stay():
    def contents(name: str, data: str) -> str:
        return f"  cell $meminit_v2 ${name}\n    connect \\DATA 8'{data}\n  end\n"

    text = "module \\m\n" + contents("1", "00000000") + contents("2", "00000100") + "end\n"
    assert without_zeros(text) == "module \\m\n" + contents("2", "00000100") + "end\n"

"""Files of built networks: the same network comes back, and nothing else can be made of them."""

import json

import numpy as np
import pytest

from golden.builder import Poisson, SpikeTrain, load
from golden.cells import Izhikevich
from golden.cells.trace import Trace
from golden.network.engine.engine import Engine
from golden.network.file.listing import Retrace, listed
from golden.network.state import NetworkState
from golden.network.stepping import StepModel
from sim.battery.zoo import complete, network
from tests.cells.models import engine, golden
from tests.cells.random_programs import random_program

# By hand


def test_a_file_is_plain_arrays_and_says_what_it_is(path):
    with np.load(path, allow_pickle=False) as file:
        meta = json.loads(file["meta"].tobytes())
        assert {file[name].dtype.str for name in file.files if name != "meta"} == {"<i8"}
        assert file["rows 2 delay"].tolist() == [2] * 18
        assert set(meta["shapes"]) == set(file.files) - {"meta"}
        assert file["group 4 steps"].tolist() == [2, 8, 18]
    assert (meta["format"], meta["version"]) == ("goldspike-network", 2)
    assert (meta["dt"], meta["seed"]) == (0.5, 3)
    assert meta["blueprint"] == complete().build().blueprint.sha256()
    assert [group["name"] for group in meta["groups"]] == ["exc", "inh", "rain", "clock", "train"]
    assert [group["source"] for group in meta["groups"][2:]] == ["chance", "metronome", "train"]


def test_a_program_is_a_list_of_operations():
    trace = Trace(1.0)
    v = trace.state("v", 4, 1, 0)
    trace.write("v", v + trace.number(1, 1))
    trace.spike(v >= trace.number(3), v)
    assert listed(trace.program()) == [
        ["state", [], "v", -8, 7, 1],
        ["number", [], 1, 1, 1, 1],
        ["add", [0, 1], None, -7, 8, 1],
        ["saturate", [2], [-8, 7, "v"], -7, 7, 1],
        ["number", [], 3, 3, 3, 0],
        ["left", [4], 1, 6, 6, 1],
        ["less", [0, 5], None, 0, 1, 0],
        ["not", [6], None, 0, 1, 0],
    ]


def test_what_is_loaded_is_complete_but_for_its_inputs(path):
    net = load(path)
    exc = net.populations["exc"]
    for more in (
        lambda: net.population(1, Izhikevich()),
        lambda: net.connect(exc, exc),
        lambda: net.current(exc, 1),
    ):
        with pytest.raises(
            ValueError, match=r"^a network from a file must stay as it is, but for its inputs$"
        ):
            more()
    before = net.build().blueprint.sha256()
    net.feed("rain", SpikeTrain([3.0], [2]))
    spikes = net.record(net.populations["rain"])
    assert net.build().blueprint.sha256() != before
    net.run(steps=20)
    assert (spikes.t.tolist(), spikes.i.tolist()) == ([6], [2])
    with pytest.raises(
        ValueError, match=r"^a network must be complete before it runs or is given a reward$"
    ):
        net.feed("rain", Poisson(1))


def test_a_false_within_reads_nothing_beyond_a_table():
    trace = Trace(1.0)
    v = trace.state("v", 10, 0, 500)
    trace.write("v", (v + trace.number(0)).within(0, 3).look_up((11, 12, 13, 14), 0))
    trace.spike(v < trace.number(0), v)
    program = trace.program()
    assert engine(program, 20, {}, 1)[0] == [{"v": [14] * 20}]
    with pytest.raises(ArithmeticError):
        golden(program, 20, {}, 1)


# Equality


@pytest.mark.parametrize("seed", range(12))
def test_a_loaded_network_is_the_very_same(tmp_path, seed):
    plan = (network(seed) if seed else complete()).build()
    plan.save(tmp_path / "net.npz")
    again = load(tmp_path / "net.npz").build()
    assert again.blueprint.sha256() == plan.blueprint.sha256()
    assert again.notes == plan.notes
    again.save(tmp_path / "again.npz")
    assert (tmp_path / "again.npz").read_bytes() == (tmp_path / "net.npz").read_bytes()
    models = [
        model(blueprint, NetworkState.start(blueprint))
        for model, blueprint in (
            (Engine, plan.blueprint),
            (Engine, again.blueprint),
            (StepModel, again.blueprint),
        )
    ]
    for model in models:
        model.advance(40)
    first, *others = (model.state() for model in models)
    assert {state.sha256() for state in others} == {first.sha256()}
    assert {tuple(state.spikes) for state in others} == {tuple(first.spikes)}


@pytest.mark.parametrize("seed", range(20))
def test_random_programs_are_proved_again(seed):
    program, _ = random_program(seed, 40)
    words = program.states, program.receptors, program.constants
    again = Retrace(1.0, program.operand_bits, *words).values(listed(program))
    assert [(v.low, v.high, v.point) for v in again] == [
        (v.low, v.high, v.point) for v in program.values
    ]


def test_monitors_and_state_files_of_a_loaded_network(path, tmp_path):
    kept = []
    for net in (complete(), load(path)):
        exc = net.populations["exc"]
        monitors = net.record(exc), net.record(exc[2:4], "v"), net.record(exc, "rate", 5)
        net.run("25 ms")
        if not kept:
            net.save(tmp_path / "state.npz")
        kept.append([m.contents()[name].tolist() for m in monitors for name in m.COLUMNS])
        assert np.all(np.abs(monitors[1].values) < 120)
    assert kept[0] == kept[1]
    assert len(kept[0][0]) > 5
    again = load(path)
    for variable in ("spikes", "v", "rate"):
        exc = again.populations["exc"]
        again.record(exc[2:4] if variable == "v" else exc, variable, 5 if variable == "rate" else 1)
    again.restore(tmp_path / "state.npz")
    assert again.state.step == 50

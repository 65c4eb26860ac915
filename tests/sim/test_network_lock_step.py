# amaranth: UnusedElaboratable=no
"""sim.lockstep --network: the network core against its model, and its states against the engine."""

import json
from dataclasses import replace

import pytest

from hdl.network.core import NetworkCore
from sim import lockstep
from sim.jobs import network

SIMPLE = ["--network", "spikelearn-simple", "--steps", "10"]
FEED = ["--network", "neurapse-feedforward", "--hash-every", "20"]


def run(tmp_path, *words: str, status: int = 0) -> dict:
    """Run the command; return its figures."""
    path = tmp_path / "figures.json"
    assert lockstep.main([*words, "--json", str(path)]) == status
    return json.loads(path.read_text())


def slower(chip):
    """Return gates whose pipelines take other times than the model says."""
    return NetworkCore(replace(chip, fabric=replace(chip.fabric, budget=chip.fabric.budget // 3)))


@pytest.mark.parametrize("simulator", ["pysim", "icarus", "verilator", "cxxrtl"])
def test_every_cycle_and_the_state_are_equal(tmp_path, simulator):
    found = run(tmp_path, *SIMPLE, "--simulator", simulator, "--stalls", "0.3")
    assert found["equal"]
    assert found["steps"] == 10
    assert found["spikes"] > 0
    assert found["state_sha256"] == found["expected_state_sha256"]
    assert found["cycles"] == found["cycles_of_loading"] + sum(found["phases"].values())


@pytest.mark.parametrize("words", [["--board", "icebreaker"], ["--fabric", "gowin"]])
def test_a_network_is_built_for_a_board_or_a_family(tmp_path, words):
    found = run(tmp_path, *SIMPLE, *words, "--simulator", "pysim")
    assert found["equal"]
    assert found["fabric"] == {"icebreaker": "up5k"}.get(words[1], words[1])


STILL = """\
from golden.builder import Network, Poisson
from golden.cells import LIF
from golden.network.rules import PairSTDP

DURATION = 30


def network(seed=1, off=0):
    net = Network(dt="1 ms", seed=seed)
    rain = net.input(3, Poisson(300), "rain")
    cells = net.population(2, LIF(tau=10), "cells")
    rule = PairSTDP(w_max=20, a_plus=2, a_minus=1)
    for number in (1, 2):
        net.connect(rain, cells, weight=9.0, delay=number, rule=rule).learning = off < number
    return net
"""


def test_what_does_not_learn_does_not_in_gates(tmp_path):
    file = tmp_path / "still.py"
    file.write_text(STILL)
    words = ["--network", str(file), "--simulator", "pysim"]
    found = [run(tmp_path, *words, "--set", f"off={off}") for off in (0, 1, 2)]
    assert all(x["equal"] for x in found)
    assert len({x["state_sha256"] for x in found}) == 3


def test_a_run_of_what_learns_ends_before_ages_cannot_be_told(capsys):
    assert lockstep.main(["--network", "spikelearn-stdp", "--steps", str((1 << 25) + 1)]) == 2
    said = "must have done at most 33,554,432 steps, not 33,554,433\n"
    assert capsys.readouterr().err.endswith(said)


def test_a_rule_of_narrower_factors_learns_in_gates_that_yosys_takes_for_a_loop(tmp_path):
    found = run(tmp_path, "--network", "spikelearn-stdp", "--board", "icebreaker", "--steps", "12")
    assert found["equal"]
    assert found["phases"]["REPLAY"] > 0


DEAF = """\
from dataclasses import dataclass

from golden.builder import Network, SpikeTrain
from golden.cells.cell import Cell

DURATION = 8


@dataclass(frozen=True, kw_only=True)
class Deaf(Cell):
    def step(self, trace):
        trace.arrivals("unheard", 16, 4)
        v = trace.state("v", 12, 4, 0) + trace.receptor("heard", 12, 4)
        trace.write("v", v)
        trace.spike(v > trace.number(1000), v)


def network(seed=1):
    net = Network(dt=1, seed=seed)
    rain = net.input(1, SpikeTrain([1, 2, 3, 5], [0] * 4), "rain")
    cells = net.population(3, Deaf(), "cells")
    net.connect(rain, cells, weight=2.0, receptor="heard")
    net.connect(rain, cells, weight=3.0, receptor="unheard")
    return net
"""


def test_what_a_cell_does_not_hear_is_forgotten_all_the_same(tmp_path):
    file = tmp_path / "deaf.py"
    file.write_text(DEAF)
    found = run(tmp_path, "--network", str(file), "--simulator", "pysim")
    assert found["equal"]
    assert found["arrivals"] == 4 * 3 * 2


def test_a_run_that_goes_on_ends_as_one_that_never_stopped(tmp_path):
    out = ["--out", str(tmp_path / "run")]
    whole = run(tmp_path, *FEED, "--steps", "160")
    first = run(tmp_path, *FEED, "--steps", "100", *out)
    again = run(tmp_path, *FEED, "--steps", "160", *out, "--resume")
    assert whole["arrivals"] > 0
    assert again["equal"]
    assert again["state_sha256"] == whole["state_sha256"] != first["state_sha256"]
    # The second run loads all over again, and nothing else is done twice.
    for figure in ("arrivals", "spikes", "run_with_a_neuron_entering"):
        assert again[figure] == whole[figure]
    for phase in ("WALK", "RUN", "EMIT", "ENDSTEP"):
        assert again["phases"][phase] == whole["phases"][phase]


TAUGHT = """\
from golden.builder import Network, Periodic
from golden.cells import LIF
from golden.network.rules import MSTDPET

DURATION = 60


def network(seed=1, now=False):
    net = Network(dt="1 ms", seed=seed)
    clock = net.input(2, Periodic([3, 7]), "clock")
    cells = net.population(2, LIF(tau=10), "cells")
    net.connect(clock, cells, weight=9.0, rule=MSTDPET(w_max=20, a_plus=2, a_minus=1))
    told = net.record(cells)
    net.reward(lambda _: 1 - len(told.t) / 16, every=2)
    if now:
        net.reward(1)
    return net
"""


@pytest.fixture
def taught(tmp_path):
    """Return the words for a network with a teacher."""
    file = tmp_path / "taught.py"
    file.write_text(TAUGHT)
    return ["--network", str(file), "--simulator", "pysim"]


def test_a_run_with_a_teacher_goes_on(tmp_path, taught):
    out = ["--out", str(tmp_path / "run")]
    whole = run(tmp_path, *taught, "--steps", "9")
    run(tmp_path, *taught, "--steps", "6", *out)
    again = run(tmp_path, *taught, "--steps", "9", *out, "--resume")
    assert again["equal"]
    assert again["phases"]["REWARD"] == whole["phases"]["REWARD"] > 0
    assert again["state_sha256"] == whole["state_sha256"]


def test_a_reward_that_a_file_gives_now_is_refused(taught, capsys):
    assert lockstep.main([*taught, "--set", "now=true"]) == 2
    assert capsys.readouterr().err == (
        f"error: {taught[1]}: network() must return a network that has not run, nor been given a "
        "reward, which at=0 tells in advance\n"
    )


def test_a_difference_is_told_with_its_events_and_waves(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(network, "NetworkCore", slower)
    waves = tmp_path / "waves.vcd"
    found = run(tmp_path, *SIMPLE, "--waves", str(waves), status=1)
    assert found["mismatch"]["cycle"] > found["cycles_of_loading"]
    told = capsys.readouterr().out
    assert "RUN, step 0" in told
    assert "not equal: cycle" in told
    assert "expected" in waves.read_text()


def test_a_state_that_is_not_the_engines_is_told(tmp_path, monkeypatch, capsys):
    spikes = network.Engine.spikes
    monkeypatch.setattr(network.Engine, "spikes", lambda engine, n: spikes(engine, n + 1))
    found = run(tmp_path, *SIMPLE, status=1)
    assert found["mismatch"] is None
    assert found["state_sha256"] != found["expected_state_sha256"]
    assert "not equal after step 10: state" in capsys.readouterr().out


FLIGHT = """\
from golden.builder import Network, Periodic, SpikeTrain, one_to_one
from golden.cells import LIF

DURATION = 70


def network(seed=1, cells=True, train=False, before=0):
    net = Network(dt="1 ms", seed=seed)
    if train:
        net.input(1, SpikeTrain([1], [0]), "train")
    elif cells:
        every = net.input(1, Periodic(1), "every")
        net.connect(every, net.population(1, LIF(), "far"), one_to_one(), weight=1, delay=255)
    if before:
        net.run(steps=before)
    return net
"""


@pytest.fixture
def flight(tmp_path):
    """Return the file of a network of which more spikes fly than axons could have at once."""
    file = tmp_path / "flight.py"
    file.write_text(FLIGHT)
    return ["--network", str(file)]


def test_spikes_that_the_queue_has_lost_are_told_before_any_state_shows_them(
    tmp_path, flight, capsys
):
    found = run(tmp_path, *flight, "--simulator", "pysim", status=1)
    assert found["mismatch"] is None
    assert found["state_sha256"] == found["expected_state_sha256"]
    assert (found["queue"], found["lost"]) == (64, 6)
    told = " ".join(capsys.readouterr().out.split())
    assert "after step 70: the queue of 64 places has lost 6 spikes on their way" in told


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("cells=false", "must make a network with a population"),
        ("before=3", "network() must return a network that has not run"),
        ("train=true", "a chip must be for cells or random spikes, not for spikes from outside"),
    ],
)
def test_a_file_that_no_chip_can_run_is_refused(flight, capsys, change, said):
    assert lockstep.main([*flight, "--set", change]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--network", ""], "a network must be a file, or one of"),
        (["--steps", "0"], "--steps must be at least 1, not 0"),
        (["--hash-every", "0"], "--hash-every must be at least 1, not 0"),
        (["--stalls", "1"], "--stalls must be 0 to 0.9, not 1.0"),
        (["--resume"], "--resume must have --out"),
        (["--preset", "tiny"], "--preset must be of the dense core, not with --network"),
        (["--weight-bits", "3"], "--weight-bits must be of the dense core, not with --network"),
        (["--set", "size=3"], "--set for spikelearn-simple must name one of none"),
        (["--fabric", "up5k", "--board", "hx8k"], "--fabric must not be given with --board"),
        (["--network", "brian"], "a network must be a file, or one of"),
    ],
)
def test_what_cannot_be_is_refused(capsys, words, said):
    assert lockstep.main([*SIMPLE, *words]) == 2
    assert said in capsys.readouterr().err


def test_another_networks_checkpoint_is_refused(tmp_path, capsys):
    out = ["--out", str(tmp_path / "run")]
    run(tmp_path, *SIMPLE, *out)
    assert lockstep.main([*FEED, "--steps", "20", *out, "--resume"]) == 2
    assert "must be a checkpoint of this run: network must be" in capsys.readouterr().err
    assert lockstep.main([*SIMPLE, *out]) == 2
    assert "must be continued with --resume or removed" in capsys.readouterr().err

# amaranth: UnusedElaboratable=no
"""Random small networks in lock-step; and one that fails becomes small."""

from dataclasses import replace

import pytest

from sim import zoo
from sim.battery.zoo_case import ZooCase, learning_case, random_network_case, shrunk_network
from sim.jobs import network
from sim.jobs.network import NetworkFigures

SEEDS = [("cxxrtl", 10), ("pysim", 25), ("icarus", 29)]


@pytest.mark.parametrize(("simulator", "seed"), SEEDS)
def test_a_random_network_is_as_the_model_and_the_engine_say(simulator, seed):
    case = random_network_case(seed)
    case = replace(case, steps=40 if simulator == "cxxrtl" else 12)
    figures, failure = case.run(simulator)
    assert failure == ""
    assert figures.spikes > 0


def test_a_random_network_that_learns_is_as_the_model_and_the_engine_say():
    case = learning_case(1)
    learner = case.chip.learner
    assert learner
    assert (learner.posts, learner.span_bits) == (4, 4)
    figures, failure = case.run("cxxrtl")
    assert failure == ""
    assert figures.phases["REPLAY"] > 0


def test_a_network_that_fails_becomes_small():
    case = next(c for c in map(random_network_case, range(20)) if len(c.blueprint.rows) > 3)
    name = case.blueprint.rows[1].name

    def fails(case):
        return case.steps > 2 and name in {r.name for r in case.blueprint.rows}

    small = shrunk_network(case, fails)
    assert [r.name for r in small.blueprint.rows] == [name]
    assert small.steps == 3
    assert small.share == 0
    assert all(group.winners is None for group in small.blueprint.groups)
    assert not any(d.levels.any() for d in small.blueprint.drives if d.deviation is None)
    assert small.chip is case.chip


def test_a_failure_is_told_with_the_smallest_network(monkeypatch, capsys):
    monkeypatch.setattr(network.NetworkJob, "_hash", lambda job, words: "other")
    monkeypatch.setattr(zoo, "shrunk_network", lambda case, fails: case)
    assert zoo.main(["--first", "25", "--count", "1", "--simulator", "pysim"]) == 1
    told = capsys.readouterr().out
    assert "network 25 is not equal: state after step 20: other, expected " in told
    assert "smaller: " in told
    assert "40 steps" in told


def test_what_was_equal_is_not_run_again(tmp_path, monkeypatch, capsys):
    tries = []

    def equal(case, simulator):
        tries.append(case.seed)
        figures = NetworkFigures()
        figures.cycles = 9
        return figures, ""

    monkeypatch.setattr(ZooCase, "run", equal)
    table = str(tmp_path / "zoo.csv")
    assert zoo.main(["--count", "2", "--resume", table]) == 0
    assert zoo.main(["--count", "3", "--resume", table]) == 0
    assert tries == [0, 1, 2]
    assert "3 networks equal in 27 cycles" in capsys.readouterr().out

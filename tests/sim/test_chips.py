# amaranth: UnusedElaboratable=no
"""Random network cores with anything in their memories; a case that fails becomes small."""

from dataclasses import replace

import numpy as np
import pytest

from golden.network.interface import Phase
from hdl.network.core import NetworkCore
from sim import chips
from sim.battery.chip_case import random_case, shrunk
from sim.chips import tried

SEEDS = {"pysim": [5], "icarus": [69], "verilator": [15], "cxxrtl": [11, 21]}
CASES = [(simulator, seed) for simulator, seeds in SEEDS.items() for seed in seeds]


@pytest.mark.parametrize(("simulator", "seed"), CASES)
def test_a_random_core_is_as_the_model_says(simulator, seed):
    row, mismatch = tried(random_case(seed), simulator)
    assert mismatch is None
    assert row["cycles"] > 3000
    assert row["RUN"] > 0


TAUGHT = {Phase.REWARD, Phase.RECEIVE, Phase.FACTOR, Phase.SCALE}
"""Of rules with rewards or a norm, which sim.zoo --late draws."""


def test_cases_show_all_phases_and_all_that_can_happen():
    phases, shown = set(), set()
    about = ("push", "arrive", "fire", "spikes_valid", "done_valid")
    maybe = ("release", "note", "mark", "learned")
    for seed in range(60):
        _, rows = random_case(seed).record()
        phases |= set(rows["phase"].tolist())
        there = (*about, *(name for name in maybe if name in (rows.dtype.names or ())))
        shown |= {name for name in there if rows[name].any()}
        shown |= {"lost"} if np.ptp(rows["lost"]) else set()
        shown |= {n for n in rows.dtype.names or () if n.endswith("saturated") and rows[n].any()}
    assert phases == set(Phase) - TAUGHT
    assert {*about, *maybe, "lost"} <= shown
    assert {"adder_saturated", "leaky_saturated", "holder_saturated"} <= shown


def test_a_case_that_fails_becomes_small():
    # Whatever fails here, it needs one step and a stream that stands still.
    case = next(c for c in map(random_case, range(100)) if c.share and sum(c.steps) > 3)
    small = shrunk(case, lambda c: bool(c.share) and sum(c.steps) > 0)
    assert small.share == case.share
    assert sum(small.steps) == 1
    assert small.asked == ()
    assert small.contents.registers["groups"] == 0
    assert not any(end == 0 for end, _ in small.external[:1])
    assert small.contents.cells.any() == np.False_


def test_a_difference_is_told_with_the_smallest_case(monkeypatch, capsys):
    def slower(chip):
        fabric = replace(chip.fabric, budget=chip.fabric.budget // 3)
        return NetworkCore(replace(chip, fabric=fabric))

    monkeypatch.setattr(chips, "NetworkCore", slower)
    monkeypatch.setattr(chips, "shrunk", lambda case, fails: case)
    assert chips.main(["--first", "69", "--count", "1", "--simulator", "pysim"]) == 1
    told = capsys.readouterr().out
    assert "core 69 is not equal: cycle " in told
    assert "kinds: " in told


def test_what_was_equal_is_not_run_again(tmp_path, monkeypatch, capsys):
    tries = []

    def equal(case, simulator):
        tries.append(case.seed)
        return dict.fromkeys(chips.COLUMNS[2:], 7), None

    monkeypatch.setattr(chips, "tried", equal)
    table = str(tmp_path / "chips.csv")
    assert chips.main(["--count", "2", "--resume", table]) == 0
    assert chips.main(["--count", "3", "--resume", table]) == 0
    assert tries == [0, 1, 2]
    assert "3 cores equal in 21 cycles" in capsys.readouterr().out
    assert chips.main(["--count", "3", "--fabric", "ecp5", "--resume", table]) == 2

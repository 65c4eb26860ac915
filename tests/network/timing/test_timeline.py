"""Runs of the network core on a grid: phases, streams, what the host sees."""

from dataclasses import replace
from itertools import groupby

import numpy as np
import pytest

from golden.cells.schedule import GENERIC
from golden.cycles.stimulus import Stimulus
from golden.network.chip import Chip, Kind
from golden.network.interface import SILENT, WINNERS_AT, BusRequest, Phase, Region, streams
from golden.network.timing.count import CycleCount
from golden.network.timing.memories import Memories
from golden.network.timing.requests import SERVED
from golden.network.timing.timeline import Timeline
from sim.battery.chips import random_chip, random_contents, reads, writes
from sim.battery.tiny import Adder

KIND = Kind("adder", Adder(threshold=5, bits=8).program(1.0), slots=3, inlet_bits=(9,))
CHIP = Chip((KIND,), GENERIC, 6, 3, 3, 4, 2, 2, 3, 0, 8, 0)
"""Runs: count 2, gap 3, more 1. Synapses: slot 2, weight 8. Queue of two."""
AT = KIND.schedule(GENERIC)
OUTPUTS = ("spikes", "done", "response")


def loaded(what: int = 0, chip: Chip = CHIP) -> Memories:
    """Return a core with neurons 10 to 12 in all slots, axons 0 to 2, and v = 5, 1, 7."""
    made = Memories(chip)
    made.fill(Region.SCRIPT, np.array([what, 0, 3, 10, 0, 5]))
    # Axon 0 has two runs, of two synapses after 1 step and of one 2 steps later; 1 none; 2 another.
    made.fill(Region.ROW_RUNS, np.array([0 | 1 << 2 | 1 << 10, 0, 2 | 2 << 2 | 1 << 10]))
    made.fill(Region.ROW_SYNAPSES, np.array([0, 0, 3]))
    made.fill(Region.RUNS, np.array([2 | 2 << 2 | 1 << 5, 1, 1]))
    made.fill(Region.SYNAPSES, np.array([0 | 3 << 2, 1 | 4 << 2, 2 | 0xFF << 2, 1 | 6 << 2]))
    made.word(0)[:] = 5, 1, 7
    made.registers["groups"] = 1
    return made


def run(made: Memories, n_cycles: int, **items) -> tuple[np.ndarray, Timeline]:
    """Return the record of a run without stalls."""
    put = {"start": [], "external": [], "bus": [], **items}
    timeline = Timeline(made, Stimulus.eager(n_cycles, put, OUTPUTS))
    return timeline.run(), timeline


def phases(rows) -> list[tuple[str, int]]:
    """Return phases with how long they last."""
    return [(Phase(p).name, len(list(cycles))) for p, cycles in groupby(rows["phase"].tolist())]


# By hand


def test_two_steps_by_hand():
    rows, timeline = run(loaded(), 120, start=[2])
    running = 2 + 2 + AT.latency
    found = phases(rows)
    # LOAD has five words and a constant, and a cycle. Two spike: EMIT is 1 + 2 + 1 cycles.
    assert found[:6] == [
        ("IDLE", 1),
        ("WALK", 1),
        ("LOAD", 7),
        ("RUN", running),
        ("EMIT", 4),
        ("ENDSTEP", 1),
    ]
    # Axon 0 is due: visible at w + 2, offered at w + 3, waiting at w + 4, issued at w + 5 and
    # w + 6, so that it arrives at w + 9 and w + 10; axon 2, visible at w + 5, is put back there.
    assert found[6] == ("WALK", 11)
    w = sum(n for _, n in found[:6])
    assert np.flatnonzero(rows["arrive"]).tolist() == [w + 9, w + 10]
    assert rows["sum"][[w + 9, w + 10]].tolist() == [3, 4]
    assert rows["slot"][[w + 9, w + 10]].tolist() == [0, 1]
    # v = 0 + 3, 1 + 4, 0: the second one spikes, and its row is empty.
    assert found[7:12] == [("LOAD", 7), ("RUN", running), ("EMIT", 3), ("ENDSTEP", 1), ("DONE", 1)]
    neurons = rows["neuron"][rows["spikes_valid"] == 1].tolist()
    assert neurons == [10, 12, 11]
    assert timeline.memories.word(0).tolist() == [3, 0, 0]
    assert timeline.settled == sum(n for _, n in found[:12])


def test_the_queue_by_hand():
    rows, timeline = run(loaded(), 120, start=[2])
    # In step 0 both rows are pushed, in step 1 both are put back: the first with what is left.
    at = np.flatnonzero(rows["push"])
    about = [rows[f"push_{name}"][at].tolist() for name in ("place", "run", "synapse", "due")]
    assert about == [[0, 1, 0, 1], [0, 2, 1, 2], [0, 3, 2, 3], [1, 2, 3, 2]]
    assert rows["length"][at].tolist() == [0, 1, 2, 2]
    assert rows["length"][at + 1].tolist() == [1, 2, 2, 2]
    assert rows["head"][at + 1].tolist() == [0, 0, 1, 0]
    # Both are pushed two cycles after their neurons are taken.
    assert rows["spikes_valid"][at[:2] - 2].tolist() == [1, 1]


def test_spikes_wait_until_they_are_taken():
    made = loaded()
    go = {name: np.ones(80, np.bool_) for name in streams(CHIP)}
    go["spikes"][:40] = False
    timeline = Timeline(made, Stimulus({"start": [1]}, go))
    rows = timeline.run()
    shown = np.flatnonzero(rows["spikes_valid"]).tolist()
    e = 9 + 4 + AT.latency
    assert shown == [*range(e + 1, 41), 41]
    assert rows["neuron"][shown].tolist() == [10] * (40 - e) + [12]


def test_a_silent_group_pushes_and_tells_nobody():
    rows, _ = run(loaded(SILENT), 60, start=[1])
    assert rows["spikes_valid"].sum() == 0
    assert rows["push"].sum() == 2


def test_an_election_by_hand():
    chip = replace(CHIP, elects=True)
    rows, timeline = run(loaded(1 << WINNERS_AT, chip), 60, start=[1])
    # Two have fired, with margins of 0 and 2: a round takes them and 2 cycles more. The list has
    # both, and the loser is passed; its v is reset all the same.
    found = dict(phases(rows)[1:6])
    assert found["ELECT"] == 1 * (2 + 2)
    assert found["EMIT"] == 1 + 2 + 1
    assert rows["fired"][rows["fire"] == 1].tolist() == [0, 2]
    assert rows["neuron"][rows["spikes_valid"] == 1].tolist() == [12]
    assert rows["push_run"][rows["push"] == 1].tolist() == [2]
    assert timeline.memories.word(0).tolist() == [0, 1, 0]


def test_a_full_queue_loses_and_counts():
    made = loaded()
    made.registers.update(length=1, lost=65535)
    rows, _ = run(made, 60, start=[1])
    # The entry that was there is of step 0, and all of it arrives but its second run.
    assert rows["push"].sum() == 2
    assert made.registers["length"] == 2
    assert made.registers["lost"] == 65535


def test_the_host_by_hand():
    asked = [BusRequest(1, Region.REGISTERS, 6, 0x7F), BusRequest(0, Region.RUNS, 0)]
    rows, _ = run(loaded(), 30, bus=asked, start=[0])
    assert phases(rows)[:7] == [
        ("IDLE", 1),
        ("HOST", 5),
        ("RESPOND", 1),
        ("IDLE", 1),
        ("HOST", 5),
        ("RESPOND", 1),
        ("IDLE", 1),
    ]
    assert phases(rows)[7:9] == [("DONE", 1), ("IDLE", 14)]
    assert np.flatnonzero(rows["bus_ready"]).tolist() == [5, 12]
    assert np.flatnonzero(rows["start_ready"])[0] == 14
    assert rows["response"][[6, 13]].tolist() == [3, 2 | 2 << 2 | 1 << 5]
    # A register of two bits, written at 1, shown from 2 on.
    assert rows["length"][:4].tolist() == [0, 0, 3, 3]


def test_listening_by_hand():
    made = loaded()
    made.registers["listen"] = 1
    rows, _ = run(made, 200, start=[4], external=[(0, 2), (0, 0), (1, 2), (1, 0)])
    long = [n for name, n in phases(rows) if name == "EXTERNAL"]
    assert long == [3, 1, 1, 1]
    assert rows["external_ready"].sum() == 4
    first = int(np.argmax(rows["external_ready"]))
    assert rows["push_run"][first + 2 : first + 4].tolist() == [2, 0]


def test_steps_are_counted_without_a_record():
    rows, _ = run(loaded(), 120, start=[2])
    counted = CycleCount(loaded())
    found = [counted.step() for _ in range(2)]
    for phase in (Phase.WALK, Phase.LOAD, Phase.RUN, Phase.EMIT, Phase.ENDSTEP):
        assert sum(step[phase] for step in found) == np.count_nonzero(rows["phase"] == phase)
    assert found[0][Phase.EMIT] == 4


# Refusals


def test_what_is_not_there_is_refused():
    made = loaded()
    with pytest.raises(ValueError, match="^index in region 4 must be 0 to 2, not 3$"):
        made.serve(BusRequest(0, Region.RUNS, 3))
    with pytest.raises(ValueError, match="^region must be 0 to 10, not 11$"):
        made.serve(BusRequest(0, 11, 0))
    made.fill(Region.SCRIPT, np.array([1, 0, 3, 10, 0, 5]))
    with pytest.raises(ValueError, match="^kind of a group must be 0 to 0, not 1$"):
        run(made, 60, start=[1])
    made.fill(Region.SCRIPT, np.array([0, 2, 2, 10, 0, 5]))
    with pytest.raises(
        ValueError, match="^a group must have 1 to 1 neurons from slot 2 of adder on, not 2$"
    ):
        run(made, 60, start=[1])
    made = loaded()
    made.registers["listen"] = 1
    with pytest.raises(ValueError, match="^axon must be below 3, not 3$"):
        run(made, 60, start=[1], external=[(0, 3), (1, 0)])
    with pytest.raises(ValueError, match="^externals of a step must have an end"):
        CycleCount(made).step()


# Equality


@pytest.mark.parametrize("seed", range(20))
def test_what_is_written_over_the_bus_is_read_back(seed):
    random = np.random.default_rng([seed, 2])
    chip = random_chip(random)
    full = random_contents(chip, random)
    asked = [*writes(full), *reads(chip)]
    rows, timeline = run(Memories(chip), SERVED * len(asked) + 1, bus=asked)
    answers = rows["response"][rows["response_valid"] == 1].tolist()
    assert answers == 2 * answers[: len(answers) // 2]
    assert answers[: len(answers) // 2] == [request.data for request in writes(full)]
    assert timeline.settled == SERVED * len(asked)
    assert timeline.memories.registers == full.registers


@pytest.mark.parametrize("seed", range(20))
def test_many_requests_at_once_are_the_same_one_by_one(seed):
    random = np.random.default_rng([seed, 6])
    chip = random_chip(random)
    full = random_contents(chip, random)
    asked = [*writes(full), *reads(chip), *writes(full)[::2], *reads(chip)[:5]]
    found = []
    for last in (True, False):
        n_cycles = SERVED * len(asked) + 9
        go = {name: np.ones(n_cycles, np.bool_) for name in streams(chip)}
        # A pause at the very end, and nothing is laid together.
        go["bus"][-1] = last
        timeline = Timeline(Memories(chip), Stimulus({"bus": asked, "start": [0]}, go))
        found.append((timeline.run(), timeline.memories.cells.tolist(), timeline.settled))
    np.testing.assert_array_equal(found[0][0], found[1][0])
    assert found[0][1:] == found[1][1:]
    with pytest.raises(ValueError, match="^index in region 4 must be 0 to"):
        run(Memories(chip), 99, bus=[BusRequest(0, 4, 99)] * 9)


@pytest.mark.parametrize("seed", range(20))
def test_stalls_delay_and_change_nothing(seed):
    random = np.random.default_rng([seed, 3])
    chip = random_chip(random)
    first = random_contents(chip, random)
    ends = [(0, int(axon)) for axon in random.integers(0, chip.axons, 5)] + [(1, 0)] * 20
    found = []
    for share in (0.0, 0.3, 0.8):
        made = first.copy()
        go = {name: random.random(40_000) >= share for name in streams(chip)}
        stimulus = Stimulus({"start": [3, 1, 4], "external": ends}, go)
        timeline = Timeline(made, stimulus)
        rows = timeline.run()
        assert timeline.settled
        kept = rows[stimulus.taken(rows, "spikes")][["step", "neuron"]].tolist()
        writes_ = rows[(rows["arrive"] | rows["push"] | rows["fire"]) == 1]
        found.append((
            kept,
            writes_[["sum", "slot", "push_run", "push_due", "fired"]].tolist(),
            made.cells.tolist(),
            made.registers,
            {region: words.tolist() for region, words in made.packed.items()},
        ))
    assert found[0] == found[1] == found[2]

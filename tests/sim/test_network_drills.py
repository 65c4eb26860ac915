"""Drills of a network core come to what they are for, and notice faults that nothing else does."""

from importlib import import_module

import numpy as np
import pytest

from golden.network.interface import Phase
from golden.network.rules.interface import LAST_BITS
from hdl.network.core import NetworkCore
from sim.battery.cores import chip
from sim.battery.inject import Fault, injected
from sim.battery.network_drills import RENEWED, network_drills
from sim.battery.network_lives import network_life
from sim.records.compare import compare
from sim.targets.target import open_target


def answers(name):
    """Return what the host is answered in the first drill of a core."""
    _, (_, record) = next(network_drills(name))
    begins = np.flatnonzero(np.diff(record["response_valid"].astype(int)) == 1) + 1
    return record["response"][begins].tolist()


def difference(core, name, drill):
    """Return what first differs from the record of a drill; None if nothing does."""
    stimulus, record = dict(network_drills(name))[drill]
    with open_target("cxxrtl", core) as target:
        return compare(record, target.run(stimulus).view(record.dtype))


# By hand


def test_step_goes_over_every_power_of_two():
    told = answers("electing")[: 2 * 32]
    assert told[0::2] == [2**bit - 1 for bit in range(32)]
    assert told[1::2] == [2**bit + 1 for bit in range(32)]


def test_pauses_of_any_length_are_counted_from_what_set_them():
    told = answers("electing")[2 * 32 :][: 5 * 23]
    assert told[1::5] == [2**bit for bit in range(1, 24)]
    assert told[2::5] == [2**bit - 2 for bit in range(1, 24)]  # Set by the host: two steps.
    assert told[4::5] == [2**bit - 1 for bit in range(1, 24)]  # Heard in the first one.


def test_counters_keep_what_the_host_writes():
    told = answers("electing")[2 * 32 + 5 * 23 :]
    wanted = [2**bit - 1 for bit in range(1, 17) for _ in range(2)]
    assert told == wanted * (len(told) // len(wanted))
    assert len(told) >= 2 * len(wanted)


def test_long_runs_do_not_end():
    ended = {d: bool(np.any(r["phase"] == Phase.DONE)) for d, (_, r) in network_drills("mixed")}
    assert ended["2 bits of steps"]
    assert not any(ended[f"{bit} bits of steps"] for bit in range(6, 32))


def test_a_long_run_ends():
    record = dict(network_drills("mixed"))["a long run"][1]
    assert np.count_nonzero(record["phase"] == Phase.ENDSTEP) == 32_770
    assert record["phase"][-1] == Phase.IDLE


def test_steps_have_elections_of_many():
    record = dict(network_drills("electing"))["states"][1]
    electing = np.diff((record["phase"] == Phase.ELECT).astype(int)) == 1
    assert np.count_nonzero(electing) > RENEWED
    assert np.count_nonzero(record["phase"] == Phase.DONE) == RENEWED


def test_cells_that_begin_at_rest_spike():
    record = dict(network_drills("hodgkin"))["states"][1]
    assert np.count_nonzero(record["fire"]) > RENEWED
    assert np.count_nonzero(record["phase"] == Phase.DONE) == RENEWED


def test_counters_of_lives_begin_at_many_powers_of_two():
    lost = {network_life("mixed", life).contents.registers["lost"] for life in range(16)}
    assert lost >= {0, 65533}
    assert len(lost) > 6


def test_pasts_lie_as_far_back_as_every_power_of_two():
    record = dict(network_drills("nearest"))["pasts"][1]
    assert (
        np.count_nonzero(np.diff((record["phase"] == Phase.DONE).astype(int)) == 1) == LAST_BITS - 1
    )
    for event in ("learned", "mark", "note"):
        assert np.count_nonzero(record[event]) > 100, event


# Equality


@pytest.mark.parametrize("drill", ["numbers", "memories", "states", "20 bits of steps"])
def test_true_core_does_them_as_predicted(drill):
    assert difference(NetworkCore(chip("electing")), "electing", drill) is None


def test_true_core_that_learns_has_any_past_as_predicted():
    assert difference(NetworkCore(chip("nearest")), "nearest", "pasts") is None


@pytest.mark.parametrize(
    ("name", "drill", "fault"),
    [
        (
            "nearest",
            "pasts",
            Fault(
                "network/learning/age", "far", "~gone[AGE_BITS:].any()", "~gone[AGE_BITS:24].any()"
            ),
        ),
        (
            "single",
            "20 bits of steps",
            Fault("network/sequencer", "few", "~self.steps,", "~self.steps | 1 << 20,"),
        ),
        ("single", "numbers", Fault("network/sequencer", "cut", "quiet - 1", "quiet[:20] - 1")),
        (
            "single",
            "memories",
            Fault(
                "network/host",
                "far",
                "self.data.eq(request.data)",
                "self.data.eq(request.data >> 1 << 1)",
            ),
        ),
        (
            "electing",
            "states",
            Fault("network/contest", "one bit", "margin > top", "margin > top ^ (top[0] << 3)"),
        ),
    ],
)
def test_fault_is_noticed(name, drill, fault):
    with injected(fault):
        core = import_module("hdl.network.core").NetworkCore(chip(name))
        assert difference(core, name, drill)

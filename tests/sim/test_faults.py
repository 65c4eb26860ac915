"""Lock-step and dialogues notice faults of the hardware: `sim.faults`, a part of its catalogue."""

from importlib import import_module

import numpy as np
import pytest

import golden.dense.params
import sim.targets.taps
from golden.dense import params
from golden.dense.interface import Phase
from golden.network.interface import Phase as NetworkPhase
from hdl.dense.core import Core
from sim import faults
from sim.battery.buses.wrappers import WRAPPERS, heard_wrong
from sim.battery.cores import CORES, foretold
from sim.battery.dialogues import DIALOGUES, talk
from sim.battery.inject import injected
from sim.battery.networks import NETWORKS
from sim.battery.stimuli import expected, stimulus
from sim.faults import (
    AROUND,
    CAUGHT,
    GOOD,
    INVALID,
    LINK,
    NETWORK,
    SURVIVED,
    Fault,
    battery,
    catalogue,
    examine,
    examine_all,
)
from sim.targets.taps import Taps

EVERY = 10
"""The whole catalogue takes minutes: one fault in so many is tried here, and all by the command."""
EVERY_OF_LINK = 60
"""A top level takes ten seconds to compile."""
EVERY_OF_NETWORK = 26
"""A network core takes twice as long to simulate as a dense one."""
EVERY_OF_WRAPPERS = 10
OF_LINK = [fault for fault in catalogue() if fault.file.startswith(LINK)]
OF_NETWORK = [fault for fault in catalogue() if fault.file.startswith(NETWORK)]
OF_WRAPPERS = [fault for fault in catalogue() if fault.file.startswith(AROUND)]
OF_CORE = [f for f in catalogue() if f not in OF_LINK + OF_NETWORK + OF_WRAPPERS]
SAMPLE = (
    OF_WRAPPERS[::EVERY_OF_WRAPPERS]
    + OF_CORE[::EVERY]
    + OF_NETWORK[::EVERY_OF_NETWORK]
    + OF_LINK[::EVERY_OF_LINK]
)
PASSIVE = {
    "__init__",
    "export",
    "network_sheet",
    "verilog",
    "dense/datasheet",
    "numbers/fields",
}
PASSIVE |= {
    "link/graph",
    "link/service",
    "link/dense/top",
    "link/network/top",
    "network/record",
}
PASSIVE |= {f"handover/{stem}" for stem in ("source", "lists", "memories", "expected", "bench")}
PASSIVE |= {"handover/package", "wrappers/bare", "wrappers/sheet"}
ROOMS = (
    "cells",
    "dense",
    "dense/sequencer",
    "handover",
    "link",
    "link/dense",
    "link/network",
    "network",
    "network/learning",
    "network/options",
    "numbers",
    "parts",
    "wrappers",
)
PASSIVE |= {f"{room}/__init__" for room in ROOMS}
"""Files of hdl that make no gates of their own."""


@pytest.mark.parametrize("fault", SAMPLE, ids=lambda fault: f"{fault.file}: {fault.name}")
def test_fault_is_caught(fault):
    outcome = examine(fault)
    assert outcome.outcome in GOOD, str(outcome)


def test_what_is_run_has_one_name():
    assert not set(NETWORKS) & set(CORES) | set(NETWORKS) & set(DIALOGUES)
    assert not set(CORES) & set(DIALOGUES)
    assert not set(WRAPPERS) & {*NETWORKS, *CORES, *DIALOGUES}


def test_faults_on_two_processes_come_back_in_order():
    quick = [fault for fault in OF_CORE if fault.file == "numbers/lfsr"]
    assert len(quick) > 1
    found = examine_all(quick, jobs=2)
    assert [outcome.fault for outcome in found] == [fault.name for fault in quick]
    assert all(outcome.outcome in GOOD for outcome in found)


@pytest.mark.parametrize("network", NETWORKS)
def test_true_core_agrees(network):
    assert (
        faults.lock_step(Core(NETWORKS[network].built), stimulus(network), expected(network))
        is None
    )


@pytest.mark.parametrize("name", CORES)
def test_true_network_core_agrees(name):
    assert faults.difference(name) is None


@pytest.mark.parametrize("name", DIALOGUES)
def test_true_top_level_agrees(name):
    assert talk(name) is None


@pytest.mark.parametrize("name", WRAPPERS)
def test_true_wrapper_agrees(name):
    assert heard_wrong(name) is None


def test_battery_shows_every_phase():
    seen = set(np.concatenate([np.unique(expected(name)["phase"]) for name in NETWORKS]))
    assert seen == set(Phase)


def test_network_cores_show_every_phase_and_both_outcomes():
    rows = [foretold(name) for name in CORES]
    assert set(np.concatenate([np.unique(row["phase"]) for row in rows])) == set(NetworkPhase)
    for field in ("push", "arrive", "fire", "spikes_valid", "external_ready", "response_valid"):
        assert set(np.concatenate([np.unique(row[field]) for row in rows])) == {0, 1}, field
    inlets = {int(i) for row in rows for i in np.unique(row["inlet"])}
    assert inlets == {0, 1, 2}
    assert any(np.any(np.diff(row["lost"].astype(int)) == 1) for row in rows)
    assert foretold("single")["adder_saturated"].any()


def test_battery_shows_both_outcomes():
    for field in ("w_en", "last_en", "f_en", "take", "w_read", "elected", "result_valid"):
        values = np.concatenate([expected(name)[field] for name in NETWORKS])
        assert set(np.unique(values)) == {0, 1}, field
    assert {"spike", "no spike", "several spikes"} <= _spikes()
    assert {"up", "down", "at w_max", "at w_min"} <= _weights("plain") | _weights("late")
    assert set().union(*map(_levels, NETWORKS)) == {"top", "bottom"}


def test_cells_of_each_core_spike_by_themselves():
    quiet = {name for name in CORES if not foretold(name)["spikes_valid"].any()}
    # Without groups; and too few steps from rest, the only states that its programs are proved for.
    assert quiet == {"idle", "hodgkin"}


def test_faults_are_many_and_everywhere():
    found = catalogue()
    assert len(found) >= 60
    assert len({fault.name for fault in found}) == len(found)
    assert all(fault.network in battery(fault) for fault in found)
    folder = faults.CATALOGUE.parents[1] / "hdl"
    files = {path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.py")}
    assert files - PASSIVE == {fault.file for fault in found if fault.package == "hdl"}


def test_harmless_change_survives(monkeypatch):
    # Two for all: what stays equal in all of them is `test_true_core_agrees`.
    monkeypatch.setattr(faults, "battery", lambda fault: ("oriented", "late"))
    fault = Fault("dense/wta", "harmless", "coming = Signal(SIGN_LATENCY)",
                  "coming = Signal(SIGN_LATENCY, init=0)", "oriented")  # fmt: skip
    assert examine(fault).outcome == SURVIVED


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ("no such text", "x", "old must be in hdl/dense/wta.py once, not 0 times"),
        ("m.d.comb", "m.d.sync", "old must be in hdl/dense/wta.py once, not"),
        ("class Camp(", "class (", "new must be Python"),
        ("class Camp(", "class Kamp(", "ImportError"),
    ],
)
def test_what_is_no_fault_is_told(old, new, text):
    outcome = examine(Fault("dense/wta", "none", old, new))
    assert outcome.outcome == INVALID
    assert text in outcome.text


def test_true_modules_come_back():
    fault = catalogue()[0]
    with injected(fault):
        assert import_module("hdl.dense.core").Core is not Core
    assert import_module("hdl.dense.core").Core is Core


def test_what_the_hardware_is_made_by_can_be_faulty_too():
    fault = Fault("dense/params", "wide", "away = 2 if", "away = 3 if", package="golden")
    with injected(fault, "sim.targets"):
        assert import_module("golden.dense.params") is not params
        assert import_module("sim.targets.taps").Taps is not Taps
        assert import_module("hdl.dense.membrane").sum_width is not params.sum_width
    assert golden.dense.params is params
    assert sim.targets.taps.Taps is Taps


def test_command_tells_the_score(capsys, tmp_path):
    name = next(fault.name for fault in catalogue() if fault.file == "numbers/lfsr")
    assert faults.main(["--only", name, "--csv", str(tmp_path / "faults.csv")]) == 0
    assert "score 1/1 = 100.0%" in capsys.readouterr().out
    header, row = (tmp_path / "faults.csv").read_text().splitlines()
    assert header == "file,fault,outcome,network,cycle,field"
    assert row.startswith(f"numbers/lfsr,{name},{CAUGHT},")


def test_rows_of_faults_that_are_not_tried_again_stay(tmp_path):
    mine, other, *_ = (fault for fault in catalogue() if fault.file == "numbers/lfsr")
    table = tmp_path / "faults.csv"
    others = [f"{other.file},{other.name},{CAUGHT},plain,7,lfsr", "numbers/lfsr,gone,caught,,1,"]
    table.write_text("\n".join(["file,fault,outcome,network,cycle,field", *others]))
    row = faults.FaultOutcome(mine.file, mine.name, CAUGHT, "late", 5, "lfsr")
    found = faults.recorded(table, [row])
    assert [(each["fault"], each["network"]) for each in found] == [
        (mine.name, "late"),
        (other.name, "plain"),
    ]


def test_command_refuses_what_names_no_fault(capsys):
    assert faults.main(["--only", "no such fault"]) == 2
    assert "--only must be a part of" in capsys.readouterr().err


def _spikes():
    counts = np.concatenate([
        rows["n_spikes"][rows["result_valid"] == 1] for rows in map(expected, NETWORKS)
    ])
    return {("no spike", "spike", "several spikes")[min(count, 2)] for count in counts.tolist()}


def _weights(name):
    """Name what happens to weights in sweeps."""
    p, rows = NETWORKS[name].p, expected(name)
    held, seen = {}, set()
    for row in rows[rows["w_en"] == 1]:
        place, w = (int(row["w_addr"]), int(row["w_lane"])), p.w.wrap(int(row["w_data"]))
        if row["phase"] == Phase.SWEEP and place in held and w != held[place]:
            seen |= {"up"} if w > held[place] else {"down"}
            seen |= {"at w_max"} if w == p.w_max else set()
            seen |= {"at w_min"} if w == p.w_min else set()
        held[place] = w
    return seen


def _levels(name):
    """Name the ends of the format that v reaches while events come in."""
    p, rows = NETWORKS[name].p, expected(name)
    rows = rows[(rows["phase"] == Phase.INTEGRATE) & (rows["n_row"] % 2 == 0)]
    stored = rows["n_data"][rows["n_en"].any(axis=1)] if rows["n_en"].ndim > 1 else rows["n_data"]
    ends = {"top": p.v.max, "bottom": p.v.min & ((1 << p.v.width) - 1)}
    return {name for name, level in ends.items() if (stored == level).any()}

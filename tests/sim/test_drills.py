"""Drills of a core come to what they are for, and notice faults that nothing else does."""

from importlib import import_module
from itertools import islice

import numpy as np
import pytest

from golden.dense.interface import Phase
from hdl.dense.core import Core
from sim.battery.drills import Drills
from sim.battery.inject import Fault, injected
from sim.battery.networks import NETWORKS
from sim.records.compare import compare
from sim.targets.target import open_target

OLD = -2
"""The last piece with images; each is behind one that sets registers."""


def images(name, n):
    """Return what is done to a core up to its first n pieces with images."""
    return list(islice(Drills(NETWORKS[name]), 1 + 2 * n))


def first_difference(core, pieces):
    """Return what first differs from the record; None if nothing does."""
    with open_target("cxxrtl", core) as target:
        for stimulus, record in pieces:
            if mismatch := compare(record, target.run(stimulus).view(record.dtype)):
                return mismatch
    return None


# By hand


def test_some_weights_are_learned_hundreds_of_steps_after_the_axon_spiked():
    _, record = list(Drills(NETWORKS["late"]))[OLD]
    last, ages = {}, set()
    for row in record:
        if row["last_en"]:
            last[row["last_axon"]] = int(row["last_data"])
        if row["phase"] == Phase.SWEEP:
            ages |= {int(row["step"]) + 1 - since for since in last.values() if since}
    assert ages >= {0, 1, 256}


def test_elections_are_decided_by_one_at_the_highest_level():
    records = [record for _, record in images("ties", 4)[2::2]]
    decided = [bool(np.any(record["phase"] == Phase.COMPETE)) for record in records]
    assert decided == [False, True, True, True]


# Equality


def test_true_core_does_them_as_predicted():
    assert first_difference(Core(NETWORKS["late"].built), Drills(NETWORKS["late"])) is None


@pytest.mark.parametrize(
    ("name", "n", "fault"),
    [
        (
            "ties",
            4,
            Fault(
                "numbers/formats",
                "early",
                "inside = ~high.any()",
                "inside = ~high.any() & (value <= fmt.max - 2)",
            ),
        ),
        (
            "plain",
            13,
            Fault("parts/queue", "last place", "take & later,", "take & later & (k < 2),"),
        ),
        ("late", 14, Fault("dense/stdp", "short age", "Signal(len(age))", "Signal(8)")),
    ],
)
def test_fault_is_noticed(name, n, fault):
    with injected(fault):
        core = import_module("hdl.dense.core").Core(NETWORKS[name].built)
        assert first_difference(core, images(name, n))

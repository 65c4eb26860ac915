"""Published behaviours: as many spikes as float64 of the same step, and as the recorded table."""

import csv
from pathlib import Path

import numpy as np
import pytest

from golden.cells.behaviours import BEHAVIOURS, behaviour
from golden.cells.behaviours.adex import CHAOTIC
from golden.study.cells.behaviours import row

ROOT = Path(__file__).parents[2]


def table():
    with (ROOT / "docs/results/cells/behaviours.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def named(recorded):
    return f"{recorded['cell']} {recorded['behaviour']}"


EASY = ("phasic spiking", "class 2", "rebound burst", "inhibition-induced bursting", "adaptation")
"""Run in the suite; `python -m golden.study.cells.behaviours` runs all."""


@pytest.mark.parametrize("recorded", [r for r in table() if r["behaviour"] in EASY], ids=named)
def test_rows_are_what_the_command_writes(recorded):
    assert row(recorded["cell"], behaviour(recorded["cell"], recorded["behaviour"])) == recorded


def test_every_behaviour_is_in_the_table():
    named = [(r["cell"], r["behaviour"], float(r["dt_ms"])) for r in table()]
    assert named == [(k, b.name, b.dt) for k, of in BEHAVIOURS.items() for b in of.values()]
    assert [len(of) for of in BEHAVIOURS.values()] == [20, 8]


@pytest.mark.parametrize("bits", [18, 16])
def test_spikes_are_as_many_as_in_float64_where_it_is_not_chaotic(bits):
    other = [r["behaviour"] for r in table() if r["spikes_float64"] != r[f"spikes_{bits}"]]
    assert set(other) <= set(CHAOTIC)


def test_currents_are_those_at_the_begin_of_every_step():
    latency = behaviour("izhikevich", "spike latency").currents()
    assert np.flatnonzero(latency).tolist() == list(range(81, 104))
    class1 = behaviour("izhikevich", "class 1").currents()
    assert class1[[0, 120, 124]].tolist() == [0, 0, 0.075]
    accommodation = behaviour("izhikevich", "accommodation").currents()
    assert accommodation[[100, 399, 400, 600, 624, 625]] == pytest.approx(
        [2, 7.98, 0, 0, 3.84, 0], abs=1e-12
    )
    inhibited = behaviour("izhikevich", "inhibition-induced spiking").currents()
    assert inhibited[[99, 100, 500, 501]].tolist() == [80, 75, 75, 80]


def test_unknown_behaviours_are_refused():
    with pytest.raises(ValueError, match="cell must be one of izhikevich, adex, not lif"):
        behaviour("lif", "tonic spiking")
    with pytest.raises(ValueError, match=r"behaviour must be one of tonic spiking, .*, not tonic$"):
        behaviour("adex", "tonic")

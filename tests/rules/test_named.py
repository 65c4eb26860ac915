"""Networks that learn, by name: what they are known for, and float64 beside the integers."""

import csv
from pathlib import Path

import numpy as np
import pytest

from golden.examples import song2000
from golden.examples.plastic import spikelearn_mb, spikelearn_stdp
from golden.study.learning.outcome import band
from golden.study.learning.runs import drn, polychronous, rows, song

STEPS = 100
FIGURES = "hz_exc", "hz_inh", "mean_weight", "low_percent", "high_percent"
TABLE = Path(__file__).parents[2] / "docs" / "results" / "learning" / "runs.csv"


def recorded(network: str, numbers: str) -> list[dict[str, str]]:
    """Return the recorded runs."""
    with TABLE.open(newline="") as file:
        rows = [r for r in csv.DictReader(file) if r["network"] == network]
    return [row for row in rows if row["numbers"] == numbers]


def test_synapses_of_a_cell_compete_and_most_become_weak():
    net, gmax = song2000.network(a_plus=0.02), 0.015
    before = net.projections[0].weights / gmax
    net.run("20 s")
    after = net.projections[0].weights / gmax
    assert (before < 0.2).mean() < 0.25
    assert (after < 0.2).mean() > 0.4
    assert after.max() > 0.9
    assert net.state.overflows == 0


@pytest.mark.parametrize("numbers", ["integers", "float64"])
def test_recorded_synapses_of_a_cell_are_strong_or_weak(numbers):
    for row in recorded("song2000", numbers):
        assert float(row["low_percent"]) > 40
        assert float(row["high_percent"]) > 10
        assert row["overflows"] == "0"


def test_synapses_of_a_cell_compete_as_in_float64():
    """From 173 Hz in the first second: weights have fallen by a fifth after five."""
    ours, floats = (song("song2000", numbers, 1, 5000) for numbers in runs())
    assert ours.hz_inh == floats.hz_inh
    assert ours.hz_exc == pytest.approx(floats.hz_exc, rel=0.02)
    assert ours.mean_weight < 0.007
    assert ours.mean_weight == pytest.approx(floats.mean_weight, rel=0.005)
    assert ours.low_percent == pytest.approx(floats.low_percent, abs=2)


def test_power_of_a_rhythm_is_in_its_band():
    """Half of the power at 40 Hz, half at 4 Hz."""
    t = np.arange(3000) / 1000
    counts = 5 + np.sin(2 * np.pi * 40 * t) + np.cos(2 * np.pi * 4 * t)
    assert band(counts, (30, 70)) == pytest.approx(50)
    assert band(counts, (10, 30)) == pytest.approx(0, abs=1e-9)
    assert band(np.zeros(1000), (30, 70)) == 0


def test_neurapses_network_learns_what_float64_learns():
    ours, floats = (drn("neurapse-drn-plastic", numbers, 1, 250) for numbers in runs())
    assert ours.hz_exc > 2
    assert ours.hz_exc == pytest.approx(floats.hz_exc, rel=0.05)
    assert abs(ours.mean_weight - 40) > 0.02
    assert ours.mean_weight - 40 == pytest.approx(floats.mean_weight - 40, rel=0.05)


def test_spnet_learns_what_float64_learns():
    """As long as chaos has not parted them far: weights have moved four times."""
    ours, floats = (polychronous("spnet", numbers, 1, 4000) for numbers in runs())
    assert ours.hz_exc == pytest.approx(floats.hz_exc, rel=0.1)
    assert ours.mean_weight > 6.02
    assert ours.mean_weight == pytest.approx(floats.mean_weight, abs=0.015)


def runs() -> tuple[str, str]:
    """Return what is compared."""
    return "integers", "float64"


@pytest.mark.parametrize("figure", ["hz_exc", "hz_inh", "mean_weight"])
def test_recorded_figures_of_neurapses_network_are_within_3_percent(figure):
    ours, floats = (recorded("neurapse-drn-plastic", numbers) for numbers in runs())
    assert len(ours) == len(floats) == 5
    means = [np.mean([float(row[figure]) for row in rows]) for rows in (ours, floats)]
    assert means[0] == pytest.approx(means[1], rel=0.03)
    assert all(row["overflows"] == "0" for row in ours)


@pytest.mark.parametrize("numbers", ["integers", "float64"])
def test_a_run_of_spnet_begins_with_the_changed_weight(numbers):
    run = polychronous("spnet", numbers, 1, 1000, 0.1)
    assert run.change == 0.1
    assert run.mean_weight == pytest.approx(6.6, abs=0.05)


RHYTHMS = "slow_percent", "gamma_percent"
OVERLAPPING = [("spnet", 8, figure) for figure in (*FIGURES, *RHYTHMS)]
OVERLAPPING += [("song2000", 3, figure) for figure in FIGURES]
"""One cell has no rhythm."""


@pytest.mark.parametrize(("network", "many", "figure"), OVERLAPPING)
def test_recorded_runs_overlap_with_those_of_float64(network, many, figure):
    """A run of the one may be as far from the next as from the other's."""
    ours, floats = (
        np.array([float(row[figure]) for row in recorded(network, numbers)]) for numbers in runs()
    )
    assert len(ours) == len(floats) == many
    assert floats.min() <= ours.mean() <= floats.max()
    assert ours.min() <= floats.mean() <= ours.max()


@pytest.mark.parametrize("figure", [*FIGURES, *RHYTHMS])
def test_short_words_move_a_figure_less_than_runs_of_float64_differ(figure):
    which = ("spnet-short", "integers"), ("spnet", "float64")
    ours, floats = (np.array([float(row[figure]) for row in recorded(*one)]) for one in which)
    assert len(ours) == len(floats) == 8
    assert abs(ours.mean() - floats.mean()) < np.ptp(floats)


def test_no_run_is_missing_from_the_table():
    with TABLE.open(newline="") as file:
        found = [
            (r["network"], r["numbers"], int(r["seed"]), float(r["change"]))
            for r in csv.DictReader(file)
        ]
    assert len(set(found)) == len(found)
    assert next(rows(found), None) is None


@pytest.mark.parametrize("made", [spikelearn_stdp, spikelearn_mb])
def test_spikelearns_networks_learn_what_its_equations_say(made):
    """V = (1 - s) (a V + (1 - a) W x), s = V >= 1, t = x / 2 + t / 2, and W follows its rule.

    In floats, with the inputs that there were; an arrival lowers W before it is transmitted.
    """
    net = made.network()
    rain, spikes = (net.record(net.populations[name]) for name in ("input1", "l1"))
    start = net.projections[0].weights.reshape(20, 10).T
    net.run(steps=STEPS)
    x = np.zeros((STEPS, 20))
    arrived = rain.t < STEPS - 1
    x[rain.t[arrived] + 1, rain.i[arrived]] = 1
    w, a, found = start.copy(), np.exp(-1 / 4), []
    v, s, post, pre = *np.zeros((3, 10)), np.zeros(20)
    for step in range(STEPS):
        if made is spikelearn_stdp:
            w = (w - 0.1 * np.outer(post / 2, x[step])).clip(0, 1)
        v = (1 - s) * (a * v + (1 - a) * w @ x[step])
        s = (v >= 1).astype(float)
        found += [(step, i) for i in np.flatnonzero(s)]
        pre, post = (pre + x[step]) / 2, (post + s) / 2
        if made is spikelearn_stdp:
            w += 0.1 * np.outer(s, pre) - 0.05 * np.outer(s, x[step])
        elif step < STEPS - 1:
            w += 0.01 * np.outer(1 - post, pre)
        w = w.clip(0, 1)
    assert list(zip(spikes.t, spikes.i, strict=True)) == found
    assert len(found) > 100
    assert np.abs(w - start).max() > 0.15
    assert np.abs(net.projections[0].weights.reshape(20, 10).T - w).max() < 0.005

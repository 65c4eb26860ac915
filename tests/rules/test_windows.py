"""STDP windows, measured: a formula by hand, some measured again, and what is recorded of all."""

import csv
from dataclasses import replace
from math import exp
from pathlib import Path

import numpy as np
import pytest

import golden.network.rules as library
from golden import accuracy
from golden.cells.schedule import UP5K
from golden.network.rules import PairSTDP, Rule
from golden.study.learning import coincidence
from golden.study.learning.formulas import FloatSynapse
from golden.study.learning.window import LIBRARY, REACH, Pairing, window

TABLE = Path(__file__).parents[2] / "docs" / "results" / "learning" / "windows.csv"


def recorded() -> list[dict[str, str]]:
    """Return the recorded windows."""
    with TABLE.open(newline="") as file:
        return list(csv.DictReader(file))


# By hand


def test_a_formula_adds_up_all_pairs_and_lets_an_arrival_come_first():
    rule = PairSTDP(a_plus=0.1, a_minus=0.2, tau_plus=10, tau_minus=20)
    synapse = FloatSynapse(rule, 1, 0.5)
    synapse.learn(pre=[5, 8], post=[6, 8], steps=20)
    raised = exp(-1 / 10) + exp(-3 / 10) + 1
    assert synapse.w == pytest.approx(0.5 + 0.1 * raised - 0.2 * exp(-2 / 20))


def test_nest_counts_no_coincident_pair():
    """A post at 3 and an arrival at 3: the post is for the arrival of 1, the arrival finds none."""
    alone = coincidence.floats([1, 3], [3])[-1] - coincidence.BEGIN
    assert alone == pytest.approx(coincidence.LAMBDA * exp(-2 / coincidence.TAU_PLUS))


# Measured


@pytest.mark.parametrize("name", ["PairSTDP, all of 3", "DerivativeSTDP", "MSTDPET", "Ternary"])
def test_a_window_is_its_formula_but_for_the_rounding_that_is_stated(name):
    seen = window(LIBRARY[name])
    assert len(seen.distance) == 2 * REACH + 1
    assert seen.difference <= seen.stated
    assert seen.stated < 0.01 * np.abs(seen.formula).max()
    assert len(np.unique(seen.change)) > REACH


@pytest.mark.parametrize("name", ["PairSTDP, all of 3", "TripletSTDP", "MSE"])
def test_so_is_one_of_narrower_factors_whose_rounding_is_coarser(name):
    seen, wide = window(LIBRARY[name], fabric=UP5K), window(LIBRARY[name])
    assert wide.stated < seen.stated < 0.02 * np.abs(seen.formula).max()
    assert wide.difference < seen.difference <= seen.stated


def test_a_rule_that_does_something_else_is_seen():
    """The formula of a rule with a tau that is 1 ms longer."""
    pairing = LIBRARY["PairSTDP"]
    assert isinstance(pairing.rule, PairSTDP)
    other = Pairing(replace(pairing.rule, tau_plus=pairing.rule.tau_plus + 1))
    seen, theirs = window(pairing), window(other)
    assert np.abs(seen.change - theirs.formula).max() > 4 * seen.stated


def test_weights_are_nests_where_spikes_coincide_and_only_then_others():
    pre, post = next(coincidence.trains())[1:]
    _, ours, stated = coincidence.integers(pre, post)
    theirs = np.array(coincidence.floats(pre.tolist(), post.tolist()))
    assert np.abs(ours - theirs).max() <= stated
    counted = np.array(coincidence.floats(pre.tolist(), (post - 1).tolist()))
    assert np.abs(counted - theirs).max() > 4 * stated


# Recorded


def test_every_rule_of_the_library_has_a_window():
    classes = (getattr(library, name) for name in library.__all__)
    rules = {c for c in classes if issubclass(c, Rule) and c is not Rule}
    assert {type(pairing.rule) for pairing in LIBRARY.values()} == rules


def test_recorded_windows_are_their_formulas_but_for_the_rounding_that_is_stated():
    rows = recorded()
    assert [row["rule"] for row in rows][: len(LIBRARY)] == list(LIBRARY)
    assert sum("NEST" in row["rule"] for row in rows) == 2
    for row in rows:
        assert float(row["largest_difference"]) <= float(row["stated_rounding"])
        assert float(row["largest_change"]) > 0.04


def test_a_picture_of_something_else_is_refused(tmp_path, capsys):
    for what, name in (("networks", "x.png"), ("windows", "x.txt")):
        picture = tmp_path / name
        assert accuracy.main([what, "--picture", str(picture)]) == 2
        said = "--picture must be of windows, and end in one of .png .svg .pdf, not "
        assert said in capsys.readouterr().err.replace("\n", " ")
        assert not picture.exists()

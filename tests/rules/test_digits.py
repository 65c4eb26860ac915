"""A network that is shown images: how they are shown, what it answers, and what it has reached."""

import csv
from pathlib import Path

import numpy as np

from golden.builder import Network, all_to_all
from golden.builder.inputs import SpikeTrain
from golden.network.rules import PairSTDP
from golden.study.learning import digits, shown
from sim.battery.tiny import Adder

TABLE = Path(__file__).parents[2] / "docs" / "results" / "learning" / "digits.csv"
NOBODY = -1


def network() -> Network:
    """Return nine pixels and three cells; the pixels' weights learn."""
    net = Network(dt=1, seed=2)
    pixels = net.input(9, SpikeTrain([]), "X")
    cells = net.population(3, Adder([40, 60, 90]), "exc")
    net.connect(pixels, cells, all_to_all(), weight=9, rule=PairSTDP(w_max=20, a_plus=1))
    return net


EXHIBIT = shown.Exhibit(lambda *_: [network()], "exc", 35, 35, shown.bernoulli(30))


def test_images_are_shown_one_by_one_as_all_at_once(monkeypatch):
    images = np.array([np.full((3, 3), 255), np.zeros((3, 3)), np.full((3, 3), 128)], np.uint8)
    found = []
    for at_once in (1, 3):
        monkeypatch.setattr(shown, "AT_ONCE", at_once)
        asked = shown.Shown(EXHIBIT, seed=1)
        found.append((*asked.show(images, learning=True), asked.states[0].sha256()))
    (firsts, counts, one), (others, more, all_) = found
    assert firsts.tolist() == others.tolist()
    assert counts.tolist() == more.tolist()
    assert one == all_
    assert counts[1].sum() == 0
    assert counts[0].sum() > counts[2].sum() > 0
    assert (firsts[1] == NOBODY).all()
    assert firsts[0, 0] == 0


def test_nothing_is_learned_while_it_is_asked():
    asked = shown.Shown(EXHIBIT, seed=1)
    asked.show(np.full((2, 3, 3), 255, np.uint8), learning=False)
    (learned,) = (x for x in asked.states[0].learned if x)
    assert len(np.unique(learned.words["w"])) == 1


def test_answer_is_the_label_whose_cells_spike_most_on_their_mean():
    """Cells 0 and 1 stand for 3, cell 2 for 7: 9 of one cell are more than 10 of two."""
    counts, labels = np.array([[5, 6, 0], [1, 0, 4]]), np.array([3, 7])
    asked = np.array([[5, 5, 0], [5, 5, 9], [0, 1, 0]])
    assert digits.by_activity(counts, labels, asked).tolist() == [3, 7, 3]


def test_first_spikes_vote_with_what_they_were_counted_for():
    labelled = np.full((20, shown.VOTES), NOBODY)
    labelled[:10, 0], labelled[10:, 0] = 0, 1
    asked = np.full((2, shown.VOTES), NOBODY)
    asked[0, 0], asked[1, 0] = 1, 0
    labels = np.array([3] * 10 + [7] * 10)
    assert digits.by_votes(2, (labelled, labels), asked).tolist() == [7, 3]


def test_recorded_network_reaches_what_it_must_on_all_test_images():
    with TABLE.open(newline="") as file:
        row = next(row for row in csv.DictReader(file) if row["network"] == "diehl-cook")
    assert row["tested"] == "10000"
    assert row["overflows"] == "0"
    assert float(row["votes_percent"]) > 82.9
    assert float(row["activity_percent"]) > 74.5

"""The report: colours and selection by hand, refusals, and a page that needs nothing else."""

import os
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from golden.datasets import Dataset
from golden.dense import core
from golden.dense.engine import Record
from golden.dense.params import Params
from golden.report import neurons, stories, write_report
from golden.report.curves import curves
from golden.report.gallery import gallery
from golden.report.histograms import histograms
from golden.report.membranes import membranes
from golden.report.neurons import Neurons, choose
from golden.report.pictures import NEGATIVE, POSITIVE, pictures
from golden.training.model_file import Model
from golden.training.outcome import Outcome

SMALL = Params(height=6, width=6, n_neurons=6, n_classes=2, theta_init=400, n_steps=8)
HOSTILE = ("<script>alert(1)</script>", "\"'><img src=http://x.invalid/ onerror=alert(1)> $\\frac{")
NAN = float("nan")


@pytest.fixture(autouse=True)
def _interpreted_engine(monkeypatch):
    """Let the step model stand in for the engine, whose compilation outlasts all these tests."""

    def infer(p, state, images, threads=None):
        spikes = np.full((len(images), p.vote_spikes), -1, dtype=np.int64)
        for row, image in zip(spikes, images.astype(np.int64), strict=True):
            found = core.present(p, state, image)[0].spikes
            row[: len(found)] = found
        yield Record(spikes, np.zeros((len(images), 5), dtype=np.int64))

    monkeypatch.setattr(stories, "infer", infer)
    monkeypatch.setattr(neurons, "infer", infer)


def metrics_of(p: Params, state: core.State) -> dict[str, Any]:
    """Return the metrics that every run has."""
    return {
        "dataset": "halves",
        "neurons": p.n_neurons,
        "weight_bits": p.weight_bits,
        "rule": "stdp",
        "seed": 1,
        "epochs": 1,
        "train_images": 12,
        "test_images": 12,
        "test_accuracy": 0.75,
        "images_per_second": 1234.0,
        "events_per_image": 56.5,
        "cycles_per_image": None,
        "state_sha256": state.sha256(),
        "params": {},
    }


def run(p: Params = SMALL, names=("left", "right"), wins=None) -> Outcome:
    """Return a run on bright halves; the first half of the neurons like, and are, class 0.

    The labels of test images 1, 7 and 9 are wrong, so that some answers are.
    """
    rng = np.random.default_rng(1)
    labels = np.arange(12) % 2
    images = rng.integers(0, 60, (12, p.height, p.width))
    images[labels == 0, :, : p.width // 2] += 190
    images[labels == 1, :, p.width // 2 :] += 190
    images = images.astype(np.uint8)
    state = core.initial(p, seed=1)
    axons = np.arange(p.n_axons)[:, np.newaxis] % p.width < p.width // 2
    likes = axons == (np.arange(p.n_neurons) < p.n_neurons // 2)
    state = state._replace(w=np.where(likes, state.w + 40, state.w - 40))
    answers = labels.copy()
    answers[[1, 7, 9]] ^= 1
    classes = (np.arange(p.n_neurons) >= p.n_neurons // 2).astype(np.int64)
    votes = np.zeros((p.vote_spikes, p.n_neurons, 2), dtype=np.int64)
    votes[:, np.arange(p.n_neurons), classes] = 200
    responses = np.zeros_like(votes)
    responses[0, :, 0] = np.arange(1, p.n_neurons + 1) if wins is None else wins
    rows = [{"images": 6, "accuracy": NAN, "theta": 4.0, "alive": 1.0}]
    dataset = Dataset("halves", images, labels, images, answers, names)
    confusion = np.array([[5, 1], [2, 4]])
    return Outcome(
        Model(p, state, classes, votes, {}),
        dataset,
        metrics_of(p, state),
        rows,
        confusion,
        responses,
    )


def report(folder: Path, outcome: Outcome) -> str:
    """Write a report and return its page."""
    write_report(folder, outcome)
    return (folder / "report.html").read_text()


class Elements(HTMLParser):
    """Collect the tags, attributes and text of a page."""

    def __init__(self, page: str):
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        """Note a tag and its attributes."""
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        """Note text."""
        self.words += data


# By hand


def test_signed_weights_are_orange_and_blue_and_nothing_at_zero():
    p = replace(SMALL, height=1, width=4, w_min=-100, w_max=100)
    (picture,) = pictures(p, np.array([[100], [0], [-100], [-50]]))
    assert picture[0, [0, 2, 3], :3].tolist() == [list(POSITIVE), list(NEGATIVE), list(NEGATIVE)]
    assert picture[0, :, 3].tolist() == [255, 0, 255, 128]


def test_large_pictures_are_averaged_down():
    p = replace(SMALL, height=60, width=112, w_min=-100, w_max=100)
    w = np.zeros((p.n_axons, 1), dtype=np.int64)
    w[:2] = 100
    (picture,) = pictures(p, w)
    assert picture.shape == (30, 56, 4)
    assert picture[0, 0, 3] == 128


def test_every_label_is_cut_at_the_same_rank():
    classes = np.array([1, 0, 0, 0, 1, 2])
    wins = np.array([9, 1, 7, 7, 3, 0])
    assert choose(classes, wins, 6).tolist() == [2, 3, 1, 0, 4, 5]
    assert choose(classes, wins, 5).tolist() == [2, 3, 0, 4, 5]
    assert choose(classes, wins, 1).tolist() == [2, 0, 5]


def test_margins_reached_are_those_of_summed_weights():
    outcome = run(replace(SMALL, theta_init=4000))
    state = outcome.model.state
    pixels = outcome.dataset.test_images[0].ravel().astype(np.int64)
    presentation, _ = core.present(outcome.model.params, state, pixels)
    sums = np.cumsum([state.w[step.axons].sum(axis=0) for step in presentation.steps], axis=0)
    best = np.maximum(sums.max(axis=0), 0) - 4000
    (winner,) = presentation.spikes
    _, cast = membranes(outcome.model, presentation)
    losers = sorted(set(range(6)) - {winner}, key=lambda neuron: -best[neuron])[:3]
    assert [drawn.neuron for drawn in cast] == [winner, *losers]
    assert [drawn.best for drawn in cast] == best[[winner, *losers]].tolist()
    assert [drawn.ranks for drawn in cast] == [(0,), (), (), ()]
    assert best[winner] >= 0
    assert len(presentation.steps) > 1


def test_dead_and_dominant_neurons_are_counted_in_a_sentence():
    words = Elements(histograms(Neurons.of(run(wins=[0, 0, 90, 1, 2, 3])))).words
    assert "2 of 6 neurons are dead: they never won." in words
    limit = "1 neuron is dominant (more than 50.0 % of all wins)"
    assert f"{limit}: neuron 2 (label left, 93.8 %)." in words


def test_absence_of_dead_and_dominant_neurons_is_said():
    words = Elements(histograms(Neurons.of(run(wins=[1, 1, 1, 1, 1, 1])))).words
    assert "No neuron of 6 is dead" in words
    assert "No neuron is dominant" in words


def test_neurons_that_are_not_shown_are_counted():
    p = replace(SMALL, height=2, width=2, n_neurons=410)
    page = gallery(p, Neurons.of(run(p)))
    assert "10 of 410 neurons are not shown." in page
    assert page.count('<figure class="tile') == 400


def test_accuracy_without_meaning_is_left_out():
    rows = [{"images": x, "accuracy": a, "theta": 4.0, "alive": 1.0} for x, a in ((6, NAN), (9, 1))]
    without = curves(rows[:1])
    assert "Accuracy on the training images" not in without
    assert "Mean threshold theta" in without
    assert "Accuracy on the training images" in curves(rows)


def test_numbers_of_the_run_are_on_the_page(tmp_path):
    outcome = run()
    outcome.metrics["command"] = ["python", "-m", "golden.train", "a b"]
    words = Elements(report(tmp_path, outcome)).words
    accuracies = ("75.0 %", "83.3 %", "66.7 %")
    meanings = (
        "Rise of the winner's theta, in 2^-theta_shift; a recipe's rise fixes it.",
        "32 (32 times)",
    )
    command = "python -m golden.train 'a b'"
    for text in (*accuracies, *meanings, command, outcome.metrics["state_sha256"], "1,234", "56.5"):
        assert text in words


# Refusals


def test_missing_metric_is_refused(tmp_path):
    outcome = run()
    del outcome.metrics["test_accuracy"]
    with pytest.raises(
        ValueError, match=r"^metrics must hold 'test_accuracy', not only cycles_per"
    ):
        write_report(tmp_path, outcome)


@pytest.mark.parametrize("folder", ["missing", "file"])
def test_unwritable_folder_is_refused_and_nothing_written(tmp_path, folder):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OSError, match=folder):
        write_report(tmp_path / folder, run())
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_failure_to_write_the_page_leaves_the_old_one(tmp_path, monkeypatch):
    (tmp_path / "report.html").write_text("old")
    rename = os.replace

    def fail_for_page(source, target):
        if Path(target).name == "report.html":
            raise OSError("disk full")
        rename(source, target)

    monkeypatch.setattr(os, "replace", fail_for_page)
    with pytest.raises(OSError, match=r"^disk full$"):
        write_report(tmp_path, run())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.html", "weights.png"]
    assert (tmp_path / "report.html").read_text() == "old"


# Of the whole


def test_stories_are_the_first_right_and_the_first_wrong_answers():
    assert [story.place for story in stories.find(run())] == [0, 2, 3, 1, 7]


@pytest.mark.parametrize("field", ["none", "oriented"])
def test_same_outcome_gives_same_bytes(tmp_path, field):
    outcome = run(replace(SMALL, receptive_field=field, rf_stride=2))
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write_report(tmp_path / name, outcome)
    for name in ("report.html", "weights.png"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    assert not re.search(rb"tEXt|iTXt|tIME", (tmp_path / "one" / "weights.png").read_bytes())


def test_page_needs_nothing_else(tmp_path):
    page = report(tmp_path, run())
    elements = Elements(page)
    sources = [value or "" for name, value in elements.attributes if name in {"src", "srcset"}]
    targets = [value or "" for name, value in elements.attributes if name.endswith("href")]
    assert {source.partition(",")[0] for source in sources} == {"data:image/png;base64"}
    assert all(target.startswith(("#", "data:image/png;base64,")) for target in targets)
    assert not {"link", "iframe", "object", "embed"} & set(elements.tags)
    assert elements.tags.count("script") == 2
    assert re.findall(r"https?:|@import|url\((?!#)", page) == []
    assert {"svg", "img", "table"} <= set(elements.tags)


def test_hostile_names_are_text(tmp_path):
    outcome = run(names=HOSTILE)
    outcome.metrics.update(dataset=HOSTILE[0], rule=HOSTILE[1], command=HOSTILE[0])
    elements = Elements(report(tmp_path, outcome))
    assert elements.tags.count("script") == 2
    assert not any(name.startswith("on") for name, _ in elements.attributes)
    for name in HOSTILE:
        assert name in elements.words

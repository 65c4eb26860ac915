"""The page to draw on, in a real browser: equal to golden, and drawn on as people do."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.common.actions.pointer_input import PointerInput
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from golden.datasets import Dataset
from golden.datasets.form import FORMS, bring
from golden.datasets.load import load_dataset
from golden.dense import core
from golden.dense.classifier import decide
from golden.dense.engine import infer
from golden.dense.params import Params
from golden.dense.wta import NOBODY
from golden.report import draw, write_report
from golden.training.course import Course
from golden.training.evaluation import evaluate
from golden.training.model_file import Model
from golden.training.outcome import Outcome
from golden.training.recipe import recipe
from golden.training.trainer import Trainer
from tests.command.report.browser import browser, computed, missing, show

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing())

N_TESTED = 1000
PRESETS = {"oriented": "mnist100", "none": "hx8k_pixels"}
"""Preset by receptive field: cells of the oriented field, and plain pixels."""
LARGE = 3_000_000
SPLITS = ("train_images", "train_labels", "test_images", "test_labels")
PRESENT = """
const [text, images] = values;
const network = readNetwork(text || document.getElementById("draw-network").textContent);
return images.map((image) => {
  const result = present(network, image);
  return [decide(network.p, network.votes, result.spikes), result.spikes, result.nEvents];
});
"""
VARIANTS = {
    "surround": {"receptive_field": "surround", "rf_shift": 3},
    "bernoulli": {"encoder": "bernoulli", "rate_shift": 1},
    "periodic": {"encoder": "periodic", "activity_gain": 700, "activity_shift": 5},
    "latency": {"encoder": "latency", "ballot": True, "vote_spikes": 5},
    "leak": {"leak_shift": 3, "vote_spikes": 4, "refrac": 2, "v_inhibit": 100},
    "barred": {"leak_sub": 30, "vote_spikes": 3, "bar_losers": True, "force_spike": False},
    "rails": {"v_width": 10, "vote_spikes": 6, "w_min": -128, "v_reset": -200, "theta_init": 90},
    "fraction": {"theta_shift": 5},
    "narrow": {"weight_bits": 3, "w_min": -4, "w_max": 3, "w_init_low": -2, "w_init_high": 4},
}
SEVEN = ((0.3, 0.25), (0.7, 0.25), (0.45, 0.8))
"""Corners of a seven, in parts of the pad."""


@pytest.fixture(scope="module")
def chrome():
    with browser() as started:
        yield started


@cache
def trained(field: str) -> Outcome:
    """Return a preset that has learned from all digits but a thousand, which are its test."""
    chosen = recipe(PRESETS[field], "stdp", n_classes=10)
    p = chosen.params
    assert p.receptive_field == field
    digits = load_dataset("digits", size=(p.height, p.width))
    images = np.concatenate([digits.train_images, digits.test_images])
    labels = np.concatenate([digits.train_labels, digits.test_labels])
    split = (images[N_TESTED:], labels[N_TESTED:], images[:N_TESTED], labels[:N_TESTED])
    dataset = Dataset("digits", *split, digits.class_names, digits.form)
    trainer = Trainer(Course(chosen, dataset, 1))
    while trainer.images < trainer.course.total:
        trainer.advance()
    return evaluate(trainer)


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    write_report(folder, trained("oriented"))
    return folder / "report.html"


def told(model: Model, images: np.ndarray) -> list:
    """Return label, spikes and events of every image, by the step model."""
    found = []
    for image in images.reshape(len(images), -1).astype(np.int64):
        presentation, _ = core.present(model.params, model.state, image)
        spikes = presentation.spikes
        label = decide(model.params, model.votes, spikes)
        found.append([label, list(spikes), presentation.n_events])
    return found


def stroke(chrome, kind: str) -> None:
    """Draw a seven with the mouse or a finger, which stays down."""
    pad = chrome.find_element(By.ID, "draw-pad")
    chrome.execute_script("arguments[0].scrollIntoView()", pad)
    side = pad.size["width"]
    actions = ActionBuilder(chrome, mouse=PointerInput(kind, kind), duration=10)
    first, *others = [(int((x - 0.5) * side), int((y - 0.5) * side)) for x, y in SEVEN]
    actions.pointer_action.move_to(pad, *first).pointer_down()
    for place in others:
        actions.pointer_action.move_to(pad, *place)
    actions.perform()


def said(chrome) -> tuple[str, str]:
    """Return the label and what stands beside it."""
    label, cost = (chrome.find_element(By.ID, f"draw-{name}").text for name in ("label", "cost"))
    return label, cost


# Equality


@pytest.mark.parametrize("field", PRESETS)
def test_page_answers_a_thousand_test_images_as_golden_does(chrome, page, field):
    outcome = trained(field)
    model, dataset = outcome.model, outcome.dataset
    p, images = model.params, dataset.test_images.reshape(N_TESTED, -1)
    (record,) = infer(p, model.state, images)
    spikes = [row[row != NOBODY].tolist() for row in record.spikes]
    labels = [decide(p, model.votes, row) for row in spikes]
    show(chrome, page)
    text = draw.network(model, dataset.class_names, dataset.form) if field == "none" else ""
    found = computed(chrome, PRESENT, text, images.tolist())
    assert found == [list(row) for row in zip(labels, spikes, record.events.tolist(), strict=True)]
    assert np.mean(labels == dataset.test_labels) > 0.7


@pytest.mark.parametrize("name", VARIANTS)
def test_every_stage_is_golden_s(chrome, page, name):
    p = Params(height=10, width=12, n_neurons=20, n_classes=4)
    p = replace(p, **({"theta_init": 300} | VARIANTS[name]))
    rng = np.random.default_rng(5)
    theta = rng.integers(0, 2 * p.theta_init << p.theta_shift, p.n_neurons)
    state = core.initial(p, 3)._replace(theta=theta, offset=700)
    votes = rng.integers(0, 256, (p.vote_spikes, p.n_neurons, p.n_classes))
    model = Model(p, state, np.zeros(p.n_neurons, np.int64), votes, {})
    drawn = rng.random((30, p.height * p.width)) < 0.5
    images = rng.integers(0, 256, drawn.shape) * drawn
    show(chrome, page)
    text = draw.network(model, ("a", "b", "c", "d"), "fill")
    assert computed(chrome, PRESENT, text, images.tolist()) == told(model, images)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("size", [(28, 28), (9, 14)], ids=str)
def test_drawings_come_to_form_as_images_do(chrome, page, form, size):
    rng = np.random.default_rng(7)
    drawings = np.zeros((12, draw.SIDE, draw.SIDE), np.uint8)
    for drawing in drawings:
        for _ in range(rng.integers(1, 15)):
            (y, x), most = rng.integers(12, 220, 2), rng.choice([5, 48])
            height, width = rng.integers(1, most, 2)
            drawing[y : y + height, x : x + width] = 255
    show(chrome, page)
    script = """
    const [p, side, drawings] = values;
    return drawings.map((ones) => {
      const pixels = new Uint8Array(side * side);
      for (const place of ones) pixels[place] = 255;
      return Array.from(bring(p, { height: side, width: side, pixels }));
    });
    """
    rule = FORMS[form]
    p = {"height": size[0], "width": size[1]}
    p["form"] = None if rule is None else {"parts": rule.parts, "mass": rule.mass}
    places = [np.flatnonzero(drawing).tolist() for drawing in drawings]
    found = computed(chrome, script, p, draw.SIDE, places)
    assert found == [bring(drawing, size, form).ravel().tolist() for drawing in drawings]


# As people do


@pytest.mark.parametrize("kind", ["mouse", "touch"])
@pytest.mark.parametrize(("width", "scheme"), [(1200, "light"), (420, "dark")])
def test_a_seven_is_answered_while_it_is_drawn(chrome, page, kind, width, scheme):
    show(chrome, page, width, scheme)
    assert said(chrome) == ("–", "nothing seen yet")
    stroke(chrome, kind)
    WebDriverWait(chrome, 20).until(lambda _: said(chrome)[0] != "–")
    label, cost = said(chrome)
    assert label in "0123456789"
    assert "input spikes" in cost
    assert chrome.find_elements(By.CSS_SELECTOR, "#draw-cast li .stroke.blue")
    assert chrome.find_elements(By.CSS_SELECTOR, "#draw-votes li")
    assert chrome.find_elements(By.CSS_SELECTOR, "#draw-course polyline")
    assert chrome.execute_script("return document.documentElement.scrollWidth") <= width
    ActionBuilder(chrome).clear_actions()
    chrome.find_element(By.ID, "draw-clear").click()
    assert said(chrome) == ("–", "nothing seen yet")
    assert chrome.get_log("browser") == []


def test_keys_draw_and_clear(chrome, page):
    show(chrome, page)
    pad = chrome.find_element(By.ID, "draw-pad")
    chrome.execute_script("arguments[0].focus()", pad)
    keys = ActionChains(chrome, duration=0)
    keys.send_keys(Keys.ARROW_LEFT * 6, " ", Keys.ARROW_RIGHT * 10, Keys.ARROW_DOWN * 16, " ")
    keys.perform()
    assert "input spikes" in said(chrome)[1]
    ActionChains(chrome).send_keys(Keys.DELETE).perform()
    assert said(chrome) == ("–", "nothing seen yet")


@pytest.mark.parametrize("key", [None, Keys.ENTER])
def test_neuron_is_enlarged_with_its_negative_weights(chrome, page, key):
    show(chrome, page, 420, "dark")
    tile = chrome.find_element(By.CSS_SELECTOR, "figure.tile")
    tile.send_keys(key) if key else tile.click()
    large = chrome.find_element(By.CSS_SELECTOR, "dialog[open]")
    assert large.text.startswith(tile.get_attribute("title"))
    assert len(large.find_elements(By.TAG_NAME, "img")) == 2
    w = trained("oriented").model.state.w[:, int(str(tile.get_attribute("data-neuron")))]
    for hue, n_rays in (("blue", (w < 0).sum()), ("orange", (w >= 0).sum())):
        path = large.find_element(By.CSS_SELECTOR, f"path[stroke='var(--{hue})']")
        assert str(path.get_attribute("d")).count("M") == n_rays > 0
    assert chrome.execute_script("return document.documentElement.scrollWidth") <= 420
    large.find_element(By.TAG_NAME, "button").click()
    assert not chrome.find_elements(By.TAG_NAME, "dialog")


def test_page_asks_nobody_for_anything(chrome, page):
    show(chrome, page)
    script = "return performance.getEntriesByType('resource').map((entry) => entry.name);"
    assert [name for name in chrome.execute_script(script) if not name.startswith("data:")] == []
    assert chrome.execute_script("return typeof present") == "function"


def test_four_hundred_neurons_are_less_than_3_mb(tmp_path):
    outcome = trained("none")
    p = replace(outcome.model.params, height=28, width=28, weight_bits=8, n_neurons=400)
    rng = np.random.default_rng(9)
    state = core.initial(p, 1)._replace(w=rng.integers(p.w_min, p.w_max, (p.n_axons, 400)))
    votes = rng.integers(0, 1 << p.vote_bits, (p.vote_spikes, 400, 10))
    model = Model(p, state, rng.integers(0, 10, 400), votes, {})
    images = rng.integers(0, 256, (20, 28, 28)).astype(np.uint8)
    split = (images, np.zeros(20, np.int64))
    dataset = replace(outcome.dataset, **dict(zip(SPLITS, 2 * split, strict=True)))
    write_report(tmp_path, outcome._replace(model=model, dataset=dataset, responses=votes))
    assert (tmp_path / "report.html").stat().st_size < LARGE

"""Recipes fit images of one's own: few are shown more often, and what is chosen is said."""

from argparse import ArgumentParser

import pytest

from golden.datasets import Dataset, load_dataset
from golden.training import options
from golden.training.course import Course
from golden.training.evaluation import evaluate
from golden.training.model_file import load, save
from golden.training.recipe import RULES, names, recipe, usual
from golden.training.recipe_file import RecipeError
from golden.training.trainer import Trainer
from tests.shared.commands import idx_folder
from tests.training.presets import preset_file

FEW = "few = { presentations = 100, epochs = 12 }"


def asked(*words):
    """Return what a command chooses, and the line that it says."""
    parser = ArgumentParser()
    options.add_recipe_options(parser)
    choice = options.choice(parser.parse_args([str(word) for word in words]))
    recipe, dataset = options.chosen(choice)
    return choice, recipe, options.told(choice, recipe, dataset)


@pytest.fixture
def few(tmp_path) -> str:
    return preset_file(tmp_path, "epochs = 4", f"epochs = 4\n{FEW}")


# By hand


@pytest.mark.parametrize(
    ("n_images", "epochs"),
    [
        pytest.param(1, 12, id="at-most"),
        pytest.param(10, 10, id="so-many-presentations"),
        pytest.param(11, 9, id="rounded-down"),
        pytest.param(24, 4, id="never-less-than-the-recipe"),
        pytest.param(1000, 4, id="enough"),
        pytest.param(None, 4, id="as-written"),
    ],
)
def test_few_images_are_shown_more_often(few, n_images, epochs):
    assert recipe(few, "stdp", n_images=n_images).epochs == epochs


def test_few_images_may_have_a_recipe_of_their_own():
    assert recipe("mnist400", "stdp").name == "stdp"
    fitted = recipe("mnist400", "stdp", n_images=400)
    assert (fitted.name, fitted.epochs) == ("digits_stdp", 20)
    assert fitted.phases == recipe("digits", "stdp", n_neurons=400, n_lanes=40).phases
    assert recipe("mnist400", "stdp", n_images=60000) == recipe("mnist400", "stdp")


def test_epochs_of_the_user_win(few):
    assert recipe(few, "stdp", n_images=1, epochs=3).epochs == 3


@pytest.mark.parametrize(
    ("rule", "n_images", "preset"),
    [
        ("stdp", 1, "mnist100"),
        ("stdp", 1999, "mnist100"),
        ("stdp", 2000, "mnist400"),
        ("stdp", 60000, "mnist400"),
        ("rstdp", 1, "mnist400"),
        ("rstdp", 60000, "mnist400"),
    ],
)
def test_usual_preset(rule, n_images, preset):
    assert usual(rule, n_images) == preset


@pytest.mark.parametrize("rule", RULES)
def test_usual_preset_has_images_of_one_size(rule):
    for n_images in (1, 2000):
        p = recipe(usual(rule, n_images), rule).params
        assert (p.height, p.width) == options.USUAL


CHOICES = [
    ("", "preset mnist400, rule rstdp, 40 epochs"),
    ("--rule rstdp", "preset mnist400, 40 epochs"),
    ("--rule stdp", "preset mnist100, recipe digits_stdp, 20 epochs"),
    ("--rule stdp --epochs 4", "preset mnist100, recipe digits_stdp"),
    ("--preset mnist400", "recipe digits_stdp, 20 epochs"),
    ("--preset digits", ""),
    ("--preset digits --rule rstdp --epochs 13", ""),
]


@pytest.mark.parametrize(("words", "chosen"), CHOICES)
def test_line_says_what_was_chosen_and_nothing_that_was_given(words, chosen):
    _, _, line = asked("--dataset", "digits:20", *words.split())
    assert line == (chosen and f"chosen for 20 images of 10 classes: {chosen}")


def test_named_sets_have_the_presets_and_recipes_they_were_recorded_with():
    choice, made, line = asked()
    assert (choice.preset, choice.rule, line) == ("digits", "stdp", "")
    assert made == recipe("digits", "stdp")
    choice, made, line = asked("--preset", "icebreaker", "--rule", "rstdp")
    assert (made, line) == (recipe("icebreaker", "rstdp"), "")


def test_folder_is_taught_with_its_labels(tmp_path):
    choice, made, _ = asked("--dataset", idx_folder(tmp_path / "halves"))
    assert (choice.preset, choice.rule, made.rule) == ("mnist400", "rstdp", "rstdp")
    choice, _, _ = asked("--dataset", idx_folder(tmp_path / "more"), "--preset", "tiny")
    assert (choice.preset, choice.rule) == ("tiny", "stdp")


def test_model_says_what_was_chosen(tmp_path):
    _, made, line = asked("--dataset", "digits:20", "--neurons", 20, "--epochs", 1)
    dataset = load_dataset("digits", size=options.USUAL)
    trainer = Trainer(Course(made, dataset, 1, line))
    assert "chosen" not in trainer.course.about
    trainer.advance()
    save(tmp_path / "model.npz", evaluate(trainer).model)
    assert load(tmp_path / "model.npz").about["chosen"] == [line]


# Refusals


@pytest.mark.parametrize(
    ("new", "text"),
    [
        ("few = 3", "few must be dict, not 3"),
        ("few = { presentations = 0, epochs = 3 }", "presentations must be at least 1, not 0"),
        ("few = { presentations = 9, epochs = 0 }", "epochs of few must be at least 1, not 0"),
        ("few = { presentations = 9, epochs = 0.5 }", "epochs must be int, not 0.5"),
    ],
)
def test_few_has_a_form(tmp_path, new, text):
    mine = preset_file(tmp_path, "epochs = 4", f"epochs = 4\n{new}")
    with pytest.raises(RecipeError, match=f"^{text}$"):
        recipe(mine, "stdp", n_images=1)


# Equality


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("preset", names())
def test_every_preset_learns_from_twenty_images(preset, rule):
    made = recipe(preset, rule, n_images=20, n_classes=4)
    p = made.params
    dataset = load_dataset("digits", size=(p.height, p.width))
    of_four = dataset.train_labels < 4
    images, labels = dataset.train_images[of_four][:20], dataset.train_labels[of_four][:20]
    names = ("0", "1", "2", "3")
    trainer = Trainer(Course(made, Dataset("x", images, labels, images, labels, names), 1))
    while trainer.images < trainer.course.total:
        trainer.advance()
    assert trainer.state.presented == 20 * made.epochs

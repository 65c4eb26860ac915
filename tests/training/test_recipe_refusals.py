"""Recipes that cannot be used, and in which words they are refused."""

import re
from pathlib import Path

import pytest

from golden.training.recipe import names, recipe
from golden.training.recipe_file import RecipeError
from tests.training.presets import MINE, preset_file


@pytest.fixture
def mine(tmp_path) -> str:
    return preset_file(tmp_path)


def path(preset: str) -> str:
    return preset.rpartition("#")[0]


def refused(text: str):
    return pytest.raises(RecipeError, match=f"^{re.escape(text)}$")


def test_unknown_preset_lists_the_known_ones(mine):
    with refused("preset must be one of small, not 'large'"):
        recipe(mine.replace("small", "large"), "stdp")
    with refused(f"preset must be one of {', '.join(names())} or FILE#NAME, not 'large'"):
        recipe("large", "stdp")


@pytest.mark.parametrize(
    ("old", "new", "missing"),
    [
        pytest.param("epochs = 4", "", "'epochs'", id="epochs"),
        pytest.param('stdp = "plain"', "", "'stdp'", id="rule"),
        pytest.param('stdp = "plain"', 'stdp = "fancy"', "'fancy'", id="recipe"),
        pytest.param("[recipes.plain.params]", "[recipes.plain.p]", "'params'", id="params"),
        pytest.param("share = 2", "", "'share'", id="share"),
    ],
)
def test_missing_key(tmp_path, old, new, missing):
    mine = preset_file(tmp_path, old, new)
    with refused(f"preset 'small' in {path(mine)} must define {missing}"):
        recipe(mine, "stdp")


def test_missing_file(tmp_path):
    file = tmp_path / "none.toml"
    with refused(f"{file} must be a readable file, not: No such file or directory"):
        recipe(f"{file}#small", "stdp")


@pytest.mark.parametrize("content", [b"[presets", b"\xff\xfe", b"a = 1\na = 2"])
def test_broken_file(tmp_path, content):
    file = tmp_path / "my.toml"
    file.write_bytes(content)
    with pytest.raises(RecipeError, match=rf"^{file} must be a file of presets in TOML, not: .+$"):
        recipe(f"{file}#small", "stdp")


@pytest.mark.parametrize(
    ("content", "missing"),
    [
        ("", "[presets.NAME] and [recipes.NAME]"),
        ("[presets]", "[recipes.NAME]"),
        ("presets = 1\n[recipes]", "[presets.NAME]"),
    ],
)
def test_file_without_presets(tmp_path, content, missing):
    file = tmp_path / "my.toml"
    file.write_text(content)
    with refused(f"{file} must define {missing}, as docs/training.md says"):
        names(file)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("[presets.small]", "[presets]\nsmall = 3\n[unused]", id="preset"),
        pytest.param('a_plus = "16, 8"', "a_plus = [16, 8]", id="table-as-list"),
        pytest.param("share = 2", 'share = "2"', id="share-as-text"),
        pytest.param("share = 2", "share = -1", id="no-share-in-all"),
        pytest.param("rise = 1000", "rise = 0.5", id="rise-as-fraction"),
        pytest.param("epochs = 4", 'epochs = "4"', id="epochs-as-text"),
        pytest.param("w_min = -100", 'w_min = "low"', id="weight-as-text"),
        pytest.param("epochs = 4\n[recipes.plain.params]", "epochs = 4\nparams = 3", id="params"),
    ],
)
def test_recipe_of_the_wrong_form(tmp_path, old, new):
    mine = preset_file(tmp_path, old, new)
    with pytest.raises((ValueError, TypeError), match=r"^\w+.* must .+$"):
        recipe(mine, "stdp")


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        pytest.param({"epochs": 0}, "epochs must be at least 1, not 0", id="no-epochs"),
        pytest.param({"shift": -1}, "shift must be at least 0, not -1", id="negative-shift"),
        pytest.param({"n_axons": 3}, "parameter must be one of Params, not 'n_axons'", id="name"),
        pytest.param({"weight_bits": 0}, "weight_bits must be 1 to 16, not 0", id="no-bits"),
        pytest.param(
            {"weight_bits": 10**12}, "weight_bits must be 1 to 16, not 1000000000000", id="bits"
        ),
        pytest.param({"n_lanes": 7}, "n_lanes must be 1 to 6, not 7", id="lanes"),
    ],
)
def test_rejects_change(mine, changes, text):
    with pytest.raises(ValueError, match=f"^{text}$"):
        recipe(mine, "stdp", **changes)


def test_impossible_phase_is_refused_before_training(tmp_path):
    mine = preset_file(tmp_path, "leak_shift = 3", "leak_shift = 24")
    with pytest.raises(ValueError, match=r"^leak_shift must be 0 to 23, not 24$"):
        recipe(mine, "stdp")


def test_rise_is_no_fall(tmp_path):
    with refused("rise must be at least 0, not -5"):
        recipe(preset_file(tmp_path, "rise = 1000", "rise = -5"), "stdp")


def test_recipe_without_phases(mine):
    text = MINE.partition("[[")[0].replace("epochs = 4", "epochs = 4\nphases = []")
    Path(path(mine)).write_text(text)
    with refused("phases must not be empty"):
        recipe(mine, "stdp")

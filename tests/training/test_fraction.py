"""Places behind the point of ``theta``: how many a recipe has, and what is said of rounding."""

import pytest

from golden.dense.registers import envelope
from golden.training.recipe import BOTH, RULES, all_phases, recipe
from golden.training.recipe_file import rescale
from tests.training.presets import MINE, preset_file


@pytest.fixture
def mine(tmp_path):
    """Return a preset that does not say how many places it needs."""
    return preset_file(tmp_path, "theta_shift = 0\n", "")


def plus(made, n_images):
    """Return the places, and every phase's ``theta_plus``."""
    return made.params.theta_shift, [p.theta_plus for _, p in made.schedule(n_images)]


# By hand


@pytest.mark.parametrize(
    ("bits", "places"), [(8, 0), (7, 1), (6, 2), (4, 4), (3, 5), (2, 6), (1, 7), (12, 0)]
)
def test_thresholds_rise_alike_with_any_bits(bits, places):
    made = recipe("mnist100", "stdp", weight_bits=bits)
    assert plus(made, 60000) == (places, [25 << max(0, bits - 8)] * 2)


def test_few_neurons_need_places():
    # 30000 * 10 / 120000 is 2.5, and 40 in sixteenths.
    assert plus(recipe("mnist100", "stdp", n_neurons=10), 60000) == (4, [40, 40])


def test_places_do_not_depend_on_epochs_as_a_core_does_not():
    assert plus(recipe("mnist100", "stdp", epochs=30), 60000) == (0, [3, 3])  # of 2.5


def test_places_do_not_depend_on_the_rule():
    # Of 80 neurons 20 and 13.3: without labels none would do.
    assert [recipe("mnist100", rule, n_neurons=80).params.theta_shift for rule in RULES] == [1, 1]
    assert envelope(all_phases("mnist100", BOTH, n_neurons=80)).theta_shift == 1


def test_no_more_places_than_there_are(mine):
    # 1000 * 6 / 80000 is 0.075: 19.2 in 256ths, and with 6 bits 4.8.
    assert plus(recipe(mine, "stdp"), 60000) == (8, [19, 9 << 8])
    assert plus(recipe(mine, "stdp", weight_bits=6), 60000) == (8, [5, 9 << 6])


def test_theta_plus_of_a_recipe_stays_exact(tmp_path):
    path = tmp_path / "plain.toml"
    path.write_text(MINE.replace("rise = 1000\n", "").replace("theta_shift = 0\n", ""))
    for bits, places in ((8, 0), (4, 4), (2, 6)):
        made = recipe(f"{path}#small", "stdp", weight_bits=bits)
        assert plus(made, 30) == (places, [9, 9])


def test_theta_plus_that_was_set_counts_whole_weight_steps(mine):
    assert plus(recipe(mine, "stdp", theta_plus=5), 30) == (0, [5, 5])


def test_preset_that_names_places_is_content_with_them():
    assert plus(recipe("icebreaker", "stdp"), 60000) == (0, [5, 5])
    assert plus(recipe("icebreaker", "stdp", weight_bits=2), 60000) == (2, [5, 5])
    assert recipe("icebreaker", "stdp", weight_bits=8).params.theta_shift == 0
    # 1.56 and 1.04 instead of 5 and 3.3 ask for 2 places.
    assert plus(recipe("icebreaker", "stdp", n_neurons=100), 60000) == (2, [6, 6])


def test_places_that_were_set_are_taken():
    assert plus(recipe("mnist100", "stdp", weight_bits=2, theta_shift=0), 60000) == (0, [0, 0])
    assert plus(recipe("mnist100", "stdp", theta_shift=3), 60000) == (3, [200, 200])


def test_rescaled_numbers_of_theta_have_places():
    values = {"theta_init": 2000, "theta_plus": 25, "rise": 30001}
    assert rescale(values, 2, 6) == {"theta_init": 31, "theta_plus": 25, "rise": 30001}
    assert rescale(values, 8, 1) == {"theta_init": 2000, "theta_plus": 50, "rise": 60002}


# By hand: what is said


def test_rise_that_is_rounded_away_is_said():
    made = recipe("mnist100", "stdp", weight_bits=2, theta_shift=0)
    told = "rounded from 0.391: theta_shift, which is 0, makes it finer"
    assert made.rounded(60000) == [
        f"theta_plus is 0 in phase 0, {told}",
        f"theta_plus is 0 in phase 1, {told}",
    ]


def test_rise_that_is_a_third_too_large_is_said():
    assert recipe("hx8k", "stdp", n_neurons=96, theta_shift=0).rounded(60000)[0] == (
        "theta_plus is 2 in phase 0, rounded from 1.500: theta_shift, which is 0, makes it finer"
    )


@pytest.mark.parametrize("bits", range(1, 9))
def test_nothing_is_said_of_recipes_with_places(bits):
    assert recipe("mnist100", "stdp", weight_bits=bits).rounded(60000) == []


def test_a_rise_that_is_clipped_was_not_rounded(mine):
    made = recipe(mine, "stdp", theta_width=11)
    assert (len(made.clipped(1)), made.rounded(1)) == (1, [])

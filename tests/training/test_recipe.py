"""Recipes: every preset builds, scaling and schedules by hand, and files of one's own."""

import pytest

from golden.training.recipe import RULES, names, recipe
from golden.training.recipe_file import rescale
from tests.training.presets import preset_file


@pytest.fixture
def mine(tmp_path) -> str:
    return preset_file(tmp_path)


# By hand: presets


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("preset", names())
@pytest.mark.parametrize("n_images", [1437, 60000], ids=["digits", "mnist"])
def test_schedule_of_every_preset_covers_all_images(preset, rule, n_images):
    made = recipe(preset, rule)
    ends = [end for end, _ in made.schedule(n_images)]
    assert made.rule == rule
    assert ends == sorted(ends)
    assert ends[0] > 0
    assert ends[-1] == n_images * made.epochs


def test_presets_are_listed_in_alphabetical_order():
    assert names()[:2] == ["digits", "hx8k"]
    assert names() == sorted(names())


def test_preset_sets_the_shape():
    p = recipe("icebreaker", "stdp").params
    assert (p.n_axons, p.n_neurons, p.weight_bits, p.n_lanes) == (8 * 8 * 8, 320, 4, 16)
    assert p.single_port


def test_neurons_get_their_classes_in_turn_with_rewards_only():
    assert recipe("digits", "rstdp").assign_classes
    assert not recipe("digits", "stdp").assign_classes


# By hand: schedule


def test_phases_share_the_images(mine):
    made = recipe(mine, "stdp")
    assert [end for end, _ in made.schedule(30)] == [40, 120]
    assert [end for end, _ in made.schedule(1)] == [1, 4]  # 4 / 3 floors


def test_epochs_stretch_the_phases(mine):
    made = recipe(mine, "stdp", epochs=1)
    assert (made.epochs, [end for end, _ in made.schedule(30)]) == (1, [10, 30])


def test_shift_may_be_changed(mine):
    assert recipe(mine, "stdp").shift == 0
    assert recipe(mine, "stdp", shift=2).shift == 2


@pytest.mark.parametrize(
    ("n_images", "theta_plus"),
    [
        pytest.param(30, 150, id="shared-by-forty-images"),  # 1000 * 6 / 40
        pytest.param(31, 146, id="rounds-down"),  # 1000 * 6 / 41 is 146.3
        pytest.param(32, 143, id="rounds-up"),  # 1000 * 6 / 42 is 142.9
        pytest.param(100000, 0, id="less-than-one"),
    ],
)
def test_mean_threshold_rises_by_so_much(mine, n_images, theta_plus):
    phases = [p for _, p in recipe(mine, "stdp").schedule(n_images)]
    assert [p.theta_plus for p in phases] == [theta_plus, 9]


def test_phase_without_images_has_no_rise(mine):
    assert recipe(mine, "stdp", epochs=1).schedule(2)[0][0] == 0


def test_rise_of_few_images_is_clipped_and_said(mine):
    made = recipe(mine, "stdp", theta_width=12)
    assert [p.theta_plus for _, p in made.schedule(1)] == [4095, 9]  # 1000 * 6 / 1
    (told,) = made.clipped(1)
    assert told == (
        "theta_plus is 4095 in phase 0, the most that theta holds, not 6000: "
        "1 presentations are few for 6 neurons"
    )
    assert made.clipped(2) == []


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("preset", names())
def test_every_preset_fits_any_number_of_images(preset, rule):
    made = recipe(preset, rule, n_classes=4)
    for n_images in (1, 4, 20, 400):
        assert made.schedule(n_images)[-1][0] == n_images * made.epochs


def test_phases_differ_in_their_changes_only(mine):
    (_, first), (_, second) = recipe(mine, "stdp").schedule(30)
    assert (first.a_plus, first.leak_shift) == ((32, 32), 0)
    assert (second.a_plus, second.leak_shift, second.w_min) == ((16, 8), 3, -100)


def test_description_tells_everything(mine):
    told = recipe(mine, "stdp").describe(30)
    assert list(told) == ["phase 0", "phase 1"]
    assert (told["phase 1"]["ends"], told["phase 1"]["leak_shift"]) == (120, 3)


# By hand: changes


def test_changes_hold_in_all_phases(mine):
    made = recipe(mine, "stdp", leak_shift=5, a_plus=(7,), n_steps=None)
    for p in (made.params, *(p for _, p in made.schedule(30))):
        assert (p.leak_shift, p.a_plus, p.n_steps) == (5, (7,), 32)


def test_theta_plus_of_the_user_is_not_overruled_by_a_rise(mine):
    made = recipe(mine, "stdp", theta_plus=5)
    assert [p.theta_plus for _, p in made.schedule(30)] == [5, 5]


@pytest.mark.parametrize(
    ("changes", "n_lanes"),
    [
        pytest.param({}, 4, id="as-preset"),
        pytest.param({"n_neurons": 3}, 3, id="no-more-than-neurons"),
        pytest.param({"n_neurons": 3, "n_lanes": 2}, 2, id="as-asked"),
    ],
)
def test_lanes(mine, changes, n_lanes):
    assert recipe(mine, "stdp", **changes).params.n_lanes == n_lanes


def test_weight_bits_override_the_preset():
    made = recipe("icebreaker", "stdp", weight_bits=6).params
    assert (made.weight_bits, made.w_min, made.w_max) == (6, -32, 31)


# By hand: rescale


@pytest.mark.parametrize(
    ("bits", "expected"),
    [
        pytest.param(8, (-100, 127, 2000, 30001), id="as-written"),
        pytest.param(4, (-6, 7, 125, 1875), id="towards-zero"),
        pytest.param(16, (-25600, 32512, 512000, 7680256), id="left"),
        pytest.param(1, (0, 0, 15, 234), id="one-bit"),
    ],
)
def test_rescale(bits, expected):
    values = {"w_min": -100, "w_max": 127, "theta_init": 2000, "rise": 30001}
    assert tuple(rescale(values, bits).values()) == expected


def test_rescale_leaves_the_rest():
    values = {"n_steps": 32, "a_plus": (32, 16), "a_minus": 16, "dw_shift": 10, "encoder": "rate"}
    assert rescale(values, 4) == values
    assert rescale(values | {"soft_bounds": True}, 4) == values | {"soft_bounds": True}


def test_gains_of_hard_bounds_are_weight_steps():
    values = {"soft_bounds": False, "a_plus": (64, 15), "a_minus": 33, "a_late": (16,)}
    assert rescale(values, 4) == values | {"a_plus": (4, 0), "a_minus": 2, "a_late": (1,)}
    assert rescale(values, 9)["a_plus"] == (128, 30)


def test_hard_bounds_of_the_recipe_hold_for_the_gains_of_a_phase(tmp_path):
    mine = preset_file(tmp_path, "theta_plus = 9", "theta_plus = 9\nsoft_bounds = false")
    made = recipe(mine, "stdp", weight_bits=6)
    assert [p.a_plus for _, p in made.schedule(30)] == [(8, 8), (4, 2)]


def test_hard_bounds_of_a_phase_hold_for_the_gains_of_the_recipe(tmp_path):
    mine = preset_file(tmp_path, "leak_shift = 3", "soft_bounds = false")
    made = recipe(mine, "stdp", weight_bits=6)
    assert [p.a_minus for _, p in made.schedule(30)] == [32, 8]


@pytest.mark.parametrize(
    ("bits", "expected"),
    [
        pytest.param(1, (-1, 1), id="one-bit-both-weights"),
        pytest.param(2, (0, 2), id="two-bits"),
        pytest.param(3, (0, 2), id="three-bits"),
        pytest.param(4, (-1, 3), id="four-bits-as-they-are"),
    ],
)
def test_initial_weights_are_never_all_the_same(bits, expected):
    p = recipe("digits", "stdp", weight_bits=bits).params
    assert (p.w_init_low, p.w_init_high) == expected


@pytest.mark.parametrize(("bits", "width"), [(4, 20), (8, 20), (10, 22), (16, 24)])
def test_wide_weights_widen_the_sums(bits, width):
    p = recipe("digits", "stdp", weight_bits=bits).params
    assert (p.v_width, p.theta_width) == (width, width)


def test_widths_asked_for_stay():
    p = recipe("digits", "stdp", weight_bits=12, v_width=18).params
    assert (p.v_width, p.theta_width) == (18, 24)

"""Parameters: what follows from them, what is refused and in which words, and plain values."""

import json
from dataclasses import FrozenInstanceError, asdict, replace

import pytest

from golden.dense.declaration import inert, made_as, told, told_of_runs
from golden.dense.params import Params
from golden.numbers.formats import Fmt

RANGES = [
    ("height", 1, 512),
    ("width", 1, 512),
    ("n_neurons", 1, 65536),
    ("n_lanes", 1, 65536),
    ("n_classes", 1, 256),
    ("n_steps", 1, 1023),
    ("rate_shift", 0, 8),
    ("period_num", 1, 1048576),
    ("period_offset", 1, 4096),
    ("encoder_seed", 0, 4294967295),
    ("v_width", 2, 24),
    ("leak_shift", 0, 23),
    ("leak_sub", 0, 8388607),
    ("activity_gain", 0, 65535),
    ("activity_shift", 0, 16),
    ("refrac", 0, 1023),
    ("v_inhibit", 0, 16777215),
    ("stop_after", 0, 65536),
    ("theta_width", 1, 24),
    ("theta_shift", 0, 8),
    ("offset_shift", 0, 16),
    ("theta_decay_shift", 0, 23),
    ("theta_decay_period", 1, 4294967295),
    ("weight_bits", 1, 16),
    ("dw_shift", 0, 16),
    ("a_minus", 0, 65535),
    ("reward_margin", 0, 16777215),
    ("drop_chance", 0, 255),
    ("vote_spikes", 1, 64),
    ("vote_bits", 1, 16),
]

LOOSE = Params(
    n_neurons=65536, theta_init=0, theta_plus=0, w_min=-1, w_max=0, w_init_low=-1, w_init_high=0
)
"""Fits the narrowest formats and the most lanes."""


# By hand


@pytest.mark.parametrize(
    ("changes", "name", "expected"),
    [
        ({"height": 2, "width": 3}, "n_axons", 6),
        ({"n_neurons": 9, "n_lanes": 4}, "n_words", 3),
        ({"n_neurons": 8, "n_lanes": 4}, "n_words", 2),
        ({"a_plus": (3, 2, 1)}, "ltp_window", 3),
        ({"a_plus": ()}, "ltp_window", 0),
        ({"a_late": (5, 4)}, "ltd_window", 2),
        ({}, "phase_start", 128),
        ({"rate_shift": 2}, "phase_start", 512),
        ({"encoder": "periodic"}, "phase_start", 0),
        ({"encoder": "bernoulli"}, "phase_start", 0),
        ({"encoder": "latency"}, "phase_start", 0),
        ({}, "pixel", Fmt(8, False)),
        ({"rate_shift": 3}, "phase", Fmt(11, False)),
        ({}, "last", Fmt(10, False)),
        ({"weight_bits": 9}, "w", Fmt(9, True)),
        ({"v_width": 7}, "v", Fmt(7, True)),
        ({"theta_width": 13}, "theta", Fmt(13, False)),
        ({"theta_width": 13, "theta_shift": 5}, "theta", Fmt(18, False)),
        ({"theta_width": 13, "theta_shift": 5, "offset_shift": 3}, "offset", Fmt(16, False)),
        ({"theta_width": 13, "theta_shift": 5, "v_width": 7}, "margin", Fmt(15, True)),
        ({"theta_width": 13, "v_width": 17}, "margin", Fmt(18, True)),
        ({"theta_width": 13, "offset_shift": 3}, "offset", Fmt(16, False)),
        ({}, "presented", Fmt(32, False)),
        ({"n_classes": 1}, "label", Fmt(1, False)),
        ({"n_classes": 2}, "label", Fmt(1, False)),
        ({"n_classes": 3}, "label", Fmt(2, False)),
        ({"n_classes": 256}, "label", Fmt(8, False)),
        ({"vote_bits": 5}, "vote", Fmt(5, False)),
    ],
    ids=lambda value: ("-".join(value) or "default") if isinstance(value, dict) else str(value),
)
def test_derived_value(changes, name, expected):
    assert getattr(Params(**changes), name) == expected


def test_parameters_are_frozen():
    with pytest.raises(FrozenInstanceError):
        Params().n_steps = 3  # pyright: ignore[reportAttributeAccessIssue]


@pytest.mark.parametrize(("name", "low", "high"), RANGES, ids=[name for name, _, _ in RANGES])
def test_range_is_inclusive(name, low, high):
    assert getattr(replace(LOOSE, **{name: low}), name) == low
    assert getattr(replace(LOOSE, **{name: high}), name) == high


@pytest.mark.parametrize(
    "changes",
    [
        {"w_min": -128, "w_max": 127, "w_init_low": -128, "w_init_high": 128},
        {"w_min": 126, "w_max": 127, "w_init_low": 127, "w_init_high": 128},
        {"v_width": 4, "v_reset": -8, "v_th": 7},
        {"v_width": 4, "v_reset": 7, "v_th": -8},
        {"theta_width": 4, "theta_init": 15, "theta_plus": 15},
        {"theta_width": 4, "theta_init": 0, "theta_plus": 0, "offset_shift": 1, "offset_plus": 31},
        {"a_plus": (0, 65535) * 511 + (0,), "a_late": (65535,) * 1023},
    ],
    ids=["widest-w", "narrowest-w", "low-v", "high-v", "theta", "offset", "tables"],
)
def test_accepts_limits_of_derived_formats(changes):
    assert asdict(Params(**changes)).items() >= changes.items()


# Refusals


@pytest.mark.parametrize(("name", "low", "high"), RANGES, ids=[name for name, _, _ in RANGES])
def test_rejects_one_outside_range(name, low, high):
    for value in (low - 1, high + 1):
        text = rf"^{name} must be {low} to {high}, not {value}$"
        with pytest.raises(ValueError, match=text):
            replace(LOOSE, **{name: value})


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"n_steps": 4.0}, "n_steps must be int, not 4.0"),
        ({"n_steps": True}, "n_steps must be int, not True"),
        ({"encoder": 3}, "encoder must be str, not 3"),
        ({"force_spike": 1}, "force_spike must be bool, not 1"),
        ({"a_plus": [1]}, r"a_plus must be a tuple of integers, not \[1\]"),
        ({"a_late": (1, True)}, r"a_late must be a tuple of integers, not \(1, True\)"),
    ],
    ids=["float", "bool-for-int", "text", "int-for-bool", "list", "bool-in-table"],
)
def test_rejects_kind(changes, text):
    with pytest.raises(TypeError, match=f"^{text}$"):
        Params(**changes)


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        (
            {"encoder": "phase"},
            "encoder must be one of rate, periodic, bernoulli, latency, not 'phase'",
        ),
        ({"reward": "all"}, "reward must be one of none, class, error, not 'all'"),
        ({"w_min": -129}, "w_min must be -128 to 126, not -129"),
        ({"w_min": 127}, "w_min must be -128 to 126, not 127"),
        ({"w_max": 128}, "w_max must be -99 to 127, not 128"),
        ({"w_max": -100}, "w_max must be -99 to 127, not -100"),
        ({"w_init_low": -101}, "w_init_low must be -100 to 127, not -101"),
        ({"w_init_low": 128}, "w_init_low must be -100 to 127, not 128"),
        ({"w_init_high": -20}, "w_init_high must be -19 to 128, not -20"),
        ({"w_init_high": 129}, "w_init_high must be -19 to 128, not 129"),
        ({"v_width": 4, "v_reset": -9}, "v_reset must be -8 to 7, not -9"),
        ({"v_width": 4, "v_th": 8}, "v_th must be -8 to 7, not 8"),
        ({"theta_width": 4, "theta_init": 16}, "theta_init must be 0 to 15, not 16"),
        ({"theta_plus": -1}, "theta_plus must be 0 to 1048575, not -1"),
        ({"theta_shift": 9}, "theta_shift must be 0 to 8, not 9"),
        (
            {"theta_width": 4, "theta_shift": 3, "theta_init": 16, "theta_plus": 127},
            "theta_init must be 0 to 15, not 16",
        ),
        (
            {"theta_width": 4, "theta_shift": 3, "theta_init": 15, "theta_plus": 128},
            "theta_plus must be 0 to 127, not 128",
        ),
        (
            {"offset_shift": 0, "offset_plus": 1048576},
            "offset_plus must be 0 to 1048575, not 1048576",
        ),
        ({"n_lanes": 101}, "n_lanes must be 1 to 100, not 101"),
        ({"a_plus": (1, -1)}, "every gain of a_plus must be 0 to 65535, not -1"),
        ({"a_late": (65536,)}, "every gain of a_late must be 0 to 65535, not 65536"),
        (
            {"a_plus": (1,) * 1024},
            "a_plus must be at most 1023 steps long, as the spike ages count no further, not 1024",
        ),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "refused",
)
def test_rejects_value(changes, text):
    with pytest.raises(ValueError, match=f"^{text}$"):
        Params(**changes)


def test_from_dict_rejects_unknown_name():
    with pytest.raises(ValueError, match=r"^parameter must be one of Params, not 'n_axons'$"):
        Params.from_dict({"n_steps": 4, "n_axons": 784})


# Equality


def test_what_came_late_is_told_where_it_is_not_the_default():
    late = {"theta_shift": 2, "rf_in_turns": True, "step_bits": 6}
    p = Params()
    assert not late.keys() & told(p).keys()
    assert told(replace(p, **late)) == told(p) | late


def test_what_changes_no_result_tells_cores_apart_and_no_runs():
    p, of_the_core = Params(theta_shift=2), {"rf_in_turns": True, "step_bits": 6}
    assert inert(Params) == of_the_core.keys()
    other = replace(p, **of_the_core)
    assert told(other) != told(p) == told_of_runs(p) == told_of_runs(other)
    assert made_as(p, other) == other


def test_steps_have_the_bits_that_are_chosen():
    p = replace(Params(), step_bits=3, n_steps=7)
    assert (p.last.max, p.last.width) == (7, 3)
    with pytest.raises(ValueError, match=r"^n_steps must be 1 to 7, not 8: step_bits=4 makes"):
        replace(p, n_steps=8)
    for steps in (0, 1024):  # Of which no more bits make anything.
        with pytest.raises(ValueError, match=f"^n_steps must be 1 to 7, not {steps}$"):
            replace(p, n_steps=steps)


def test_json_round_trip_keeps_every_parameter():
    p = Params(height=2, a_plus=(3, 1), a_late=(), reward="error", soft_bounds=False, v_th=-5)
    assert Params.from_dict(json.loads(json.dumps(asdict(p)))) == p

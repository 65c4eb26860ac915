"""Recipes: what is learned in which order; presets: which core and which recipe for it.

Both live in ``presets.toml``, or in a file of the same form given as ``--preset FILE#NAME``. A
recipe is written for 8-bit weights; `rescale` turns it into one for any other width. What a preset
itself or ``--set`` says is taken as it is, in steps of the weights that the network has.
`docs/training.md` says from which numbers a run is made, in which order.
"""

import tomllib
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from golden.dense.limits import RANGES, check_range
from golden.dense.params import Params
from golden.training.tables import table

PRESETS = Path(__file__).with_name("presets.toml")
RULES = ("stdp", "rstdp")
BOTH = "both"
"""Rule of a core that learns by either, as its registers say."""
N_IMAGES = 60_000
"""Training images of an epoch, MNIST's, where a core is made before there is a data set: the first
value of its ``theta_plus`` follows from them."""
RECIPE_BITS = 8
"""Weight width for which recipes are written."""
IN_WEIGHT_STEPS = (
    "w_min",
    "w_max",
    "w_init_low",
    "w_init_high",
    "v_reset",
    "v_th",
    "v_inhibit",
    "leak_sub",
    "theta_init",
    "theta_plus",
    "activity_gain",
    "reward_margin",
    "rise",
)
"""Numbers of a recipe whose unit is one weight step."""
TABLES = ("a_plus", "a_late")


class RecipeError(ValueError):
    """A preset or recipe that cannot be used."""


@dataclass(frozen=True)
class TrainingPhase:
    """A stretch of training with its own parameters."""

    share: int
    """Length, relative to the other phases."""
    rise: int | None
    """By how much the mean ``theta`` rises in this phase, if every image gives one win that is
    learned; fixes ``theta_plus``, rounded half up. None, or a ``theta_plus`` that was set, leaves
    that alone. With other rules for who learns how often, set ``theta_plus`` instead."""
    params: Params


@dataclass(frozen=True)
class Recipe:
    """What is learned in which order."""

    rule: str
    epochs: int
    shift: int
    """Training images are moved by up to so many pixels in both directions, anew in every epoch."""
    assign_classes: bool
    """Neurons get their classes in turn before training, not from their responses after it."""
    params: Params
    phases: tuple[TrainingPhase, ...]

    def schedule(self, n_images: int) -> list[tuple[int, Params]]:
        """Return (images presented at its end, parameters) of every phase.

        Parameters
        ----------
        n_images : int
            Training images of one epoch.
        """
        total, shares = n_images * self.epochs, sum(phase.share for phase in self.phases)
        ends, begun, start = [], 0, 0
        for phase in self.phases:
            begun += phase.share
            end = total * begun // shares
            ends.append((end, _with_rise(phase, end - start)))
            start = end
        return ends

    def describe(self, n_images: int) -> dict[str, Any]:
        """Return all of the schedule as plain values, to tell runs apart."""
        return {
            f"phase {i}": {"ends": end, **asdict(p)}
            for i, (end, p) in enumerate(self.schedule(n_images))
        }


def _with_rise(phase: TrainingPhase, n_images: int) -> Params:
    p = phase.params
    if phase.rise is None or n_images == 0:
        return p
    rise_of_all = phase.rise * p.n_neurons
    return replace(p, theta_plus=(2 * rise_of_all + n_images) // (2 * n_images))


def names(path: Path = PRESETS) -> list[str]:
    """Return the presets of a file."""
    return sorted(_read(path)["presets"])


def recipe(preset: str, rule: str, weight_bits: int | None = None, **changes: Any) -> Recipe:
    """Return the recipe of a preset for a rule.

    Parameters
    ----------
    preset : str
        A name of ``presets.toml``, or ``FILE#NAME``.
    rule : str
        One of `RULES`.
    weight_bits : int, optional
        Instead of the preset's.
    changes
        Other parameters, and ``epochs`` and ``shift``, to change in the recipe and all its phases.

    Raises
    ------
    RecipeError
        If the preset or a name in it is unknown, or the file has not the right form.
    TypeError, ValueError
        If the parameters are impossible.
    """
    file, _, name = preset.rpartition("#")
    path = Path(file) if file else PRESETS
    content = _read(path)
    if name not in content["presets"]:
        known = ", ".join(sorted(content["presets"]))
        raise RecipeError(f"preset must be one of {known}, not {name!r}")
    try:
        shape = dict(_form(f"preset {name!r}", content["presets"][name], dict))
        raw = _form("recipe", content["recipes"][shape.pop(rule)], dict)
        for other in RULES:
            shape.pop(other, None)
        bits = shape.pop("weight_bits", RECIPE_BITS) if weight_bits is None else weight_bits
        check_range("weight_bits", _form("weight_bits", bits, int), *RANGES["weight_bits"])
        return _build(rule, raw, shape | {"weight_bits": bits}, changes)
    except KeyError as missing:
        raise RecipeError(f"preset {name!r} in {path} must define {missing}") from None


def all_phases(preset: str, rule: str, **changes: Any) -> list[Params]:
    """Return what a core for a preset must run: the phases of the recipes for the rule, in order.

    Parameters
    ----------
    preset : str
        As for `recipe`.
    rule : str
        One of `RULES`, or `BOTH`.
    changes
        As for `recipe`, ``weight_bits`` among them.

    Raises
    ------
    ValueError, TypeError
        If it is impossible.
    """
    recipes = [recipe(preset, each, **changes) for each in rules_of(rule)]
    return [p for made in recipes for _, p in made.schedule(N_IMAGES)]


def rules_of(rule: str) -> tuple[str, ...]:
    """Return the rules that a core for one of `RULES`, or for `BOTH`, learns by."""
    if rule not in (*RULES, BOTH):
        raise ValueError(f"rule must be one of {', '.join((*RULES, BOTH))}, not {rule!r}")
    return RULES if rule == BOTH else (rule,)


def _build(rule, raw, shape, changes) -> Recipe:
    settings = {"epochs": raw["epochs"], "shift": raw.get("shift", 0)}
    settings |= {k: v for k, v in changes.items() if k in settings and v is not None}
    for name, least in (("epochs", 1), ("shift", 0)):
        if _form(name, settings[name], int) < least:
            raise RecipeError(f"{name} must be at least {least}, not {settings[name]}")
    fixed = shape | {k: v for k, v in changes.items() if k not in settings and v is not None}
    if "n_neurons" in fixed and "n_lanes" in fixed and "n_lanes" not in changes:
        fixed["n_lanes"] = max(1, min(fixed["n_lanes"], fixed["n_neurons"]))
    common = _form("params", raw["params"], dict)
    phases = [_phase(common, entry, fixed) for entry in _form("phases", raw["phases"], list)]
    if not phases:
        raise RecipeError("phases must not be empty")
    assign = _form("assign_classes", raw.get("assign_classes", False), bool)
    params = _phase(common, {"share": 1}, fixed).params
    made = Recipe(rule, settings["epochs"], settings["shift"], assign, params, tuple(phases))
    made.schedule(1 << 20)  # refuses an impossible theta_plus before training begins
    return made


def _phase(common, entry, fixed) -> TrainingPhase:
    values = common | _form("phase", entry, dict)
    plain = {k: table(_form(k, v, str)) if k in TABLES else v for k, v in values.items()}
    values = widened(rescale(plain, fixed["weight_bits"]), fixed["weight_bits"]) | fixed
    share, rise = _form("share", values.pop("share"), int), values.pop("rise", None)
    if "theta_plus" in fixed:
        rise = None
    if share < 1:
        raise RecipeError(f"share must be at least 1, not {share}")
    return TrainingPhase(share, rise, Params.from_dict(values))


def _form(name: str, value: Any, kind: type) -> Any:
    """Return a value of a preset file if it is of the right kind."""
    if type(value) is not kind:
        raise RecipeError(f"{name} must be {kind.__name__}, not {value!r}")
    return value


def rescale(values: dict[str, Any], bits: int) -> dict[str, Any]:
    """Turn numbers in steps of 8-bit weights into steps of ``bits``-bit ones, towards zero.

    With hard bounds the plasticity gains are in weight steps too. Only for what a recipe says:
    ``values`` are without the preset's own numbers, without changes and without defaults.
    """
    scaled = IN_WEIGHT_STEPS
    if not values.get("soft_bounds", True):
        scaled = (*scaled, "a_plus", "a_minus", "a_late")
    shift = bits - RECIPE_BITS
    return {k: _scaled(k, v, shift) if k in scaled else v for k, v in values.items()}


def widened(values: dict[str, Any], bits: int) -> dict[str, Any]:
    """Leave room where rescaling takes it: two initial weights to draw from, bits for sums."""
    if {"w_init_low", "w_init_high", "w_max"} <= values.keys():
        high = min(max(values["w_init_high"], values["w_init_low"] + 2), values["w_max"] + 1)
        low = min(values["w_init_low"], high - 2)
        values = values | {"w_init_low": low, "w_init_high": high}
    more = max(0, bits - RECIPE_BITS)
    for name in ("v_width", "theta_width"):
        width = values.get(name, Params.__dataclass_fields__[name].default)
        values = values | {name: min(RANGES[name][1], width + more)}
    return values


def _scaled(name, value, shift):
    if isinstance(value, tuple):
        return tuple(_scaled(name, entry, shift) for entry in value)
    magnitude = abs(_form(name, value, int))
    magnitude = magnitude << shift if shift >= 0 else magnitude >> -shift
    return magnitude if value >= 0 else -magnitude


def _read(path: Path) -> dict[str, Any]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RecipeError(f"{path} must be a file of presets: {error}") from None
    if not all(isinstance(content.get(key), dict) for key in ("presets", "recipes")):
        raise RecipeError(f"{path} must define [presets] and [recipes]")
    return content

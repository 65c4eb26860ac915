"""Recipes: what is learned in which order; presets: which core and which recipe for it.

Both live in ``presets.toml``, or in a file of the same form given as ``--preset FILE#NAME``. A
recipe is written for 8-bit weights; `rescale` turns it into one for any other width.
"""

import tomllib
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from golden.params import Params
from golden.tables import table

PRESETS = Path(__file__).with_name("presets.toml")
RULES = ("stdp", "rstdp")
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
class Phase:
    """A stretch of training with its own parameters."""

    share: int
    """Length, relative to the other phases."""
    rise: int | None
    """By how much the mean ``theta`` rises in this phase; fixes ``theta_plus``."""
    changes: dict[str, Any]
    """Parameters that differ from the recipe's."""


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
    phases: tuple[Phase, ...]

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
            ends.append((end, self._phase_params(phase, end - start)))
            start = end
        return ends

    def describe(self, n_images: int) -> dict[str, Any]:
        """Return all of the schedule as plain values, to tell runs apart."""
        return {
            f"phase {i}": {"ends": end, **asdict(p)}
            for i, (end, p) in enumerate(self.schedule(n_images))
        }

    def _phase_params(self, phase: Phase, n_images: int) -> Params:
        p = replace(self.params, **phase.changes)
        if phase.rise is None or n_images == 0:
            return p
        return replace(p, theta_plus=phase.rise * p.n_neurons // n_images)


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
        shape = dict(content["presets"][name])
        raw = content["recipes"][shape.pop(rule)]
        for other in RULES:
            shape.pop(other, None)
        bits = shape.pop("weight_bits", RECIPE_BITS) if weight_bits is None else weight_bits
        return _build(rule, raw, shape, bits, changes)
    except KeyError as missing:
        raise RecipeError(f"preset {name!r} in {path} must define {missing}") from None


def _build(rule, raw, shape, bits, changes) -> Recipe:
    settings = {"epochs": raw["epochs"], "shift": raw.get("shift", 0)}
    for name in settings:
        if changes.get(name) is not None:
            settings[name] = changes[name]
    changes = {k: v for k, v in changes.items() if k not in settings and v is not None}
    common = rescale(_plain(raw["params"]), bits) | shape | {"weight_bits": bits} | changes
    if "n_lanes" not in changes and "n_neurons" in common:
        common["n_lanes"] = max(1, min(common.get("n_lanes", 1), common["n_neurons"]))
    params = Params.from_dict(common)
    phases = []
    for entry in raw["phases"]:
        entry = rescale(_plain(entry), bits)
        share, rise = entry.pop("share"), entry.pop("rise", None)
        phases.append(Phase(share, rise, entry | changes))
    assign = raw.get("assign_classes", False)
    made = Recipe(rule, settings["epochs"], settings["shift"], assign, params, tuple(phases))
    if made.epochs < 1:
        raise ValueError(f"epochs must be at least 1, not {made.epochs}")
    if made.shift < 0:
        raise ValueError(f"shift must be at least 0, not {made.shift}")
    made.schedule(1 << 20)  # refuses impossible parameters of any phase before training begins
    return made


def rescale(values: dict[str, Any], bits: int) -> dict[str, Any]:
    """Turn numbers in steps of 8-bit weights into steps of ``bits``-bit ones, towards zero.

    With hard bounds the plasticity gains are in weight steps too.
    """
    scaled = IN_WEIGHT_STEPS
    if not values.get("soft_bounds", True):
        scaled = (*scaled, "a_plus", "a_minus", "a_late")
    return {k: _scaled(v, bits - RECIPE_BITS) if k in scaled else v for k, v in values.items()}


def _scaled(value, shift):
    if isinstance(value, tuple):
        return tuple(_scaled(entry, shift) for entry in value)
    magnitude = abs(value) << shift if shift >= 0 else abs(value) >> -shift
    return magnitude if value >= 0 else -magnitude


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {k: table(v) if k in TABLES else v for k, v in values.items()}


def _read(path: Path) -> dict[str, Any]:
    try:
        content = tomllib.loads(path.read_text())
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RecipeError(f"{path} must be a file of presets: {error}") from None
    if not all(isinstance(content.get(key), dict) for key in ("presets", "recipes")):
        raise RecipeError(f"{path} must define [presets] and [recipes]")
    return content

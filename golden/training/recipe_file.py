"""Recipes as they stand in a file: read once, checked for their form, rescaled to other weights.

A recipe is written for 8-bit weights; `rescale` turns its numbers into those for any other width.
"""

import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from golden.dense.declaration import TABLE, Unit, declarations, inert
from golden.dense.params import Params
from golden.training.tables import table

RECIPE_BITS = 8
"""Weight width for which recipes are written."""
DECLARED = declarations(Params)
IN_WEIGHT_STEPS = {name for name, each in DECLARED.items() if each.unit is Unit.WEIGHT}
"""Numbers of a recipe whose unit is one weight step."""
OF_THETA = {"rise", *(name for name, each in DECLARED.items() if each.unit is Unit.THETA)}
"""Numbers of a recipe whose unit is one weight step, and in a network that of ``theta``."""
INERT = inert(Params)
"""Numbers on which no result depends."""
GAINS = {name for name, each in DECLARED.items() if each.unit is Unit.GAINS}
TABLES = {name for name, each in DECLARED.items() if each.type == TABLE}
TABLES_OF_FILE = ("presets", "recipes")
"""What a file of presets defines: presets by name, and the recipes that they name."""


class RecipeError(ValueError):
    """A preset or recipe that cannot be used."""


@dataclass(frozen=True)
class PhaseFile:
    """A phase: numbers are in steps of 8-bit weights."""

    share: int
    """Length, relative to the other phases, at least 1."""
    rise: int | None
    values: dict[str, Any]
    """Names of `Params` and their values, those of the recipe included; tables are tuples."""

    @classmethod
    def parse(cls, common: dict[str, Any], entry: Any) -> "PhaseFile":
        """Read what a phase says, over what the whole recipe says.

        Raises
        ------
        RecipeError, ValueError
            If something has not the right form.
        KeyError
            If its share is missing.
        """
        values = common | form("phase", entry, dict)
        values = {k: table(form(k, v, str)) if k in TABLES else v for k, v in values.items()}
        share, rise = form("share", values.pop("share"), int), values.pop("rise", None)
        rise = rise if rise is None else form("rise", rise, int)
        for name, value, least in (("share", share, 1), ("rise", rise, 0)):
            if value is not None and value < least:
                raise RecipeError(f"{name} must be at least {least}, not {value}")
        return cls(share, rise, values)


@dataclass(frozen=True)
class Few:
    """What changes where images are so few that a recipe's epochs show less than it needs."""

    recipe: str
    """What is learned by then."""
    presentations: int
    """As many epochs as it takes for so many presentations, but at most the next."""
    epochs: int

    @classmethod
    def parse(cls, name: str, entry: Any) -> "Few":
        """Read what the recipe ``name`` says of few images.

        Raises
        ------
        RecipeError
            If something has not the right form.
        KeyError
            If something is missing.
        """
        entry = form("few", entry, dict)
        presentations, epochs = (form(k, entry[k], int) for k in ("presentations", "epochs"))
        for key, value in (("presentations", presentations), ("epochs of few", epochs)):
            if value < 1:
                raise RecipeError(f"{key} must be at least 1, not {value}")
        return cls(form("recipe", entry.get("recipe", name), str), presentations, epochs)

    def epochs_of(self, n_images: int) -> int:
        """Return how often so many images are shown."""
        return min(self.epochs, self.presentations // n_images)


@dataclass(frozen=True)
class RecipeFile:
    """A recipe."""

    name: str
    epochs: int
    shift: int
    assign_classes: bool
    few: Few | None
    whole: PhaseFile
    """What all phases share."""
    phases: tuple[PhaseFile, ...]

    @classmethod
    def parse(cls, name: str, raw: Any) -> "RecipeFile":
        """Read the recipe ``name``.

        Raises
        ------
        RecipeError, ValueError
            If something has not the right form.
        KeyError
            If something is missing.
        """
        raw = form("recipe", raw, dict)
        epochs, shift = form("epochs", raw["epochs"], int), form("shift", raw.get("shift", 0), int)
        common = form("params", raw["params"], dict)
        entries = form("phases", raw["phases"], list)
        if not entries:
            raise RecipeError("phases must not be empty")
        assign = form("assign_classes", raw.get("assign_classes", False), bool)
        phases = tuple(PhaseFile.parse(common, entry) for entry in entries)
        few = Few.parse(name, raw["few"]) if "few" in raw else None
        whole = PhaseFile.parse(common, {"share": 1})
        return cls(name, epochs, shift, assign, few, whole, phases)

    def fitted(self, n_images: int, recipes: dict[str, Any]) -> "RecipeFile":
        """Return the recipe for so many training images, of all ``recipes`` of the file.

        That is itself, unless `few` shows them more often than its own epochs do.
        """
        if not self.few or self.few.epochs_of(n_images) <= self.epochs:
            return self
        other = RecipeFile.parse(self.few.recipe, recipes[self.few.recipe])
        return replace(other, epochs=self.few.epochs_of(n_images))


def read(path: Path) -> dict[str, Any]:
    """Return a file of presets: its tables ``presets`` and ``recipes``."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RecipeError(f"{path} must be a readable file, not: {error.strerror}") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RecipeError(f"{path} must be a file of presets in TOML, not: {error}") from None
    missing = [name for name in TABLES_OF_FILE if not isinstance(content.get(name), dict)]
    if missing:
        raise RecipeError(
            f"{path} must define {' and '.join(f'[{name}.NAME]' for name in missing)}, "
            "as docs/training.md says"
        )
    return content


def form(name: str, value: Any, kind: type) -> Any:
    """Return a value of a preset file if it is of the right kind."""
    if type(value) is not kind:
        raise RecipeError(f"{name} must be {kind.__name__}, not {value!r}")
    return value


def rescale(values: dict[str, Any], bits: int, places: int = 0) -> dict[str, Any]:
    """Turn numbers in steps of 8-bit weights into steps of ``bits``-bit ones, towards zero.

    Those of ``theta`` come to have ``places`` binary places. With hard bounds the plasticity gains
    are in weight steps too. Only for what a recipe says: ``values`` are without the preset's own
    numbers, without changes and without defaults.
    """
    hard = not values.get("soft_bounds", True)
    scaled = IN_WEIGHT_STEPS | GAINS if hard else IN_WEIGHT_STEPS
    shifts = dict.fromkeys(scaled, bits - RECIPE_BITS)
    shifts |= dict.fromkeys(OF_THETA, bits - RECIPE_BITS + places)
    return {k: _scaled(k, v, shifts[k]) if k in shifts else v for k, v in values.items()}


def widened(values: dict[str, Any], bits: int) -> dict[str, Any]:
    """Leave room where rescaling takes it: two initial weights to draw from, bits for sums."""
    if {"w_init_low", "w_init_high", "w_max"} <= values.keys():
        high = min(max(values["w_init_high"], values["w_init_low"] + 2), values["w_max"] + 1)
        low = min(values["w_init_low"], high - 2)
        values = values | {"w_init_low": low, "w_init_high": high}
    more = max(0, bits - RECIPE_BITS)
    for name in ("v_width", "theta_width"):
        width = values.get(name, Params.__dataclass_fields__[name].default)
        values = values | {name: min(DECLARED[name].range()[1], width + more)}
    return values


def _scaled(name, value, shift):
    if isinstance(value, tuple):
        return tuple(_scaled(name, entry, shift) for entry in value)
    magnitude = abs(form(name, value, int))
    magnitude = magnitude << shift if shift >= 0 else magnitude >> -shift
    return magnitude if value >= 0 else -magnitude

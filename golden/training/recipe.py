"""Recipes: what is learned in which order; presets: which core and which recipe for it.

Both live in ``presets.toml``, or in a file of the same form given as ``--preset FILE#NAME``. A
recipe is written for 8-bit weights; `recipe_file` reads it and rescales it to any other width. What
a preset itself or ``--set`` says is taken as it is, in steps of the weights that the network has.
`docs/training.md` says from which numbers a run is made, in which order.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import accumulate
from pathlib import Path
from typing import Any

from golden.dense.declaration import check_range, declarations, told_of_runs
from golden.dense.params import Params
from golden.training import fraction
from golden.training.fraction import N_IMAGES
from golden.training.recipe_file import (
    RECIPE_BITS,
    PhaseFile,
    RecipeError,
    RecipeFile,
    form,
    read,
    rescale,
    widened,
)

PRESETS = Path(__file__).with_name("presets.toml")
RULES = ("stdp", "rstdp")
BOTH = "both"
"""Rule of a core that learns by either, as its registers say."""


@dataclass(frozen=True)
class TrainingPhase:
    """A stretch of training with its own parameters."""

    share: int
    """Length, relative to the other phases."""
    rise: int | None
    """By how much the mean ``theta`` rises in this phase, in its unit, if every image gives one win
    that is learned; fixes ``theta_plus``, rounded half up, and at most what ``theta`` holds. None,
    or a ``theta_plus`` that was set, leaves that alone. With other rules for who learns how often,
    set ``theta_plus`` instead."""
    params: Params
    asked: Fraction = Fraction(0)
    """The rise before it was rounded to a whole number."""


@dataclass(frozen=True)
class Recipe:
    """What is learned in which order."""

    name: str
    """Of the file's recipes."""
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
        lengths, params = zip(*((n, p) for _, n, p in self._shown(n_images)), strict=True)
        return list(zip(accumulate(lengths), params, strict=True))

    def _shown(self, n_images: int) -> Iterator[tuple[TrainingPhase, int, Params]]:
        """Give every phase, how many images it presents, and its parameters."""
        total, shares = n_images * self.epochs, sum(phase.share for phase in self.phases)
        begun = start = 0
        for phase in self.phases:
            begun += phase.share
            end = total * begun // shares
            yield phase, end - start, _with_rise(phase, end - start)
            start = end

    def clipped(self, n_images: int) -> list[str]:
        """Return a line for every phase whose images are too few for its rise."""
        return [
            f"theta_plus is {p.theta_plus} in phase {i}, the most that theta holds, not {wanted}: "
            f"{length} presentations are few for {p.n_neurons} neurons"
            for i, (phase, length, p) in enumerate(self._shown(n_images))
            if (wanted := _theta_plus(phase, length)) > p.theta_plus
        ]

    def rounded(self, n_images: int) -> list[str]:
        """Return a line for every phase whose ``theta_plus`` is a quarter off what it asks for."""
        lines = []
        for i, (phase, length, p) in enumerate(self._shown(n_images)):
            if phase.rise is None or not length:
                continue
            wanted = Fraction(phase.asked * p.n_neurons, length)
            if p.theta_plus < p.theta.max and 4 * abs(p.theta_plus - wanted) > wanted:
                whole, behind = divmod(round(1000 * wanted), 1000)
                lines.append(
                    f"theta_plus is {p.theta_plus} in phase {i}, rounded from {whole}.{behind:03}: "
                    f"theta_shift, which is {p.theta_shift}, makes it finer"
                )
        return lines

    def describe(self, n_images: int) -> dict[str, Any]:
        """Return all of the schedule as plain values, to tell runs apart."""
        return {
            f"phase {i}": {"ends": end, **told_of_runs(p)}
            for i, (end, p) in enumerate(self.schedule(n_images))
        }


def _with_rise(phase: TrainingPhase, n_images: int) -> Params:
    p = phase.params
    return replace(p, theta_plus=min(_theta_plus(phase, n_images), p.theta.max))


def _theta_plus(phase: TrainingPhase, n_images: int) -> int:
    """Return what the rise of a phase asks of every win, whatever ``theta`` holds."""
    p = phase.params
    if phase.rise is None or n_images == 0:
        return p.theta_plus
    rise_of_all = phase.rise * p.n_neurons
    return (2 * rise_of_all + n_images) // (2 * n_images)


def names(path: Path = PRESETS) -> list[str]:
    """Return the presets of a file."""
    return sorted(read(path)["presets"])


def recipe(
    preset: str,
    rule: str,
    weight_bits: int | None = None,
    n_images: int | None = None,
    **changes: Any,
) -> Recipe:
    """Return the recipe of a preset for a rule.

    Parameters
    ----------
    preset : str
        A name of ``presets.toml``, or ``FILE#NAME``.
    rule : str
        One of `RULES`.
    weight_bits : int, optional
        Instead of the preset's.
    n_images : int, optional
        Training images that the recipe shall fit, instead of being taken as it is written.
    changes
        Other parameters, and ``epochs`` and ``shift``, to change in the recipe and all its phases.

    Raises
    ------
    RecipeError
        If the preset or a name in it is unknown, or the file has not the right form.
    TypeError, ValueError
        If the parameters are impossible.
    """
    place, _, name = preset.rpartition("#")
    path = Path(place) if place else PRESETS
    content = read(path)
    if name not in content["presets"]:
        known = ", ".join(sorted(content["presets"]))
        other = "" if place else " or FILE#NAME"
        raise RecipeError(f"preset must be one of {known}{other}, not {name!r}")
    try:
        shape = dict(form(f"preset {name!r}", content["presets"][name], dict))
        named = {each: form(each, shape.pop(each), str) for each in RULES if each in shape}
        recipes, mine = content["recipes"], named[rule]
        names = (mine, *(each for each in named.values() if each != mine and each in recipes))
        files = [RecipeFile.parse(each, recipes[each]) for each in names]
        fitted = files[0] if n_images is None else files[0].fitted(n_images, recipes)
        shape = {"weight_bits": RECIPE_BITS} | shape
        bits = shape["weight_bits"] if weight_bits is None else weight_bits
        allowed = declarations(Params)["weight_bits"].range()
        check_range("weight_bits", form("weight_bits", bits, int), *allowed)
        return _build(rule, fitted, files, shape, changes | {"weight_bits": bits})
    except KeyError as missing:
        raise RecipeError(f"preset {name!r} in {path} must define {missing}") from None


def usual(rule: str, n_images: int) -> str:
    """Return the preset for images of which nothing is known but how many there are to learn from.

    Parameters
    ----------
    rule : str
        One of `RULES`.
    n_images : int
        At least 1.
    """
    from_on = read(PRESETS)["usual"][rule]
    return max((least, name) for name, least in from_on.items() if least <= n_images)[1]


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


def _build(
    rule: str,
    file: RecipeFile,
    files: list[RecipeFile],
    shape: dict[str, Any],
    changes: dict[str, Any],
) -> Recipe:
    """Return a recipe in the shape of a preset, whose recipes are ``files``, with changes."""
    changes = {name: value for name, value in changes.items() if value is not None}
    epochs, shift = changes.pop("epochs", file.epochs), changes.pop("shift", file.shift)
    for name, value, least in (("epochs", epochs, 1), ("shift", shift, 0)):
        if form(name, value, int) < least:
            raise RecipeError(f"{name} must be at least {least}, not {value}")
    fixed = shape | changes
    if "n_neurons" in fixed and "n_lanes" in fixed and "n_lanes" not in changes:
        fixed["n_lanes"] = max(1, min(fixed["n_lanes"], fixed["n_neurons"]))
    params = _phase(file.whole, fixed).params
    if not {"theta_shift", "theta_plus"} & (changes.keys() | shape.keys() - {"theta_shift"}):
        fixed["theta_shift"] = fraction.places(files, shape, fixed)
        params = _phase(file.whole, fixed).params
    phases = tuple(_phase(phase, fixed) for phase in file.phases)
    return Recipe(file.name, rule, epochs, shift, file.assign_classes, params, phases)


def _phase(phase: PhaseFile, fixed: dict[str, Any]) -> TrainingPhase:
    """Return a phase for the weights of ``fixed``, whose values are taken as they are."""
    bits, places = fixed["weight_bits"], fixed.get("theta_shift", 0)
    values = widened(rescale(phase.values, bits, places), bits) | fixed
    p = Params.from_dict(values)
    if phase.rise is None or "theta_plus" in fixed:
        return TrainingPhase(phase.share, None, p)
    rise = rescale({"rise": phase.rise}, bits, places)["rise"]
    asked = phase.rise * Fraction(2) ** (bits - RECIPE_BITS + places)
    return TrainingPhase(phase.share, rise, p, asked)

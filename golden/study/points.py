"""The points of a study: every combination of settings, each once."""

import hashlib
import itertools
import json
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from golden.training.course import Course
from golden.training.options import Choice, assignment, chosen
from golden.training.recipe import RULES
from golden.training.recipe_file import INERT

WORDS = ("dataset", "preset", "rule")
NUMBERS = ("neurons", "weight_bits", "epochs", "seed")
"""Settings that are options of golden.train."""


@dataclass(frozen=True)
class Point:
    """One training run."""

    choice: Choice
    seed: int
    label: str
    """For people: the settings that the grid gives it."""
    row: dict[str, Any]
    """What the table says of it before it is run."""
    notes: tuple[str, ...] = ()
    """Lines for people: `golden.training.course.Course.chosen`."""

    def course(self) -> Course:
        """Return what it learns."""
        return Course(*chosen(self.choice), self.seed)


def points(choice: Choice, seed: int, grid: Sequence[str], n_random: int | None) -> list[Point]:
    """Return the points of the grid, each once, refusing an impossible one.

    Parameters
    ----------
    choice, seed
        Of points whose settings do not say otherwise; the seed also draws the random ones.
    grid : sequence of str
        For `axis`.
    n_random : int or None
        How many to draw; None = all.

    Raises
    ------
    ValueError, TypeError
        If a setting or a point is impossible.
    """
    axes = [axis(text) for text in grid]
    names = [name for name, _ in axes]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"--grid must name {name} once, not {names.count(name)} times")
    combinations = list(itertools.product(*(values for _, values in axes)))
    if n_random is not None:
        if not 1 <= n_random <= len(combinations):
            raise ValueError(f"random must be 1 to {len(combinations)} points, not {n_random}")
        combinations = random.Random(seed).sample(combinations, n_random)
    found = [_point(choice, seed, dict(zip(names, each, strict=True))) for each in combinations]
    return list({point.row["run"]: point for point in found}.values())


def axis(text: str) -> tuple[str, list[str]]:
    """Read ``NAME=V1,V2,...``; commas within parentheses belong to a table.

    Raises
    ------
    ValueError
        If there is no such setting, or a value is not of its kind.
    """
    name, _, values = text.partition("=")
    name = name.replace("-", "_")
    parts, depth = [""], 0
    for character in values:
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    if name in INERT:
        raise ValueError(f"--grid must name something that results depend on, not {name}")
    for part in parts:
        if name not in WORDS and name not in NUMBERS:
            assignment(f"{name}={part}", "--grid")
        elif name == "rule" and part not in RULES:
            raise ValueError(f"rule must be one of {', '.join(RULES)}, not {part!r}")
        elif name in NUMBERS and not re.fullmatch(r"-?\d{1,20}", part):
            raise ValueError(f"{name} must be a whole number, not {part[:40]!r}")
    return name, parts


def _point(choice: Choice, seed: int, values: dict[str, str]) -> Point:
    settings: dict[str, Any] = {k: v for k, v in values.items() if k in WORDS}
    settings |= {k: int(v) for k, v in values.items() if k in NUMBERS}
    changes = [f"{k}={v}" for k, v in values.items() if k not in settings]
    seed = settings.pop("seed", seed)
    choice = replace(choice, **settings, changes=(*choice.changes, *changes))
    course = Course(*chosen(choice), seed)
    p = course.recipe.params
    row = {
        "run": hashlib.sha256(json.dumps(course.about, sort_keys=True).encode()).hexdigest()[:16],
        "dataset": course.dataset.name,
        "preset": choice.preset,
        "rule": choice.rule,
        "neurons": p.n_neurons,
        "weight_bits": p.weight_bits,
        "epochs": course.recipe.epochs,
        "seed": seed,
        "set": " ".join(choice.changes),
    }
    label = " ".join(f"{k}={v}" for k, v in values.items()) or "the recipe"
    return Point(choice, seed, label, row, tuple(course.chosen))

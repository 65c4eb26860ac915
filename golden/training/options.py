"""The options that say what to learn and from which images, shared by all commands that learn."""

from argparse import ArgumentParser, Namespace, _ActionsContainer
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from golden.command.options import whole
from golden.datasets import NAMES, Dataset, load_dataset
from golden.datasets.form import FORMS
from golden.dense.params import Params
from golden.training import recipe as recipes
from golden.training import responses
from golden.training.recipe import RULES, Recipe
from golden.training.recipe_file import TABLES
from golden.training.tables import table

KINDS = {field.name: field.type for field in fields(Params)} | {"epochs": int, "shift": int}
"""Type of everything that ``--set`` can change."""


LOOKED_AT = 100
"""Training images, evenly spread, of which most must give an event."""


@dataclass(frozen=True)
class Choice:
    """What to learn from which images."""

    dataset: str
    data_dir: Path | None
    form: str | None
    """Of the images, instead of the data set's."""
    preset: str
    rule: str
    neurons: int | None
    """Instead of the preset's, and so are the next two."""
    weight_bits: int | None
    epochs: int | None
    changes: tuple[str, ...]
    """``NAME=VALUE``."""


def add_recipe_options(parser: ArgumentParser, fixed: bool = False) -> None:
    """Add the options that `choice` reads; with a ``fixed`` core none that would change it."""
    group = parser.add_argument_group("what to learn")
    group.add_argument(
        "--dataset",
        default="digits",
        help=f"{', '.join(NAMES)}, or a folder: of IDX files, or of one folder of images for each "
        "class (default: digits)",
    )
    add_data_dir_option(group)
    add_form_option(group, "that of the data set, mnist for a folder of images")
    add_rule_option(group)
    group.add_argument("--epochs", type=whole, help="instead of the recipe's; stretches its phases")
    add_set_option(group)
    if fixed:
        parser.set_defaults(neurons=None, weight_bits=None)
    else:
        _add_core_options(parser)


def _add_core_options(parser: ArgumentParser) -> None:
    group = parser.add_argument_group("which core")
    add_preset_option(group, "digits, or mnist400 for other data")
    group.add_argument("--neurons", type=whole, help="instead of the preset's")
    group.add_argument(
        "--weight-bits", type=whole, help="1 to 16, instead of the preset's; scales the recipe"
    )


def add_data_dir_option(
    parser: _ActionsContainer, text: str = "where named data sets lie (default: $GOLDSPIKE_DATA)"
) -> None:
    """Add ``--data-dir``."""
    parser.add_argument("--data-dir", type=Path, help=text)


def add_form_option(parser: _ActionsContainer, otherwise: str) -> None:
    """Add ``--form``."""
    parser.add_argument(
        "--form",
        choices=FORMS,
        help="how images come to the network: cut to the ink, scaled and put into the middle as "
        f"in mnist, in emnist, or to fill the frame; as-is: only resized (default: {otherwise})",
    )


def add_rule_option(parser: _ActionsContainer) -> None:
    """Add ``--rule``."""
    parser.add_argument(
        "--rule",
        choices=RULES,
        default="stdp",
        help="stdp learns without labels, rstdp from rewards (default: stdp)",
    )


def add_preset_option(parser: _ActionsContainer, otherwise: str) -> None:
    """Add ``--preset``, and say what is taken without it."""
    names = ", ".join(recipes.names())
    parser.add_argument(
        "--preset",
        help=f"{names}, or FILE#NAME of your own, whose form docs/training.md describes "
        f"(default: {otherwise})",
    )


def add_set_option(parser: _ActionsContainer) -> None:
    """Add ``--set``, whose values `assignment` reads."""
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="change any parameter of golden.dense.params, e.g. leak_shift=6, encoder=latency or "
        "a_plus='exp(32, 5, 20)', in steps of the weights that the network has: unlike a recipe's "
        "numbers, these are not scaled with --weight-bits; may be repeated",
    )


def choice(args: Namespace) -> Choice:
    """Return what the options of `add_recipe_options` say; the data set has a preset of its own."""
    return Choice(
        args.dataset,
        args.data_dir,
        args.form,
        args.preset or ("digits" if args.dataset == "digits" else "mnist400"),
        args.rule,
        args.neurons,
        args.weight_bits,
        args.epochs,
        tuple(args.set),
    )


def chosen_recipe(choice: Choice, n_classes: int | None = None) -> Recipe:
    """Return the recipe, for as many classes as the data set has.

    Raises
    ------
    ValueError, TypeError
        If it is impossible.
    """
    changes: dict[str, Any] = dict(assignment(text) for text in choice.changes)
    if "n_classes" in changes:
        raise ValueError("n_classes must be what the data set has, not set")
    given = {
        "n_neurons": choice.neurons,
        "epochs": choice.epochs,
        "n_classes": n_classes,
        "weight_bits": choice.weight_bits,
    }
    changes |= {name: value for name, value in given.items() if value is not None}
    recipe = recipes.recipe(choice.preset, choice.rule, **changes)
    p = recipe.params
    if n_classes and recipe.assign_classes and p.n_neurons < p.n_classes:
        raise ValueError(
            f"n_neurons must be at least the {p.n_classes} classes for {recipe.rule}, "
            f"not {p.n_neurons}"
        )
    return recipe


def chosen(choice: Choice) -> tuple[Recipe, Dataset]:
    """Return the recipe and the data set, its images in the recipe's size.

    Raises
    ------
    ValueError, TypeError
        If either is impossible.
    """
    p = chosen_recipe(choice).params
    dataset = _loaded(choice.dataset, choice.data_dir, (p.height, p.width), choice.form)
    recipe = chosen_recipe(choice, len(dataset.class_names))
    _check_events(recipe.params, dataset)
    return recipe, dataset


def _check_events(p: Params, dataset: Dataset) -> None:
    """Refuse a network that most training images say nothing to, and say why they do not."""
    images = dataset.train_images[:: -(-len(dataset.train_images) // LOOKED_AT)]
    silent = responses.silent(p, images.reshape(len(images), -1))
    if 2 * np.count_nonzero(silent) <= len(images):
        return
    why = f"their median brightest pixel is {int(np.median(images.max(axis=(1, 2))))} of 255"
    shortest = -(-p.period_num // (p.period_offset + p.pixel.max))
    if p.encoder == "periodic" and shortest > p.n_steps:
        why = f"the shortest period of the encoder is {shortest} of {p.n_steps} steps"
    raise ValueError(
        f"most training images of {dataset.name} must give an event, not {len(images)} looked at "
        f"of which {np.count_nonzero(silent)} give none: {why}"
    )


_loaded = lru_cache(maxsize=1)(load_dataset)
"""Most points of a sweep share their images."""


def assignment(text: str, option: str = "--set") -> tuple[str, Any]:
    """Read ``NAME=VALUE``, the value as the parameter of that name needs it.

    Raises
    ------
    ValueError
        If there is no such name, or the value is not of its kind.
    """
    name, equals, value = text.partition("=")
    if not (name and equals and value):
        raise ValueError(f"{option} must be NAME=VALUE, not {text!r}")
    if name not in KINDS:
        raise ValueError(f"{option} must name a parameter of golden.dense.params, not {name!r}")
    if name in TABLES:
        return name, table(value)
    if KINDS[name] is bool:
        if value not in ("true", "false"):
            raise ValueError(f"{name} must be true or false, not {value!r}")
        return name, value == "true"
    if KINDS[name] is int:
        try:
            return name, int(value)
        except ValueError:
            raise ValueError(f"{name} must be a whole number, not {value[:40]!r}") from None
    return name, value

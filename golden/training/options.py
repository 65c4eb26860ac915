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
from golden.datasets.part import Portion, part, parted
from golden.dense.params import Params
from golden.training import recipe as recipes
from golden.training import responses
from golden.training.recipe import RULES, Recipe
from golden.training.recipe_file import TABLES
from golden.training.tables import table

KINDS = {field.name: field.type for field in fields(Params)} | {"epochs": int, "shift": int}
"""Type of everything that ``--set`` can change."""

USUAL = (28, 28)
"""Size of the images of all presets that are taken where none is given."""
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
    unasked: tuple[str, ...] = ()
    """Which of preset and rule nobody gave, where they are chosen by the images."""

    @property
    def own(self) -> bool:
        """Whether these are images of one's own, or part of a set: recipes fit how many."""
        return self.dataset not in NAMES


def add_recipe_options(parser: ArgumentParser, fixed: bool = False) -> None:
    """Add the options that `choice` reads; with a ``fixed`` core none that would change it."""
    group = parser.add_argument_group("what to learn")
    group.add_argument(
        "--dataset",
        default="digits",
        help=f"{', '.join(NAMES)}, or a folder: of IDX files, or of one folder of images for each "
        "class; NAME:400 is 400 of its training images, NAME:400:1 the next 400 (default: digits)",
    )
    add_data_dir_option(group)
    add_form_option(group, "that of the data set, mnist for a folder of images")
    if fixed:
        add_rule_option(group)
    else:
        add_rule_option(group, None, "rstdp for your own images, else stdp")
    group.add_argument("--epochs", type=whole, help="instead of the recipe's; stretches its phases")
    add_set_option(group)
    if fixed:
        parser.set_defaults(neurons=None, weight_bits=None)
    else:
        _add_core_options(parser)


def _add_core_options(parser: ArgumentParser) -> None:
    group = parser.add_argument_group("which core")
    add_preset_option(group, "digits, mnist400 for other sets, and what suits your own images")
    add_shape_options(group)


def add_shape_options(group: _ActionsContainer) -> None:
    """Add ``--neurons`` and ``--weight-bits``."""
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


def add_rule_option(
    parser: _ActionsContainer, default: str | None = "stdp", otherwise: str = "stdp"
) -> None:
    """Add ``--rule``, and say what is taken without it."""
    parser.add_argument(
        "--rule",
        choices=RULES,
        default=default,
        help=f"stdp learns without labels, rstdp from rewards (default: {otherwise})",
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
    """Return what the options of `add_recipe_options` say.

    A data set has a preset of its own; images of one's own are counted to find one, and taught with
    their labels.

    Raises
    ------
    ValueError
        If images have to be counted and are no data set.
    """
    own = args.dataset not in NAMES
    free = own and args.preset is None
    rule = args.rule or ("rstdp" if free else "stdp")
    if free:
        images = _loaded(args.dataset, args.data_dir, USUAL, args.form).train_images
        preset = recipes.usual(rule, len(images))
    else:
        preset = args.preset or ("digits" if args.dataset == "digits" else "mnist400")
    return Choice(
        args.dataset,
        args.data_dir,
        args.form,
        preset,
        rule,
        args.neurons,
        args.weight_bits,
        args.epochs,
        tuple(args.set),
        (*["preset"] * free, *["rule"] * (free and args.rule is None)),
    )


def chosen_recipe(
    choice: Choice, n_classes: int | None = None, n_images: int | None = None
) -> Recipe:
    """Return the recipe, for as many classes and images as the data set has.

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
        "n_images": n_images,
    }
    changes |= {name: value for name, value in given.items() if value is not None}
    recipe = recipes.recipe(choice.preset, choice.rule, **changes)
    p = recipe.params
    if n_classes and recipe.assign_classes and p.n_neurons < p.n_classes:
        raise ValueError(
            f"n_neurons must be at least the {p.n_classes} classes for {recipe.rule}, "
            f"not {p.n_neurons} (--rule stdp takes any number)"
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
    n_images = len(dataset.train_images) if choice.own else None
    recipe = chosen_recipe(choice, len(dataset.class_names), n_images)
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


def told(choice: Choice, recipe: Recipe, dataset: Dataset) -> str:
    """Return a line that says what was chosen because of the images, or nothing."""
    words = [f"{name} {getattr(choice, name)}" for name in choice.unasked]
    plain = chosen_recipe(choice, len(dataset.class_names))
    words += [f"recipe {recipe.name}"] * (recipe.name != plain.name)
    words += [f"{recipe.epochs} epochs"] * (recipe.epochs != plain.epochs)
    if not words:
        return ""
    images, classes = len(dataset.train_images), len(dataset.class_names)
    return f"chosen for {images} images of {classes} classes: {', '.join(words)}"


@lru_cache(maxsize=1)
def _whole(*what: Any) -> Dataset:
    """Load a data set once for most points of a sweep, which share their images."""
    return load_dataset(*what)


def _loaded(name: str, *how: Any) -> Dataset:
    """Return a data set, or the part of one that the name asks for."""
    wanted = Portion(name, None, 0) if Path(name).is_dir() else parted(name)
    dataset = _whole(wanted.whole, *how)
    return dataset if wanted.images is None else part(dataset, wanted.images, wanted.lot)


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

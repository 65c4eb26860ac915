"""The options that say what to learn and from which images, shared by train, sweep and bench."""

import argparse
from pathlib import Path
from typing import Any

from golden import recipe as recipes
from golden.datasets import NAMES, Dataset, load_dataset
from golden.recipe import RULES, TABLES, Recipe
from golden.tables import table


def add_recipe_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that `chosen_recipe` reads."""
    parser.add_argument(
        "--dataset",
        default="digits",
        help=f"{', '.join(NAMES)}, or a folder of IDX files or of one folder of images a class "
        "(default: digits)",
    )
    parser.add_argument(
        "--data-dir", type=Path, help="where named data sets lie (default: $GOLDSPIKE_DATA)"
    )
    parser.add_argument(
        "--preset",
        help=f"{', '.join(recipes.names())}, or FILE#NAME of your own (default: digits, or "
        "mnist400 for other data)",
    )
    parser.add_argument("--rule", choices=RULES, default="stdp", help="default: stdp")
    parser.add_argument("--neurons", type=int, help="instead of the preset's")
    parser.add_argument("--weight-bits", type=int, help="1 to 16, instead of the preset's")
    parser.add_argument("--epochs", type=int, help="instead of the recipe's; stretches its phases")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="change any parameter of golden.params, e.g. leak_shift=6, encoder=latency or "
        "a_plus='exp(32, 5, 20)'; may be repeated",
    )


def chosen_recipe(args: argparse.Namespace) -> tuple[Recipe, Dataset]:
    """Return the recipe and the data set, its images in the recipe's size.

    Raises
    ------
    ValueError, TypeError, OSError
        If either is impossible.
    """
    if args.preset is None:
        args.preset = "digits" if args.dataset == "digits" else "mnist400"
    changes: dict[str, Any] = dict(assignment(text) for text in args.set)
    changes |= {"n_neurons": args.neurons, "epochs": args.epochs}
    probe = recipes.recipe(args.preset, args.rule, args.weight_bits, **changes)
    size = (probe.params.height, probe.params.width)
    dataset = load_dataset(args.dataset, args.data_dir, size)
    changes["n_classes"] = len(dataset.class_names)
    recipe = recipes.recipe(args.preset, args.rule, args.weight_bits, **changes)
    if recipe.assign_classes and recipe.params.n_neurons < recipe.params.n_classes:
        raise ValueError(
            f"n_neurons must be at least the {recipe.params.n_classes} classes for {recipe.rule}, "
            f"not {recipe.params.n_neurons}"
        )
    return recipe, dataset


def assignment(text: str) -> tuple[str, Any]:
    """Read ``NAME=VALUE``: a table, an integer, true, false or a word.

    Raises
    ------
    ValueError
        If there is no name or no value.
    """
    name, equals, value = text.partition("=")
    if not (name and equals and value):
        raise ValueError(f"--set must be NAME=VALUE, not {text!r}")
    if name in TABLES:
        return name, table(value)
    if value in ("true", "false"):
        return name, value == "true"
    try:
        return name, int(value)
    except ValueError:
        return name, value

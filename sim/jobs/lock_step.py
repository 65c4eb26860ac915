"""A lock-step of the dense core from options to result, for all commands that compare."""

from argparse import BooleanOptionalAction, Namespace, _ArgumentGroup
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from golden.command.console import OUT, InputError, writing
from golden.command.frame import Parser
from golden.command.options import to_write, whole, within
from golden.command.results import write_json
from golden.dense import program
from golden.training.course import MAX_SEED
from golden.training.options import Choice, choice
from sim.jobs.dense import DenseFigures, DenseJob
from sim.jobs.job import Stalls
from sim.records.comparison import Comparison

MAX_STALLS = 0.9
WAVES = Path("lockstep.vcd")


@dataclass(frozen=True)
class LockStep:
    """What is compared, and where that is told."""

    choice: Choice
    """The images, and the recipe if there is no ``model``."""
    model: Path | None
    """What to begin with, instead of a recipe."""
    simulator: str
    images: int
    learn: bool
    """From the images, or answer them."""
    share: float
    """Of the cycles in which each stream stands still."""
    seed: int
    waves: Path | None
    json: Path | None

    @property
    def stalls(self) -> Stalls:
        """How the streams stand still."""
        return Stalls(self.share, self.seed)

    @property
    def recipe(self) -> Choice | None:
        """The choice, if it is of a recipe too."""
        return None if self.model else self.choice


def add_comparison_options(parser: Parser) -> _ArgumentGroup:
    """Add what `ordered` reads; return where more of it belongs."""
    group = parser.add_argument_group("the comparison")
    group.add_argument("--images", type=whole, default=10, help="images (default: 10)")
    group.add_argument(
        "--learn",
        action=BooleanOptionalAction,
        default=True,
        help="learn from the images, or answer them (default: learn)",
    )
    group.add_argument(
        "--stalls",
        type=float,
        default=0.0,
        help=f"share of cycles in which each stream stands still, 0 to {MAX_STALLS} (default: 0)",
    )
    group.add_argument(
        "--seed", type=whole, help="of the network, the images' order and the stalls (default: 1)"
    )
    group.add_argument(
        "--waves",
        type=Path,
        help=f"VCD file: around the first difference (default: {WAVES}), else of the last images",
    )
    group.add_argument("--json", type=to_write, help="write the result here, too")
    return group


def ordered(args: Namespace, simulator: str, model: Path | None = None) -> LockStep:
    """Return what the options of `add_comparison_options` and of a recipe ask for.

    Raises
    ------
    InputError
        If a number is out of range, or an option is of a recipe and there is a model.
    """
    if model and (others := [option for option, value in recipe_options(args) if value]):
        raise InputError(f"{others[0]} must be of a core to begin with, not with --model")
    within("--images", args.images, 1)
    seed = within("--seed", 1 if args.seed is None else args.seed, 0, MAX_SEED)
    if not 0 <= args.stalls <= MAX_STALLS:
        raise InputError(f"--stalls must be 0 to {MAX_STALLS}, not {args.stalls}")
    where = args.waves, args.json
    numbers = args.images, args.learn, args.stalls, seed
    return LockStep(choice(args), model, simulator, *numbers, *where)


def recipe_options(args: Namespace) -> list[tuple[str, Any]]:
    """Return the options of a recipe that have no default, and what was given."""
    return [
        ("--preset", args.preset),
        ("--neurons", args.neurons),
        ("--weight-bits", args.weight_bits),
        ("--epochs", args.epochs),
        ("--set", args.set),
    ]


def headline(order: LockStep, job: DenseJob) -> str:
    """Return what is compared, on one line."""
    p = job.built
    what = order.model or f"{order.choice.preset}, {order.choice.rule}"
    return (
        f"{what}: {p.n_axons} axons, {p.n_neurons} neurons of {p.weight_bits} bits, {p.n_lanes} "
        f"lanes; {order.images} images of {order.choice.dataset}; seed {order.seed}; "
        f"{order.simulator}"
    )


def conclude(
    order: LockStep, job: DenseJob, comparison: Comparison[DenseFigures]
) -> dict[str, Any]:
    """Tell and write how it went; return it."""
    final, got = job.final(), None
    if not comparison.mismatch:
        answers = np.concatenate(comparison.figures.answers)
        got = program.read(job.built, answers, final.presented).sha256()
    result = outcome(order, job, comparison, final.sha256(), got)
    if order.json:
        write_json(order.json, result)
    report(result, comparison)
    keep_waves(order.waves, comparison)
    return result


def outcome(
    order: LockStep,
    job: DenseJob,
    comparison: Comparison[DenseFigures],
    expected: str,
    got: str | None,
) -> dict[str, Any]:
    """Return the result as plain values."""
    figures, recipe = comparison.figures, order.recipe
    return {
        "equal": got == expected,
        "simulator": order.simulator,
        "preset": recipe and recipe.preset,
        "model": order.model and str(order.model),
        "rule": recipe and recipe.rule,
        "dataset": order.choice.dataset,
        "images": order.images,
        "learn": order.learn,
        "stalls": order.share,
        "seed": order.seed,
        "cycles": comparison.cycles,
        "cycles_per_second": round(comparison.speed),
        "events": figures.events,
        "spikes": figures.spikes,
        "weight_writes": figures.weight_writes,
        "integrate_cycles": figures.integrating,
        "integrate_cycles_with_weights": figures.moved,
        "state_sha256": got,
        "expected_state_sha256": expected,
        "mismatch": asdict(comparison.mismatch) if comparison.mismatch else None,
        "params": asdict(job.built),
    }


def report(result: dict[str, Any], comparison: Comparison[DenseFigures]) -> None:
    """Print the result."""
    figures = comparison.figures
    OUT.print(
        f"{result['cycles']:,} cycles equal, {result['cycles_per_second']:,} a second; "
        f"{result['events']:,} events, {result['spikes']:,} spikes, "
        f"{result['weight_writes']:,} weights written by learning; "
        f"{figures.moved / max(1, figures.integrating):.1%} of INTEGRATE moves weights",
        markup=False,
    )
    if comparison.mismatch:
        report_mismatch(comparison)
    elif not result["equal"]:
        OUT.print(
            f"not equal: state {result['state_sha256']}, expected {result['expected_state_sha256']}"
        )
    else:
        OUT.print(f"equal; state {result['state_sha256']}", markup=False)


def report_mismatch(comparison: Comparison[Any]) -> None:
    """Print what differs first, and what was before it."""
    OUT.print("the last events, as expected:", *comparison.events_before(), sep="\n  ")
    OUT.print(f"not equal: {comparison.mismatch}", markup=False)


def keep_waves(asked: Path | None, comparison: Comparison[Any]) -> None:
    """Write waves where that is asked for; unasked, if there is a difference to look at."""
    path = asked or (WAVES if comparison.mismatch else None)
    if path:
        with writing(path):
            comparison.write_waves(path)
        OUT.print(f"waves: {path}", markup=False)

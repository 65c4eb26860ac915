"""A lock-step of the dense core from options to result, for all commands that compare."""

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from golden.command.atomic import write_atomically
from golden.command.console import OUT, whole, writing
from golden.dense import program
from golden.training.course import MAX_SEED
from sim.jobs.dense import DenseFigures, DenseJob
from sim.records.comparison import Comparison

MAX_STALLS = 0.9
WAVES = Path("lockstep.vcd")


def add_comparison_options(made: argparse.ArgumentParser) -> argparse._ArgumentGroup:
    """Add what `check` and `conclude` read; return where more of it belongs."""
    group = made.add_argument_group("the comparison")
    group.add_argument("--images", type=whole, default=10, help="images (default: 10)")
    group.add_argument(
        "--learn",
        action=argparse.BooleanOptionalAction,
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
        "--seed", type=whole, default=1, help="of the network, the images' order and the stalls"
    )
    group.add_argument(
        "--waves",
        type=Path,
        help=f"VCD file: around the first difference (default: {WAVES}), else of the last images",
    )
    group.add_argument("--json", type=Path, help="write the result here, too")
    return group


def check(args: argparse.Namespace) -> None:
    """Refuse numbers out of range.

    Raises
    ------
    ValueError
        With the first of them.
    """
    if args.images < 1:
        raise ValueError(f"--images must be at least 1, not {args.images}")
    if not 0 <= args.stalls <= MAX_STALLS:
        raise ValueError(f"--stalls must be 0 to {MAX_STALLS}, not {args.stalls}")
    if not 0 <= args.seed <= MAX_SEED:
        raise ValueError(f"--seed must be 0 to {MAX_SEED}, not {args.seed}")


def headline(args: argparse.Namespace, job: DenseJob) -> str:
    """Return what is compared, on one line."""
    p = job.built
    what = args.model or f"{args.preset or 'default preset'}, {args.rule}"
    return (
        f"{what}: {p.n_axons} axons, {p.n_neurons} neurons of {p.weight_bits} bits, {p.n_lanes} "
        f"lanes; {args.images} images of {args.dataset}; seed {args.seed}; {args.simulator}"
    )


def conclude(
    args: argparse.Namespace, job: DenseJob, comparison: Comparison[DenseFigures]
) -> dict[str, Any]:
    """Tell and write how it went; return it."""
    expected, got = job.final().sha256(), None
    if not comparison.mismatch:
        got = program.read(job.built, np.concatenate(comparison.figures.answers)).sha256()
    result = outcome(args, job, comparison, expected, got)
    if args.json:
        with writing(args.json):
            write_atomically(args.json, (json.dumps(result, indent=2) + "\n").encode())
    report(result, comparison)
    path = args.waves or (WAVES if comparison.mismatch else None)
    if path:
        with writing(path):
            comparison.write_waves(path)
        OUT.print(f"waves: {path}", markup=False)
    return result


def outcome(
    args, job: DenseJob, comparison: Comparison[DenseFigures], expected: str, got: str | None
):
    """Return the result as plain values."""
    figures = comparison.figures
    return {
        "equal": got == expected,
        "simulator": args.simulator,
        "preset": None if args.model else args.preset,
        "model": str(args.model) if args.model else None,
        "rule": None if args.model else args.rule,
        "dataset": args.dataset,
        "images": args.images,
        "learn": args.learn,
        "stalls": args.stalls,
        "seed": args.seed,
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
        OUT.print("the last events, as expected:", *comparison.events_before(), sep="\n  ")
        OUT.print(f"not equal: {comparison.mismatch}", markup=False)
    elif not result["equal"]:
        OUT.print(
            f"not equal: state {result['state_sha256']}, expected {result['expected_state_sha256']}"
        )
    else:
        OUT.print(f"equal; state {result['state_sha256']}", markup=False)

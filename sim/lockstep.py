"""Compare the hardware with the model in every clock cycle, while it learns.

The core is put into a simulator, a network is loaded over its bus, images are
presented, and the network is read back. In every cycle, idle ones included,
the record on the core's probe must be what golden.dense.timing predicts; at the end
the network must be the one that the engine has learned from these images.

At the first difference: what differs, the events before it, and waves around
it, expected beside got, for GTKWave or Surfer. Exit status: 0 equal, 1 not
equal, 2 bad options or input, 130 interrupted.

for example:
  python -m sim.lockstep
  python -m sim.lockstep --preset icebreaker --rule rstdp --images 100
  python -m sim.lockstep --simulator icarus --preset tiny --stalls 0.5
  python -m sim.lockstep --model runs/digits-digits-stdp-1/model.npz --no-learn
"""

import argparse
import sys
from functools import partial
from pathlib import Path

from golden.command.console import FAILED, OK, OUT, InputError, Parser, judging, run
from golden.datasets import load_dataset
from golden.training.model_file import load
from golden.training.options import add_recipe_options, choice, chosen
from sim.jobs.dense import DenseJob, fresh_job, model_job
from sim.jobs.job import Stalls, compared
from sim.jobs.lock_step import add_comparison_options, check, conclude, headline
from sim.targets.target import NEEDS, SimulatorError, available, open_target


def main(argv: list[str] | None = None) -> int:
    """Run the command; return its exit status."""
    args = parser().parse_args(argv)
    return run(lambda: lockstep(args))


def parser() -> Parser:
    """Return the command line's parser."""
    made = Parser("sim.lockstep", __doc__)
    add_recipe_options(made)
    group = add_comparison_options(made)
    group.add_argument("--model", type=Path, help="model.npz to begin with, instead of a preset")
    group.add_argument(
        "--simulator",
        choices=list(NEEDS),
        default=available()[0],
        help="default: the fastest that is there, here %(default)s",
    )
    return made


def lockstep(args: argparse.Namespace) -> int:
    """Compare; return the exit status."""
    with judging():
        job = chosen_job(args)
    OUT.print(headline(args, job), markup=False)
    try:
        stalls, opened = Stalls(args.stalls, args.seed), partial(open_target, args.simulator)
        comparison = compared(job, stalls, args.simulator, opened)
    except SimulatorError as error:
        raise InputError(str(error)) from error
    return OK if conclude(args, job, comparison)["equal"] else FAILED


def chosen_job(args: argparse.Namespace) -> DenseJob:
    """Return what to compare.

    Raises
    ------
    ValueError, TypeError
        If it is impossible.
    """
    check(args)
    if args.model:
        model = load(args.model)
        size = (model.params.height, model.params.width)
        dataset = load_dataset(args.dataset, args.data_dir, size)
        return model_job(model, dataset, args.images, args.learn, args.seed)
    recipe, dataset = chosen(choice(args))
    return fresh_job(recipe, dataset, args.images, args.learn, args.seed)


if __name__ == "__main__":
    sys.exit(main())

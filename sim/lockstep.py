"""Compare the hardware with the model in every clock cycle, while it learns.

The core is put into a simulator, a network is loaded over its bus, images are
presented, and the network is read back. In every cycle, idle ones included,
the record on the core's probe must be what golden.dense.timing predicts; at the end
the network must be the one that the engine has learned from these images.

With --network it is the network core that is compared, with a network of any
cells on the smallest chip that takes it: every cycle of it, spikes in every
step, and after every simulated second the hash of the state that is read back,
which must be the engine's.

At the first difference: what differs, the events before it, and waves around
it, expected beside got, for GTKWave or Surfer. Exit status: 0 equal, 1 not
equal, 2 bad options or input, 130 interrupted.

Time: 350,000 clock cycles a second on a shared AMD EPYC, and up to a minute to
compile a core for the first time; pysim and Icarus make some thousand a second.

for example:
  python -m sim.lockstep
  python -m sim.lockstep --preset icebreaker --rule rstdp --images 100
  python -m sim.lockstep --simulator icarus --preset tiny --stalls 0.5
  python -m sim.lockstep --model runs/digits-digits-stdp-1/model.npz --no-learn
  python -m sim.lockstep --network izhikevich2003 --steps 100
  python -m sim.lockstep --network cuba --set size=200 --out runs/cuba --resume
"""

import sys
from argparse import Namespace
from functools import partial
from pathlib import Path

from golden.command.console import FAILED, OK, OUT, judging
from golden.command.frame import Command, Parser
from golden.datasets import load_dataset
from golden.training.model_file import load
from golden.training.options import add_recipe_options, chosen
from sim.jobs.dense import DenseJob, fresh_job, model_job
from sim.jobs.job import compared
from sim.jobs.lock_step import LockStep, add_comparison_options, conclude, headline, ordered
from sim.jobs.network_lock_step import add_network_options, network_compared, network_ordered
from sim.targets.target import NEEDS, SimulatorError, available, open_target


def add_options(parser: Parser) -> None:
    """Add what is compared, and in which simulator."""
    add_recipe_options(parser)
    group = add_comparison_options(parser)
    add_network_options(parser)
    group.add_argument("--model", type=Path, help="model.npz to begin with, instead of a preset")
    group.add_argument(
        "--simulator",
        choices=list(NEEDS),
        default=available()[0],
        help="default: the fastest that is there, here %(default)s",
    )


def lockstep(args: Namespace) -> int:
    """Compare; return the exit status."""
    if args.network is not None:
        order = network_ordered(args, args.simulator)
        return OK if network_compared(order)["equal"] else FAILED
    order = ordered(args, args.simulator, args.model)
    with judging():
        job = chosen_job(order)
    OUT.print(headline(order, job), markup=False)
    opened = partial(open_target, order.simulator)
    comparison = compared(job, order.stalls, order.simulator, opened)
    return OK if conclude(order, job, comparison)["equal"] else FAILED


def chosen_job(order: LockStep) -> DenseJob:
    """Return what to compare.

    Raises
    ------
    ValueError, TypeError
        If it is impossible.
    """
    if order.model:
        model = load(order.model)
        size = (model.params.height, model.params.width)
        dataset = load_dataset(order.choice.dataset, order.choice.data_dir, size, order.choice.form)
        return model_job(model, dataset, order.images, order.learn, order.seed)
    recipe, dataset = chosen(order.choice)
    return fresh_job(recipe, dataset, order.images, order.learn, order.seed)


main = Command("sim.lockstep", __doc__, add_options, lockstep, refused=(SimulatorError,))

if __name__ == "__main__":
    sys.exit(main())

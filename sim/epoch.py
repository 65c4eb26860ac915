"""Train the simulated hardware on a whole data set, and compare it with the model all along.

The core learns from every training image once, in compiled C++, while the
engine learns from the same images. After every block the network is read back
over the core's bus: its state hash must be the engine's, and the block must have
taken exactly the clock cycles that golden.dense.timing predicts. The record is not
compared cycle by cycle here: that is sim.lockstep.

What has been done is kept in DIR after every block; --resume goes on from there.
Exit status: 0 equal, 1 not equal, 2 bad options or input, 130 interrupted.

Time: all of MNIST took 21 minutes on a shared AMD EPYC with two cores.

for example:
  python -m sim.epoch --dataset mnist
  python -m sim.epoch --dataset mnist --rule rstdp --resume
"""

import sys
import time
from argparse import Namespace
from pathlib import Path
from typing import Any

from golden.command.console import FAILED, OK, OUT, Display, InputError, judging
from golden.command.folder import claimed
from golden.command.frame import Command, Parser
from golden.command.options import whole, within
from golden.command.results import write_table
from golden.dense.core import State
from golden.dense.engine import Learner
from golden.dense.params import Params
from golden.dense.registers import envelope
from golden.training.checkpoint import Checkpoint, CheckpointFile, lost
from golden.training.course import Course
from golden.training.options import add_recipe_options, choice, chosen
from hdl.dense.core import Core
from hdl.link.dense.protocol import build_hash
from sim.jobs.bus_core import BusCore
from sim.targets.cxxrtl import Cxxrtl
from sim.targets.library import QUICK, THOROUGH
from sim.targets.target import SimulatorError, Target, missing

LONG = 5000
"""Images that are worth minutes of compilation."""
FIELDS = ("images", "cycles", "seconds", "state_sha256")


def add_options(parser: Parser) -> None:
    """Add what to learn, and how much of it."""
    add_recipe_options(parser)
    parser.set_defaults(preset="icebreaker")
    group = parser.add_argument_group("the run")
    group.add_argument("--images", type=whole, help="default: all training images, once")
    group.add_argument("--block", type=whole, default=1000, help="images (default: %(default)s)")
    group.add_argument("--seed", type=whole, default=1, help="of the network (default: 1)")
    group.add_argument("--out", type=Path, help="default: runs/epoch-PRESET-RULE-SEED")
    group.add_argument("--resume", action="store_true", help="go on with what is in DIR")


def epoch(args: Namespace) -> int:
    """Train and compare; return the exit status."""
    with judging():
        asked = choice(args)
        course = Course(*chosen(asked), args.seed)
        most = len(course.dataset.train_images)
        n_images = most if args.images is None else within("--images", args.images, 1, most)
        within("--block", args.block, 1)
        built = envelope(p for _, p in course.schedule)
    folder = args.out or Path("runs") / f"epoch-{asked.preset}-{asked.rule}-{args.seed}"
    OUT.print(f"{folder}: {n_images:,} images of {asked.dataset}, {asked.preset}, {asked.rule}")
    with claimed(folder):
        keeper = Keeper(folder, course, built, args.resume)
        core = BusCore(simulator(built, n_images), built, course)
        with core.target, Display() as display:
            return train(core, n_images, args.block, keeper, display)


def simulator(built: Params, n_images: int) -> Target:
    """Return a core in compiled C++."""
    if text := missing("cxxrtl"):
        raise InputError(text)
    effort = THOROUGH if n_images >= LONG else QUICK
    with OUT.status("building the core, which takes a minute"):
        return Cxxrtl(Core(built), effort)


def train(core: BusCore, n_images: int, block: int, keeper: "Keeper", display: Display) -> int:
    """Learn block after block, in the data set's order; return the exit status."""
    dataset = core.course.dataset
    learner = Learner(core.p, keeper.so_far.state, core.course.classes)
    core.load(keeper.so_far.state)
    task = display.add_task("images", total=n_images)
    while keeper.so_far.images < n_images:
        begun, first = time.perf_counter(), keeper.so_far.images
        end = min(first + block, n_images)
        images = dataset.train_images[first:end].reshape(end - first, -1)
        labels = dataset.train_labels[first:end]
        expected = learner.learn(images, labels)
        n_cycles, in_time = core.learn(images, labels, expected.cycles)
        if not in_time:
            OUT.print(f"not equal: image {end} did not end in cycle {n_cycles} of its block")
            return FAILED
        network = core.read(learner.state.presented)
        if network.sha256() != learner.state.sha256():
            OUT.print(f"not equal after image {end}: the network")
            OUT.print(f"state {network.sha256()}, expected {learner.state.sha256()}")
            return FAILED
        keeper.keep(network, end, n_cycles, time.perf_counter() - begun)
        display.tell(task, end, f"{keeper.cycles:,} cycles")
    display.hush()
    so_far = keeper.so_far
    OUT.print(
        f"equal after every {block} images: {keeper.cycles:,} cycles in {so_far.seconds:,.0f} s"
    )
    OUT.print(f"state {so_far.state.sha256()}")
    return OK


class Keeper:
    """How far it has come, and two files that say so.

    Parameters
    ----------
    folder : Path
        Of ``epoch.csv``, a row a block, and ``epoch.npz``, a checkpoint.
    course : Course
        What is learned.
    built : Params
        What the core is made for, whose cycles are counted.
    resume : bool
        Go on from the checkpoint, if there is one.

    Raises
    ------
    InputError
        If it is of another run, or damaged.
    """

    def __init__(self, folder: Path, course: Course, built: Params, resume: bool):
        self._table, self._path = folder / "epoch.csv", folder / "epoch.npz"
        self._checkpoints = CheckpointFile("sim.epoch", course, {"core": build_hash(built).hex()})
        self.so_far = Checkpoint(course.initial(), 0, 0.0, {"blocks": []})
        if resume and self._path.exists():
            with judging():
                self.so_far = self._checkpoints.load(self._path)
                if not self._is_whole():
                    raise lost(self._path)

    def _is_whole(self) -> bool:
        blocks = self.so_far.more.get("blocks")
        return (
            isinstance(blocks, list)
            and all(isinstance(row, dict) and list(row) == list(FIELDS) for row in blocks)
            and all(type(row["cycles"]) is int for row in blocks)
        )

    @property
    def blocks(self) -> list[dict[str, Any]]:
        """A row of `FIELDS` for every block."""
        return self.so_far.more["blocks"]

    @property
    def cycles(self) -> int:
        """In which the core presented images."""
        return sum(block["cycles"] for block in self.blocks)

    def keep(self, network: State, images: int, cycles: int, seconds: float) -> None:
        """Add a block, and write all: the checkpoint last, as it is what --resume trusts."""
        values = (images, cycles, round(seconds, 2), network.sha256())
        blocks = [*self.blocks, dict(zip(FIELDS, values, strict=True))]
        seconds += self.so_far.seconds
        self.so_far = Checkpoint(network, images, seconds, {"blocks": blocks})
        write_table(self._table, FIELDS, blocks)
        self._checkpoints.save(self._path, self.so_far)


main = Command("sim.epoch", __doc__, add_options, epoch, refused=(SimulatorError,))

if __name__ == "__main__":
    sys.exit(main())

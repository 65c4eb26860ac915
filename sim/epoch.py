"""Train the simulated hardware on a whole data set, and compare it with the model all along.

The core learns from every training image once, in compiled C++, while the
engine learns from the same images. After every block the network is read back
over the core's bus: its state hash must be the engine's, and the block must have
taken exactly the clock cycles that golden.dense.timing predicts. The record is not
compared cycle by cycle here: that is sim.lockstep.

What has been done is kept in DIR after every block; --resume goes on from there.
Exit status: 0 equal, 1 not equal, 2 bad options or input, 130 interrupted.

for example:
  python -m sim.epoch --dataset mnist
  python -m sim.epoch --dataset mnist --rule rstdp --resume
"""

import argparse
import csv
import io
import json
import os
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from golden.command.atomic import write_atomically
from golden.command.console import (
    FAILED,
    OK,
    OUT,
    Display,
    InputError,
    Parser,
    judging,
    lock,
    run,
    whole,
    writing,
)
from golden.dense import core
from golden.dense.core import State
from golden.dense.engine import Learner
from golden.dense.params import Params
from golden.dense.reward import in_turns
from golden.dense.timing import Start, eager
from golden.dense.timing.costs import SERVED, costs
from golden.training.options import add_recipe_options, chosen
from hdl.dense.core import Core
from hdl.dense.registers import envelope
from sim.jobs import program
from sim.targets.cxxrtl import Cxxrtl
from sim.targets.library import QUICK, THOROUGH
from sim.targets.target import Target, missing

LONG = 5000
"""Images that are worth minutes of compilation."""
FIELDS = ("images", "cycles", "seconds", "state_sha256")


@dataclass
class Progress:
    """A run so far."""

    network: State
    images: int
    blocks: list[dict]

    @property
    def cycles(self) -> int:
        """In which the core presented images."""
        return sum(block["cycles"] for block in self.blocks)

    @property
    def seconds(self) -> float:
        """That all of it took, reading back included."""
        return sum(block["seconds"] for block in self.blocks)


def main(argv: list[str] | None = None) -> int:
    """Run the command; return its exit status."""
    args = parser().parse_args(argv)
    return run(lambda: epoch(args))


def parser() -> Parser:
    """Return the command line's parser."""
    made = Parser("sim.epoch", __doc__)
    add_recipe_options(made)
    made.set_defaults(preset="icebreaker")
    group = made.add_argument_group("the run")
    group.add_argument("--images", type=whole, help="default: all training images, once")
    group.add_argument("--block", type=whole, default=1000, help="images (default: %(default)s)")
    group.add_argument("--seed", type=whole, default=1, help="of the network (default: 1)")
    group.add_argument("--out", type=Path, help="default: runs/epoch-PRESET-RULE-SEED")
    group.add_argument("--resume", action="store_true", help="go on with what is in DIR")
    return made


def epoch(args: argparse.Namespace) -> int:
    """Train and compare; return the exit status."""
    with judging():
        recipe, dataset = chosen(args)
        phases = recipe.schedule(len(dataset.train_images))
        n_images = len(dataset.train_images) if args.images is None else args.images
        if not 1 <= n_images <= len(dataset.train_images) or args.block < 1:
            raise ValueError(
                f"--images must be 1 to {len(dataset.train_images)} and --block at least 1, "
                f"not {n_images} and {args.block}"
            )
        built, p = envelope([p for _, p in phases]), phases[0][1]
    images = dataset.train_images[:n_images].reshape(n_images, -1)
    labels = dataset.train_labels[:n_images]
    folder = args.out or Path("runs") / f"epoch-{args.preset}-{args.rule}-{args.seed}"
    OUT.print(f"{folder}: {n_images:,} images of {args.dataset}, {args.preset}, {args.rule}")
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    told = {"params": asdict(p), "dataset": args.dataset, "seed": args.seed}
    handle = os.open(folder, os.O_RDONLY)
    try:
        lock(handle, folder)
        progress = resumed(folder, told) if args.resume else None
        progress = progress or Progress(core.initial(p, args.seed), 0, [])
        run = Run(simulator(built, n_images), built, p)
        with run.target, Display() as display:
            return train(run, (images, labels), args.block, Keeper(folder, told, progress), display)
    finally:
        os.close(handle)


def simulator(built: Params, n_images: int) -> Target:
    """Return a core in compiled C++."""
    if text := missing("cxxrtl"):
        raise InputError(text)
    effort = THOROUGH if n_images >= LONG else QUICK
    with OUT.status("building the core, which takes a minute"):
        return Cxxrtl(Core(built), effort)


class Run:
    """A core that learns, and the requests that fill and read it."""

    def __init__(self, target: Target, built: Params, p: Params):
        self.target, self.built, self.p = target, built, p

    def load(self, network: State) -> None:
        """Write a network into the core."""
        requests = [
            *program.parameters(self.p, self.built),
            *program.state(self.p, self.built, network),
            *program.labels(self.built, in_turns(self.p), None),
        ]
        self._ask(requests)

    def read(self) -> State:
        """Read the network back."""
        return program.read(self.built, self._ask(list(program.readback(self.built))))

    def _ask(self, requests):
        # The receptive field must have walked to its first pixel, and the last answer be taken.
        n_cycles = SERVED * len(requests) + costs(self.built).before + SERVED
        nothing = np.zeros(0, dtype=np.int64)
        rows = self.target.answers(eager(n_cycles, nothing, [], requests))
        return rows["response"].astype(np.int64)

    def learn(self, images, labels, cycles) -> tuple[int, bool]:
        """Learn from a block; return its cycles, and whether the last is the predicted one."""
        starts = [Start(True, label) for label in labels.tolist()]
        pixels = images.reshape(-1).astype(np.int64)
        # The field waits for the first pixel. Every next image is loaded while one is presented,
        # and starts after one cycle of IDLE.
        loading = costs(self.built).filling - costs(self.built).before
        n_cycles = loading + int(cycles.sum()) + len(images)
        first = self.target.answers(eager(n_cycles - 1, pixels, starts))
        last = self.target.answers(eager(1, pixels[:0]))
        return n_cycles, len(first) == len(images) - 1 and len(last) == 1


def train(run: Run, data: tuple, block: int, keeper: "Keeper", display: Display) -> int:
    """Learn block after block; return the exit status."""
    (images, labels), progress = data, keeper.progress
    run.load(progress.network)
    learner = Learner(run.p, progress.network, in_turns(run.p))
    task = display.add_task("images", total=len(images))
    while progress.images < len(images):
        begun, end = time.perf_counter(), min(progress.images + block, len(images))
        taken = slice(progress.images, end)
        expected = learner.learn(images[taken], labels[taken])
        n_cycles, in_time = run.learn(images[taken], labels[taken], expected.cycles)
        if not in_time:
            OUT.print(f"not equal: image {end} did not end in cycle {n_cycles} of its block")
            return FAILED
        network = run.read()
        if network.sha256() != learner.state.sha256():
            OUT.print(f"not equal after image {end}: the network")
            OUT.print(f"state {network.sha256()}, expected {learner.state.sha256()}")
            return FAILED
        seconds = round(time.perf_counter() - begun, 2)
        values = (end, n_cycles, seconds, network.sha256())
        keeper.keep(network, dict(zip(FIELDS, values, strict=True)))
        display.tell(task, end, f"{progress.cycles:,} cycles")
    OUT.print(
        f"equal after every {block} images: {progress.cycles:,} cycles in {progress.seconds:,.0f} s"
    )
    OUT.print(f"state {progress.network.sha256()}")
    return OK


class Keeper:
    """Writes what has been done: the network last, as it is what --resume trusts."""

    def __init__(self, folder: Path, told: dict, progress: Progress):
        self.folder, self.told, self.progress = folder, told, progress

    def keep(self, network: State, block: dict) -> None:
        """Add a block, and write all."""
        progress = self.progress
        progress.network, progress.images = network, block["images"]
        progress.blocks.append(block)
        text, held = io.StringIO(), io.BytesIO()
        writer = csv.DictWriter(text, FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(progress.blocks)
        arrays = {name: np.asarray(value) for name, value in network._asdict().items()}
        notes = json.dumps({"told": self.told, "blocks": progress.blocks})
        np.savez(held, images=progress.images, notes=np.array(notes), **arrays)
        with writing(self.folder):
            write_atomically(self.folder / "epoch.csv", text.getvalue().encode())
            write_atomically(self.folder / "epoch.npz", held.getvalue())


def resumed(folder: Path, told: dict) -> Progress | None:
    """Return what was kept, or None if nothing was.

    Raises
    ------
    InputError
        If it is of another run, or damaged.
    """
    path = folder / "epoch.npz"
    if not path.exists():
        return None
    try:
        with np.load(io.BytesIO(path.read_bytes())) as kept:
            notes = json.loads(str(kept["notes"]))
            scalars = {name: int(kept[name]) for name in ("offset", "lfsr", "presented")}
            network = State(w=kept["w"], theta=kept["theta"], last=kept["last"], **scalars)
            images = int(kept["images"])
        same = notes["told"] == json.loads(json.dumps(told))
        blocks = notes["blocks"]
        whole = blocks[-1]["state_sha256"] == network.sha256() and blocks[-1]["images"] == images
    except Exception as error:  # Whatever a damaged file can raise.
        raise InputError(f"{path} must be what sim.epoch has written: {error}") from error
    if not same or not whole:
        raise InputError(f"{path} must be of the same run, not of another")
    return Progress(network, images, blocks)


if __name__ == "__main__":
    sys.exit(main())

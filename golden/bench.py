"""Measure the engine: time per image and core, memory, ratio to another simulator.

Times are processor time on one core of this machine at this moment, averaged
over the whole recipe, as later images take more events; compare ratios measured
in one session. To compare with
BindsNET, run its examples/mnist/eth_mnist.py (100 neurons, 250 steps) on one
core in the same session and give its milliseconds per training image with
--against. Peak memory is that of the whole process: Python, its libraries, the
data set, and the compiler, unless the compiled engine was found in the cache.
Exit status: 0 done, 2 bad options or input.

for example:
  python -m golden.bench
  python -m golden.bench --dataset mnist --preset mnist100 --against 150
"""

import json
import math
import os
import sys
import time
from argparse import Namespace
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from golden.command.console import OK, OUT, InputError, judging
from golden.command.frame import Command, Parser
from golden.command.options import whole, within
from golden.dense.core import initial
from golden.dense.engine import Learner, infer
from golden.dense.reward import in_turns
from golden.training.options import add_recipe_options, choice, chosen
from golden.training.recipe import Recipe

UNITS = {
    "compile_or_load_s": "s to compile the engine, or load it",
    "learn_us_per_image": "microseconds an image, learning",
    "learn_events_per_image": "events an image, learning",
    "infer_us_per_image": "microseconds an image, inference",
    "infer_events_per_image": "events an image, inference",
    "peak_memory_mb": "MB of memory at most, whole process",
}
"""Figures, and what to call them."""


def add_options(parser: Parser) -> None:
    """Add what to learn, and how to measure."""
    add_recipe_options(parser)
    group = parser.add_argument_group("the measurement")
    group.add_argument(
        "--images",
        type=whole,
        default=10000,
        help="images of an epoch; a smaller data set is repeated (default: 10000)",
    )
    group.add_argument(
        "--against", type=float, metavar="MS", help="milliseconds an image elsewhere, same core"
    )
    group.add_argument("--json", action="store_true", help="print one JSON object instead")


def bench(args: Namespace) -> int:
    """Measure and print; return the exit status."""
    within("--images", args.images, 1)
    if args.against is not None and not 0 < args.against < math.inf:
        raise InputError(f"--against must be a positive number of ms, not {args.against}")
    with judging():
        recipe, dataset = chosen(choice(args))
    take = np.arange(args.images) % len(dataset.train_images)
    images = dataset.train_images[take].reshape(args.images, -1)
    with one_core():
        figures = measure(recipe, images, dataset.train_labels[take])
    p = recipe.params
    row = {"dataset": dataset.name, "neurons": p.n_neurons, "images": args.images, **figures}
    if args.against is not None:
        row["times_faster"] = 1000 * args.against / row["learn_us_per_image"]
    if args.json:
        OUT.print(json.dumps(row), markup=False)
        return OK
    OUT.print(f"{dataset.name}, {p.n_neurons} neurons, {args.images} images", markup=False)
    for name, unit in UNITS.items():
        OUT.print(f"{row[name]:12,.1f} {unit}")
    if args.against is not None:
        OUT.print(f"{row['times_faster']:12,.1f} times faster than {args.against:g} ms an image")
    return OK


@contextmanager
def one_core() -> Generator[None]:
    """Within this context, the process may use one core only."""
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(allowed)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)


def measure(recipe: Recipe, images: NDArray[np.uint8], labels: NDArray[np.int64]) -> dict[str, Any]:
    """Learn the recipe on images (n, height * width), answer them, and return the figures."""
    p = recipe.params
    learner = Learner(p, initial(p, 1), in_turns(p))
    begun = time.perf_counter()
    learner.warm_up()
    compiled = time.perf_counter() - begun
    begun = time.process_time()
    n_events, total = learn_all(learner, recipe, images, labels)
    learning = time.process_time() - begun
    begun = time.process_time()
    answered = list(infer(p, learner.state, images, threads=1))
    inference = time.process_time() - begun
    return {
        "compile_or_load_s": compiled,
        "learn_us_per_image": 1e6 * learning / total,
        "learn_events_per_image": n_events / total,
        "infer_us_per_image": 1e6 * inference / len(images),
        "infer_events_per_image": float(sum(r.events.sum() for r in answered) / len(images)),
        "peak_memory_mb": peak_memory() / 1e6,
    }


def learn_all(
    learner: Learner, recipe: Recipe, images: NDArray[np.uint8], labels: NDArray[np.int64]
) -> tuple[int, int]:
    """Run the recipe; return the events and the presentations."""
    done = n_events = 0
    for end, p in recipe.schedule(len(images)):
        learner.params = p
        while done < end:
            at = done % len(images)
            take = slice(at, min(len(images), at + end - done))
            n_events += int(learner.learn(images[take], labels[take]).events.sum())
            done += take.stop - at
    return n_events, done


def peak_memory() -> int:
    """Return the most bytes that this process has held.

    Not ``resource.getrusage``, which starts a process with its parent's peak.
    """
    status = Path("/proc/self/status").read_text()
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return 1024 * int(peak.split()[1])


main = Command("golden.bench", __doc__, add_options, bench)

if __name__ == "__main__":
    sys.exit(main())

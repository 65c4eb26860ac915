"""Measure the engine: microseconds per image and core, memory, and the ratio to another simulator.

Times are of one core and of this machine at this moment; compare ratios measured in one run. To
compare with BindsNET, run its examples/mnist/eth_mnist.py (100 neurons, 250 steps) on the same core
in the same session and give its time per training image with --against.

Examples
--------
  python -m golden.bench
  python -m golden.bench --dataset mnist --images 20000 --against 150
"""

import argparse
import json
import os
import resource
import sys
import time

from golden.console import OK, OUT, run
from golden.core import initial
from golden.engine import Learner, infer
from golden.options import add_recipe_options, chosen_recipe


def main(argv: list[str] | None = None) -> int:
    """Run the command; return its exit status."""
    args = parser().parse_args(argv)
    return run(lambda: bench(args))


def parser() -> argparse.ArgumentParser:
    """Return the command line's parser."""
    made = argparse.ArgumentParser(
        prog="python -m golden.bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_recipe_options(made)
    made.add_argument("--images", type=int, default=10000, help="default: 10000")
    made.add_argument(
        "--against", type=float, metavar="MS", help="milliseconds an image elsewhere, same core"
    )
    made.add_argument("--json", action="store_true", help="print one JSON object instead")
    return made


def bench(args: argparse.Namespace) -> int:
    """Measure and print; return the exit status."""
    if args.images < 1:
        raise ValueError(f"images must be at least 1, not {args.images}")
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    recipe, dataset = chosen_recipe(args)
    (_, p), *_ = recipe.schedule(len(dataset.train_images))
    images = dataset.train_images[: args.images].reshape(-1, p.height * p.width)
    labels = dataset.train_labels[: args.images]
    learner = Learner(p, initial(p, 1))
    begun = time.perf_counter()
    learner.warm_up()
    compiled = time.perf_counter() - begun
    begun = time.process_time()
    learned = learner.learn(images, labels)
    learning = time.process_time() - begun
    begun = time.process_time()
    answered = list(infer(p, learner.state, images, threads=1))
    inference = time.process_time() - begun
    row = {
        "dataset": dataset.name,
        "neurons": p.n_neurons,
        "images": len(images),
        "compile_or_load_s": compiled,
        "learn_us_per_image": 1e6 * learning / len(images),
        "learn_events_per_image": float(learned.events.mean()),
        "infer_us_per_image": 1e6 * inference / len(images),
        "infer_events_per_image": float(sum(r.events.sum() for r in answered) / len(images)),
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    if args.against is not None:
        row["times_faster"] = args.against * 1000 / row["learn_us_per_image"]
    if args.json:
        OUT.print(json.dumps(row), markup=False)
    else:
        for name, value in row.items():
            OUT.print(f"{name:<24} {value if isinstance(value, (str, int)) else f'{value:,.1f}'}")
    return OK


if __name__ == "__main__":
    sys.exit(main())

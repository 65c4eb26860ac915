"""Train a spiking network on images, test it, and show what it has learned.

Without options: handwritten digits that come with scikit-learn, in seconds,
no download. The output folder then holds model.npz (for golden.classify),
metrics.json (every figure), weights.png and report.html (open it in a
browser). The state hash at the end is the same on every machine for the same
options and seed. Of your own images few are learned otherwise than many:
what is chosen is said, and what you give wins.

Ctrl-C or a kill loses at most the work since the last checkpoint (every 5
seconds): the same command with --resume goes on to the very same result.
Exit status: 0 done, 1 failed, 2 bad options, input or output, 130 interrupted.

Time on one core of a shared AMD EPYC: seconds for the digits, 5 to 65 s for MNIST, by
preset and rule.

for example:
  python -m golden.train
  python -m golden.train --dataset mnist
  python -m golden.train --dataset mnist --preset icebreaker --rule rstdp
  python -m golden.train --neurons 50 --weight-bits 3 --set leak_shift=6
  python -m golden.train --dataset my_photos --seed 7 --out runs/photos
"""

import math
import shlex
import sys
import time
from argparse import Namespace
from pathlib import Path
from threading import Thread

import numpy as np

from golden.command.console import INTERRUPTED, OK, OUT, Display, Patience, judging, writing
from golden.command.folder import begin, claimed
from golden.command.frame import Command, Parser
from golden.command.options import whole
from golden.command.results import write_json
from golden.training.course import Course
from golden.training.evaluation import evaluate
from golden.training.model_file import save
from golden.training.options import Choice, add_recipe_options, choice, chosen, told
from golden.training.outcome import Outcome
from golden.training.trainer import Progress, Trainer, compile_engine

CHECKPOINT_SECONDS = 5.0
RESULTS = ("report.html", "weights.png", "metrics.json", "model.npz")


def add_options(parser: Parser) -> None:
    """Add what to learn, and where the run is kept."""
    add_recipe_options(parser)
    group = parser.add_argument_group("the run")
    group.add_argument(
        "--seed",
        type=whole,
        default=1,
        help="of weights, rounding and order; 0 to 2**32 - 1 (default: 1)",
    )
    group.add_argument(
        "--out", type=Path, help="output folder (default: runs/DATASET-PRESET-RULE-SEED)"
    )
    group.add_argument("--resume", action="store_true", help="go on with an interrupted run")


def train(args: Namespace) -> int:
    """Train, test and save; return the exit status."""
    with judging():
        asked = choice(args)
        recipe, dataset = chosen(asked)
        trainer = Trainer(Course(recipe, dataset, args.seed, told(asked, recipe, dataset)))
    with claimed(args.out or Path("runs") / _run_name(asked, args.seed), args.resume) as folder:
        checkpoint = _begin(folder, trainer, args.resume)
        # On a second core, while what draws the report is loaded on this one, which takes a second.
        compiling = Thread(target=compile_engine)
        compiling.start()
        from golden import report

        for line in (_headline(trainer.course), *trainer.course.chosen):
            OUT.print(line, markup=False, soft_wrap=True)
        with OUT.status("compiling the engine, once"):
            compiling.join()
        if not _learn(trainer, checkpoint):
            OUT.print(
                f"interrupted after {trainer.images} of {trainer.course.total} images; "
                "the same command with --resume goes on"
            )
            return INTERRUPTED
        outcome = _evaluate(trainer, args.words)
        with writing(folder), OUT.status("drawing the report"):
            _write(folder, outcome)
            report.write_report(folder, outcome)
            checkpoint.unlink()
    _summary(folder, outcome)
    return OK


def _run_name(asked: Choice, seed: int) -> str:
    preset = asked.preset.rpartition("#")[2]
    dataset = Path(asked.dataset).name.replace(":", "-")
    return f"{dataset}-{preset}-{asked.rule}-{seed}"


def _headline(course: Course) -> str:
    recipe, dataset = course.recipe, course.dataset
    return (
        f"{dataset.name}: {len(dataset.train_images)} training images, "
        f"{recipe.params.n_neurons} neurons, {recipe.params.weight_bits}-bit weights, "
        f"{recipe.rule}, {recipe.epochs} epochs, seed {course.seed}"
    )


def _begin(folder: Path, trainer: Trainer, resume: bool) -> Path:
    """Go on from the checkpoint or make the first; return its path."""
    checkpoint = begin(folder, RESULTS, trainer.load_checkpoint if resume else None)
    trainer.save_checkpoint(checkpoint)
    return checkpoint


def _learn(trainer: Trainer, checkpoint: Path) -> bool:
    """Train to the end; return False if the user stopped it. Either way nothing is lost."""
    saved = time.monotonic()
    with Patience() as patience, Display() as display:
        task = display.add_task("train", total=trainer.course.total, completed=trainer.images)
        while trainer.images < trainer.course.total and not patience.asked_to_stop:
            now = trainer.advance()
            display.tell(task, now.images, _figures(trainer, now))
            if time.monotonic() - saved > CHECKPOINT_SECONDS:
                trainer.save_checkpoint(checkpoint)
                saved = time.monotonic()
        trainer.save_checkpoint(checkpoint)
    return not patience.asked_to_stop


def _figures(trainer: Trainer, now: Progress) -> str:
    """Return what to watch: speed, accuracy, who wins, thresholds; fits a line of 80."""
    n_neurons = trainer.course.recipe.params.n_neurons
    return (
        f"{now.images / trainer.seconds:.0f} images/s  {recent_accuracy(trainer)} right  "
        f"winners {now.alive} of {n_neurons}, busiest {now.busiest:.1%}  "
        f"theta {now.theta:.0f}"
    )


def recent_accuracy(trainer: Trainer, rows: int = 10) -> str:
    """Return the mean accuracy of the last rows of the history as text."""
    mean = float(np.mean([row["accuracy"] for row in trainer.history[-rows:]]))
    return "-" if math.isnan(mean) else f"{mean:.1%}"


def _evaluate(trainer: Trainer, words: list[str]) -> Outcome:
    command = ["python", "-m", "golden.train", *(word for word in words if word != "--resume")]
    with Display() as display:
        label = display.add_task("label", total=len(trainer.course.dataset.train_images))
        test = display.add_task("test", total=len(trainer.course.dataset.test_images))
        return evaluate(
            trainer,
            shlex.join(command),
            lambda n: display.advance(label, n),
            lambda n: display.advance(test, n),
        )


def _write(folder: Path, outcome: Outcome) -> None:
    save(folder / "model.npz", outcome.model)
    write_json(folder / "metrics.json", outcome.metrics)


def _summary(folder: Path, outcome: Outcome) -> None:
    m = outcome.metrics
    OUT.print(
        f"test accuracy {m['test_accuracy']:.2%} on {m['test_images']} images, "
        f"{m['events_per_image']:.0f} events and {m['cycles_per_image']:.0f} predicted cycles an "
        f"image\ntrained at {m['images_per_second']:.0f} images/s\nstate {m['state_sha256']}\n"
        f"see {', '.join(str(folder / name) for name in RESULTS)}",
        markup=False,
    )


main = Command("golden.train", __doc__, add_options, train)

if __name__ == "__main__":
    sys.exit(main())

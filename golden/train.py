"""Train a spiking network on images, test it, and show what it has learned.

Without arguments: handwritten digits that come with scikit-learn, in seconds, no download. The
output folder then holds model.npz (for golden.classify), metrics.json, weights.png and report.html.

Ctrl-C or a kill loses at most the work since the last checkpoint (every 5 seconds): the same
command with --resume continues to the very same result.

Examples
--------
  python -m golden.train
  python -m golden.train --dataset mnist --preset mnist400
  python -m golden.train --dataset mnist --preset icebreaker --rule rstdp --seed 7
  python -m golden.train --dataset my_photos --neurons 50 --weight-bits 3 --set leak_shift=6
"""

import argparse
import json
import math
import shlex
import sys
import time
from pathlib import Path

import numpy as np

from golden import report
from golden.atomic import write_atomically
from golden.console import INTERRUPTED, OK, OUT, Patience, progress, run
from golden.evaluation import evaluate
from golden.model_file import save
from golden.options import add_recipe_options, chosen_recipe
from golden.outcome import Outcome
from golden.trainer import Trainer

CHECKPOINT_SECONDS = 5.0


def main(argv: list[str] | None = None) -> int:
    """Run the command; return its exit status."""
    args = parser().parse_args(argv)
    return run(lambda: train(args, argv if argv is not None else sys.argv[1:]))


def parser() -> argparse.ArgumentParser:
    """Return the command line's parser."""
    made = argparse.ArgumentParser(
        prog="python -m golden.train",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_recipe_options(made)
    made.add_argument("--seed", type=int, default=1, help="0 to 2**32 - 1 (default: 1)")
    made.add_argument(
        "--out", type=Path, help="output folder (default: runs/DATASET-PRESET-RULE-SEED)"
    )
    made.add_argument("--resume", action="store_true", help="go on with an interrupted run")
    return made


def train(args: argparse.Namespace, argv: list[str]) -> int:
    """Train, test and save; return the exit status."""
    recipe, dataset = chosen_recipe(args)
    folder = args.out or Path("runs") / _run_name(args)
    trainer = Trainer(recipe, dataset, args.seed)
    checkpoint = _open_folder(folder, trainer, args.resume)
    p = recipe.params
    OUT.print(
        f"{dataset.name}: {len(dataset.train_images)} training images, {p.n_neurons} neurons, "
        f"{p.weight_bits}-bit weights, {recipe.rule}, {recipe.epochs} epochs, seed {args.seed}"
    )
    if not _learn(trainer, checkpoint):
        OUT.print(
            f"interrupted after {trainer.images} of {trainer.total} images; "
            "the same command with --resume continues"
        )
        return INTERRUPTED
    outcome = _evaluate(trainer, argv)
    _write(folder, outcome)
    checkpoint.unlink(missing_ok=True)
    _summary(folder, outcome)
    return OK


def _run_name(args: argparse.Namespace) -> str:
    preset = args.preset.rpartition("#")[2]
    return f"{Path(args.dataset).name}-{preset}-{args.rule}-{args.seed}"


def _open_folder(folder: Path, trainer: Trainer, resume: bool) -> Path:
    """Make sure that results can be written and that no unfinished run is lost."""
    checkpoint = folder / "checkpoint.npz"
    if resume:
        if not checkpoint.exists():
            raise ValueError(f"--resume must find {checkpoint}, and there is none")
        trainer.load_checkpoint(checkpoint)
    elif checkpoint.exists():
        raise ValueError(
            f"{checkpoint} must be continued with --resume or removed, not overwritten: "
            "it is an unfinished run"
        )
    folder.mkdir(parents=True, exist_ok=True)
    probe = folder / ".writable"
    write_atomically(probe, b"")
    probe.unlink()
    return checkpoint


def _learn(trainer: Trainer, checkpoint: Path) -> bool:
    """Train to the end; return False if the user stopped it."""
    note = (
        "{task.fields[speed]:>6.0f} images/s  accuracy {task.fields[accuracy]}  "
        "theta {task.fields[theta]:.0f}  {task.fields[alive]} neurons alive"
    )
    fields = {"speed": 0.0, "accuracy": "-", "theta": 0.0, "alive": 0}
    saved = time.monotonic()
    with Patience() as patience, progress(note) as bar:
        task = bar.add_task("train", total=trainer.total, completed=trainer.images, **fields)
        while trainer.images < trainer.total and not patience.asked_to_stop:
            now = trainer.advance()
            bar.update(
                task,
                completed=now.images,
                speed=now.images / trainer.seconds,
                accuracy=recent_accuracy(trainer),
                theta=now.theta,
                alive=now.alive,
            )
            if time.monotonic() - saved > CHECKPOINT_SECONDS:
                trainer.save_checkpoint(checkpoint)
                saved = time.monotonic()
    if patience.asked_to_stop and trainer.images < trainer.total:
        trainer.save_checkpoint(checkpoint)
        return False
    return True


def recent_accuracy(trainer: Trainer, rows: int = 10) -> str:
    """Return the mean accuracy of the last rows of the history as text."""
    mean = float(np.mean([row["accuracy"] for row in trainer.history[-rows:]]))
    return "-" if math.isnan(mean) else f"{mean:.1%}"


def _evaluate(trainer: Trainer, argv: list[str]) -> Outcome:
    with progress() as bar:
        label = bar.add_task("label", total=len(trainer.dataset.train_images))
        test = bar.add_task("test", total=len(trainer.dataset.test_images))
        command = shlex.join(["python", "-m", "golden.train", *argv])
        return evaluate(
            trainer, command, lambda n: bar.advance(label, n), lambda n: bar.advance(test, n)
        )


def _write(folder: Path, outcome: Outcome) -> None:
    save(folder / "model.npz", outcome.model)
    write_atomically(
        folder / "metrics.json", (json.dumps(outcome.metrics, indent=2) + "\n").encode()
    )
    with OUT.status("drawing the report"):
        report.write_report(folder, outcome)


def _summary(folder: Path, outcome: Outcome) -> None:
    m = outcome.metrics
    OUT.print(
        f"test accuracy {m['test_accuracy']:.2%} on {m['test_images']} images, "
        f"{m['events_per_image']:.0f} events and {m['cycles_per_image']:.0f} predicted cycles an "
        f"image\ntrained at {m['images_per_second']:.0f} images/s\nstate {m['state_sha256']}\n"
        f"see {folder}/report.html, {folder}/weights.png, {folder}/metrics.json, {folder}/model.npz"
    )


if __name__ == "__main__":
    sys.exit(main())

"""`python -m boards.run BOARD --port PORT train`: the device learns, and this host keeps count."""

import time
from argparse import Namespace
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from boards.host.dense import Answer, DenseDriver
from boards.sessions.progress import BoardRun
from boards.sessions.session import ChosenDevice, opened
from golden.command.console import FAILED, OK, OUT, Display, judging, writing
from golden.command.folder import begin, claimed
from golden.command.frame import Parser
from golden.command.options import whole, within
from golden.command.results import write_json
from golden.dense import classifier
from golden.dense.core import State
from golden.dense.engine import Learner
from golden.training import model_file, responses
from golden.training.course import Batch, Course
from golden.training.model_file import Model
from golden.training.options import add_recipe_options, choice, chosen, told
from hdl.link.dense.protocol import build_hash

RESULTS = ("metrics.json", "model.npz")
WRAP = 1 << 32
"""Of the device's counters."""


def add_options(parser: Parser) -> None:
    """Add the options of `train`."""
    add_recipe_options(parser, fixed=True)
    group = parser.add_argument_group("the run")
    group.add_argument("--images", type=whole, help="to learn from (default: the whole recipe)")
    group.add_argument("--seed", type=whole, default=1, help="as of golden.train (default: 1)")
    group.add_argument(
        "--batch", type=whole, default=1000, help="images between checkpoints (default: 1000)"
    )
    group.add_argument("--test", type=whole, help="test images (default: all)")
    group.add_argument(
        "--verify",
        action="store_true",
        help="let golden learn the same, and compare after every batch",
    )
    group.add_argument(
        "--out", type=Path, help="output folder (default: runs/BOARD-DATASET-PRESET-RULE-SEED)"
    )
    group.add_argument("--resume", action="store_true", help="go on with an interrupted run")


def train(args: Namespace, here: ChosenDevice) -> int:
    """Let the device learn; label its neurons, test it, and keep the model."""
    with judging():
        asked = replace(choice(args), preset=here.preset, unasked=())
        recipe, dataset = chosen(asked)
        course = Course(recipe, dataset, args.seed, told(asked, recipe, dataset))
        n_images = course.total if args.images is None else args.images
        within("--images", n_images, 1, course.total)
        n_test = len(dataset.test_images) if args.test is None else args.test
        within("--test", n_test, 0, len(dataset.test_images))
        within("--batch", args.batch, 1)
    here.must_run(p for _, p in course.schedule)
    where = {"board": here.board.name, "core": here.name, "build": build_hash(here.built).hex()}
    run = BoardRun(course, n_images, where)
    with claimed(args.out or Path("runs") / _name(args, here), args.resume) as folder:
        checkpoint = begin(folder, RESULTS, run.resume if args.resume else None)
        with opened(here) as device:
            for line in (_headline(run, here), *course.chosen):
                OUT.print(line, markup=False, soft_wrap=True)
            run.save(checkpoint)
            if not learn(device, run, checkpoint, args.batch, args.verify):
                return FAILED
            model, metrics, as_golden = examine(device, run, n_test, args.verify)
        with writing(folder):
            model_file.save(folder / "model.npz", model)
            write_json(folder / "metrics.json", metrics)
            checkpoint.unlink()
    _summary(folder, metrics)
    return OK if as_golden else FAILED


def _name(args: Namespace, here: ChosenDevice) -> str:
    dataset = Path(args.dataset).name
    return f"{here.board.name}-{dataset}-{here.name}-{args.rule}-{args.seed}"


def _headline(run: BoardRun, here: ChosenDevice) -> str:
    p = run.course.recipe.params
    return (
        f"{here.board.title} on {here.port}: {run.n_images} images of {run.course.dataset.name}, "
        f"{p.n_neurons} neurons, {p.weight_bits}-bit weights, {run.course.recipe.rule}, "
        f"seed {run.course.seed}"
    )


def learn(device: DenseDriver, run: BoardRun, checkpoint: Path, most: int, verify: bool) -> bool:
    """Learn batch after batch from where the run stands; return False if golden differs."""
    course, p = run.course, run.course.recipe.params
    learner = Learner(p, run.state, course.classes)
    device.load(p, run.state, course.classes)
    port, first, taken = device.link.port, run.images, 0
    with Display() as display:
        task = display.add_task("train", total=run.n_images, completed=run.images)
        while run.images < run.n_images:
            begun, before = time.monotonic(), device.counters()["cycles"]
            batch = course.batch(run.images, min(most, run.n_images - run.images))
            device.configure(batch.params)
            since = port.cycles
            device.learn(batch.images, batch.labels, lambda: display.advance(task))
            taken += port.cycles - since
            state = device.state()
            run.seconds += time.monotonic() - begun
            if verify:
                learner.params = batch.params
                learner.learn(batch.images, batch.labels)
                if not _equal(run.images, batch, state, learner.state):
                    return False
            run.state = state
            run.images += len(batch.images)
            run.cycles += (device.counters()["cycles"] - before) % WRAP
            run.save(checkpoint)
            display.tell(task, run.images, f"{run.images / run.seconds:.1f} images/s")
    if taken:
        OUT.print(f"{taken / (run.images - first):.0f} cycles an image with the line")
    return True


def _equal(first: int, batch: Batch, state: State, expected: State) -> bool:
    if state.sha256() == expected.sha256():
        return True
    OUT.print(
        f"not equal after the batch of images {first + 1} to {first + len(batch.images)}: "
        f"state {state.sha256()}, expected {expected.sha256()}"
    )
    return False


def examine(
    device: DenseDriver, run: BoardRun, n_test: int, verify: bool
) -> tuple[Model, dict[str, Any], bool]:
    """Label the neurons by golden, test on the device; tell whether golden answers the same."""
    dataset, p = run.course.dataset, run.course.recipe.params
    images = dataset.test_images[:n_test].reshape(n_test, p.height * p.width)
    labels = dataset.test_labels[:n_test]
    with Display() as display:
        labelling = display.add_task("label", total=len(dataset.train_images))
        model, _ = run.course.label(run.state, lambda n: display.advance(labelling, n))
        testing = display.add_task("test", total=n_test)
        device.configure(model.params)
        device.label(model.classes, model.votes)
        begun = time.monotonic()
        answers = device.classify(images, lambda: display.advance(testing))
        seconds = time.monotonic() - begun
    metrics = _metrics(device, run, model, answers, labels, seconds)
    accuracy = {"presented": run.images, "test_accuracy": metrics["test_accuracy"]}
    model = model._replace(about=model.about | run.told | accuracy)
    return model, metrics, not verify or _answers_equal(model, images, answers)


def _answers_equal(model: Model, images: NDArray[np.uint8], answers: list[Answer]) -> bool:
    spikes = responses.record(model.params, model.state, images).spikes if len(images) else []
    expected = [classifier.decide(model.params, model.votes, row) for row in spikes]
    for i, (answer, label) in enumerate(zip(answers, expected, strict=True)):
        if answer.label != label:
            OUT.print(f"not equal at test image {i}: label {answer.label}, expected {label}")
            return False
    return True


def _metrics(device, run, model, answers, labels, seconds) -> dict[str, Any]:
    recipe, n_test = run.course.recipe, len(answers)
    right = sum(answer.label == label for answer, label in zip(answers, labels, strict=True))
    return {
        "dataset": run.course.dataset.name,
        "form": run.course.dataset.form,
        "neurons": recipe.params.n_neurons,
        "weight_bits": recipe.params.weight_bits,
        "rule": recipe.rule,
        "seed": run.course.seed,
        **{name: run.told[name] for name in ("board", "core", "build")},
        "images": run.images,
        "test_images": n_test,
        "test_accuracy": right / n_test if n_test else None,
        "no_answer": sum(answer.n_spikes == 0 for answer in answers),
        "images_per_second": run.images / run.seconds,
        "cycles_per_image": run.cycles / run.images,
        "test_images_per_second": n_test / seconds if n_test else None,
        "test_cycles_per_image": float(np.mean([a.cycles for a in answers])) if n_test else None,
        "recoveries": device.link.recoveries,
        "state_sha256": model.state.sha256(),
        "params": asdict(model.params),
    }


def _summary(folder: Path, metrics: dict[str, Any]) -> None:
    m = metrics
    if m["test_images"]:
        OUT.print(
            f"test accuracy {m['test_accuracy']:.2%} on {m['test_images']} images, "
            f"{m['test_cycles_per_image']:.0f} cycles an image, "
            f"{m['test_images_per_second']:.1f} images/s"
        )
    OUT.print(
        f"trained at {m['images_per_second']:.1f} images/s, "
        f"{m['cycles_per_image']:.0f} cycles an image\nstate {m['state_sha256']}\n"
        f"see {', '.join(str(folder / name) for name in RESULTS)}",
        markup=False,
    )

"""From a finished training run to figures: label the neurons, test, count."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import numpy as np

from golden.dense.engine import Record
from golden.dense.params import Params
from golden.training import responses
from golden.training.course import Course
from golden.training.outcome import Outcome
from golden.training.trainer import Trainer


def _unheard(n: int) -> None:
    """Nobody watches the progress."""


def evaluate(
    trainer: Trainer,
    command: str = "",
    on_label: Callable[[int], None] = _unheard,
    on_test: Callable[[int], None] = _unheard,
) -> Outcome:
    """Label neurons by the training images only, then answer the test images.

    Parameters
    ----------
    command : str
        How to make the run again, for the report.
    on_label, on_test : callable
        Called with the number of images just done.
    """
    course, dataset = trainer.course, trainer.course.dataset
    model, counts = course.label(trainer.state, on_label)
    p, state = model.params, model.state
    images = dataset.test_images.reshape(len(dataset.test_images), -1)
    record = responses.record(p, state, images, on_test)
    answered = responses.answers(p, model.votes, record.spikes)
    metrics = {
        **_identity(course, p),
        "test_accuracy": float(np.mean(answered == dataset.test_labels)),
        **_figures(trainer, p, record),
        "state_sha256": state.sha256(),
        "params": asdict(p),
        "command": command,
    }
    model = model._replace(about=model.about | {"test_accuracy": metrics["test_accuracy"]})
    confusion = responses.confusion(p, dataset.test_labels, answered)
    return Outcome(model, dataset, metrics, trainer.history, confusion, counts)


def _identity(course: Course, p: Params) -> dict[str, Any]:
    """Return which run it was."""
    return {
        "dataset": course.dataset.name,
        "form": course.dataset.form,
        "neurons": p.n_neurons,
        "weight_bits": p.weight_bits,
        "rule": course.recipe.rule,
        "seed": course.seed,
        "epochs": course.recipe.epochs,
        "train_images": len(course.dataset.train_images),
        "test_images": len(course.dataset.test_images),
    }


def _figures(trainer: Trainer, p: Params, record: Record) -> dict[str, Any]:
    """Return what learning and the answers in ``record`` cost."""
    return {
        "no_answer": int(np.count_nonzero(record.n_spikes == 0)),
        "images_per_second": trainer.course.total / trainer.seconds,
        "events_per_image": float(record.events.mean()),
        "steps_per_image": float(record.steps.mean()),
        "spikes_per_image": float(record.n_spikes.mean()),
        "cycles_per_image": float(record.cycles.mean()),
        "weight_memory_bits": p.n_axons * p.n_neurons * p.weight_bits,
    }

"""How fast a core is, by the cycle model: images and synaptic operations per second."""

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from golden.datasets import Dataset, load_dataset
from golden.dense import timing
from golden.dense.core import State
from golden.dense.engine import Learner, infer
from golden.dense.interface import Phase
from golden.dense.params import Params
from golden.training.course import Course
from golden.training.recipe import Recipe

LEARNED = 20_000
"""Most images of an epoch. All of the recipe is run, as later images take more events; with fewer
images the thresholds rise faster than the weights, and a presentation takes longer."""
BATCH = 1000
ASKED = 300
"""Images that are classified."""
RECORDED = 5
"""Of these, how many are looked at cycle by cycle."""


@dataclass(frozen=True)
class Speed:
    """Mean cycles of a rule on a data set."""

    dataset: str
    learn_cycles: float
    """An image that is learned."""
    infer_cycles: float
    """An image that is classified."""
    operations: float
    """Synaptic operations in a cycle of INTEGRATE."""

    def at(self, clock_hz: float, n_lanes: int) -> dict[str, Any]:
        """Return what they mean at a clock."""
        return {
            "dataset": self.dataset,
            "learn_cycles_per_image": round(self.learn_cycles),
            "infer_cycles_per_image": round(self.infer_cycles),
            "learn_images_per_s": round(clock_hz / self.learn_cycles),
            "infer_images_per_s": round(clock_hz / self.infer_cycles),
            "peak_synaptic_operations_per_s": round(clock_hz * n_lanes),
            "mean_synaptic_operations_per_s": round(clock_hz * self.operations),
        }


def images(p: Params, data_dir: Path | None) -> Dataset:
    """Return MNIST if it is said where it lies, else the digits, in the size of a core's images.

    Raises
    ------
    golden.datasets.DataError
        If it does not lie there.
    """
    found = data_dir or os.environ.get("GOLDSPIKE_DATA")
    return load_dataset("mnist" if found else "digits", data_dir, (p.height, p.width))


def speed(recipe: Recipe, dataset: Dataset) -> Speed:
    """Learn images by the whole recipe, classify others, and count the clock cycles."""
    some = replace(
        dataset,
        train_images=dataset.train_images[:LEARNED],
        train_labels=dataset.train_labels[:LEARNED],
    )
    course = Course(recipe, some, seed=1)
    learner = Learner(recipe.params, course.initial(), course.classes)
    n_cycles = n_images = 0
    while n_images < course.total:
        batch = course.batch(n_images, BATCH)
        learner.params = batch.params
        n_cycles += int(learner.learn(batch.images, batch.labels).cycles.sum())
        n_images += len(batch.images)
    asked = dataset.test_images[:ASKED].reshape(-1, recipe.params.height * recipe.params.width)
    answers = infer(learner.params, learner.state, asked)
    asked_cycles = sum(int(record.cycles.sum()) for record in answers)
    return Speed(
        dataset.name,
        n_cycles / n_images,
        asked_cycles / len(asked),
        operations(learner.params, learner.state, asked[:RECORDED]),
    )


def operations(p: Params, state: State, asked: NDArray[np.uint8]) -> float:
    """Return the mean synaptic operations in a cycle of INTEGRATE, waiting included."""
    n_cycles = n_events = 0
    for image in asked:
        rows = timing.present(p, p, state, image.astype(np.int64), learn=False).rows
        n_cycles += int(np.count_nonzero(rows["phase"] == Phase.INTEGRATE.value))
        n_events += int(np.count_nonzero(rows["take"]))
    return n_events * p.n_neurons / max(1, n_cycles)

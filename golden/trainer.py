"""The training loop: a schedule that can stop anywhere and go on to the very same end."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from golden import classifier, core, model_file, responses
from golden.datasets import Dataset
from golden.engine import Learner, Record
from golden.model_file import Model
from golden.recipe import Recipe
from golden.wta import NOBODY

MAX_SEED = 2**32 - 1
CHUNK = 500
"""Presentations between two looks at the clock and the keyboard."""


class ResumeError(ValueError):
    """A checkpoint that does not belong to this run."""


class Progress(NamedTuple):
    """How training stands."""

    images: int
    """Presented so far."""
    accuracy: float
    """Of the first spikes to the last images, before they were learned; NaN if labels choose who
    may win."""
    theta: float
    """Mean threshold."""
    alive: int
    """Neurons that have won so far."""
    events: float
    """Events per image."""


class Trainer:
    """One run.

    Parameters
    ----------
    recipe : Recipe
        What to learn in which order.
    dataset : Dataset
        Its images must have the recipe's size.
    seed : int
        Of initial weights, plasticity, and the order and shifts of images.

    Raises
    ------
    ValueError
        If the seed is out of range.
    """

    def __init__(self, recipe: Recipe, dataset: Dataset, seed: int):
        if not 0 <= seed <= MAX_SEED:
            raise ValueError(f"seed must be 0 to {MAX_SEED}, not {seed}")
        p = recipe.params
        self.recipe, self.dataset, self.seed = recipe, dataset, seed
        self.schedule = recipe.schedule(len(dataset.train_images))
        self.images = 0
        self.seconds = 0.0
        """Spent in the engine, compilation not included."""
        self.history: list[dict[str, float]] = []
        self._wins = np.zeros((p.n_neurons, p.n_classes), dtype=np.int64)
        self._classes = np.arange(p.n_neurons, dtype=np.int64) % p.n_classes
        self._learner = Learner(p, core.initial(p, seed), self._classes)
        self._learner.warm_up()

    @property
    def about(self) -> dict[str, Any]:
        """What identifies the run; plain values."""
        return {
            "dataset": self.dataset.name,
            "class_names": list(self.dataset.class_names),
            "train_images": len(self.dataset.train_images),
            "rule": self.recipe.rule,
            "epochs": self.recipe.epochs,
            "shift": self.recipe.shift,
            "seed": self.seed,
            "recipe": self.recipe.describe(len(self.dataset.train_images)),
        }

    @property
    def total(self) -> int:
        """Presentations of the whole run."""
        return self.schedule[-1][0]

    @property
    def state(self) -> core.State:
        """The learned state."""
        return self._learner.state

    def advance(self) -> Progress:
        """Learn from the next images, at most `CHUNK`."""
        end, params = next((end, p) for end, p in self.schedule if self.images < end)
        n_images = len(self.dataset.train_images)
        epoch, at = divmod(self.images, n_images)
        take = min(CHUNK, end - self.images, n_images - at)
        images, labels = self._epoch(epoch)
        images, labels = images[at : at + take], labels[at : at + take]
        self._learner.params = params
        begun = time.perf_counter()
        record = self._learner.learn(images, labels)
        self.seconds += time.perf_counter() - begun
        self.images += take
        return self._progress(record, labels, params.reward == "class")

    def _epoch(self, epoch: int) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """Return the images of one epoch in their order, shifted; the last epoch asked is kept."""
        if getattr(self, "_epoch_number", None) != epoch:
            rng = np.random.Generator(np.random.PCG64([self.seed, epoch]))
            order = rng.permutation(len(self.dataset.train_images))
            images = self.dataset.train_images[order]
            if self.recipe.shift:
                images = shifted(images, self.recipe.shift, rng)
            self._images = images.reshape(len(images), -1)
            self._labels = self.dataset.train_labels[order]
            self._epoch_number = epoch
        return self._images, self._labels

    def _progress(self, record: Record, labels: NDArray[np.int64], gated: bool) -> Progress:
        first = record.spikes[:, 0]
        spiked = first != NOBODY
        if self.recipe.assign_classes:
            answered = self._classes[first]
        else:
            answered = np.argmax(self._wins, axis=1)[first]
        right = float(np.mean((answered == labels) & spiked))
        np.add.at(self._wins, (first[spiked], labels[spiked]), 1)
        progress = Progress(
            self.images,
            float("nan") if gated else right,
            float(self._learner.mean_theta),
            int(np.count_nonzero(self._wins.sum(axis=1))),
            float(record.events.mean()),
        )
        self.history.append(progress._asdict())
        return progress

    def label(self, advance: Callable[[int], None]) -> tuple[Model, NDArray[np.int64]]:
        """Present the training images without learning; return the model and the responses."""
        p, state = self.schedule[-1][1], self.state
        images = self.dataset.train_images.reshape(len(self.dataset.train_images), -1)
        spikes = responses.record(p, state, images, advance).spikes
        counts = classifier.count(p, spikes, self.dataset.train_labels)
        assigned = self.recipe.assign_classes
        classes = self._classes if assigned else classifier.classes(counts)
        model = Model(p, state, classes, classifier.tabulate(p, counts), self.about)
        return model, counts

    def save_checkpoint(self, path: Path) -> None:
        """Write everything that the rest of the run depends on."""
        p = self.recipe.params
        votes = np.zeros((p.vote_spikes, p.n_neurons, p.n_classes), dtype=np.int64)
        about = {
            "run": self.about,
            "images": self.images,
            "seconds": self.seconds,
            "history": self.history,
            "wins": self._wins.tolist(),
        }
        model_file.save(path, Model(p, self.state, self._classes, votes, about))

    def load_checkpoint(self, path: Path) -> None:
        """Go on from a checkpoint.

        Raises
        ------
        ResumeError
            If it belongs to a run with other parameters.
        golden.model_file.ModelFileError, OSError
            If it cannot be read.
        """
        model = model_file.load(path)
        about = model.about
        refuse_difference(path, about["run"], json.loads(json.dumps(self.about)))
        self.images, self.seconds = about["images"], about["seconds"]
        self.history = about["history"]
        self._wins = np.array(about["wins"], dtype=np.int64)
        self._learner = Learner(self.recipe.params, model.state, self._classes)


def refuse_difference(path: Path, theirs: dict[str, Any], ours: dict[str, Any]) -> None:
    """Raise ResumeError at the first thing in which two runs differ."""
    for name in sorted(theirs.keys() | ours.keys()):
        if isinstance(theirs.get(name), dict) and isinstance(ours.get(name), dict):
            refuse_difference(path, theirs[name], ours[name])
        elif theirs.get(name) != ours.get(name):
            raise ResumeError(
                f"{name} must be {theirs.get(name)!r} as in {path}, not {ours.get(name)!r}"
            )


def shifted(images: NDArray[np.uint8], shift: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Move every image (n, height, width) by up to ``shift`` pixels both ways; black moves in."""
    moved = np.zeros_like(images)
    by = rng.integers(-shift, shift + 1, size=(2, len(images)))
    height, width = images.shape[1:]
    for dy in range(-shift, shift + 1):
        for dx in range(-shift, shift + 1):
            these = (by[0] == dy) & (by[1] == dx)
            to_y, to_x = (
                slice(max(dy, 0), height + min(dy, 0)),
                slice(max(dx, 0), width + min(dx, 0)),
            )
            from_y = slice(max(-dy, 0), height + min(-dy, 0))
            from_x = slice(max(-dx, 0), width + min(-dx, 0))
            moved[these, to_y, to_x] = images[these, from_y, from_x]
    return moved

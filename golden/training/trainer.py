"""The training loop: a schedule that can stop anywhere and go on to the very same end."""

import json
import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from golden.datasets import Dataset
from golden.dense import core
from golden.dense.engine import Learner, Record
from golden.dense.params import Params
from golden.dense.wta import NOBODY
from golden.training import model_file
from golden.training.course import Course
from golden.training.model_file import Model
from golden.training.recipe import Recipe

CHUNK = 500
"""Most presentations between two looks at the clock and the keyboard."""
CHUNK_WORK = 1 << 25
"""Most neurons times steps times presentations between two looks: a fraction of a second."""


class ResumeError(ValueError):
    """A checkpoint that does not belong to this run."""


def compile_engine() -> None:
    """Compile the engine, or load it: it is the same for all parameters that use all of it."""
    p = Params(receptive_field="oriented")
    Learner(p, core.initial(p, 1)).warm_up()


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
    busiest: float
    """Share of all wins that the neuron with the most has."""
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
        p = recipe.params
        self.course = Course(recipe, dataset, seed)
        self.recipe, self.dataset, self.seed = recipe, dataset, seed
        self.images = 0
        self.seconds = 0.0
        """Spent in the engine, compilation not included."""
        self.history: list[dict[str, float]] = []
        self._wins = np.zeros((p.n_neurons, p.n_classes), dtype=np.int64)
        self._learner = Learner(p, self.course.initial(), self.course.classes)

    @property
    def about(self) -> dict[str, Any]:
        """What identifies the run; plain values."""
        return self.course.about

    @property
    def total(self) -> int:
        """Presentations of the whole run."""
        return self.course.total

    @property
    def state(self) -> core.State:
        """The learned state."""
        return self._learner.state

    def advance(self) -> Progress:
        """Learn from the next images, at most `CHUNK`; how many does not depend on the clock."""
        p = self.recipe.params
        most = max(1, min(CHUNK, CHUNK_WORK // (p.n_neurons * p.n_steps)))
        batch = self.course.batch(self.images, most)
        self._learner.params = batch.params
        begun = time.perf_counter()
        record = self._learner.learn(batch.images, batch.labels)
        self.seconds += time.perf_counter() - begun
        self.images += len(batch.images)
        return self._progress(record, batch.labels, batch.params.reward == "class")

    def _progress(self, record: Record, labels: NDArray[np.int64], gated: bool) -> Progress:
        first = record.spikes[:, 0]
        spiked = first != NOBODY
        if self.recipe.assign_classes:
            answered = self.course.classes[first]
        else:
            answered = np.argmax(self._wins, axis=1)[first]
        right = float(np.mean((answered == labels) & spiked))
        np.add.at(self._wins, (first[spiked], labels[spiked]), 1)
        wins = self._wins.sum(axis=1)
        progress = Progress(
            self.images,
            float("nan") if gated else right,
            float(self._learner.mean_theta),
            int(np.count_nonzero(wins)),
            float(wins.max() / max(1, wins.sum())),
            float(record.events.mean()),
        )
        self.history.append(progress._asdict())
        return progress

    def label(self, advance: Callable[[int], None]) -> tuple[Model, NDArray[np.int64]]:
        """Present the training images without learning; return the model and the responses."""
        return self.course.label(self.state, advance)

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
        model_file.save(path, Model(p, self.state, self.course.classes, votes, about))

    def load_checkpoint(self, path: Path) -> None:
        """Go on from a checkpoint.

        Raises
        ------
        ResumeError
            If it belongs to a run with other parameters.
        golden.training.model_file.ModelFileError, OSError
            If it cannot be read.
        """
        model = model_file.load(path)
        about = model.about
        run = about.get("run")
        if not isinstance(run, dict):
            raise ResumeError(f"{path} must be a checkpoint of golden.train, not a model")
        refuse_difference(path, run, json.loads(json.dumps(self.about)))
        if model.params != self.recipe.params:
            raise ResumeError(f"params in {path} must be those of its run, not others")
        self._go_on(path, about)
        self._learner = Learner(self.recipe.params, model.state, self.course.classes)

    def _go_on(self, path: Path, about: dict[str, Any]) -> None:
        """Take over how far the run has come, refusing what training cannot have written."""
        images, seconds, history = (about.get(name) for name in ("images", "seconds", "history"))
        wins = np.array(about.get("wins"))
        if not (
            type(images) is int
            and 0 <= images <= self.total
            and type(seconds) is float
            and (0 < seconds < math.inf if images else seconds == 0)
            and isinstance(history, list)
            and all(is_row(row) for row in history)
            and (wins.dtype, wins.shape) == (self._wins.dtype, self._wins.shape)
            and wins.min() >= 0
        ):
            raise ResumeError(f"{path} must say how far its run has come, not something else")
        self.images, self.seconds, self.history, self._wins = images, seconds, history, wins


def is_row(row: Any) -> bool:
    """Tell whether this is a row of a trainer's history."""
    numbers = isinstance(row, dict) and all(type(value) in (int, float) for value in row.values())
    return numbers and row.keys() == set(Progress._fields)


def refuse_difference(path: Path, theirs: dict[str, Any], ours: dict[str, Any]) -> None:
    """Raise ResumeError if two runs differ, naming everything in which they do."""
    if found := differences(theirs, ours):
        (name, (wanted, given)), *others = found.items()
        too = f"; different too: {', '.join(other for other, _ in others)}" if others else ""
        raise ResumeError(f"{name} must be {wanted!r} as in {path}, not {given!r}{too}")


def differences(theirs: dict[str, Any], ours: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return what differs in nested dictionaries: name -> (theirs, ours), in the order of ours."""
    found: dict[str, tuple[Any, Any]] = {}
    for name in [*ours, *sorted(theirs.keys() - ours.keys())]:
        wanted, given = theirs.get(name), ours.get(name)
        if isinstance(wanted, dict) and isinstance(given, dict):
            for deeper, pair in differences(wanted, given).items():
                found.setdefault(deeper, pair)
        elif wanted != given:
            found[name] = wanted, given
    return found

"""The training loop: a schedule that can stop anywhere and go on to the very same end."""

import json
import math
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
from golden.params import Params
from golden.recipe import Recipe
from golden.reward import in_turns
from golden.wta import NOBODY

MAX_SEED = 2**32 - 1
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
        self._classes = in_turns(p)
        self._learner = Learner(p, core.initial(p, seed), self._classes)

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
        """Learn from the next images, at most `CHUNK`; how many does not depend on the clock."""
        end, params = next((end, p) for end, p in self.schedule if self.images < end)
        n_images = len(self.dataset.train_images)
        epoch, at = divmod(self.images, n_images)
        most = max(1, min(CHUNK, CHUNK_WORK // (params.n_neurons * params.n_steps)))
        take = min(most, end - self.images, n_images - at)
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
        run = about.get("run")
        if not isinstance(run, dict):
            raise ResumeError(f"{path} must be a checkpoint of golden.train, not a model")
        refuse_difference(path, run, json.loads(json.dumps(self.about)))
        if model.params != self.recipe.params:
            raise ResumeError(f"params in {path} must be those of its run, not others")
        self._go_on(path, about)
        self._learner = Learner(self.recipe.params, model.state, self._classes)

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

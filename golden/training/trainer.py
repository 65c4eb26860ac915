"""The training loop: a schedule that can stop anywhere and go on to the very same end."""

import time
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from golden.dense import core
from golden.dense.engine import Learner, Record
from golden.dense.params import Params
from golden.dense.wta import NOBODY
from golden.training.checkpoint import Checkpoint, CheckpointFile, lost
from golden.training.course import Course

CHUNK = 500
"""Most presentations between two looks at the clock and the keyboard."""
CHUNK_WORK = 1 << 25
"""Most neurons times steps times presentations between two looks: a fraction of a second."""


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
    """The engine on its way through a course.

    Parameters
    ----------
    course : Course
        What to learn in which order.
    """

    def __init__(self, course: Course):
        p = course.recipe.params
        self.course = course
        self.images = 0
        self.seconds = 0.0
        """Spent in the engine, compilation not included."""
        self.history: list[dict[str, float]] = []
        self._wins = np.zeros((p.n_neurons, p.n_classes), dtype=np.int64)
        self._learner = Learner(p, course.initial(), course.classes)
        self._checkpoints = CheckpointFile("golden.train", course)

    @property
    def state(self) -> core.State:
        """The learned state."""
        return self._learner.state

    def advance(self) -> Progress:
        """Learn from the next images, at most `CHUNK`; how many does not depend on the clock."""
        p = self.course.recipe.params
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
        if self.course.recipe.assign_classes:
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

    def save_checkpoint(self, path: Path) -> None:
        """Write everything that the rest of the run depends on."""
        more = {"history": self.history, "wins": self._wins.tolist()}
        self._checkpoints.save(path, Checkpoint(self.state, self.images, self.seconds, more))

    def load_checkpoint(self, path: Path) -> None:
        """Go on from a checkpoint, as `CheckpointFile.load` does; refuse what is impossible."""
        state, images, seconds, more = self._checkpoints.load(path)
        history, wins = more.get("history"), np.array(more.get("wins"))
        if not (
            isinstance(history, list)
            and all(_is_row(row) for row in history)
            and (wins.dtype, wins.shape) == (self._wins.dtype, self._wins.shape)
            and wins.min() >= 0
        ):
            raise lost(path)
        self.images, self.seconds, self.history, self._wins = images, seconds, history, wins
        self._learner = Learner(self.course.recipe.params, state, self.course.classes)


def _is_row(row: Any) -> bool:
    """Tell whether this is a row of a trainer's history."""
    numbers = isinstance(row, dict) and all(type(value) in (int, float) for value in row.values())
    return numbers and row.keys() == set(Progress._fields)

"""Checkpoints: how far a run has come, in a file that a killed one goes on from to the same end.

A checkpoint is a model file (`golden.training.model_file`) whose votes are all 0. Its ``about``:

=========== ====================================================================
``by``      the command that has written it
``run``     what identifies the run: its course, and what else the command tells
``images``  presented so far
``seconds`` that they took
=========== ====================================================================

and what else the command must know to go on. `golden.train`, `boards.run` and `sim.epoch` write it.
"""

import json
import math
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from golden.command.console import writing
from golden.dense.core import State
from golden.dense.declaration import told_of_runs
from golden.training import model_file
from golden.training.course import Course
from golden.training.model_file import Model

ABOUT = ("by", "run", "images", "seconds")
"""What all checkpoints say about themselves."""


class ResumeError(ValueError):
    """A checkpoint that does not belong to this run."""


class Checkpoint(NamedTuple):
    """How far a run has come."""

    state: State
    images: int
    seconds: float
    more: dict[str, Any]
    """What else its command keeps, plain values: whoever loads it checks them."""


class CheckpointFile:
    """Writes and reads the checkpoints of one run.

    Parameters
    ----------
    by : str
        The command.
    course : Course
        What is learned.
    told : dict, optional
        What else identifies the run; plain values.
    """

    def __init__(self, by: str, course: Course, told: dict[str, Any] | None = None):
        self.by, self.course, self.run = by, course, course.about | (told or {})

    def save(self, path: Path, so_far: Checkpoint) -> None:
        """Write a checkpoint; until it is whole, the one before stays.

        Raises
        ------
        InputError
            If it cannot be written.
        """
        p, (state, images, seconds, more) = self.course.recipe.params, so_far
        votes = np.zeros((p.vote_spikes, p.n_neurons, p.n_classes), dtype=np.int64)
        about = {"by": self.by, "run": self.run, "images": images, "seconds": seconds}
        with writing(path):
            model_file.save(path, Model(p, state, self.course.classes, votes, about | more))

    def load(self, path: Path) -> Checkpoint:
        """Read a checkpoint.

        Raises
        ------
        ResumeError
            If it belongs to another run, or no run can have written it.
        golden.training.model_file.ModelFileError, OSError
            If it cannot be read.
        """
        model = model_file.load(path)
        about = dict(model.about)
        by, run, images, seconds = (about.pop(name, None) for name in ABOUT)
        if by != self.by or not isinstance(run, dict):
            raise ResumeError(f"{path} must be a checkpoint of {self.by}, not something else")
        _refuse_difference(path, run, json.loads(json.dumps(self.run)))
        if told_of_runs(model.params) != told_of_runs(self.course.recipe.params):
            raise ResumeError(f"params in {path} must be those of its run, not others")
        if not (
            type(images) is int
            and 0 <= images <= self.course.total
            and type(seconds) is float
            and (0 < seconds < math.inf if images else seconds == 0)
        ):
            raise lost(path)
        return Checkpoint(model.state, images, seconds, about)


def lost(path: Path) -> ResumeError:
    """Return the refusal of a checkpoint from whose numbers nobody can go on."""
    return ResumeError(f"{path} must say how far its run has come, not something else")


def _refuse_difference(path: Path, theirs: dict[str, Any], ours: dict[str, Any]) -> None:
    """Raise ResumeError if two runs differ, naming everything in which they do."""
    if found := _differences(theirs, ours):
        (name, (wanted, given)), *others = found.items()
        too = f"; different too: {', '.join(other for other, _ in others)}" if others else ""
        raise ResumeError(f"{name} must be {wanted!r} as in {path}, not {given!r}{too}")


def _differences(theirs: dict[str, Any], ours: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return what differs in nested dictionaries: name -> (theirs, ours), in the order of ours."""
    found: dict[str, tuple[Any, Any]] = {}
    for name in [*ours, *sorted(theirs.keys() - ours.keys())]:
        wanted, given = theirs.get(name), ours.get(name)
        if isinstance(wanted, dict) and isinstance(given, dict):
            for deeper, pair in _differences(wanted, given).items():
                found.setdefault(deeper, pair)
        elif wanted != given:
            found[name] = wanted, given
    return found

"""How far a device has come in what it learns, in a file that a killed run goes on from."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from golden.command.console import writing
from golden.training import model_file
from golden.training.course import Course
from golden.training.model_file import Model
from golden.training.trainer import ResumeError, refuse_difference

FAR = ("images", "cycles", "seconds")


class Run:
    """How far a device has come in a course.

    Parameters
    ----------
    course : Course
        What it learns.
    n_images : int
        How many images of it.
    told : dict
        What else identifies the run; plain values.
    """

    def __init__(self, course: Course, n_images: int, told: dict[str, Any]):
        self.course, self.n_images, self.told = course, n_images, course.about | told
        self.state = course.initial()
        self.images: int = 0
        self.seconds: float = 0.0
        self.cycles: int = 0
        """Of the device's clock, in presentations."""

    def save(self, path: Path) -> None:
        """Write everything that the rest depends on."""
        p = self.course.recipe.params
        votes = np.zeros((p.vote_spikes, p.n_neurons, p.n_classes), dtype=np.int64)
        far = {name: getattr(self, name) for name in FAR}
        model = Model(p, self.state, self.course.classes, votes, {"run": self.told, **far})
        with writing(path):
            model_file.save(path, model)

    def resume(self, path: Path) -> None:
        """Go on from a checkpoint.

        Raises
        ------
        ResumeError
            If it is of another run.
        golden.training.model_file.ModelFileError, OSError
            If it cannot be read.
        """
        model = model_file.load(path)
        run = model.about.get("run")
        if not isinstance(run, dict) or "board" not in run:
            raise ResumeError(f"{path} must be a checkpoint of boards.run, not something else")
        refuse_difference(path, run, json.loads(json.dumps(self.told)))
        if model.params != self.course.recipe.params:
            raise ResumeError(f"params in {path} must be those of its run, not others")
        far: list[Any] = [model.about.get(name) for name in FAR]
        images, cycles, seconds = far
        if not (_counts(images) and _counts(cycles) and type(seconds) is float):
            raise ResumeError(f"{path} must say how far its run has come, not something else")
        if images > self.n_images:
            raise ResumeError(f"--images must be at least {images}, not {self.n_images}")
        self.state, self.images, self.cycles, self.seconds = model.state, images, cycles, seconds


def _counts(value: Any) -> bool:
    return type(value) is int and value >= 0

"""How far a device has come in what it learns, in a file that a killed run goes on from."""

from pathlib import Path
from typing import Any

from golden.training.checkpoint import Checkpoint, CheckpointFile, ResumeError, lost
from golden.training.course import Course


class BoardRun:
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
        self.course, self.n_images = course, n_images
        self.state = course.initial()
        self.images: int = 0
        self.seconds: float = 0.0
        self.cycles: int = 0
        """Of the device's clock, in presentations."""
        self._checkpoints = CheckpointFile("boards.run", course, told)

    @property
    def told(self) -> dict[str, Any]:
        """What identifies the run; plain values."""
        return self._checkpoints.run

    def save(self, path: Path) -> None:
        """Write everything that the rest depends on."""
        more = {"cycles": self.cycles}
        self._checkpoints.save(path, Checkpoint(self.state, self.images, self.seconds, more))

    def resume(self, path: Path) -> None:
        """Go on from a checkpoint, as `CheckpointFile.load` does; refuse what is impossible."""
        state, images, seconds, more = self._checkpoints.load(path)
        cycles = more.get("cycles")
        if type(cycles) is not int or cycles < 0:
            raise lost(path)
        if images > self.n_images:
            raise ResumeError(f"--images must be at least {images}, not {self.n_images}")
        self.state, self.images, self.seconds, self.cycles = state, images, seconds, cycles

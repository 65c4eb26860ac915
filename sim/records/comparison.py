"""A run of a simulator beside its prediction: what was compared, and where they part."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from golden.cycles.stimulus import Stimulus
from sim.records.compare import Mismatch, compare
from sim.records.reader import Reader
from sim.records.waves import write_waves
from sim.targets.target import Target

BEFORE, AFTER = 300, 30
"""Cycles of waves around a difference."""
EVENTS = 12


@dataclass(frozen=True)
class Piece:
    """A stretch of a run, predicted."""

    task: str
    """What it belongs to."""
    done: int
    """How much of that is done with it."""
    stimulus: Stimulus
    rows: NDArray[np.void]


class Figures:
    """What is counted of a run; a core's own derive from this."""

    def add(self, piece: Piece, rows: NDArray[np.void]) -> None:
        """Count the rows (n,) of a piece that are equal."""


Counted = TypeVar("Counted", bound=Figures)


class Comparison(Generic[Counted]):
    """Compares piece after piece, until there is a difference.

    Parameters
    ----------
    target : Target
        At its first cycle.
    figures : Figures
        Gets every row that is equal.
    """

    def __init__(self, target: Target, figures: Counted):
        self._target, self._reader = target, Reader(target.core)
        self.figures = figures
        self.mismatch: Mismatch | None = None
        self.cycles = 0
        self.seconds = 0.0
        """That the simulator took."""
        self._last: tuple[NDArray, NDArray, int] | None = None

    @property
    def speed(self) -> float:
        """Cycles per second of the simulator."""
        return self.cycles / self.seconds if self.seconds else 0.0

    def step(self, piece: Piece) -> bool:
        """Run and compare a piece; return whether it is equal."""
        begun = time.perf_counter()
        got = self._target.run(piece.stimulus)
        self.seconds += time.perf_counter() - begun
        first = self.cycles
        self.mismatch = compare(piece.rows, got, first, self._reader.masks)
        self._last = piece.rows, got, first
        rows = got[: self.mismatch.cycle - first] if self.mismatch else got
        self.cycles += len(rows)
        self.figures.add(piece, rows)
        return self.mismatch is None

    def events_before(self) -> list[str]:
        """Describe what the model says happened before the difference and in its cycle."""
        if not self.mismatch or not self._last:
            return []
        expected, _, first = self._last
        row = self.mismatch.cycle - first + 1
        return self._reader.events_before(expected, row, EVENTS, first)

    def write_waves(self, path: Path) -> None:
        """Write waves around the difference, or of the end."""
        assert self._last, "a piece was compared"
        expected, got, first = self._last
        row = self.mismatch.cycle - first if self.mismatch else len(expected)
        window = slice(max(0, row - BEFORE), row + AFTER)
        records = {"expected": expected[window], "got": got[window]}
        write_waves(path, records, self._reader, first + window.start)

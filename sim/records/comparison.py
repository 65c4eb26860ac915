"""A run of a simulator beside its prediction: what was compared, and where they part."""

import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from golden.dense.interface import Phase
from sim.jobs.job import Piece
from sim.records.compare import Mismatch, compare, events_before
from sim.records.waves import write_waves
from sim.targets.target import Target

BEFORE, AFTER = 300, 30
"""Cycles of waves around a difference."""
EVENTS = 12


class Comparison:
    """Compares piece after piece, until there is a difference.

    Parameters
    ----------
    target : Target
        At its first cycle.
    """

    def __init__(self, target: Target):
        self._target = target
        self.mismatch: Mismatch | None = None
        self.cycles = self.events = self.spikes = self.weight_writes = 0
        self.integrating = self.moved = 0
        """Cycles of INTEGRATE, and those of them in which a weight word is read."""
        self.seconds = 0.0
        """That the simulator took."""
        self.answers: list[NDArray[np.int64]] = []
        """Responses to the requests of the last task, a piece each."""
        self._last: tuple[NDArray, NDArray, int] | None = None
        self._task = ""

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
        self.mismatch = compare(piece.rows, got, first)
        self._last = piece.rows, got, first
        self._count(piece, got)
        return self.mismatch is None

    def _count(self, piece: Piece, got: NDArray[np.void]) -> None:
        if piece.task != self._task:
            self.answers, self._task = [], piece.task
        n_equal = self.mismatch.cycle - self.cycles if self.mismatch else len(got)
        rows = got[:n_equal]
        taken = rows[piece.stimulus.taken(rows, "result")]
        answered = piece.stimulus.taken(rows, "response")
        self.answers.append(rows["response"][answered].astype(np.int64))
        self.cycles += n_equal
        self.events += int(np.count_nonzero(rows["take"]))
        self.spikes += int(taken["n_spikes"].sum())
        integrating = rows["phase"] == Phase.INTEGRATE
        self.integrating += int(np.count_nonzero(integrating))
        self.moved += int(np.count_nonzero(rows["w_read"][integrating]))
        if piece.task == "learn":
            self.weight_writes += int(np.count_nonzero(rows["w_en"]))

    def events_before(self) -> list[str]:
        """Describe what the model says happened before the difference and in its cycle."""
        if not self.mismatch or not self._last:
            return []
        expected, _, first = self._last
        return events_before(expected, self.mismatch.cycle - first + 1, EVENTS, first)

    def write_waves(self, path: Path) -> None:
        """Write waves around the difference, or of the end."""
        assert self._last, "a piece was compared"
        expected, got, first = self._last
        row = self.mismatch.cycle - first if self.mismatch else len(expected)
        window = slice(max(0, row - BEFORE), row + AFTER)
        records = {"expected": expected[window], "got": got[window]}
        write_waves(path, records, first + window.start)

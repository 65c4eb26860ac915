"""Where a run has come to on the grid."""

from typing import Generic, TypeVar

from golden.cycles.grid import Grid

Laid = TypeVar("Laid", bound=Grid)


class Track(Generic[Laid]):
    """The next cycle and the step register; phases follow each other without a gap.

    The record has fields ``phase`` and ``step``.
    """

    def __init__(self, grid: Laid, now: int = 0):
        self.grid, self.now, self.step = grid, now, 0

    def spend(self, phase: int, cycles: int) -> int:
        """Stay in a phase for so many cycles; return the first."""
        start = self.now
        self.now += cycles
        self.grid.span(start, self.now, phase=phase, step=self.step)
        return start

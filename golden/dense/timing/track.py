"""Where a run has come to on the grid."""

from golden.dense.timing.record import Grid, Phase


class Track:
    """The next cycle and the step register; phases follow each other without a gap."""

    def __init__(self, grid: Grid, now: int = 0):
        self.grid, self.now, self.step = grid, now, 0

    def spend(self, phase: Phase, cycles: int) -> int:
        """Stay in a phase for so many cycles; return the first."""
        start = self.now
        self.now += cycles
        self.grid.span(start, self.now, phase=phase, step=self.step)
        return start

"""The receptive field at its input: when each pixel of an image is accepted."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from golden.cycles.grid import Grid
from golden.cycles.stimulus import NEVER, Feed
from golden.dense.interface import RADIUS
from golden.dense.params import Params
from golden.dense.receptive_field import receptive_field
from golden.dense.timing.costs import costs, per_position
from golden.dense.timing.source import Source


class Filling:
    """Fills the receptive field with images, marking ``pixels_ready`` on the grid.

    ``full`` is the first cycle in which it is full, `NEVER` if the pixels do not suffice.
    """

    def __init__(self, built: Params, grid: Grid, pixels: Feed, n_cycles: int):
        self._grid, self._feed, self._n_cycles = grid, pixels, n_cycles
        margin = 0 if built.receptive_field == "none" else RADIUS
        rows, columns = np.arange(built.height) + margin, np.arange(built.width) + margin
        positions = rows[:, None] * (built.width + 2 * margin) + columns
        self._places = (positions * per_position(built)).ravel().tolist()
        """Cycles of the walk over image and margin before those of the pixels, if none waits."""
        self._after = costs(built).filling - self._places[-1]
        self.full = NEVER
        self.image: NDArray[np.int64] = np.zeros(len(self._places), dtype=np.int64)

    def fill(self, start: int) -> None:
        """Fill it from a cycle on, with position 0."""
        accepted: list[int] = []
        values: list[int] = []
        feed, ready, before = self._feed, start, 0
        for position in self._places:
            ready += position - before
            cycle = max(ready, feed.valid)
            if cycle >= self._n_cycles:
                break
            values.append(feed.head)
            feed.accept(cycle)
            accepted.append(cycle)
            ready, before = cycle, position
        self._mark(start, accepted, ready)
        self.full = NEVER
        if len(accepted) == len(self._places):
            self.full = accepted[-1] + self._after
            self.image = np.array(values, dtype=np.int64)

    def _mark(self, start: int, accepted: Sequence[int], waiting: int) -> None:
        """Mark positions inside the image: from when they are reached until they are accepted."""
        n, taken = len(accepted), np.array(accepted, dtype=np.int64)
        self._grid.reserve(self._n_cycles)
        ready = self._grid.rows["pixels_ready"]
        if n < len(self._places):
            ready[waiting : self._n_cycles] = 1
        if n:
            ready[start + self._places[0] : accepted[-1] + 1] = 1
        jumps = np.diff(np.array(self._places[:n], dtype=np.int64))
        for last, jump in zip(taken[:-1][jumps > 1], jumps[jumps > 1], strict=True):
            ready[last + 1 : last + jump] = 0


def wait(p: Params, image: NDArray[np.int64], n_cycles: int) -> int:
    """Return how long the core waits for the next image, whose pixels are all there.

    Parameters
    ----------
    image : (height * width,) int64
        What is learned.
    n_cycles : int
        Of its presentation, with a result that is taken at once.
    """
    chosen, begun = costs(p), p.n_axons
    if not p.activity_gain and p.n_axons > 1:  # A dry run waits for nothing.
        source = Source(p, receptive_field(p, image), 0)
        walk = source.step(0, 0, chosen.clear_learning + chosen.leak, chosen.one_pass)
        begun = int(walk.entries[-2]) + 1
    return max(0, begun + chosen.filling - n_cycles)

"""Posts that wait at their places: notes, and SETTLE, with which none waits any more."""

import numpy as np

from golden.network.chip import Chip, unit
from golden.network.timing.learning.programs import Encoded
from golden.network.timing.learning.tables import LearnedPlaces
from golden.network.timing.learning.visits import EVER, LAST, noted
from golden.network.timing.memories import Memories
from golden.numbers.compiled import entry
from golden.numbers.formats import Array

STEPS = (1 << 32) - 1
"""Steps are modulo so many, and 1."""


class Posts:
    """Posts that wait to be replayed, of all places; in IDLE there are none.

    Parameters
    ----------
    chip : Chip
        One with a learner.
    """

    def __init__(self, chip: Chip):
        learner, places = unit(chip), chip.places
        self._most, self._span = learner.posts, 1 << learner.span_bits
        self._mask = (1 << learner.trace_bits) - 1
        self.counts: Array = np.zeros(places, np.int64)
        self._when: Array = np.zeros((places, learner.posts), np.int64)
        traces = len(learner.side("post"))
        self._traces: Array = np.zeros((places, learner.posts, traces), np.int64)
        self.base = 0
        self.pending = False
        self._full = False

    @property
    def arrays(self) -> tuple[Array, Array, Array]:
        """How many wait at each place, when each was, its traces."""
        return self.counts, self._when, self._traces

    def urgent(self, step: int) -> bool:
        """Return whether they must be replayed before this step; if there are none, it is base."""
        if not self.pending:
            self.base = step
        return self.pending and (self._full or (step - self.base) & STEPS >= self._span)

    def note(
        self,
        step: int,
        places: Array,
        memories: Memories,
        at: LearnedPlaces,
        programs: Encoded,
        given: Array,
    ) -> tuple[Array, Array]:
        """Note a post at each of these places; return how many wait there, and its traces."""
        shown = np.empty((len(places), 1 + len(at.posts)), np.int64)
        note(places, (step, self.base), memories.learned, at, self.arrays, programs, given, shown)
        self.pending = True
        self._full |= bool(shown[:, 0].max() == self._most)
        return shown[:, 0], shown[:, 1:] & self._mask

    def settle(self, step: int, memories: Memories, at: LearnedPlaces) -> None:
        """Keep the last one of each place only, and what it left."""
        waiting = np.flatnonzero(self.counts)
        last = self.counts[waiting] - 1
        memories.learned[at.lasts[1] + waiting] = (
            self.base + self._when[waiting, last]
        ) & LAST | EVER
        for i, begin in enumerate(at.posts.tolist()):
            memories.learned[begin + waiting] = self._traces[waiting, last, i]
        self.counts[:] = 0
        self.base, self.pending, self._full = step, False, False


@entry
def note(places, times, kept, at, posts, programs, given, shown):
    """Note posts at places (n,), one after the other; show counts and traces (n, 1 + traces)."""
    for i in range(len(places)):
        shown[i, 0] = noted(places[i], times[0], times[1], kept, at, posts, programs, given)
        for j in range(len(at.posts)):
            shown[i, 1 + j] = posts[2][places[i], shown[i, 0] - 1, j]

"""Cycles of steps without a record, for reports and plans."""

from collections.abc import Sequence

import numpy as np

from golden.cycles.stimulus import NEVER, Feed, Stimulus
from golden.cycles.track import Track
from golden.network.interface import Phase
from golden.network.timing.memories import Memories
from golden.network.timing.record import PhaseCount
from golden.network.timing.step import Steps


class Prompt(Feed):
    """A stream whose items are put forward at once, for ever."""

    def _valid(self, cycle: int) -> int:
        return cycle if self.left else NEVER


class CycleCount:
    """Steps that are counted, one after the other: nobody lets the core wait.

    Parameters
    ----------
    memories : Memories
        It is changed.
    external : sequence of pairs of end and value
        For all steps that listen.
    """

    def __init__(self, memories: Memories, external: Sequence[tuple[int, int]] = ()):
        always = np.zeros(0, np.bool_)
        feed = Prompt(Stimulus({"external": external}, {"external": always}), "external")
        self._tally = PhaseCount(memories.chip)
        self._steps = Steps(memories, Track(self._tally), always, feed)

    def step(self) -> dict[Phase, int]:
        """Do a step; return the cycles of every phase.

        Raises
        ------
        ValueError
            If it listens, and there is no end of its externals.
        """
        self._tally.cycles.clear()
        self._steps.begin()
        if not self._steps.step(NEVER):
            raise ValueError("externals of a step must have an end, and these have none")
        return {Phase(number): cycles for number, cycles in self._tally.cycles.items()}

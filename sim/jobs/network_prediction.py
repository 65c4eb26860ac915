"""A long run of the network core, predicted piece by piece; every piece begins and ends in IDLE."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from golden.cycles.stimulus import Stimulus
from golden.network.chip import Chip
from golden.network.interface import BusRequest, streams
from golden.network.timing.memories import Memories
from golden.network.timing.requests import SERVED
from golden.network.timing.timeline import Timeline
from sim.jobs.job import Stalls


class NetworkPrediction:
    """What the model says of a core from reset on.

    Parameters
    ----------
    chip : Chip
        What the core is made for.
    """

    def __init__(self, chip: Chip, stalls: Stalls):
        self.memories = Memories(chip)
        self._stalls = stalls
        self._step_cycles = 1000.0
        """Of a step, as many as there were in the last piece."""

    def requests(self, requests: Sequence[BusRequest]) -> tuple[Stimulus, NDArray[np.void]]:
        """Return what to do for these requests, and the record of it."""
        guess = SERVED * len(requests) * self._stalls.slowness**2
        return self._run(guess, bus=requests)

    def steps(
        self, steps: int, external: Sequence[tuple[int, int]]
    ) -> tuple[Stimulus, NDArray[np.void]]:
        """Return what to do for so many steps with these spikes from outside, and the record."""
        guess = steps * self._step_cycles
        stimulus, rows = self._run(guess, start=[steps], external=external)
        if steps:
            self._step_cycles = len(rows) / steps
        return stimulus, rows

    def steps_within(self, n_cycles: int) -> int:
        """Return how many steps take about so many cycles, at least 1."""
        return max(1, int(n_cycles / self._step_cycles))

    def _run(self, guess: float, **items: Sequence) -> tuple[Stimulus, NDArray[np.void]]:
        """Run as long as it takes: twice as long until it suffices, then cut."""
        n_cycles = int(1.5 * guess) + 200
        while True:
            memories = self.memories.copy()
            go = {stream: self._stalls.draw(n_cycles) for stream in streams(memories.chip)}
            stimulus = Stimulus(items, go)
            timeline = Timeline(memories, stimulus)
            rows = timeline.run(to_the_end=False)
            if timeline.settled is not None:
                self.memories = memories
                return stimulus.cut(len(rows)), rows
            n_cycles *= 2

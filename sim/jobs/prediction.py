"""A long run, predicted piece by piece; every piece begins and ends in IDLE with nothing in flight.

The model predicts runs from reset. A later piece differs from that in two things only: the step
register still shows the last step, and the receptive field already waits for the next image's first
pixel, if every piece ends with enough idle cycles.
"""

import copy
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from golden.cycles.stimulus import Stimulus
from golden.dense.interface import STREAMS, BusRequest, Phase, Start
from golden.dense.params import Params
from golden.dense.timing import Register, Session, items
from golden.dense.timing.costs import SERVED, costs
from sim.jobs.job import Stalls

NO_PIXELS = np.zeros(0, dtype=np.int64)


class Prediction:
    """What the model says of a core from reset on.

    Parameters
    ----------
    built : Params
        What the core is made for.
    """

    def __init__(self, built: Params, registers: Sequence[Register], stalls: Stalls):
        self._built, self._registers, self._stalls = built, registers, stalls
        self._session = Session(built, registers)
        self._step, self._fresh = 0, True
        self._before = costs(built).before
        """Cycles in which the receptive field walks to the first pixel."""
        self._image_cycles = 4096
        self.machine = self._session.machine

    def requests(self, requests: Sequence[BusRequest]) -> tuple[Stimulus, NDArray[np.void]]:
        """Return what to do for these requests, and the record of it."""
        cycles = 2 * self._stalls.slowness * (SERVED + 1) * len(requests)
        return self._run(NO_PIXELS, (), requests, int(cycles))

    def images(
        self, pixels: NDArray[np.int64], starts: Sequence[Start]
    ) -> tuple[Stimulus, NDArray[np.void]]:
        """Return what to do to present images (n, height * width), and the record of it."""
        found = self._run(pixels, starts, (), int(len(starts) * self._image_cycles))
        self._image_cycles = 2 * found[0].n_cycles // len(starts)
        return found

    def _run(self, pixels, starts, requests, guess):
        """Run as long as it takes: twice as long until it suffices, then cut."""
        before = self._session.machine
        # A request or an image is not offered before the receptive field waits.
        n_cycles = 2 * self._before + guess + 64
        while True:
            self._session = Session(self._built, self._registers, copy.deepcopy(before))
            stimulus = self._stimulus(n_cycles, pixels, starts, requests)
            rows = self._session.run(stimulus)
            if (end := self._end(rows, len(starts), len(requests), stimulus)) is not None:
                break
            n_cycles *= 2
        self.machine = self._session.machine
        return stimulus.cut(end), self._continued(rows[:end])

    def _stimulus(self, n_cycles, pixels, starts, requests) -> Stimulus:
        put = items(pixels.ravel(), starts, requests)
        go = {stream: self._stalls.draw(n_cycles) for stream in STREAMS}
        for stream in put:
            go[stream][: self._before + 1] = False
        return Stimulus(put, go)

    def _end(self, rows, n_starts, n_requests, stimulus) -> int | None:
        """Return the cycle in which all is done and the receptive field waits."""
        taken, answered = stimulus.taken(rows, "result"), stimulus.taken(rows, "response")
        last = [
            np.flatnonzero(done)[n - 1] if n else 0
            for done, n in ((taken, n_starts), (answered, n_requests))
            if not n or np.count_nonzero(done) >= n
        ]
        end = int(max(last, default=0)) + self._before + self._built.n_axons + 8
        return end if len(last) == 2 and end <= len(rows) else None

    def _continued(self, rows: NDArray[np.void]) -> NDArray[np.void]:
        """Make the record of a run from reset that of a run that goes on."""
        rows = rows.copy()
        quiet = np.isin(rows["phase"], (Phase.IDLE, Phase.HOST, Phase.RESPOND))
        n_quiet = len(rows) if quiet.all() else int(np.argmin(quiet))
        rows["step"][:n_quiet] = self._step
        if not self._fresh:
            rows["pixels_ready"][: self._before] = 1
        self._step, self._fresh = int(rows["step"][-1]), False
        return rows

"""A whole run on the grid: idle cycles, requests of the host, starts, steps."""

import numpy as np
from numpy.typing import NDArray

from golden.cycles.stimulus import Feed, Stimulus, following
from golden.cycles.track import Track
from golden.network.interface import HOST_CYCLES, Phase
from golden.network.timing.memories import Memories
from golden.network.timing.record import HELD, Sheet
from golden.network.timing.requests import FEWEST, SERVED, alike, lay, served
from golden.network.timing.step import Steps

RESPONDING = 1
"""Cycles of an answer that is taken at once."""
WRITTEN = 1
"""Cycles from the first one of HOST until what is written is shown."""


class Timeline:
    """Predicts the record of a run that begins in IDLE.

    Parameters
    ----------
    memories : Memories
        What the core holds in cycle 0; it is changed.
    stimulus : Stimulus
        Items are: numbers of steps (``start``), pairs of end and value (``external``),
        `golden.network.interface.BusRequest` (``bus``).
    """

    def __init__(self, memories: Memories, stimulus: Stimulus):
        self.memories, self.n_cycles = memories, stimulus.n_cycles
        self.track = Track(Sheet(memories.chip))
        self.track.grid.reserve(self.n_cycles)
        self.track.step = memories.registers["step"]
        self._show(0)
        self._bus, self._starts = Feed(stimulus, "bus"), Feed(stimulus, "start")
        self._taken = {name: following(stimulus.go[name]) for name in ("done", "response")}
        external = Feed(stimulus, "external")
        self._steps = Steps(memories, self.track, stimulus.go["spikes"], external)
        self._prompt = all(stimulus.go[name].all() for name in ("bus", "response"))
        self.settled: int | None = None
        """The cycle from which on it is in IDLE and has nothing to do; None if it has not come to
        that, and then the memories is of no use any more."""

    def run(self, to_the_end: bool = True) -> NDArray[np.void]:
        """Return the record, one row a cycle.

        Parameters
        ----------
        to_the_end : bool
            Of the stimulus; else it stops in the cycle ``settled``, if there is one.

        Raises
        ------
        ValueError
            If a request, a group or a spike asks for what is not there.
        """
        while self.track.now < self.n_cycles:
            if not self._bus.left and not self._starts.left:
                self.settled = self.track.now
                if not to_the_end:
                    self.n_cycles = self.settled + 1
            self._act()
        return self.track.grid.finish(self.n_cycles)

    def _show(self, cycle: int) -> None:
        for name in HELD:
            self.track.grid.show(name, cycle, self.memories.registers[name])

    def _act(self) -> None:
        """Wait in IDLE for a request or a start, and carry it out."""
        if self._prompt and self._serve_many():
            return
        now, bus = self.track.now, self._bus.valid
        request, start = max(now, bus), max(now, self._starts.valid)
        found = min(request, start)
        self._spend(Phase.IDLE, found)
        self.track.grid.span(now, min(self.track.now, request), start_ready=1)
        if found >= self.n_cycles:
            return
        if request <= start:
            self._serve(request)
        else:
            self._start(start)

    def _spend(self, phase: Phase, last: int, **values: int) -> None:
        """Stay in a phase until its last cycle, with some fields set."""
        start = self.track.now
        end = max(start, min(last + 1, self.n_cycles))
        self.track.spend(phase, end - start)
        self.track.grid.span(start, end, **values)

    def _serve_many(self) -> bool:
        """Carry out what is asked without a pause; return whether that was something."""
        now = self.track.now
        most = (self.n_cycles - now) // SERVED
        if self._bus.valid != now or min(most, self._bus.left) < FEWEST:
            return False
        requests = alike(self._bus.ahead(most))
        if len(requests) < FEWEST:
            return False
        lay(self.track, served(self.memories, requests))
        self._bus.accept(self.track.now - RESPONDING - 1, len(requests))
        return True

    def _serve(self, cycle: int) -> None:
        track = self.track
        answer = self.memories.serve(self._bus.head)
        self._bus.accept(cycle + HOST_CYCLES)
        start = track.spend(Phase.HOST, HOST_CYCLES)
        track.grid.mark(cycle + HOST_CYCLES, bus_ready=1)
        track.step = self.memories.registers["step"]
        track.grid.span(start + WRITTEN, track.now, step=track.step)
        self._show(start + WRITTEN)
        taken = self._taken["response"](track.now)
        self._spend(Phase.RESPOND, taken, response_valid=1, response=answer)

    def _start(self, cycle: int) -> None:
        steps = self._starts.head
        self._starts.accept(cycle)
        self._steps.begin()
        self._steps.reward()
        for _ in range(steps):
            if not self._steps.step(self.n_cycles) or self.track.now >= self.n_cycles:
                return
        self._steps.finish()
        taken = self._taken["done"](self.track.now)
        self._spend(Phase.DONE, taken, done_valid=1)

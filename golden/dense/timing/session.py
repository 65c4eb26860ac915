"""A whole run on the grid: idle cycles, requests of the host, images, presentations, results."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from golden.cycles.stimulus import Feed, Stimulus, following
from golden.cycles.track import Track
from golden.dense.interface import Phase
from golden.dense.params import Params
from golden.dense.timing.costs import HOST
from golden.dense.timing.filling import Filling
from golden.dense.timing.host import Host, Register
from golden.dense.timing.machine import Machine
from golden.dense.timing.presentation import lay
from golden.dense.timing.record import DenseGrid


class Session:
    """Predicts the record of a run.

    Parameters
    ----------
    built : Params
        What the core was made for.
    registers : sequence of (name, bits, signed)
        What lies at which index of the host's region of registers.
    machine : Machine, optional
        What the core holds in cycle 0, by default what it does after power-up; it is changed.
    """

    def __init__(
        self, built: Params, registers: Sequence[Register] = (), machine: Machine | None = None
    ):
        self.built, self.registers = built, registers
        self.machine = Machine.reset(built) if machine is None else machine
        for name, _, _ in registers:
            self.machine.registers.setdefault(name, 0)
        self.starts: list[tuple[int, int]] = []
        """(cycle of the start's handshake, first cycle of RESULT) of the presentations."""

    def run(self, stimulus: Stimulus) -> NDArray[np.void]:
        """Return the record, one row a cycle, of a run that begins in cycle 0.

        Raises
        ------
        ValueError
            If a presentation begins with impossible parameters, or a request asks for what is
            not there.
        """
        return _Run(self, stimulus).record()


class _Run:
    def __init__(self, session: Session, stimulus: Stimulus):
        self.session, self.n_cycles = session, stimulus.n_cycles
        self.grid = grid = DenseGrid(session.built)
        for name in grid.registers:
            grid.show(name, 0, session.machine.registers[name])
        self.track = Track(grid)
        self.host = Host(session.machine, self.track, session.registers)
        self.take_result = following(stimulus.go["result"])
        self.take_response = following(stimulus.go["response"])
        self.starts = Feed(stimulus, "start")
        self.bus = Feed(stimulus, "bus")
        self.filling = Filling(session.built, grid, Feed(stimulus, "pixels"), self.n_cycles)

    def record(self) -> NDArray[np.void]:
        """Lay the whole run; once."""
        self.filling.fill(0)
        while self.track.now < self.n_cycles:
            self._act()
        return self.grid.finish(self.n_cycles)

    def _act(self) -> None:
        """Wait in IDLE for a request or a start, and carry it out."""
        now = self.track.now
        request = max(now, self.bus.valid)
        full = max(now, self.filling.full)
        start = max(full, self.starts.valid)
        last = min(request, start, self.n_cycles - 1)
        self._spend(Phase.IDLE, last)
        self.grid.span(full, min(last + 1, request), start_ready=1)
        if last < min(request, start):
            return
        if request <= start:
            self._request(request)
        else:
            self._present(start)

    def _spend(self, phase: Phase, last: int, **values: int) -> None:
        """Stay in a phase until its last cycle, with some fields set."""
        last = min(last, self.n_cycles - 1)
        start = self.track.spend(phase, last + 1 - self.track.now)
        self.grid.span(start, last + 1, **values)

    def _request(self, cycle: int) -> None:
        request = self.bus.head
        response = self.host.serve(request)
        self.bus.accept(cycle + HOST)
        self.grid.mark(cycle + HOST, bus_ready=1)
        if self.track.now < self.n_cycles:
            taken = self.take_response(self.track.now)
            self._spend(Phase.RESPOND, taken, response_valid=1, response=response)

    def _present(self, cycle: int) -> None:
        learn, label = self.starts.head
        self.starts.accept(cycle)
        image = self.filling.image
        shown = lay(self.session.machine, self.grid, cycle + 1, image, learn, label)
        self.session.starts.append((cycle, shown.end))
        self.filling.fill(shown.filling)
        self.track.now, self.track.step = shown.end, shown.step
        if self.track.now < self.n_cycles:
            taken = self.take_result(self.track.now)
            values = {"result_valid": 1, "label": shown.label, "n_spikes": len(shown.spikes)}
            self._spend(Phase.RESULT, taken, **values)

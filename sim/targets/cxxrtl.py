"""The core in compiled C++, driven by ``core.cpp``; see `sim.targets.library`."""

import ctypes
from pathlib import Path

import numpy as np
from amaranth.lib import wiring
from numpy.typing import NDArray

from sim.targets.library import QUICK, library
from sim.targets.stimulus import Tape, inputs
from sim.targets.taps import Taps
from sim.targets.target import SimulatorError, Target

DRIVER = "core.cpp"


class _Feed(ctypes.Structure):
    _fields_ = (
        ("queue", ctypes.c_void_p),
        ("length", ctypes.c_uint64),
        ("at", ctypes.c_uint64),
        ("valid", ctypes.c_uint64),
    )


class Compiled(Target):
    """A core in a library.

    Parameters
    ----------
    core : wiring.Component
        As of `sim.targets.target.Target`.
    compiled : Path
        Its `sim.targets.taps.Taps`, compiled with `DRIVER`.
    """

    def __init__(self, core: wiring.Component, compiled: Path):
        super().__init__(core)
        self._library = _load(compiled)
        self._simulation = self._library.open_simulation()
        self._queues = [np.zeros(0, dtype=np.uint64) for _ in inputs(self.streams)]
        self._feeds = (_Feed * len(self._queues))()

    def _play(self, tape: Tape, every: bool) -> NDArray[np.uint8]:
        self._queue(tape)
        n_cycles, size = len(tape.go), self.dtype.itemsize
        rows = np.empty(n_cycles * size, dtype=np.uint8)
        go = np.ascontiguousarray(tape.go)
        n_rows = self._library.run(
            self._simulation, self._feeds, go.ctypes.data, n_cycles, every, rows.ctypes.data
        )
        if n_rows < 0:
            raise SimulatorError("the core must have no combinational loop for cxxrtl")
        return rows if every else rows[: n_rows * size].copy()

    def _queue(self, tape: Tape) -> None:
        """Append to the queues, and forget what was accepted."""
        for i, (feed, queue) in enumerate(zip(self._feeds, tape.queues, strict=True)):
            left = np.concatenate((self._queues[i][feed.at :], queue))
            self._queues[i] = left
            feed.queue, feed.length, feed.at = left.ctypes.data, len(left), 0

    def close(self) -> None:
        """Free the simulation."""
        if self._simulation:
            self._library.close_simulation(self._simulation)
            self._simulation = None


class Cxxrtl(Compiled):
    """A core that yosys has turned into C++."""

    def __init__(self, core: wiring.Component, effort: str = QUICK):
        taps = Taps(core)
        super().__init__(core, library(taps, DRIVER, effort, taps.header()))


def _load(compiled: Path) -> ctypes.CDLL:
    loaded = ctypes.CDLL(str(compiled))
    loaded.open_simulation.restype = ctypes.c_void_p
    loaded.close_simulation.argtypes = (ctypes.c_void_p,)
    loaded.run.restype = ctypes.c_int64
    loaded.run.argtypes = (
        ctypes.c_void_p,
        ctypes.c_void_p,
        ctypes.c_void_p,
        ctypes.c_uint64,
        ctypes.c_int,
        ctypes.c_void_p,
    )
    return loaded

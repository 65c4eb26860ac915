"""A built top level in simulation behind the same serial bytes; time is that of its clock."""

from pathlib import Path

from amaranth.lib import wiring

from boards.host.port import Port
from boards.parts.description import Board
from sim.targets.library import THOROUGH, library
from sim.targets.serial import DRIVER, Serial

SLICE = 1 << 18
"""Cycles between two looks at the keyboard: a fraction of a second."""


class SimPort(Port):
    """A device that is simulated.

    Parameters
    ----------
    board : Board
        Whose clock and line it has.
    compiled : Path
        Its top level; see `sim.targets.serial`.
    boot : int
        Cycles before it listens.
    """

    name = "sim"
    quiet = 0.002
    patience = 0.05

    def __init__(self, board: Board, compiled: Path, boot: int = 0):
        self._clock_hz = board.clock_hz
        self._line = Serial(compiled, board.divisor)
        self._line.run(boot)

    @property
    def cycles(self) -> int:
        """Simulated so far."""
        return self._line.cycles

    def write(self, data: bytes) -> None:
        """Let bytes go over the line while it is read."""
        self._line.send(data)

    def read(self, timeout: float) -> bytes:
        """Run until a frame has ended or ``timeout`` simulated seconds have passed."""
        end = self._line.cycles + round(timeout * self._clock_hz)
        while not (come := self._line.receive()) and self._line.cycles < end:
            self._line.run(min(SLICE, end - self._line.cycles))
        return come

    def close(self) -> None:
        """Free the simulation."""
        self._line.close()


def compiled(top: wiring.Component, effort: str = THOROUGH) -> Path:
    """Return a compiled top level.

    Parameters
    ----------
    top : wiring.Component
        Has the ports ``rx`` and ``tx``, and the divisor of the board's line.
    effort : str
        How to compile: `sim.targets.library.THOROUGH` or ``QUICK``.

    Raises
    ------
    sim.targets.target.SimulatorError
        If the compiler fails.
    """
    return library(top, DRIVER, effort)

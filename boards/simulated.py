"""The built top level in simulation behind the same serial bytes; time is that of its clock."""

from boards.description import Board
from boards.port import Port
from golden.params import Params
from hdl.link.top import Top
from sim.library import THOROUGH
from sim.serial import Serial

SLICE = 1 << 18
"""Cycles between two looks at the keyboard: a fraction of a second."""


class SimPort(Port):
    """A device that is simulated.

    Parameters
    ----------
    p : Params
        What its core is made for.
    preset : str
        The name that it tells.
    board : Board
        Whose clock, line and queue it has.
    effort : str
        How to compile: `sim.library.THOROUGH` or ``QUICK``.

    Raises
    ------
    sim.target.SimulatorError
        If it cannot be compiled.
    """

    name = "sim"
    quiet = 0.002
    patience = 0.05

    def __init__(self, p: Params, preset: str, board: Board, effort: str = THOROUGH):
        self._clock_hz = board.clock_hz
        top = Top(p, preset, board.divisor, board.queue)
        self._line = Serial(top, board.divisor, effort)

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

"""A top level in compiled C++ behind its serial line: bytes in, bytes out, cycles counted."""

import ctypes
from pathlib import Path

from sim.targets.target import SimulatorError

DRIVER = "serial.cpp"
TAKEN = 4096
"""Bytes at a time."""


class Serial:
    """The far end of a line: what it sends reaches the port ``rx``, what it receives is ``tx``.

    Parameters
    ----------
    compiled : Path
        A top level with ports ``rx`` and ``tx``, compiled with `DRIVER`.
    divisor : int
        Clock cycles of a bit; 8 data bits, no parity, 1 stop bit.
    """

    def __init__(self, compiled: Path, divisor: int):
        self._library = _load(str(compiled))
        self._open = self._library.open_line(divisor)
        self._bytes = ctypes.create_string_buffer(TAKEN)
        self.cycles = 0
        """Run so far."""

    @property
    def _line(self) -> int:
        """The simulation.

        Raises
        ------
        ValueError
            If the line is closed.
        """
        if self._open is None:
            raise ValueError("the line must be open, not closed")
        return self._open

    @property
    def unsent(self) -> int:
        """Bytes, and levels that are held, that the top level has not got yet."""
        return self._library.unsent(self._line)

    def send(self, data: bytes) -> None:
        """Let bytes go over the line, one directly after the other, as cycles are run."""
        self._library.send(self._line, data, len(data))

    def hold(self, high: bool, cycles: int) -> None:
        """Hold the line after what was sent: for what no byte can say."""
        self._library.hold(self._line, high, cycles)

    def run(self, cycles: int) -> None:
        """Run so many cycles, or less if a frame of the top level's ends before.

        Raises
        ------
        SimulatorError
            If the design cannot be simulated, or a byte has no stop bit.
        """
        done = self._library.run(self._line, cycles)
        if done < 0:
            raise SimulatorError("the top level must have no combinational loop for cxxrtl")
        self.cycles += done
        if self._library.spoiled(self._line):
            raise SimulatorError("the top level must end every byte with a stop bit")

    def receive(self) -> bytes:
        """Return what has come, at most `TAKEN` bytes."""
        n_bytes = self._library.receive(self._line, self._bytes, TAKEN)
        return self._bytes.raw[:n_bytes]

    def close(self) -> None:
        """Free the simulation."""
        if self._open is not None:
            self._library.close_line(self._open)
            self._open = None


def _load(path: str) -> ctypes.CDLL:
    loaded = ctypes.CDLL(path)
    line, size, text = ctypes.c_void_p, ctypes.c_uint64, ctypes.c_char_p
    for name, result, arguments in (
        ("open_line", line, (size,)),
        ("close_line", None, (line,)),
        ("send", None, (line, text, size)),
        ("hold", None, (line, ctypes.c_int, size)),
        ("unsent", size, (line,)),
        ("spoiled", size, (line,)),
        ("receive", size, (line, text, size)),
        ("run", ctypes.c_int64, (line, size)),
    ):
        function = getattr(loaded, name)
        function.restype, function.argtypes = result, arguments
    return loaded

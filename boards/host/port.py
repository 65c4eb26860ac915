"""The line to a device: bytes there and back, over a serial port of this machine."""

import errno
import os
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress

import serial


class PortError(OSError):
    """A port that cannot be opened, or that has gone; the text is one sentence."""


class Port(ABC):
    """Both directions of a line; leaving the context closes it.

    Members
    -------
    name : str
        For messages.
    quiet : float
        Seconds without a byte after which the line is quiet.
    patience : float
        Seconds in which the slowest request is answered.
    nonce : callable
        Returns so many bytes that nobody has seen, by which a host knows answers to itself.
    """

    name: str
    quiet: float
    patience: float
    nonce: Callable[[int], bytes] = staticmethod(os.urandom)

    @property
    def cycles(self) -> int:
        """Clock cycles of the device so far, if it is simulated; else 0."""
        return 0

    def __enter__(self) -> "Port":
        return self

    def __exit__(self, *exception) -> None:
        self.close()

    @abstractmethod
    def write(self, data: bytes) -> None:
        """Let bytes go over the line."""

    @abstractmethod
    def read(self, timeout: float) -> bytes:
        """Return what has come, as soon as anything has; nothing after ``timeout`` seconds."""

    @abstractmethod
    def close(self) -> None:
        """Leave the line to others."""


class SerialPort(Port):
    """A serial port.

    Raises
    ------
    PortError
        If it is not there, is no serial port, or is in use; later, if it has gone.
    """

    quiet = 0.05
    """An adapter may keep bytes back for 16 ms, and the machine be busy as long."""
    patience = 1.0

    def __init__(self, name: str, baud: int):
        self.name = name
        try:
            self._serial = serial.Serial(
                name, baud, timeout=self.quiet, write_timeout=self.patience, exclusive=True
            )
        except (OSError, ValueError) as error:
            raise PortError(_refusal(name, error)) from None
        # Else some adapters keep every short answer back; not all know how.
        with suppress(OSError, ValueError, AttributeError, NotImplementedError):
            self._serial.set_low_latency_mode(True)

    def write(self, data: bytes) -> None:
        """Hand bytes to the system, which sends them while others are read."""
        try:
            self._serial.write(data)
        except OSError as error:
            raise self._gone(error) from None

    def read(self, timeout: float) -> bytes:
        """Return what has come."""
        port = self._serial
        try:
            if timeout != port.timeout:
                port.timeout = timeout
            return port.read(max(1, port.in_waiting))
        except OSError as error:
            raise self._gone(error) from None

    def close(self) -> None:
        """Leave the port to others."""
        self._serial.close()

    def _gone(self, error: OSError) -> PortError:
        return PortError(f"{self.name} must stay connected while it is used: {error}")


def _refusal(name: str, error: OSError | ValueError) -> str:
    number = getattr(error, "errno", None)
    if number in (errno.EAGAIN, errno.EBUSY):
        return f"{name} must be free, not in use by another program"
    if number is None:
        return f"{name} must be a serial port, not something else"
    return f"{name} must be a serial port that can be opened, not: {os.strerror(number)}"

"""Plays a stimulus into a simulator that Python drives, and collects the record."""

from collections.abc import Sequence
from typing import Protocol

from numpy.typing import NDArray

from sim.targets.stimulus import Tape

ONES = -1


class Pins(Protocol):
    """The ports of a core in some simulator, named as in its Verilog."""

    def set(self, name: str, value: int) -> None:
        """Drive an input; -1 is all ones."""
        ...

    def get(self, name: str) -> int:
        """Read an output of one bit."""
        ...

    def row(self) -> bytes:
        """Read the probe."""
        ...

    async def settle(self) -> None:
        """Wait until outputs follow from inputs."""
        ...

    async def end(self) -> None:
        """End the cycle."""
        ...


class Supply:
    """One input stream, from cycle to cycle."""

    def __init__(self):
        self._queue: list[int] = []
        self._at = 0
        self.valid = False

    def add(self, queue: NDArray) -> None:
        """Append payloads, and forget those that were accepted."""
        self._queue = [*self._queue[self._at :], *queue.tolist()]
        self._at = 0

    def offer(self, offered: int) -> int:
        """Begin a cycle; return the payload."""
        self.valid = self.valid or (bool(offered) and self._at < len(self._queue))
        return self._queue[self._at] if self.valid else ONES

    def accept(self) -> None:
        """Give one away."""
        self.valid = False
        self._at += 1


class Player:
    """Plays tapes one after another into the same pins.

    Parameters
    ----------
    inputs, outputs : Sequence[str]
        Streams that the core reads and writes, in the order of the tape.
    """

    def __init__(self, pins: Pins, inputs: Sequence[str], outputs: Sequence[str]):
        self._pins, self._outputs = pins, outputs
        self._feeds = {name: Supply() for name in inputs}
        self._driven: dict[str, int] = {}

    async def play(self, tape: Tape, every: bool, rows: bytearray) -> None:
        """Play one tape; append a row for every cycle, or for those that take something."""
        for feed, queue in zip(self._feeds.values(), tape.queues, strict=True):
            feed.add(queue)
        for go in tape.go.tolist():
            self._offer(go)
            await self._pins.settle()
            if self._accept() or every:
                rows += self._pins.row()
            await self._pins.end()

    def _offer(self, go: int) -> None:
        for bit, (name, feed) in enumerate(self._feeds.items()):
            payload = feed.offer(go >> bit & 1)
            self._set(f"{name}__valid", int(feed.valid))
            self._set(f"{name}__payload", payload)
        for bit, name in enumerate(self._outputs, start=len(self._feeds)):
            self._set(f"{name}__ready", go >> bit & 1)

    def _accept(self) -> bool:
        """Note what the core accepts in this cycle; return whether it gives something."""
        for name, feed in self._feeds.items():
            if feed.valid and self._pins.get(f"{name}__ready"):
                feed.accept()
        return any(
            self._driven[f"{name}__ready"] and self._pins.get(f"{name}__valid")
            for name in self._outputs
        )

    def _set(self, name: str, value: int) -> None:
        if self._driven.get(name) != value:
            self._driven[name] = value
            self._pins.set(name, value)

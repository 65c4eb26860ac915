"""What the inputs of a design get in each cycle of a run, by the names of its netlist."""

from collections import deque
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from golden.numbers.fields import StreamPort
from sim.battery.lives import Piece
from sim.mutation.selected import MutatedLine
from sim.targets.stimulus import inputs, outputs, tape


def on_streams(
    streams: Mapping[str, StreamPort], pieces: Iterable[Piece]
) -> dict[str, NDArray[np.uint64]]:
    """Return what a core hears, as ``core.cpp`` offers it, if its record is as predicted."""
    read, written = inputs(streams), outputs(streams)
    offers = {name: _Offer(streams[name]) for name in read}
    ready: dict[str, list[NDArray]] = {name: [] for name in written}
    for stimulus, record in pieces:
        flat = tape(streams, stimulus)
        bits = {
            name: flat.go >> np.uint32(i) & np.uint32(1) for i, name in enumerate((*read, *written))
        }
        for name, queue in zip(read, flat.queues, strict=True):
            offers[name].put(queue.tolist(), bits[name].tolist(), record[f"{name}_ready"].tolist())
        for name in written:
            ready[name].append(bits[name])
    told = {f"{name}__ready": np.concatenate(parts) for name, parts in ready.items()}
    for name, offer in offers.items():
        told |= {f"{name}__valid": np.array(offer.valid), f"{name}__payload": offer.payloads()}
    return {name: values.astype(np.uint64) for name, values in told.items()}


class _Offer:
    """What a stream that the core reads offers, cycle by cycle."""

    def __init__(self, port: StreamPort):
        self._nothing = (1 << sum(field.fmt.width for field in port.fields)) - 1
        self._queue: deque[int] = deque()
        self._payload: list[int] = []
        self._held = False
        self.valid: list[int] = []

    def put(self, queue: list[int], go: list[int], ready: list[int]) -> None:
        """Go on with these payloads behind those that are left."""
        self._queue.extend(queue)
        held = self._held
        for may, taken in zip(go, ready, strict=True):
            held = held or bool(may and self._queue)
            self.valid.append(int(held))
            self._payload.append(self._queue[0] if held else self._nothing)
            if held and taken:
                self._queue.popleft()
                held = False
        self._held = held

    def payloads(self) -> NDArray[np.uint64]:
        """Return them, all ones where there is none."""
        return np.array(self._payload, dtype=np.uint64)


class Overheard(MutatedLine):
    """A line to a true top level, of which is kept what that hears in each cycle.

    Parameters
    ----------
    compiled, divisor
        As of `sim.targets.serial.Serial`.
    """

    def __init__(self, compiled: Path, divisor: int):
        super().__init__(compiled, divisor, 0)
        self._divisor = divisor
        self._coming: deque[int] = deque()
        self.levels: list[int] = []
        """One a cycle; the line rests at 1."""

    def send(self, data: bytes) -> None:
        for byte in data:
            for bit in range(10):
                level = (byte << 1 | 1 << 9) >> bit & 1
                self._coming.extend([level] * self._divisor)
        super().send(data)

    def hold(self, high: bool, cycles: int) -> None:
        self._coming.extend([int(high)] * cycles)
        super().hold(high, cycles)

    def run(self, cycles: int) -> None:
        before = self.cycles
        super().run(cycles)
        for _ in range(self.cycles - before):
            self.levels.append(self._coming.popleft() if self._coming else 1)

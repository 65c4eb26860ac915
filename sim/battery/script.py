"""What a dialogue over the line is made of, and that of a network core."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import product
from random import Random
from typing import Any, ClassVar

from amaranth.lib import wiring

from hdl.link.network.protocol import MOST_ITEMS, Buffers, NetworkOp
from hdl.link.protocol import END, RESET_WORD, Op
from sim.battery import cores
from sim.battery.chips import random_contents
from sim.traffic.bursts import Burst, Traffic
from sim.traffic.network import NetworkTraffic
from sim.traffic.noise import DIVISOR
from sim.traffic.source import place

BUFFERS = Buffers(spikes=64, items=9)
"""Small, so that both are full at times."""


@dataclass(frozen=True)
class Script(ABC):
    """A core behind a line, and how much it hears."""

    n_frames: int
    """Of random traffic."""
    seed: int

    rooms: ClassVar[Sequence[str]]
    """Rooms of `hdl.link` that it shows, and ``link`` itself."""

    @abstractmethod
    def top(self) -> wiring.Component:
        """Return the top level as it is imported now."""

    @abstractmethod
    def traffic(self, source: Random) -> Any:
        """Return what it hears between opening and ending."""

    @abstractmethod
    def opening(self, traffic: Any) -> Iterator[Burst]:
        """Yield what shows how a device is after power-up."""

    @abstractmethod
    def ending(self, traffic: Any) -> Iterator[Burst]:
        """Yield what random traffic hardly hits."""


@dataclass(frozen=True)
class RunScript(Script):
    """The network core of the battery that spikes most."""

    rooms = ("network", "link")

    def top(self) -> wiring.Component:
        """Return the top level as it is imported now."""
        made = import_module("hdl.link.network.top").NetworkTop
        return made(cores.chip("electing"), "runs", DIVISOR, BUFFERS)

    def traffic(self, source: Random) -> NetworkTraffic:
        """Return runs over a bad line."""
        return NetworkTraffic(cores.chip("electing"), "runs", BUFFERS, source, random_contents)

    def opening(self, traffic: NetworkTraffic) -> Iterator[Burst]:
        """Yield what shows how a device is after power-up."""
        yield from opening(traffic)
        yield traffic.valid("first", [traffic.requests.fetch(0)])

    def ending(self, traffic: NetworkTraffic) -> Iterator[Burst]:
        """Yield runs that are broken off, wrong ops and positions, and payloads of all lengths."""
        asked = traffic.requests
        for op, payload in ((Op.HELLO, b"host"), (Op.RESET, RESET_WORD)):
            for episode in (traffic.waiting, traffic.full):
                yield from episode()
                yield from traffic.broken_off(op, payload)
        yield from traffic.full()
        yield from traffic.emptied()
        yield from traffic.measured()
        known = [int(op) for op in (*Op, *NetworkOp)]
        for wrong in sorted({op ^ 1 << bit for op in known for bit in range(8)}.difference(known)):
            yield traffic.valid("unknown op", [(wrong, b"")])
        yield traffic.valid("released", [asked.fetch(0)])
        for bit in range(16):
            position = traffic.device.requests.begin ^ 1 << bit
            yield traffic.valid("position", [(NetworkOp.FETCH, position.to_bytes(2, "little"))])
        for n in range(4 * (BUFFERS.items + 3)):
            if n % 4 or n > 4 * BUFFERS.items:
                yield traffic.valid("length", [(NetworkOp.FEED, bytes(n))])
        yield traffic.valid("length", [(NetworkOp.FEED, bytes(4 * MOST_ITEMS))])
        for region, count in product(asked.places.extents, (0, 1, 63, 64, 127, 128, 255)):
            yield traffic.valid("edge", [(Op.READ, place(region, 0) + bytes((count,)))])


def opening(traffic: Traffic) -> Iterator[Burst]:
    """Yield empty frames, and read everything."""
    yield Burst("nothing", [bytes((END,)) * 3], 0)
    yield from traffic.reading()

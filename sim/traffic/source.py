"""Requests for fuzzing that every core knows, and what a core adds: harmless and dangerous ones."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

from hdl.link.protocol import Loss, Op
from sim.device.line import DeviceModel

CHUNK = 58
"""Values in a request: fewer than fit, even for half bytes, and no whole words of three lanes."""
Asking = tuple[int, bytes]
"""Op and payload."""


def place(region: int, index: int) -> bytes:
    """Return how a READ or WRITE begins."""
    return bytes((region,)) + index.to_bytes(3, "little")


def packed(bits: int, values: Sequence[int]) -> bytes:
    """Return values as a WRITE has them; low bits lie first."""
    number = sum((value & ((1 << bits) - 1)) << i * bits for i, value in enumerate(values))
    return number.to_bytes(-(-len(values) * bits // 8), "little")


class RequestSource(ABC):
    """What a host may ask a device for.

    Parameters
    ----------
    device : DeviceModel
        As it is now.
    source : Random
        Of all choices.
    """

    def __init__(self, device: DeviceModel[Any], source: Random):
        self.device, self.random = device, source
        self.places = device.requests.places

    @abstractmethod
    def harmless(self) -> Asking:
        """Return a request that can be done without a change of what must stay."""

    @abstractmethod
    def dangerous(self) -> Asking:
        """Return a request that would change what must stay, if it were done."""

    @abstractmethod
    def is_dangerous(self, op: int, payload: bytes) -> bool:
        """Tell whether a request might change what must stay."""

    def indices(self, region: int) -> list[int]:
        """Return all indices of a region that exist."""
        extent, word = self.places.extents[region], 1 << self.places.lane_bits
        return [i for i in range(extent.size) if not extent.lanes or i % word < extent.lanes]

    def chunks(self, region: int) -> Iterator[list[int]]:
        """Yield all indices of a region, as many as a request may have."""
        indices = self.indices(region)
        for start in range(0, len(indices), CHUNK):
            yield indices[start : start + CHUNK]

    def write(self, region: int, index: int, values: Sequence[int]) -> Asking:
        """Return a request to write."""
        return Op.WRITE, place(region, index) + packed(self.places.extents[region].bits, values)

    def readback(self) -> Iterator[Asking]:
        """Yield requests to read everything."""
        for region in self.places.extents:
            for chunk in self.chunks(region):
                yield Op.READ, place(region, chunk[0]) + bytes((len(chunk),))

    def _system(self) -> Asking:
        op = self.random.choice((Op.HELLO, Op.STATUS, Op.STATUS))
        return op, self.random.choice((self.random.randbytes(4), b"\xc0\xdb\xc0\xdb"))

    def _read(self) -> Asking:
        region = self.random.choice(list(self.places.extents))
        if region == self.places.counter_region:
            # Those of dropped frames, the last, depend on when they are told of.
            own = self.places.extents[region].size - len(Loss)
            first = self.random.randrange(max(1, own))
            return Op.READ, place(region, first) + bytes((self.random.randint(0, own - first),))
        index = self.random.choice((
            0,
            1,
            self.places.extents[region].size - 1,
            self.random.randrange(1 << 10),
        ))
        return Op.READ, place(region, index) + bytes((self.random.choice((0, 1, 2, 3, 15)),))

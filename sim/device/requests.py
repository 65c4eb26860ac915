"""What a device does with requests that every core knows: docs/link.md from HELLO to WRITE."""

from abc import ABC, abstractmethod
from collections.abc import Callable

from hdl.link.protocol import LENGTHS, MOST_ANSWER, PLACE, LinkMap, Loss, Op, Status

SYSTEM = (Op.HELLO, Op.STATUS, Op.RESET)
"""Executed whatever their sequence number."""
Result = tuple[int, bytes]
"""Status and answer."""


class CoreModel(ABC):
    """A core in Python, as the host sees it: words by region and index."""

    @abstractmethod
    def reset(self) -> None:
        """Put all registers back to what they are after power-up; memories stay."""

    @abstractmethod
    def read(self, region: int, index: int) -> int:
        """Return the word that a request on the bus is answered with."""

    @abstractmethod
    def write(self, region: int, index: int, word: int) -> None:
        """Write a word; bits that have no place are forgotten."""


class DeviceRequests:
    """A core, and how far its host has come; a core with requests of its own derives from this.

    Parameters
    ----------
    core : CoreModel
        Any.
    places : LinkMap
        What lies where in it.
    preset : str
        Its name, which HELLO tells.
    queue : int
        Bytes of the link's memory.
    """

    def __init__(self, core: CoreModel, places: LinkMap, preset: str, queue: int = 512):
        self.core, self.places = core, places
        self.info = places.info(preset, queue)
        self.room = places.capacity(queue)
        """Bytes of requests that may wait."""
        self.counters = dict.fromkeys(places.counters, 0)
        self.expected = 0
        """Sequence number of the request that is executed next."""
        self.lengths = dict(LENGTHS)
        """Bytes of the payloads by op."""
        self.does: dict[int, Callable[[bytes], Result]] = {
            Op.HELLO: self._hello,
            Op.STATUS: self._status,
            Op.RESET: self._reset,
            Op.READ: self._read,
            Op.WRITE: self._write,
        }
        """What is done with a payload by op."""

    def ready(self) -> None:
        """Make the core ready for another host; after HELLO and RESET."""

    def state(self) -> int:
        """Return the byte about the core that STATUS tells."""
        return 0

    def refusal(self) -> int:
        """Return the status with which READ and WRITE are refused now, or OK."""
        return Status.OK

    def count(self, counter: str, more: int) -> None:
        """Add to a counter; it wraps."""
        self.counters[counter] = (self.counters[counter] + more) % (1 << 32)

    def lose(self, loss: Loss) -> None:
        """Count a report of frames that were dropped."""
        self.count(loss.name.lower(), 1)

    def execute(self, seq: int, op: int, payload: bytes) -> Result:
        """Do a request, or refuse it."""
        if op not in SYSTEM:
            if seq != self.expected:
                if (self.expected - seq) % 256 <= 128:
                    return Status.DUPLICATE, b""
                return Status.SEQUENCE, bytes((self.expected,))
            self.expected = (seq + 1) % 256
        if op not in self.does:
            return Status.BAD_OP, b""
        length, least = self.lengths[op], PLACE if op == Op.WRITE else 0
        if len(payload) < least or (length is not None and len(payload) != length):
            return Status.BAD_LENGTH, b""
        if op in (Op.READ, Op.WRITE) and (refused := self.refusal()):
            return refused, b""
        result = self.does[op](payload)
        if op in {Op.HELLO, Op.RESET} and result[0] == Status.OK:
            self.expected = (seq + 1) % 256
        return result

    def meant(self, op: int, payload: bytes, answer: bytes) -> bytes:
        """Return which bits mean something of an answer that has just been given.

        Half a byte at the end of a READ is none of its values.
        """
        mask = bytearray(b"\xff" * len(answer))
        extent = self.places.extents.get(payload[0]) if op == Op.READ and answer else None
        if extent and extent.bits == 4 and payload[-1] % 2:
            mask[-1] = 15
        return bytes(mask)

    def read(self, region: int, index: int) -> int:
        """Return what lies at a place that exists."""
        if region == self.places.counter_region:
            return list(self.counters.values())[index]
        return self.core.read(region, index)

    def _hello(self, nonce) -> Result:
        self.ready()
        return Status.OK, nonce + self.info

    def _status(self, nonce) -> Result:
        # STATUS comes before the number expected changes.
        return Status.OK, nonce + bytes((self.expected, self.state()))

    def _reset(self, word) -> Result:
        if word != b"RESET":
            return Status.BAD_VALUE, b""
        self.core.reset()
        self.counters = dict.fromkeys(self.counters, 0)
        self.ready()
        return Status.OK, b""

    def _read(self, payload) -> Result:
        region, count = payload[0], payload[PLACE]
        bits = self._size(region) or 0
        if (bits * count + 7) // 8 > MOST_ANSWER:
            return Status.BAD_LENGTH, b""
        found, complete = self._indices(payload, count)
        if not complete:
            return Status.BAD_INDEX, b""
        number = 0
        for i, index in enumerate(found):
            number |= (self.read(region, index) & ((1 << bits) - 1)) << i * bits
        return Status.OK, number.to_bytes((bits * len(found) + 7) // 8, "little")

    def _write(self, payload) -> Result:
        region, data = payload[0], payload[PLACE:]
        bits = self._size(region) or 8
        if len(data) * 8 % bits:
            return Status.BAD_LENGTH, b""
        count = len(data) * 8 // bits
        found, complete = self._indices(payload, count, writing=True)
        number = int.from_bytes(data, "little")
        for i, index in enumerate(found):
            self.core.write(region, index, number >> i * bits & ((1 << bits) - 1))
        # Of the two values in the last byte, the second may lie behind the end.
        if complete or (bits == 4 and len(found) == count - 1):
            return Status.OK, b""
        return Status.BAD_INDEX, b""

    def _size(self, region: int) -> int | None:
        """Return the bits of a value; of a region that does not exist its low bits tell."""
        extent = self.places.extents.get(region % (1 << self.places.region_bits))
        return extent.bits if extent else None

    def _indices(self, payload, count, writing=False) -> tuple[list[int], bool]:
        """Return the indices up to the first that does not exist, and whether all do."""
        region, index = payload[0], int.from_bytes(payload[1:PLACE], "little")
        extent = self.places.extents.get(region)
        end = extent.size if extent and (extent.writable or not writing) else 0
        lanes, word = (extent.lanes if extent else 0), 1 << self.places.lane_bits
        found = []
        for _ in range(count):
            if index >= end or (lanes and index % word >= lanes):
                return found, False
            found.append(index)
            index += 1
            if lanes and index % word == lanes % word:
                index = -(-index // word) * word
        return found, True

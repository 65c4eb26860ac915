"""The numbers of ``docs/link.md`` that are every core's, for a device and a host in Python."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

VERSION = 2
END, ESC, ESC_END, ESC_ESC = 0xC0, 0xDB, 0xDC, 0xDD
"""Bytes of SLIP."""
REPLY = 0x80
"""What the reply's op has more than the request's."""
REPORT = 0xFF
"""Op of a reply about frames that could not be read."""
RESET_WORD = b"RESET"
HEADER, CRC = 3, 4
"""Bytes before and behind the payload."""
MOST = 255
"""Bytes of the longest payload."""
NONCE = 4
MOST_ANSWER = MOST - 1
"""Bytes of the longest answer, without the status."""
LEAST_DIVISOR = 4
"""Clock cycles of a bit: samples must hit it in spite of the synchroniser."""


class Op(IntEnum):
    """What a request asks for; a core has more of its own."""

    HELLO = 0x01
    STATUS = 0x02
    RESET = 0x03
    READ = 0x10
    WRITE = 0x11


LENGTHS: dict[int, int | None] = {
    Op.HELLO: NONCE,
    Op.STATUS: NONCE,
    Op.RESET: len(RESET_WORD),
    Op.READ: 5,
    Op.WRITE: None,
}
"""Bytes of the payloads; None is any number, of which WRITE has `PLACE` at least."""
PLACE = 4
"""Bytes of a region with an index, which a READ or WRITE begins with."""


class Status(IntEnum):
    """What became of a request; a core has more of its own, from 9 to 15."""

    OK = 0
    DUPLICATE = 1
    SEQUENCE = 2
    BAD_FRAME = 3
    OVERFLOW = 4
    BAD_OP = 5
    BAD_LENGTH = 6
    BAD_INDEX = 7
    BAD_VALUE = 8


class Loss(IntEnum):
    """Why frames are dropped; their counters lie in this order behind those of the core."""

    BAD_FRAMES = 0
    OVERFLOWS = 1


ABOUT = 17
"""Bytes that a core says of itself to HELLO."""
INFO = struct.Struct("<2sBc8sH16s16s2x")
"""Layout of `info`: GS, version, the first of the core's bytes, build hash, queue, its other bytes,
name of the preset."""
COUNTER_BYTES = 4
COUNTER_BITS = 8 * COUNTER_BYTES


VALUE_BITS = (4, 8, 16, 32)
"""That a value takes in a frame."""


class Extent(NamedTuple):
    """What of a region a READ or WRITE reaches."""

    size: int
    """The first index that does not exist."""
    bits: int
    """That a value takes in a frame, of `VALUE_BITS`."""
    lanes: int = 0
    """Lanes of a word, if an index has a lane in its low bits: there are none from this on."""
    writable: bool = True


@dataclass(frozen=True)
class LinkMap:
    """What a core has for whoever is at the other end of a line.

    Raises
    ------
    ValueError
        If it does not fit the link.
    """

    regions: Mapping[int, Extent]
    """By number: 0 and up, of which one more is that of the counters."""
    counts: tuple[str, ...]
    """Names of the counters of the core."""
    build_hash: bytes
    """8 bytes that tell cores apart."""
    about: bytes
    """`ABOUT` bytes that HELLO says; they mean something to the core's driver alone."""

    def __post_init__(self):
        if sorted(self.regions) != list(range(len(self.regions))):
            raise ValueError(f"regions must be numbered from 0, not {sorted(self.regions)}")
        if len({extent.lanes for extent in self.regions.values()} - {0}) > 1:
            raise ValueError("regions with lanes must have the same number of them")
        if len(self.about) != ABOUT:
            raise ValueError(f"about must have {ABOUT} bytes, not {len(self.about)}")

    @property
    def counters(self) -> tuple[str, ...]:
        """Names of all counters: those of the core, and then of the link."""
        return (*self.counts, *(loss.name.lower() for loss in Loss))

    @property
    def counter_region(self) -> int:
        """Number of the region of counters, behind the core's."""
        return len(self.regions)

    @property
    def extents(self) -> dict[int, Extent]:
        """All regions, those of the core and the counters."""
        counters = Extent(len(self.counters), COUNTER_BITS, writable=False)
        return {**self.regions, self.counter_region: counters}

    @property
    def region_bits(self) -> int:
        """Bits of a region's number."""
        return self.counter_region.bit_length()

    @property
    def lanes(self) -> int:
        """Lanes of a word, at least 1."""
        return max(1, *(extent.lanes for extent in self.extents.values()))

    @property
    def lane_bits(self) -> int:
        """Bits of a lane's number, at least 1."""
        return max(1, (self.lanes - 1).bit_length())

    @property
    def reserved(self) -> int:
        """Bytes of the link's memory that are not part of the queue."""
        return INFO.size + COUNTER_BYTES * len(self.counters)

    @property
    def place_bits(self) -> int:
        """Bits of an address of such a byte."""
        return (self.reserved - 1).bit_length()

    def successor(self, region: int, index: int) -> int:
        """Return the index after this one: lanes need not fill their bits."""
        if self.extents[region].lanes:
            word, lane = divmod(index, 1 << self.lane_bits)
            if lane == self.lanes - 1:
                return (word + 1) << self.lane_bits
        return index + 1

    def capacity(self, queue: int) -> int:
        """Return the bytes of requests that a link with ``queue`` bytes of memory holds.

        Raises
        ------
        ValueError
            If the memory is no power of two or cannot hold the longest request.
        """
        if queue not in (powers := [1 << n for n in range(9, 16)]):
            raise ValueError(f"queue must be one of {powers}, not {queue}")
        return queue - self.reserved

    def info(self, preset: str, queue: int = 512) -> bytes:
        """Return the 48 bytes that HELLO says.

        Parameters
        ----------
        preset : str
            Name of the preset, at most 16 characters of ASCII.
        queue : int
            Bytes of the link's memory; the answer tells its `capacity`.

        Raises
        ------
        ValueError
            If the name does not fit, or the queue is impossible.
        """
        if not preset.isascii() or len(preset) > 16:
            raise ValueError(f"preset must be at most 16 characters of ASCII, not {preset!r}")
        first, others = self.about[:1], self.about[1:]
        head = (b"GS", VERSION, first, self.build_hash, self.capacity(queue))
        return INFO.pack(*head, others, preset.encode())


def check_divisor(divisor: int) -> None:
    """Raise ValueError if a bit has too few clock cycles."""
    if divisor < LEAST_DIVISOR:
        raise ValueError(f"divisor must be at least {LEAST_DIVISOR}, not {divisor}")


def borne(divisor: int) -> tuple[float, float]:
    """Return by how much a sender's bits may be shorter, and longer, than the receiver's.

    The stop bit is sampled ``9 * divisor + divisor // 2`` cycles, and up to one more, after the
    edge that begins the byte: that must be within the sender's tenth bit.

    Parameters
    ----------
    divisor : int
        Clock cycles of a bit of the receiver's.

    Raises
    ------
    ValueError
        If it is less than 4.
    """
    check_divisor(divisor)
    half = divisor // 2
    return (divisor - half - 1) / (10 * divisor), half / (9 * divisor)

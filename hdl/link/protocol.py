"""The numbers of ``docs/link.md``, for the device and for a host in Python."""

import hashlib
import json
import struct
from collections.abc import Mapping
from dataclasses import asdict
from enum import IntEnum

from golden.dense.interface import MemoryMap, Region
from golden.dense.params import Params
from golden.dense.registers import register_map

VERSION = 1
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


class Op(IntEnum):
    """What a request asks for."""

    HELLO = 0x01
    STATUS = 0x02
    RESET = 0x03
    READ = 0x10
    WRITE = 0x11
    PIXELS = 0x20
    PRESENT = 0x21
    DISCARD = 0x22


class Status(IntEnum):
    """What became of a request."""

    OK = 0
    DUPLICATE = 1
    SEQUENCE = 2
    BAD_FRAME = 3
    OVERFLOW = 4
    BAD_OP = 5
    BAD_LENGTH = 6
    BAD_INDEX = 7
    BAD_VALUE = 8
    NO_IMAGE = 9
    OVERRUN = 10


COUNTER_REGION = 6
"""Region of the counters, which are the link's own."""
REGIONS = (*Region, COUNTER_REGION)
"""What an index counts: those of the core, and the counters."""
READ_ONLY = (Region.SPIKES, COUNTER_REGION)


class Counter(IntEnum):
    """Indices of the region of counters."""

    CYCLES = 0
    EVENTS = 1
    SPIKES = 2
    PRESENTATIONS = 3
    BAD_FRAMES = 4
    OVERFLOWS = 5


class Image(IntEnum):
    """How far the image has come in that will be presented next."""

    EMPTY = 0
    PARTIAL = 1
    COMPLETE = 2
    SPOILT = 3


INFO = struct.Struct("<2sBB8s7H4B16s2x")
"""Layout of `info`: GS, version, pixel bits, build hash, queue, height, width, n_axons, n_neurons,
n_lanes, n_classes, bits of w, v, theta, last, name of the preset."""
COUNTER_BYTES = 4
RESERVED = INFO.size + COUNTER_BYTES * len(Counter)
"""Bytes of the link's memory that are not part of the queue."""


def capacity(queue: int) -> int:
    """Return the bytes of requests that a link with ``queue`` bytes of memory holds.

    Raises
    ------
    ValueError
        If the memory is no power of two or cannot hold the longest request.
    """
    if queue not in (powers := [1 << n for n in range(9, 16)]):
        raise ValueError(f"queue must be one of {powers}, not {queue}")
    return queue - RESERVED


def build_hash(p: Params) -> bytes:
    """Return the 8 bytes that tell cores apart: their parameters and register map."""
    registers = [[name, kind.width, kind.signed] for name, kind in register_map(p).items()]
    described = json.dumps({"params": asdict(p), "registers": registers}, sort_keys=True)
    return hashlib.sha256(described.encode()).digest()[:8]


def info(p: Params, preset: str, queue: int = 512) -> bytes:
    """Return the 48 bytes that HELLO says about a core for ``p``.

    Parameters
    ----------
    p : Params
        What the core is made for.
    preset : str
        Name of the preset, at most 16 characters of ASCII.
    queue : int
        Bytes of the link's memory; the answer tells its `capacity`.

    Raises
    ------
    ValueError
        If the name or a size does not fit, or the queue is impossible.
    """
    if not preset.isascii() or len(preset) > 16:
        raise ValueError(f"preset must be at most 16 characters of ASCII, not {preset!r}")
    sizes = (p.height, p.width, p.n_axons, p.n_neurons, p.n_lanes, p.n_classes)
    if max(sizes) >= 1 << 16:
        raise ValueError(f"sizes of a core with a link must be below 65536, not {max(sizes)}")
    bits = (p.weight_bits, p.v.width, p.theta.width, p.last.width)
    head = (b"GS", VERSION, p.pixel.width, build_hash(p), capacity(queue))
    return INFO.pack(*head, *sizes, *bits, preset.encode())


def value_bits(p: Params) -> Mapping[int, int]:
    """Return the bits that a value takes in a frame: 4, 8, 16 or 32."""
    w = next(n for n in (4, 8, 16) if p.weight_bits <= n)
    theta = 32 if max(p.theta.width, p.v.width) > 16 else 16
    bits = dict.fromkeys(REGIONS, 16)
    four = dict.fromkeys((Region.REGISTERS, COUNTER_REGION), 32)
    return bits | four | {Region.WEIGHTS: w, Region.THETA: theta}


def limits(p: Params) -> Mapping[int, int]:
    """Return the first index that does not exist.

    In the regions of weights and ``theta`` an index whose lane is ``n_lanes`` or more does not
    exist either.
    """
    at = MemoryMap(p)
    return {
        Region.REGISTERS: len(register_map(p)),
        Region.WEIGHTS: at.n_weight_words << at.lane_bits,
        Region.THETA: p.n_words << at.lane_bits,
        Region.LAST: p.n_axons,
        Region.TABLE: at.n_gains,
        Region.SPIKES: p.vote_spikes,
        COUNTER_REGION: len(Counter),
    }

"""The numbers of ``docs/link.md`` that are the dense core's, for a device and a host in Python."""

import hashlib
import json
import struct
from enum import IntEnum

from golden.dense.declaration import told
from golden.dense.interface import MemoryMap, Region
from golden.dense.params import Params
from golden.dense.registers import register_map
from hdl.link.protocol import Extent, LinkMap


class ImageOp(IntEnum):
    """What a request asks for."""

    PIXELS = 0x20
    PRESENT = 0x21
    DISCARD = 0x22
    START = 0x23


LENGTHS: dict[int, int | None] = {
    ImageOp.PIXELS: None,
    ImageOp.PRESENT: 2,
    ImageOp.DISCARD: 0,
    ImageOp.START: 2,
}
"""Bytes of the payloads; None is any number."""


class ImageStatus(IntEnum):
    """What became of a request for images."""

    NO_IMAGE = 9
    OVERRUN = 10


class Image(IntEnum):
    """How far the image has come in that will be presented next."""

    EMPTY = 0
    PARTIAL = 1
    COMPLETE = 2
    SPOILT = 3


COUNTERS = ("cycles", "events", "spikes", "presentations")
"""What presentations add to."""
SIZES = struct.Struct("<B6H4B")
"""What HELLO says of the core: bits of a pixel; height, width, n_axons, n_neurons, n_lanes,
n_classes; bits of w, v, theta, last."""


def link_map(p: Params) -> LinkMap:
    """Return what a core made for ``p`` has behind a link.

    Raises
    ------
    ValueError
        If a size does not fit.
    """
    at = MemoryMap(p)
    sizes = (p.height, p.width, p.n_axons, p.n_neurons, p.n_lanes, p.n_classes)
    if max(sizes) >= 1 << 16:
        raise ValueError(f"sizes of a core with a link must be below 65536, not {max(sizes)}")
    weight = next(n for n in (4, 8, 16) if p.weight_bits <= n)
    theta = 32 if max(p.theta.width, p.v.width) > 16 else 16
    regions = {
        Region.REGISTERS: Extent(len(register_map(p)), 32),
        Region.WEIGHTS: Extent(at.n_weight_words << at.lane_bits, weight, p.n_lanes),
        Region.THETA: Extent(p.n_words << at.lane_bits, theta, p.n_lanes),
        Region.LAST: Extent(p.n_axons, 16),
        Region.TABLE: Extent(at.n_gains, 16),
        Region.SPIKES: Extent(p.vote_spikes, 16, writable=False),
    }
    bits = (p.weight_bits, p.v.width, p.theta.width, p.last.width)
    return LinkMap(regions, COUNTERS, build_hash(p), SIZES.pack(p.pixel.width, *sizes, *bits))


def build_hash(p: Params) -> bytes:
    """Return the 8 bytes that tell cores apart: their parameters and register map."""
    registers = [[name, kind.width, kind.signed] for name, kind in register_map(p).items()]
    described = json.dumps({"params": told(p), "registers": registers}, sort_keys=True)
    return hashlib.sha256(described.encode()).digest()[:8]

"""The numbers of ``docs/link.md`` that are the network core's, for device and host in Python."""

import struct
from enum import IntEnum
from typing import NamedTuple

from golden.cells.program import Program
from golden.network.chip import Chip, Kind
from golden.network.digest import digest
from golden.network.interface import extents
from golden.numbers.formats import index_bits
from hdl.link.protocol import MOST, MOST_ANSWER, Extent, LinkMap


class NetworkOp(IntEnum):
    """What a request asks for."""

    RUN = 0x20
    FETCH = 0x21
    FEED = 0x22


LENGTHS: dict[int, int | None] = {
    NetworkOp.RUN: 2,
    NetworkOp.FETCH: 2,
    NetworkOp.FEED: None,
}
"""Bytes of the payloads; None is any number."""


class NetworkStatus(IntEnum):
    """What became of a request that a run or what waits for one does not allow."""

    RUNNING = 9
    NO_ROOM = 10


MOST_STEPS = (1 << 16) - 1
"""Of one RUN: the steps of its spikes differ modulo 65,536."""
ITEM = struct.Struct("<I")
"""Of a FEED: the value in the low 24 bits, the end in bit 24."""
END_BIT = 1 << 24
MOST_ITEMS = MOST // ITEM.size
"""In one FEED."""
HEAD = struct.Struct("<IBB")
"""How the answer to FETCH begins: cycles, whether a run is under way, room for items."""
SPIKE_BYTES = 5
"""Of a spike: step (2), neuron (3)."""
MOST_NEURONS = 1 << 16
"""Whose numbers differ in what the link keeps of them."""
MOST_SPIKES = (MOST_ANSWER - HEAD.size) // SPIKE_BYTES
"""In one answer."""
SIZES = struct.Struct("<BIIHHHH")
"""What HELLO says of the core: kinds; runs, synapses; axons, queue; buffers of spikes, of items."""


class Buffers(NamedTuple):
    """What the link keeps between the core and the line."""

    spikes: int = 512
    """A power of two."""
    items: int = 65
    """From outside, one of them at the core."""


def value_bits(chip: Chip) -> int:
    """Return the bits of an item's value that reach the core: an axon, or steps that are quiet."""
    return max(8, index_bits(chip.axons))


def link_map(chip: Chip, buffers: Buffers) -> LinkMap:
    """Return what a core has behind a link.

    Raises
    ------
    ValueError
        If a size does not fit.
    """
    if buffers.spikes not in (powers := [1 << n for n in range(6, 16)]):
        raise ValueError(f"the buffer of spikes must be one of {powers}, not {buffers.spikes}")
    sizes = (chip.axons, chip.queue, *buffers)
    if max(sizes) >= 1 << 16:
        raise ValueError(f"sizes of a core with a link must be below 65536, not {max(sizes)}")
    regions = {
        number: Extent(size, next(n for n in (8, 16, 32) if bits <= n))
        for number, (size, bits) in enumerate(extents(chip))
    }
    about = SIZES.pack(len(chip.kinds), chip.runs, chip.synapses, *sizes)
    return LinkMap(regions, (), build_hash(chip, buffers), about)


def build_hash(chip: Chip, buffers: Buffers) -> bytes:
    """Return the 8 bytes that tell cores apart: their kinds and what lies where."""
    kinds = [_kind(kind) for kind in chip.kinds]
    shape = (chip.count_bits, chip.gap_bits, chip.family_bits, chip.weight_bits, chip.elects)
    told = [kinds, chip.fabric, extents(chip), shape, chip.family_weight_bits, tuple(buffers)]
    if chip.learner:
        # Of a rule the values of constants, too, are gates; and no region says what may wait.
        told += [chip.learner, chip.learner.shift, chip.branches]
    return bytes.fromhex(digest(told))[:8]


def _kind(kind: Kind) -> list:
    sizes = [kind.name, kind.slots, kind.varying, kind.inlet_bits, kind.interval, kind.multipliers]
    return [*sizes, _program(kind.program)]


def _program(program: Program) -> list:
    """Return what gates are made from: not where states begin, nor the values of constants."""
    return [
        [(v.operation, v.operands, v.detail, v.low, v.high, v.point) for v in program.values],
        [(word.name, word.width) for word in (*program.states, *program.receptors)],
        [(constant.name, constant.point) for constant in program.constants],
        program.written,
        [program.spike, program.margin],
    ]

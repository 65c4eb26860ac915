"""How many block memories a design needs, before any tool has run: an estimate."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from boards.parts.families import Family, Mode
from golden.dense.interface import MemoryMap
from golden.dense.params import Params

MEMORY = re.compile(r"^ *memory width (\d+) size (\d+) ", re.MULTILINE)
FEW_BITS = 64
"""A memory with no more becomes flip-flops."""


class LaneMemory(NamedTuple):
    """``depth`` words of ``lanes`` lanes of ``bits`` bits, each lane written alone."""

    depth: int
    lanes: int
    bits: int


def blocks(memory: LaneMemory, family: Family) -> int:
    """Return how many block memories it takes, all used in the same mode; 0 if it needs none."""
    depth, lanes, bits = memory
    if depth <= family.lutram_depth or depth * lanes * bits <= FEW_BITS:
        return 0
    return min(_beside(memory, mode) * -(-depth // mode.depth) for mode in family.modes)


def _beside(memory: LaneMemory, mode: Mode) -> int:
    granules = -(-memory.bits // mode.granule)
    return -(-memory.lanes * granules // (mode.width // mode.granule))


def memories(il: str, p: Params) -> list[LaneMemory]:
    """Return the memories of a design in RTLIL, in which those of the neurons have lanes."""
    lanes = {(m.depth, m.lanes * m.bits): m for m in of_neurons(p)}
    found = [(int(depth), int(width)) for width, depth in MEMORY.findall(il)]
    return [lanes.get((depth, width), LaneMemory(depth, 1, width)) for depth, width in found]


def of_neurons(p: Params) -> list[LaneMemory]:
    """Return the two memories that grow with the neurons: weights, and ``v`` with ``theta``."""
    at = MemoryMap(p)
    return [
        LaneMemory(at.n_weight_words, p.n_lanes, p.w.width),
        LaneMemory(2 * p.n_words, p.n_lanes, at.value_bits),
    ]


def needed(found: Iterable[LaneMemory], family: Family) -> int:
    """Return the estimate for all memories."""
    return sum(blocks(memory, family) for memory in found)


def most_neurons(p: Params, found: list[LaneMemory], family: Family, available: int) -> int:
    """Return the most neurons, in whole words, whose core needs no more than is available; or 0.

    Parameters
    ----------
    p : Params
        What the design was made for.
    found : list of LaneMemory
        All its memories.
    family : Family
        Of the part.
    available : int
        Block memories of the part.
    """
    grow = [memory for memory in of_neurons(p) if memory in found]
    others = needed((memory for memory in found if memory not in grow), family)
    for n_words in range(p.n_words, 0, -1):
        n_neurons = min(p.n_neurons, n_words * p.n_lanes)
        smaller = of_neurons(replace(p, n_neurons=n_neurons))
        kept = [new for new, old in zip(smaller, of_neurons(p), strict=True) if old in grow]
        if others + needed(kept, family) <= available:
            return n_neurons
    return 0

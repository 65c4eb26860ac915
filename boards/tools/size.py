"""How many block memories a design needs, before any tool has run: an estimate."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from boards.parts.families import TOP, Family, Mode
from golden.dense.interface import MemoryMap
from golden.dense.params import Params
from golden.network.placement.memories import FEW_BITS

PART = re.compile(r"^module \\(\S+)|^  memory width (\d+) size (\d+) \\(\S+)$", re.MULTILINE)
WRITTEN = re.compile(
    r"""^module \\(\S+)|^  cell [$]memwr\S* .*\n    parameter \\MEMID "\\\\(\S+)"$""",
    re.MULTILINE,
)
TABLE = (16, 4)
"""Words and bits of a memory of lookup tables, of all families that have some."""


class LaneMemory(NamedTuple):
    """``depth`` words of ``lanes`` lanes of ``bits`` bits, each lane written alone."""

    depth: int
    lanes: int
    bits: int


def blocks(memory: LaneMemory, family: Family) -> int:
    """Return how many block memories it takes, all used in the same mode; 0 if it needs none."""
    if small(memory) or memory.depth <= family.lutram_depth:
        return 0
    return least_blocks(memory, family)


def small(memory: LaneMemory) -> bool:
    """Tell whether a memory becomes flip-flops."""
    return memory.depth * memory.lanes * memory.bits <= FEW_BITS


def least_blocks(memory: LaneMemory, family: Family) -> int:
    """Return how many block memories it takes in the modes that suit it best.

    If all of a word is written at once, synthesis may give its bits to memories of several modes.
    """
    if memory.lanes > 1:
        return min(_blocks(memory, mode) for mode in family.modes)
    columns = [(mode.width, -(-memory.depth // mode.depth)) for mode in family.modes]
    least = [0]
    for bits in range(1, memory.bits + 1):
        least.append(min(n + least[max(0, bits - width)] for width, n in columns))
    return least[-1]


def most_blocks(memory: LaneMemory, family: Family) -> int:
    """Return how many it takes in the mode that suits it least."""
    return max(_blocks(memory, mode) for mode in family.modes)


def tables(memory: LaneMemory) -> int:
    """Return how many memories of lookup tables it takes at least, where a family has some."""
    words, bits = TABLE
    return -(-memory.depth // words) * -(-memory.lanes * memory.bits // bits)


def _blocks(memory: LaneMemory, mode: Mode) -> int:
    granules = -(-memory.bits // mode.granule)
    beside = -(-memory.lanes * granules // (mode.width // mode.granule))
    return beside * -(-memory.depth // mode.depth)


def memories(il: str, of_lanes: Sequence[LaneMemory] = ()) -> dict[str, LaneMemory]:
    """Return the memories of a design in RTLIL, in which those of such sizes have lanes.

    Their names are those that they have in the flat netlist.
    """
    lanes = {(m.depth, m.lanes * m.bits): m for m in of_lanes}
    found, module = {}, ""
    for here, width, depth, name in PART.findall(il):
        if here:
            module = here.removeprefix(TOP).removeprefix(".")
            continue
        size = int(depth), int(width)
        path = f"{module}.{name}".removeprefix(".")
        found[path] = lanes.get(size, LaneMemory(size[0], 1, size[1]))
    return found


def written(il: str) -> set[str]:
    """Return the memories of a design in RTLIL that are ever written, named as by `memories`."""
    found, module = set(), ""
    for here, name in WRITTEN.findall(il):
        if here:
            module = here.removeprefix(TOP).removeprefix(".")
        else:
            found.add(f"{module}.{name}".removeprefix("."))
    return found


def of_neurons(p: Params) -> list[LaneMemory]:
    """Return the two memories that grow with the neurons: weights, and ``v`` with ``theta``."""
    at = MemoryMap(p)
    return [
        LaneMemory(at.n_weight_words, p.n_lanes, p.w.width),
        LaneMemory(2 * p.n_words, p.n_lanes, at.value_bits),
    ]


def in_tables(name: str, family: Family) -> bool:
    """Tell whether a memory is made of lookup tables whatever its size."""
    return name.endswith(tuple(f".{end}" for end in family.in_tables))


def needed(found: dict[str, LaneMemory], family: Family) -> int:
    """Return the estimate for all memories."""
    return sum(
        blocks(memory, family) for name, memory in found.items() if not in_tables(name, family)
    )


def most_neurons(p: Params, found: dict[str, LaneMemory], family: Family, available: int) -> int:
    """Return the most neurons, in whole words, whose core needs no more than is available; or 0.

    Parameters
    ----------
    p : Params
        What the design was made for.
    found : dict of str to LaneMemory
        All its memories, as of `memories`.
    family : Family
        Of the part.
    available : int
        Block memories of the part.
    """
    now = of_neurons(p)
    others = needed({name: m for name, m in found.items() if m not in now}, family)
    for n_words in range(p.n_words, 0, -1):
        n_neurons = min(p.n_neurons, n_words * p.n_lanes)
        smaller = of_neurons(replace(p, n_neurons=n_neurons))
        kept = [new for new, old in zip(smaller, now, strict=True) if old in found.values()]
        if others + sum(blocks(memory, family) for memory in kept) <= available:
            return n_neurons
    return 0

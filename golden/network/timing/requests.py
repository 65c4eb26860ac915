"""Requests of the host, one behind the other without a pause: laid together.

That each takes the same cycles is what `golden.network.timing.timeline` says of one; here it is
said of thousands at once, so that a network is loaded in no time.
"""

from collections.abc import Sequence
from itertools import groupby

import numpy as np

from golden.cycles.track import Track
from golden.network.interface import HOST_CYCLES, BusRequest, Phase, Region
from golden.network.timing.memories import Memories
from golden.network.timing.record import Sheet
from golden.numbers.formats import Array

SERVED = HOST_CYCLES + 2
"""Cycles of a request: one of IDLE, those of HOST, one of RESPOND."""
FEWEST = 8
"""That are worth it."""


def alike(requests: Sequence[BusRequest]) -> Sequence[BusRequest]:
    """Return the first ones that all read, or all write, the same memory."""
    _, first = next(groupby(requests, key=lambda request: request[:2]))
    found = list(first)
    return found if found[0][1] != Region.REGISTERS else ()


def served(memories: Memories, requests: Sequence[BusRequest]) -> Array:
    """Carry out requests of one memory; return what they are answered with.

    Raises
    ------
    ValueError
        If there is nothing at the index of one.
    """
    write, region, *_ = requests[0]
    index, data = np.array(requests, np.int64)[:, 2:].T
    words, bits = memories.extents[region]
    if index.max() >= words:
        raise ValueError(f"index in region {region} must be 0 to {words - 1}, not {index.max()}")
    memory, shape = memories.memory(region)
    if write:
        memory[index] = shape.wrap(data)
        return data & ((1 << bits) - 1)
    return memory[index] & ((1 << bits) - 1)


def lay(track: Track[Sheet], answers: Array) -> None:
    """Show requests that are valid as soon as the core is in IDLE, and answers that are taken."""
    n, begin = len(answers), track.now
    grid, end = track.grid, begin + SERVED * len(answers)
    track.spend(Phase.IDLE, SERVED * n)
    for cycle in range(1, 1 + HOST_CYCLES):
        grid.mark(slice(begin + cycle, end, SERVED), phase=Phase.HOST)
    grid.mark(slice(begin + HOST_CYCLES, end, SERVED), bus_ready=1)
    last = slice(begin + HOST_CYCLES + 1, end, SERVED)
    grid.mark(last, phase=Phase.RESPOND, response_valid=1, response=answers)

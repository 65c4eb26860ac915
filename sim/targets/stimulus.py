"""A stimulus of `golden.cycles.stimulus` as the simulators take it: flat arrays.

While a stream is not valid, its payload is all ones.
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from golden.cycles.stimulus import Stimulus

INPUTS = ("pixels", "start", "bus")
OUTPUTS = ("result", "response")
"""Streams of the core, in the order of the bits of `Tape.go`."""

PIXEL = {"pixel": 8}
START = {"learn": 1, "label": 31}
BUS = {"write": 1, "region": 3, "index": 24, "data": 32}
PAYLOADS = dict(zip(INPUTS, (PIXEL, START, BUS), strict=True))
"""Bits of the payloads' fields, the lowest first."""


class Tape(NamedTuple):
    """A stimulus in flat arrays."""

    queues: tuple[NDArray[np.uint64], ...]
    """Payloads of every input in order, as bits."""
    go: NDArray[np.uint8]
    """A cycle's offers and readiness, (n_cycles,), one bit a stream."""


def tape(stimulus: Stimulus) -> Tape:
    """Return a stimulus in flat arrays.

    Raises
    ------
    ValueError
        If it has no cycles, or a payload does not fit.
    """
    if stimulus.n_cycles == 0:
        raise ValueError("a stimulus must have at least one cycle, not 0")
    go = np.zeros(stimulus.n_cycles, dtype=np.uint8)
    for bit, name in enumerate((*INPUTS, *OUTPUTS)):
        go |= stimulus.go[name].astype(np.uint8) << bit
    queues = tuple(packed(PAYLOADS[name], stimulus.items.get(name, ())) for name in INPUTS)
    return Tape(queues, go)


def packed(widths: dict[str, int], items: Iterable) -> NDArray[np.uint64]:
    """Return the bits of every payload."""
    columns = np.array(list(items), dtype=np.int64).reshape(-1, len(widths)).T
    bits, shift = np.zeros(columns.shape[1], dtype=np.uint64), 0
    for (name, width), column in zip(widths.items(), columns, strict=True):
        if wrong := column[(column < 0) | (column >= 1 << width)].tolist():
            raise ValueError(f"{name} must be 0 to {(1 << width) - 1}, not {wrong[0]}")
        bits |= column.astype(np.uint64) << np.uint64(shift)
        shift += width
    return bits

"""A stimulus of `golden.cycles.stimulus` as the simulators take it: flat arrays.

While a stream is not valid, its payload is all ones.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from golden.cycles.stimulus import Stimulus
from golden.dense.interface import INPUTS, STREAMS
from golden.numbers.fields import Field, StreamPort


class Tape(NamedTuple):
    """A stimulus in flat arrays."""

    queues: tuple[NDArray[np.uint64], ...]
    """Payloads of every input in order, as bits."""
    go: NDArray[np.uint8]
    """A cycle's offers and readiness, (n_cycles,), one bit a stream."""


def tape(stimulus: Stimulus, streams: Mapping[str, StreamPort]) -> Tape:
    """Return a stimulus for a core with these streams in flat arrays.

    Raises
    ------
    ValueError
        If it has no cycles, or a payload does not fit.
    """
    if stimulus.n_cycles == 0:
        raise ValueError("a stimulus must have at least one cycle, not 0")
    go = np.zeros(stimulus.n_cycles, dtype=np.uint8)
    for bit, name in enumerate(STREAMS):
        go |= stimulus.go[name].astype(np.uint8) << bit
    queues = tuple(
        packed(name, streams[name].fields, stimulus.items.get(name, ())) for name in INPUTS
    )
    return Tape(queues, go)


def packed(stream: str, fields: Sequence[Field], items: Iterable) -> NDArray[np.uint64]:
    """Return the bits of every payload."""
    columns = np.array(list(items), dtype=np.int64).reshape(-1, len(fields)).T
    bits, shift = np.zeros(columns.shape[1], dtype=np.uint64), 0
    for field, column in zip(fields, columns, strict=True):
        name, most = field.name or stream, field.fmt.max
        if wrong := column[(column < 0) | (column > most)].tolist():
            raise ValueError(f"{name} must be 0 to {most}, not {wrong[0]}")
        bits |= column.astype(np.uint64) << np.uint64(shift)
        shift += field.fmt.width
    return bits

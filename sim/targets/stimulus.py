"""A stimulus of `golden.cycles.stimulus` as the simulators take it: flat arrays.

While a stream is not valid, its payload is all ones.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from golden.cycles.stimulus import Stimulus
from golden.numbers.fields import Field, StreamPort

MOST_STREAMS = 32
"""Of a core: a bit of `Tape.go` each."""
MOST_BITS = 64
"""Of a payload that a core reads."""


class Tape(NamedTuple):
    """A stimulus in flat arrays."""

    queues: tuple[NDArray[np.uint64], ...]
    """Payloads of every stream that the core reads, in their order, as bits."""
    go: NDArray[np.uint32]
    """A cycle's offers and readiness, (n_cycles,), one bit a stream: those that the core reads come
    first, then those that it writes."""


def inputs(streams: Mapping[str, StreamPort]) -> list[str]:
    """Return the names of the streams that a core reads, in their order."""
    return [name for name, port in streams.items() if port.is_input]


def outputs(streams: Mapping[str, StreamPort]) -> list[str]:
    """Return the names of the streams that a core writes, in their order."""
    return [name for name, port in streams.items() if not port.is_input]


def checked(streams: Mapping[str, StreamPort]) -> dict[str, StreamPort]:
    """Return streams that fit a `Tape`.

    Raises
    ------
    ValueError
        If they do not.
    """
    if len(streams) > MOST_STREAMS:
        raise ValueError(f"a core must have at most {MOST_STREAMS} streams, not {len(streams)}")
    for name in inputs(streams):
        if (bits := sum(field.fmt.width for field in streams[name].fields)) > MOST_BITS:
            raise ValueError(f"payload of {name} must have at most {MOST_BITS} bits, not {bits}")
    return dict(streams)


def tape(streams: Mapping[str, StreamPort], stimulus: Stimulus) -> Tape:
    """Return a stimulus for a core with these streams in flat arrays.

    Raises
    ------
    ValueError
        If it has no cycles, or a payload does not fit.
    """
    if stimulus.n_cycles == 0:
        raise ValueError("a stimulus must have at least one cycle, not 0")
    go = np.zeros(stimulus.n_cycles, dtype=np.uint32)
    for bit, name in enumerate((*inputs(streams), *outputs(streams))):
        go |= stimulus.go[name].astype(np.uint32) << np.uint32(bit)
    queues = [
        packed(name, streams[name].fields, stimulus.items.get(name, ())) for name in inputs(streams)
    ]
    return Tape(tuple(queues), go)


def packed(stream: str, fields: Sequence[Field], items: Iterable) -> NDArray[np.uint64]:
    """Return the bits of every payload."""
    columns = np.array(list(items), dtype=np.int64).reshape(-1, len(fields)).T
    bits, shift = np.zeros(columns.shape[1], dtype=np.uint64), 0
    for field, column in zip(fields, columns, strict=True):
        width, most = field.fmt.width, (1 << field.fmt.width) - 1
        name = field.name or stream
        if wrong := column[(column < 0) | (column > most)].tolist():
            raise ValueError(f"{name} must be 0 to {most}, not {wrong[0]}")
        bits |= column.astype(np.uint64) << np.uint64(shift)
        shift += width
    return bits

"""What happens at the ports of a core: the contract between a cycle model and the simulators.

Cycle 0 is the first after reset. A stream that the core reads keeps its items in a queue. In cycle
``c`` its ``valid`` is 1 if it was 1 in ``c - 1`` without a transfer, or if ``go[c]`` and the queue
is not empty; its payload is then the head of the queue. A transfer (``valid`` and ``ready``)
removes the head at the end of its cycle. So an item is held until it is accepted, whatever ``go``
says, and where ``go`` is false no new one is put forward. As a loop::

    valid = False
    for c in range(n_cycles):
        valid = valid or (go[c] and len(queue) > 0)     seen in cycle c
        if valid and ready:
            queue.pop(0); valid = False

A stream that the core writes is taken in cycle ``c`` if its ``valid`` and ``go[c]`` are both 1.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

NEVER = 1 << 62
"""A cycle after all others."""


@dataclass(frozen=True)
class Stimulus:
    """What is put forward and taken at the ports in each cycle; see the top of this file.

    Raises
    ------
    ValueError
        If a stream with items has no pattern, or the patterns are not bool arrays of one length.
    """

    items: Mapping[str, Sequence | NDArray[np.int64]]
    """Payloads by the name of the stream that the core reads: numbers, or tuples of their fields
    in order."""
    go: Mapping[str, NDArray[np.bool_]]
    """A pattern (n_cycles,) for every stream of the core: when it may be put forward or taken."""

    def __post_init__(self):
        for name in self.items:
            if name not in self.go:
                raise ValueError(f"stream must be one of {', '.join(self.go)}, not {name}")
        shape = (self.n_cycles,)
        for name, found in self.go.items():
            if found.dtype != np.bool_ or found.shape != shape:
                raise ValueError(
                    f"pattern of {name} must be bool of shape {shape}, "
                    f"not {found.dtype} of shape {found.shape}"
                )

    @classmethod
    def eager(
        cls, n_cycles: int, items: Mapping[str, Sequence | NDArray[np.int64]], taken: Iterable[str]
    ) -> "Stimulus":
        """Make a stimulus without stalls; ``taken`` are the streams that the core writes."""
        always = np.ones(n_cycles, dtype=np.bool_)
        return cls(items, dict.fromkeys([*items, *taken], always))

    @property
    def n_cycles(self) -> int:
        """Length of the run."""
        return max((pattern.size for pattern in self.go.values()), default=0)

    def cut(self, n_cycles: int) -> "Stimulus":
        """Return the first so many cycles of it."""
        return replace(self, go={name: pattern[:n_cycles] for name, pattern in self.go.items()})

    def taken(self, rows: NDArray[np.void], stream: str) -> NDArray[np.bool_]:
        """Return in which cycles of a record (n,) a stream that the core writes is taken, (n,).

        The record shows the stream's ``valid`` in a field ``STREAM_valid``.
        """
        return rows[f"{stream}_valid"].astype(np.bool_) & self.go[stream][: len(rows)]


class Feed:
    """One stream that the core reads, seen from the core."""

    def __init__(self, stimulus: Stimulus, stream: str):
        items = stimulus.items.get(stream, ())
        self._items = items.tolist() if isinstance(items, np.ndarray) else items
        self._next, self._taken = following(stimulus.go[stream]), 0
        self.valid = self._valid(0)
        """Cycle from which the head is valid; `NEVER` if it never is."""

    @property
    def head(self):
        """The item that is, or will be, put forward."""
        return self._items[self._taken]

    @property
    def left(self) -> int:
        """Items that have not been taken."""
        return len(self._items) - self._taken

    def ahead(self, most: int) -> Sequence:
        """Return the head and what follows it, so many items at most."""
        return self._items[self._taken : self._taken + most]

    def accept(self, cycle: int, count: int = 1) -> None:
        """Transfer the head in a cycle, the last of ``count`` that have been transferred."""
        self._taken += count
        self.valid = self._valid(cycle + 1)

    def _valid(self, cycle: int) -> int:
        return self._next(cycle) if self.left else NEVER


def following(pattern: NDArray[np.bool_]) -> Callable[[int], int]:
    """Return a function from a cycle to the first cycle not before it in which a pattern is set."""
    if pattern.all():
        return lambda cycle: cycle if cycle < len(pattern) else NEVER
    cycles = np.where(pattern, np.arange(len(pattern)), NEVER)
    first = np.minimum.accumulate(cycles[::-1])[::-1].tolist()
    return lambda cycle: first[cycle] if cycle < len(first) else NEVER

"""What happens at the ports of a core: the contract between the cycle model and the simulators.

Cycle 0 is the first after reset. A stream that the core reads keeps its items in a queue. In cycle
``c`` its ``valid`` is 1 if it was 1 in ``c - 1`` without a transfer, or if ``offer[c]`` and the
queue is not empty; its payload is then the head of the queue. A transfer (``valid`` and ``ready``)
removes the head at the end of its cycle. So an item is held until it is accepted, whatever
``offer`` says, and where ``offer`` is false no new one is put forward. As a loop::

    valid = False
    for c in range(n_cycles):
        valid = valid or (offer[c] and len(queue) > 0)     seen in cycle c
        if valid and ready:
            queue.pop(0); valid = False

A stream that the core writes is taken in cycle ``c`` if its ``valid`` and ``take[c]`` are both 1.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

NEVER = 1 << 62
"""A cycle after all others."""


class Region(IntEnum):
    """What a request of the host is about."""

    REGISTERS = 0
    WEIGHTS = 1
    THETA = 2
    LAST = 3
    TABLE = 4
    SPIKES = 5


class Start(NamedTuple):
    """Payload of the stream ``start``."""

    learn: bool
    label: int


@dataclass(frozen=True, slots=True)
class Request:
    """Payload of the stream ``bus``."""

    write: bool
    region: int
    index: int
    data: int = 0
    """32 bits, unsigned; of no meaning in a read."""


@dataclass(frozen=True)
class Stimulus:
    """What is put forward and taken at the ports in each cycle; see the top of this file.

    Raises
    ------
    ValueError
        If the five patterns are not bool arrays of one length.
    """

    pixels: NDArray[np.int64]
    """All pixels of all images, one after another."""
    starts: Sequence[Start]
    requests: Sequence[Request]
    offer_pixels: NDArray[np.bool_]
    offer_starts: NDArray[np.bool_]
    offer_requests: NDArray[np.bool_]
    take_results: NDArray[np.bool_]
    take_responses: NDArray[np.bool_]

    def __post_init__(self):
        for name in PATTERNS:
            found, expected = getattr(self, name), self.take_results.shape
            if found.dtype != np.bool_ or found.ndim != 1 or found.shape != expected:
                raise ValueError(
                    f"{name} must be bool of shape {expected}, "
                    f"not {found.dtype} of shape {found.shape}"
                )

    @classmethod
    def eager(
        cls,
        n_cycles: int,
        pixels: NDArray[np.int64],
        starts: Sequence[Start] = (),
        requests: Sequence[Request] = (),
    ) -> "Stimulus":
        """Make a stimulus without stalls."""
        always = np.ones(n_cycles, dtype=np.bool_)
        return cls(pixels, starts, requests, *[always] * len(PATTERNS))

    @property
    def n_cycles(self) -> int:
        """Length of the run."""
        return len(self.take_results)


PATTERNS = ("offer_pixels", "offer_starts", "offer_requests", "take_results", "take_responses")


class Stream:
    """One stream of a stimulus, seen from the core."""

    def __init__(self, items: Sequence, offer: NDArray[np.bool_]):
        self.items, self._next, self._taken = items, following(offer), 0
        self.valid = self._valid(0)
        """Cycle from which the head is valid; `NEVER` if it never is."""

    @property
    def head(self):
        """The item that is, or will be, put forward."""
        return self.items[self._taken]

    def accept(self, cycle: int) -> None:
        """Transfer the head in a cycle."""
        self._taken += 1
        self.valid = self._valid(cycle + 1)

    def _valid(self, cycle: int) -> int:
        return self._next(cycle) if self._taken < len(self.items) else NEVER


def following(pattern: NDArray[np.bool_]):
    """Return a function from a cycle to the first cycle not before it in which a pattern is set."""
    cycles = np.where(pattern, np.arange(len(pattern)), NEVER)
    first = np.minimum.accumulate(cycles[::-1])[::-1].tolist()
    return lambda cycle: first[cycle] if cycle < len(first) else NEVER

"""The dense core's streams in a `golden.cycles.stimulus.Stimulus`, and what goes through them."""

from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from golden.cycles.stimulus import Stimulus

INPUTS = ("pixels", "start", "bus")
OUTPUTS = ("result", "response")
STREAMS = (*INPUTS, *OUTPUTS)


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


class Request(NamedTuple):
    """Payload of the stream ``bus``."""

    write: bool
    region: int
    index: int  # pyright: ignore[reportIncompatibleMethodOverride]  # The word of the page.
    data: int = 0
    """32 bits, unsigned; of no meaning in a read."""


def items(
    pixels: NDArray[np.int64], starts: Sequence[Start] = (), requests: Sequence[Request] = ()
) -> Mapping[str, Sequence | NDArray[np.int64]]:
    """Return what is put forward; all pixels of all images (n,), one after another."""
    return dict(zip(INPUTS, (pixels, starts, requests), strict=True))


def eager(
    n_cycles: int,
    pixels: NDArray[np.int64],
    starts: Sequence[Start] = (),
    requests: Sequence[Request] = (),
) -> Stimulus:
    """Make a stimulus without stalls."""
    return Stimulus.eager(n_cycles, items(pixels, starts, requests), OUTPUTS)

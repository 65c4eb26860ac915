"""The dense core's streams in a `golden.cycles.stimulus.Stimulus`, and what goes through them."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from golden.cycles.stimulus import Stimulus
from golden.dense.interface import INPUTS, OUTPUTS, BusRequest, Start


def items(
    pixels: NDArray[np.int64], starts: Sequence[Start] = (), requests: Sequence[BusRequest] = ()
) -> Mapping[str, Sequence | NDArray[np.int64]]:
    """Return what is put forward; all pixels of all images (n,), one after another."""
    return dict(zip(INPUTS, (pixels, starts, requests), strict=True))


def eager(
    n_cycles: int,
    pixels: NDArray[np.int64],
    starts: Sequence[Start] = (),
    requests: Sequence[BusRequest] = (),
) -> Stimulus:
    """Make a stimulus without stalls."""
    return Stimulus.eager(n_cycles, items(pixels, starts, requests), OUTPUTS)

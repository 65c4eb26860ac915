"""The neuron of W. McCulloch and W. Pitts (Bulletin of Mathematical Biophysics 5, 1943).

::

v = sum of the weights of what arrives in this step        v >= threshold: a spike
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from golden.cells.cell import Cell
from golden.cells.receptors.inlet import WEIGHT_BITS, weight_point
from golden.cells.trace import Trace

MOST = 256
"""Thresholds that a sum may reach."""


@dataclass(frozen=True, kw_only=True)
class McCullochPitts(Cell):
    """Spikes in every step in which enough arrives; remembers nothing.

    Parameters
    ----------
    threshold : float or array
        Not 0; the largest one of a group sets the format of weights: 256 of it fit, with 12
        fraction bits or more.

    Arrivals at ``delta`` add up to ``v``, which is kept for monitors alone.
    """

    threshold: Any = 1.0

    def step(self, trace: Trace) -> None:
        """Add up, compare."""
        largest = float(np.max(np.abs(self.threshold)))
        if largest == 0:
            raise ValueError("threshold must not be 0")
        point = weight_point(MOST * largest, 1.0)
        trace.state("v", WEIGHT_BITS, point, 0.0)
        v = trace.receptor("delta", WEIGHT_BITS, point)
        limit = np.ceil(np.asarray(self.threshold, float) * 2.0**point) / 2.0**point
        margin = v - trace.constant("threshold", limit, point)
        trace.write("v", v)
        trace.spike(margin >= trace.number(0), margin)

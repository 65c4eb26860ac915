"""How far the spikes of two models are apart."""

from collections.abc import Sequence

import numpy as np


def apart(a: Sequence[float] | np.ndarray, b: Sequence[float] | np.ndarray) -> float:
    """Return the mean distance of spikes: in order if there are as many, else of the nearest ones.

    It is 0 if there is none in either, and infinite if there is none in one.
    """
    one, other = np.asarray(a, np.float64), np.asarray(b, np.float64)
    if len(one) == len(other):
        return float(np.mean(np.abs(one - other))) if len(one) else 0.0
    if not len(one) or not len(other):
        return float("inf")
    return float(np.mean(np.abs(one[:, None] - other).min(axis=1)))

"""Transcendental functions with the same bits on every machine.

What becomes a constant, a weight or a table must not depend on a machine's mathematical library, so
it is computed with 100 bits by mpmath and rounded once to float64.
"""

from typing import Any

import mpmath
import numpy as np
from numpy.typing import NDArray

_CONTEXT = mpmath.MPContext()
_CONTEXT.prec = 100


def exp(x: Any) -> NDArray[np.float64]:
    """Return e**x of every entry; each different entry is computed once."""
    given = np.asarray(x, np.float64)
    different, where = np.unique(given, return_inverse=True)
    found = np.array([float(_CONTEXT.exp(_CONTEXT.mpf(float(v)))) for v in different], np.float64)
    return found[where].reshape(given.shape)

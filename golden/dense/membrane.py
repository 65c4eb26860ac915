"""Stage 4, membrane: leak, then integrate one row of weights per event."""

import numpy as np
from numpy.typing import NDArray

from golden.dense.params import Params


def start(p: Params) -> NDArray[np.int64]:
    """Return ``v`` at the start of a presentation: ``v_reset`` for every neuron."""
    return np.full(p.n_neurons, p.v_reset, dtype=np.int64)


def leak(p: Params, v: NDArray[np.int64], refrac_left: NDArray[np.int64]) -> NDArray[np.int64]:
    """Leak once a step; refractory neurons are frozen.

    In execution order::

        u  = v - (v >> leak_shift)            if leak_shift > 0, else v
        v' = saturate(u - leak_sub)           if u > v_reset, else u

    ``>>`` floors: 0 <= v < 2**leak_shift never leaks, and -1 leaks to 0. ``leak_sub`` may carry
    ``v`` below ``v_reset`` by up to ``leak_sub - 1``, as in the network of Iakymchuk et al. (2015).

    The two rest at different levels. ``leak_shift`` pulls to 0 from both sides, wherever
    ``v_reset`` is; ``leak_sub`` pulls down to ``v_reset`` and leaves alone what is below.

    Parameters
    ----------
    v : (n_neurons,) int64
        Format ``v``.
    refrac_left : (n_neurons,) int64
        Steps for which a neuron is still refractory.

    Returns
    -------
    (n_neurons,) int64
        Format ``v``.
    """
    u = v - (v >> p.leak_shift) if p.leak_shift else v
    u = np.where(above(p, u), u - p.leak_sub, u)
    return np.where(refrac_left > 0, v, p.v.saturate(u))


def above(p: Params, u: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return from which neurons ``leak_sub`` is taken."""
    return u > p.v_reset


def integrate(
    p: Params, v: NDArray[np.int64], row: NDArray[np.int64], refrac_left: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Add one event's row of weights and saturate; refractory neurons are frozen.

    ``v' = saturate(v + w[axon])``, once per event, so the order of events matters at the rails.
    """
    return np.where(refrac_left > 0, v, p.v.saturate(v + row))

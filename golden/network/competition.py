"""Competition within a group: of those that would spike, the ones farthest ahead do."""

import numpy as np

from golden.numbers.formats import Array


def winners(spiking: Array, margin: Array, most: int | None) -> Array:
    """Return who spikes, ascending.

    Parameters
    ----------
    spiking : array of shape (neurons,)
        1 where the cell would spike. Losers are reset like winners; only their spike is lost.
    margin : array of shape (neurons,)
        The largest ones win; of equal ones the lowest index.
    most : int or None
        How many may spike; None for all.
    """
    candidates = np.flatnonzero(spiking)
    if most is None or len(candidates) <= most:
        return candidates
    ahead = np.argsort(-margin[candidates], kind="stable")[:most]
    return np.sort(candidates[ahead])

"""Which words an election searches, lane by lane: those in which a lane beats who is ahead."""

import numpy as np
from numpy.typing import NDArray

from golden.dense.params import Params


def searched(
    p: Params,
    margin: NDArray[np.int64],
    counted: NDArray[np.bool_],
    candidates: NDArray[np.bool_],
    beaten: int,
) -> list[int]:
    """Return the words that are searched, in order.

    Parameters
    ----------
    margin : (n_neurons,) int64
        ``v - threshold``.
    counted : (n_neurons,) bool
        Whose lanes can hit their words.
    candidates : (n_neurons,) bool
        Who may win.
    beaten : int
        The margin that is to be exceeded: `golden.dense.wta.THRESHOLD`, `NOTHING`, another.
    """
    words = []
    for word in range(p.n_words):
        lanes = slice(word * p.n_lanes, (word + 1) * p.n_lanes)
        if not (counted[lanes] & (margin[lanes] > beaten)).any():
            continue
        words.append(word)
        ahead = margin[lanes][candidates[lanes]]
        beaten = max(beaten, ahead.max(initial=beaten))
    return words

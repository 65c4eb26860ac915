"""Random words by place and time, not by a stream: a hash of (seed, step, purpose, index).

Whoever wants a word may compute it, in any order, once or twice, so that lanes, engines and
deferred work cannot matter. The hash is the cipher Speck32 (Beaulieu et al., 2013: words of 16
bits, rotations by 7 and 2) with `ROUNDS` rounds: six pass tests of uniformity, avalanche and
correlation over indices and steps, four fail. Multiplications are not needed.

* A round maps ``(x, y, k)``, words of 16 bits, to ``(x', y')``::

      x' = ((x >> 7 | x << 9) + y mod 2**16) ^ k
      y' = (y << 2 | y >> 14) ^ x'            (each shift within 16 bits)

* The keys of a step come from the four words ``key = seed & 0xFFFF``, ``l[0] = seed >> 16``,
  ``l[1] = step & 0xFFFF``, ``l[2] = step >> 16 & 0xFFFF``: for i = 0, 1, ... the key of round i
  is ``key``, and then ``l[i + 3], key = round(l[i], key, i)``. The first `DROPPED` keys
  are not used, so that each that is depends on every bit of seed and step.
* A word of 32 bits is ``x << 16 | y`` after all rounds, from ``x = purpose << 8 | index >> 16``
  and ``y = index & 0xFFFF``.
"""

import numpy as np
from numpy.typing import NDArray

ROUNDS = 6
DROPPED = 4
"""Rounds of the key schedule before the first key that is used."""
WORD_BITS = 32
INDEX_BITS = 24
PURPOSES = 256
LOW = 0xFFFF


def speck_round(x, y, key):
    """Return the next ``(x, y)``; integers or arrays of them, each 0 to 65,535."""
    x = (((x >> 7 | x << 9) & LOW) + y & LOW) ^ key
    return x, ((y << 2 | y >> 14) & LOW) ^ x


def round_keys(seed: int, step: int) -> list[int]:
    """Return the ``ROUNDS`` keys of a step; of ``seed`` and ``step`` the low 32 bits count."""
    key, spare = seed & LOW, [seed >> 16 & LOW, step & LOW, step >> 16 & LOW]
    keys = []
    for i in range(DROPPED + ROUNDS):
        keys.append(key)
        following, key = speck_round(spare[i], key, i)
        spare.append(following)
    return keys[DROPPED:]


def words(
    keys: list[int], purpose: int | NDArray[np.int64], index: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return a word of `WORD_BITS` for every index.

    Parameters
    ----------
    keys : list of int
        From `round_keys`.
    purpose : int
        What the word is for, below `PURPOSES`.
    index : array of int64
        Whose it is, below ``2**INDEX_BITS``.
    """
    x, y = purpose << 8 | index >> 16, index & LOW
    for key in keys:
        x, y = speck_round(x, y, key)
    return x << 16 | y

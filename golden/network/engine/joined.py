"""Lists laid one behind the other in one array."""

from collections.abc import Sequence

import numpy as np

from golden.network.engine.net import LANES


class Joined:
    """Lists one behind the other, and where each begins."""

    def __init__(self, lists: Sequence, kind: type = np.int32):
        self.begin = np.cumsum([0, *(len(x) for x in lists)])
        self.words = flat([np.asarray(x, kind) for x in lists] + [np.zeros(1, kind)], kind)

    def of(self, number: int) -> np.ndarray:
        """Return one of them."""
        return self.words[self.begin[number] : self.begin[number + 1]]

    def address(self, number: int) -> int:
        """Return where in memory one of them begins."""
        return self.words.ctypes.data + self.words.itemsize * int(self.begin[number])


def flat(parts: Sequence, kind: type) -> np.ndarray:
    """Return arrays as one."""
    return np.concatenate(parts).astype(kind) if parts else np.zeros(0, kind)


def aligned(size: int) -> np.ndarray:
    """Return int32 zeros that begin where a vector of 512 bits may."""
    made = np.zeros(size + LANES, np.int32)
    begin = -made.ctypes.data // made.itemsize % LANES
    return made[begin : begin + size]

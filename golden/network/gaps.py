"""Gap junctions: currents between neurons by the difference of their potentials."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from golden.numbers.formats import Array

MOST_SHIFT = 44


@dataclass(frozen=True, slots=True, eq=False)
class Gaps:
    """Junctions from neurons of one group to a receptor of another, one direction of each.

    What flows into ``post[k]`` in step t is, with the potentials (`Program.potential`) as they are
    after step t - 1::

        (ahead[k] v_pre - behind[k] v_post + offset[k] + 2**(shift - 1)) >> shift

    which is ``g (v_pre - v_post)`` in the receptor's unit; two factors and an offset, as the two
    groups may keep their potentials in different formats. Arrays have shape (junctions,).
    """

    name: str
    source: int
    """Which group."""
    target: int
    receptor: str
    pre: NDArray[np.int32]
    """Within the source group."""
    post: NDArray[np.int32]
    """Within the target group."""
    ahead: NDArray[np.int32]
    behind: NDArray[np.int32]
    offset: NDArray[np.int64]
    shift: int
    """1 to `MOST_SHIFT`."""

    def currents(self, before: Array, after: Array) -> Array:
        """Return what flows through each, from the potentials of both groups."""
        flow = self.ahead * before[self.pre] - self.behind * after[self.post] + self.offset
        return (flow + (1 << (self.shift - 1))) >> self.shift

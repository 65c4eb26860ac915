"""When a sweep of plasticity reads each axon's weight, if reads and writes share one port."""

import numpy as np
from numpy.typing import NDArray

from golden.dense.params import Params
from golden.dense.timing.costs import SWEEP_LATENCY


def reads(p: Params, changed: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the cycle of a sweep in which each axon is read, (n_axons,).

    One a cycle; with ``single_port`` no axon is read in a cycle in which one that was read
    `SWEEP_LATENCY` cycles before is written.

    Parameters
    ----------
    changed : (n_axons,) bool
        Whose weights are written.
    """
    if not p.single_port:
        return np.arange(len(changed))
    cycles, writes, cycle = np.empty(len(changed), dtype=np.int64), set[int](), 0
    for axon, writing in enumerate(changed):
        while cycle in writes:
            cycle += 1
        cycles[axon] = cycle
        if writing:
            writes.add(cycle + SWEEP_LATENCY)
        cycle += 1
    return cycles

"""What cells that make their own spikes have in common: what flows into them.

That is the sum of three, all in the cell's unit of current: what its receptors make of spikes
(`golden.cells.receptors`), a current that always flows, and what arrives at ``current``, which
counts for one step. It is what it was at the begin of the step for all substeps, conductances with
the potential of then.
"""

from dataclasses import KW_ONLY, dataclass, replace
from typing import Any

import numpy as np

from golden.cells.cell import Cell
from golden.cells.receptors.inlet import Inlet, Patch, refuse_others
from golden.cells.receptors.kinetics import product
from golden.cells.trace import Trace
from golden.cells.value import Value


@dataclass(frozen=True)
class Excitable(Cell):
    """A cell with receptors.

    Parameters
    ----------
    receptors : tuple of Inlet
        Currents and conductances; the first one is that of synapses that name none, ``current`` if
        there are none.
    current : float or array
        A current that always flows.
    """

    _: KW_ONLY
    receptors: tuple[Inlet, ...] = ()
    current: Any = 0.0

    def inflow(self, trace: Trace, patch: Patch, width: int, point: int) -> Value:
        """Return all that flows in, in ``patch.unit``.

        Parameters
        ----------
        patch : Patch
            Its units may be each neuron's.
        width, point : int
            Of arrivals at ``current``; the point of what is returned.

        Raises
        ------
        ValueError
            If there are receptors, and v does not have one unit for all neurons.
        """
        refuse_others(self.receptors)
        unit = float(np.min(patch.unit))
        gain = unit / np.asarray(patch.unit, float)
        total = trace.number(0, point)
        for inlet in self.receptors:
            shared = replace(patch, v_unit=_same(patch.v_unit), unit=unit, gain=gain)
            total = total + inlet.current(trace, shared).rounded(point)
        if np.any(self.current):
            total = total + trace.constant("I", self.current / patch.unit, point)
        arrived = trace.receptor("current", width, point, unit)
        if np.any(gain != 1):
            arrived = product(arrived, trace.constant("gain", gain)).rounded(point)
        return total + arrived


def _same(units: Any) -> float:
    different = np.unique(units)
    if len(different) > 1:
        raise ValueError(
            f"a cell with receptors must have one unit of v for all neurons, not {len(different)}: "
            "how steep v rises must be the same"
        )
    return float(different[0])

"""Receptors by the names of what binds to them, with constants of the literature.

A weight is a conductance, in the unit of a current for one mV.
"""

from dataclasses import KW_ONLY, dataclass
from typing import Any

import mpmath
import numpy as np

from golden.cells import exact
from golden.cells.receptors.conductances import (
    ConductanceExponential,
    ConductanceTwoExponentials,
    Driven,
)
from golden.cells.receptors.inlet import WEIGHT_BITS, Patch, weight_point
from golden.cells.receptors.kinetics import product
from golden.cells.tables import tabulated
from golden.cells.trace import Trace
from golden.cells.value import Value

BLOCK_POINT = 15
BLOCK_MV = 2
"""mV from entry to entry of the table of the magnesium block, or a little less."""
BLOCKED = -100, 60
"""mV between which the table is."""
G_POINT = 16
G_MOST = 16
G_STEPS = 8
"""Entries of the table of G**4 / (G**4 + 100) for one of G."""
OPEN_MOST = 16.0


@dataclass(frozen=True)
class AMPA(ConductanceExponential):
    """Fast excitation: 2 ms, 0 mV."""

    name: str = "ampa"
    _: KW_ONLY
    tau: Any = 2.0
    reversal: Any = 0.0


@dataclass(frozen=True)
class GABAA(ConductanceExponential):
    """Fast inhibition: 6 ms, -80 mV."""

    name: str = "gabaa"
    _: KW_ONLY
    tau: Any = 6.0
    reversal: Any = -80.0


@dataclass(frozen=True)
class GABAB(ConductanceTwoExponentials):
    """Slow inhibition as a linear conductance that rises with 60 ms and decays with 200, -90 mV.

    (S. Hill, G. Tononi, J. Neurophysiology 93, 2005.)
    """

    name: str = "gabab"
    _: KW_ONLY
    rise: Any = 60.0
    decay: Any = 200.0
    reversal: Any = -90.0


@dataclass(frozen=True)
class NMDA(ConductanceTwoExponentials):
    """Slow excitation that magnesium blocks (C. E. Jahr, C. F. Stevens, J. Neuroscience 10, 1990).

    ::

        I = g (reversal - v) / (1 + magnesium / 3.57 e**(-0.062 v))

    The block is a table of v with 16 bits an entry, one every 2 mV or less, straight between them:
    off by 0.0011 at most.

    Parameters
    ----------
    magnesium : float
        mM.
    """

    name: str = "nmda"
    _: KW_ONLY
    rise: Any = 2.0
    decay: Any = 100.0
    reversal: Any = 0.0
    magnesium: float = 1.0

    def left(self, v: Any) -> Any:
        """Return the share that is not blocked at v mV."""
        return 1 / (1 + self.magnesium / mpmath.mpf("3.57") * mpmath.exp(-mpmath.mpf("0.062") * v))

    def drive(self, trace: Trace, patch: Patch) -> Value:
        """Return the drive that is left by the block."""
        unit, v = patch.v_unit, patch.v
        if np.any(patch.v_zero):
            v = v + trace.constant(f"0 mV of {self.name}", patch.v_zero / unit, v.point)
        ends = BLOCKED[0] / unit, BLOCKED[1] / unit
        left = tabulated(v, lambda x: self.left(x * unit), ends, BLOCK_MV / unit, BLOCK_POINT)
        return super().drive(trace, patch).factor() * left.factor()


@dataclass(frozen=True)
class GABABKinetic(Driven):
    """Slow inhibition by G proteins (A. Destexhe, T. Sejnowski, PNAS 92, 1995).

    ::

        R' = -k4 R              a spike of weight w: R = R + w
        G' = k1 R - k2 G
        I = g G**4 / (G**4 + 100) (reversal - v)

    R is the share of receptors that are open: a pulse of transmitter of 0.5 mM for 0.3 ms with
    k3 = 0.09 opens 0.0135 of them (that fewer are closed the more are open is left out).
    """

    name: str = "gabab"
    _: KW_ONLY
    g: float = 0.02
    reversal: Any = -95.0
    k1: float = 0.18
    k2: float = 0.034
    k4: float = 0.0012

    def current(self, trace: Trace, patch: Patch) -> Value:
        """Two states, `NAME` (G) and `NAME_open` (R), and a table of G at the begin of the step."""
        dt, second = trace.dt, f"{self.name}_open"
        raw = trace.arrivals(self.name, WEIGHT_BITS, weight_point(OPEN_MOST, 1.0), 1.0)
        r = self.kept(patch, raw, second, 1 / self.k4, 1.0, self.name)
        g = trace.state(self.name, r.width, r.point, 0.0)
        feed = trace.constant(
            f"feed of {self.name}", self.k1 * exact.decaying(dt, self.k2, 1 / self.k4)
        )
        left = self.decayed(patch, self.name, g, exact.loss(dt, 1 / self.k2))
        trace.write(self.name, left + product(r, feed))
        trace.write(second, self.decayed(patch, second, r, exact.loss(dt, 1 / self.k4)))
        share = tabulated(g, lambda x: x**4 / (x**4 + 100), (0, G_MOST), 1 / G_STEPS, G_POINT)
        flowing = (share.factor() * self.drive(trace, patch).factor()).factor()
        most = self.g * patch.v_unit / patch.unit * patch.full
        return flowing * trace.constant(f"g of {self.name}", most)

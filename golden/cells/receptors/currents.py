"""Receptors that are currents."""

from dataclasses import KW_ONLY, dataclass
from typing import Any

import numpy as np

from golden.cells.parameters import above
from golden.cells.receptors.inlet import WEIGHT_BITS, Patch, weight_point
from golden.cells.receptors.kinetics import Alpha, Exponential, Kinetic, TwoExponentials
from golden.cells.trace import Trace
from golden.cells.value import Value


@dataclass(frozen=True)
class Flowing(Kinetic):
    """I is what flows."""

    def current(self, trace: Trace, patch: Patch) -> Value:
        """Return it."""
        return self.flow(trace, patch, patch.unit, patch.most)


@dataclass(frozen=True)
class CurrentExponential(Flowing, Exponential):
    """A current that jumps by w and decays with ``tau`` ms."""


@dataclass(frozen=True)
class CurrentDecay(Flowing):
    """A current that loses a share of itself in every step, whatever the step."""

    _: KW_ONLY
    loss: Any = 0.1

    def flow(self, trace: Trace, patch: Patch, unit: float, most: float) -> Value:
        """One state, one product; it counts as constant within a step."""
        above(0, f"loss of {self.name}", self.loss)
        largest = float(np.max(patch.full))
        unit = unit / largest
        raw = trace.arrivals(self.name, WEIGHT_BITS, weight_point(most, unit), unit)
        x = self.kept(patch, raw, self.name, trace.dt / np.asarray(self.loss), unit, self.name)
        trace.write(self.name, self.decayed(patch, self.name, x, self.loss))
        return self.shared(patch, self.name, x, patch.full / largest)


@dataclass(frozen=True)
class CurrentAlpha(Flowing, Alpha):
    """A current that rises to w within ``tau`` ms, and decays."""


@dataclass(frozen=True)
class CurrentTwoExponentials(Flowing, TwoExponentials):
    """A current that rises with ``rise`` ms, and decays with ``decay`` ms."""

"""Receptors that are conductances."""

from dataclasses import KW_ONLY, dataclass
from typing import Any, ClassVar

from golden.cells.receptors.inlet import Patch
from golden.cells.receptors.kinetics import (
    Alpha,
    Exponential,
    Kinetic,
    TwoExponentials,
    product,
)
from golden.cells.trace import Trace
from golden.cells.value import Value


@dataclass(frozen=True)
class Driven(Kinetic):
    """I = g (reversal - v): conductances, in the unit of a current for one of v."""

    fine: ClassVar[bool] = True
    _: KW_ONLY
    reversal: Any = 0.0

    def current(self, trace: Trace, patch: Patch) -> Value:
        """Return it: a product of g and of the drive."""
        g = self.flow(trace, patch, patch.unit / patch.v_unit, patch.widest)
        return product(g, self.drive(trace, patch).factor())

    def drive(self, trace: Trace, patch: Patch) -> Value:
        """Return ``reversal - v`` in `Patch.v_unit`."""
        v = patch.v
        ends = (self.reversal - patch.v_zero) / patch.v_unit
        return trace.constant(f"reversal of {self.name}", ends, v.point) - v


@dataclass(frozen=True)
class ConductanceExponential(Driven, Exponential):
    """A conductance that jumps by w and decays with ``tau`` ms."""


@dataclass(frozen=True)
class ConductanceAlpha(Driven, Alpha):
    """A conductance that rises to w within ``tau`` ms, and decays."""


@dataclass(frozen=True)
class ConductanceTwoExponentials(Driven, TwoExponentials):
    """A conductance that rises with ``rise`` ms, and decays with ``decay`` ms."""

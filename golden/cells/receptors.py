"""Receptors: what a spike does to a cell, as pieces that any cell can have.

A cell takes them as a parameter and adds up their currents. What arrives in step t counts in step
t: with x the sum of what was kept and of the arrivals, saturated once, v sees x, and what is kept
for step t + 1 is x decayed. So v sees what was there at the begin of the step.

=========================== ===================================================================
`Delta`                     weight w lifts v by w, at once
`StepCurrent`               I = w for this one step
`CurrentExponential`        I = w e**(-t/tau)
`CurrentAlpha`              I = w t/tau e**(1 - t/tau), so w is its peak
`CurrentTwoExponentials`    I = w n (e**(-t/decay) - e**(-t/rise))
`ConductanceExponential`    the same, of g, with I = g (reversal - v)
`ConductanceAlpha`
`ConductanceTwoExponentials`
=========================== ===================================================================

n makes w the peak, or is 1. A cell that integrates exactly (`Patch.held`) gets from a receptor
what its current does to v within the step, with v in ``reversal - v`` as it was at its begin; other
cells get the current at the begin of the step.

Formats: a weight is s8.12 in the unit in which the cell counts currents, and what decays has more
fraction bits by itself: ceil(log2(tau / dt)) - 4 of them, 0 to 11, so that what is left of it when
rounding to nearest stops its decay is below 2**-8. Of a conductance, which is multiplied by a drive
of 64 mV or so, these are 4 more, and the product takes all bits of it.
"""

from dataclasses import KW_ONLY, dataclass
from typing import Any, ClassVar

import numpy as np

from golden.cells import exact
from golden.cells.parameters import above, guard_bits
from golden.cells.trace import Trace
from golden.cells.value import Value

WEIGHT_BITS = 21
WEIGHT_POINT = 12
MOST_GUARD = 11
SPARE = 4
"""Guard bits that a current can do without, as a weight has so many more bits than it needs."""


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """A patch of a cell, as a receptor in it sees it."""

    v: Value
    """The potential at the begin of the step."""
    v_unit: float
    """mV, or whatever v is in: v is ``value * v_unit + v_zero``."""
    v_zero: Any
    unit: float
    """A returned value of 1 is so much current."""
    most: float
    """The largest current that must fit."""
    widest: float
    """The largest conductance."""
    gain: Any = 1.0
    """By neuron, what a current counts for."""
    held: Any = None
    """What a current of 1 returned lifts v by in a step, in `v_unit`; None if currents are to be
    returned as they are."""
    rate: Any = None
    """1/ms at which v leaks, for a cell that integrates currents exactly."""
    strength: Any = 1.0
    """1/ms by which such a current of 1 lifts v."""

    def share(self, dt: float, tau: Any, rising: bool = False) -> Any:
        """Return what a current that was 1 at the begin of a step, or begins to rise, gives."""
        if self.held is None or self.rate is None:
            full = 1.0 if self.held is None else self.held
            return 0.0 * full if rising else full * self.gain
        solve = exact.rising if rising else exact.decaying
        return self.strength * self.gain * solve(dt, self.rate, tau)


@dataclass(frozen=True)
class Inlet:
    """Where spikes and currents enter a cell: a name, and what it makes of them."""

    name: str

    def current(self, trace: Trace, patch: Patch) -> Value:
        """Return the current, and write what is kept of it."""
        raise NotImplementedError


def _point(most: float, unit: float) -> int:
    """Return the binary point of a weight: ``most`` and a little less than twice as much fit."""
    return WEIGHT_BITS - 1 - int(np.ceil(np.log2(most / unit)))


def _scaled(trace: Trace, name: str, value: Value, factor: Any) -> Value:
    """Multiply, unless it is by 1."""
    if np.all(factor == 1):
        return value
    return (value.factor() * trace.constant(name, factor)).rounded(value.point)


def product(wide: Value, factor: Value) -> Value:
    """Multiply what is too wide for a factor: its upper and its lower part, exactly."""
    cut = wide.width - wide.trace.operand_bits
    if cut <= 0:
        return wide * factor
    upper = wide.floored(wide.point - cut)
    return upper * factor + wide.lowest(cut) * factor


@dataclass(frozen=True)
class Delta(Inlet):
    """A spike of weight w lifts v by w; not an option of cells that integrate in substeps."""

    def current(self, trace: Trace, patch: Patch) -> Value:
        """Return by how much v is lifted."""
        unit = patch.v_unit
        return trace.receptor(self.name, WEIGHT_BITS, _point(256 * unit, unit), unit)


@dataclass(frozen=True)
class StepCurrent(Inlet):
    """A current that flows for one step: where currents from outside enter."""

    def current(self, trace: Trace, patch: Patch) -> Value:
        """Return it."""
        full = (1.0 if patch.held is None else patch.held) * patch.gain
        largest = float(np.max(full))
        unit = patch.unit / largest
        x = trace.receptor(self.name, WEIGHT_BITS, _point(patch.most, unit), unit)
        return _scaled(trace, f"share of {self.name}", x, full / largest)


@dataclass(frozen=True)
class Kinetic(Inlet):
    """What lasts: a spike opens it, and it closes by itself."""

    fine: ClassVar[bool] = False
    """Whether it is multiplied by many mV: then it has `SPARE` more bits, and all of them decay."""

    def flow(self, trace: Trace, patch: Patch, unit: float, most: float) -> Value:
        """Return how much of it there is, in ``unit``; `Patch.share` of it."""
        raise NotImplementedError

    def kept(self, raw: Value, name: str, tau: Any, unit: float, counted: str) -> Value:
        """Return the sum of arrivals and of the state ``name``, saturated."""
        trace = raw.trace
        spare = 0 if self.fine else SPARE
        extra = min(max(guard_bits(tau, trace.dt) - spare, 0), MOST_GUARD)
        width = WEIGHT_BITS + extra
        state = trace.state(name, width, raw.point + extra, 0.0, unit)
        return trace.saturated(state + raw, width, counted)

    def decayed(self, name: str, x: Value, tau: Any) -> Value:
        """Return ``x e**(-dt/tau)``, rounded to its own point: what is lost is subtracted."""
        lost = x.trace.constant(f"decay of {name}", exact.loss(x.trace.dt, tau))
        return (x - (product(x, lost) if self.fine else x.factor() * lost)).rounded(x.point)


@dataclass(frozen=True)
class Exponential(Kinetic):
    """Jumps by w, and decays with tau ms."""

    _: KW_ONLY
    tau: Any = 5.0

    def flow(self, trace: Trace, patch: Patch, unit: float, most: float) -> Value:
        """One state, one product for its decay."""
        above(0, f"tau of {self.name}", self.tau, " ms")
        share = patch.share(trace.dt, self.tau)
        largest = float(np.max(share))
        unit = unit / largest
        raw = trace.arrivals(self.name, WEIGHT_BITS, _point(most, unit), unit)
        x = self.kept(raw, self.name, self.tau, unit, self.name)
        trace.write(self.name, self.decayed(self.name, x, self.tau))
        return _scaled(trace, f"share of {self.name}", x, share / largest)


@dataclass(frozen=True)
class Alpha(Kinetic):
    """Rises to w within tau ms, and decays with tau ms."""

    _: KW_ONLY
    tau: Any = 5.0

    def flow(self, trace: Trace, patch: Patch, unit: float, most: float) -> Value:
        """Two states: arrivals enter the second one, ``NAME_rise``, which feeds the first."""
        above(0, f"tau of {self.name}", self.tau, " ms")
        share = patch.share(trace.dt, self.tau)
        largest = float(np.max(share))
        unit, second = unit / largest, f"{self.name}_rise"
        raw = trace.arrivals(self.name, WEIGHT_BITS, _point(most, unit), unit)
        y = self.kept(raw, second, self.tau, unit, self.name)
        x = trace.state(self.name, y.width, y.point, 0.0, unit)
        feed = trace.constant(f"feed of {self.name}", exact.coupling(trace.dt, self.tau))
        trace.write(self.name, self.decayed(self.name, x, self.tau) + feed * y.factor())
        trace.write(second, self.decayed(second, y, self.tau))
        x = _scaled(trace, f"share of {self.name}", x, share / largest)
        rising = patch.share(trace.dt, self.tau, rising=True) / largest
        if np.all(rising == 0):
            return x
        return x + _scaled(trace, f"share of {second}", y, rising)


@dataclass(frozen=True)
class TwoExponentials(Kinetic):
    """Rises with rise ms, and decays with decay ms.

    ``normal``: w is the peak; else w is what both exponentials begin with.
    """

    _: KW_ONLY
    decay: Any = 5.0
    rise: Any = 1.0
    normal: bool = True

    def flow(self, trace: Trace, patch: Patch, unit: float, most: float) -> Value:
        """Two states, both of which every arrival enters: their difference."""
        above(0, f"rise of {self.name}", self.rise, " ms")
        above(self.rise, f"decay of {self.name}", self.decay, " ms")
        peak = exact.highest(self.rise, self.decay) if self.normal else 1.0
        slow = patch.share(trace.dt, self.decay) / peak
        fast = patch.share(trace.dt, self.rise) / peak
        largest, second = float(np.max(slow)), f"{self.name}_rise"
        unit = unit / largest
        raw = trace.arrivals(self.name, WEIGHT_BITS, _point(most, unit), unit)
        x = self.kept(raw, self.name, self.decay, unit, self.name)
        y = self.kept(raw, second, self.rise, unit, second)
        trace.write(self.name, self.decayed(self.name, x, self.decay))
        trace.write(second, self.decayed(second, y, self.rise))
        x = _scaled(trace, f"share of {self.name}", x, slow / largest)
        return x - _scaled(trace, f"share of {second}", y, fast / largest)


@dataclass(frozen=True)
class Flowing(Kinetic):
    """I is what flows."""

    def current(self, trace: Trace, patch: Patch) -> Value:
        """Return it."""
        return self.flow(trace, patch, patch.unit, patch.most)


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
class CurrentExponential(Flowing, Exponential):
    """A current that jumps by w and decays with ``tau`` ms."""


@dataclass(frozen=True)
class CurrentAlpha(Flowing, Alpha):
    """A current that rises to w within ``tau`` ms, and decays."""


@dataclass(frozen=True)
class CurrentTwoExponentials(Flowing, TwoExponentials):
    """A current that rises with ``rise`` ms, and decays with ``decay`` ms."""


@dataclass(frozen=True)
class ConductanceExponential(Driven, Exponential):
    """A conductance that jumps by w and decays with ``tau`` ms."""


@dataclass(frozen=True)
class ConductanceAlpha(Driven, Alpha):
    """A conductance that rises to w within ``tau`` ms, and decays."""


@dataclass(frozen=True)
class ConductanceTwoExponentials(Driven, TwoExponentials):
    """A conductance that rises with ``rise`` ms, and decays with ``decay`` ms."""

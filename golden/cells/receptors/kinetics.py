"""How receptors open and close: what is left of a spike, and what of it is kept."""

from dataclasses import KW_ONLY, dataclass
from typing import Any, ClassVar

import numpy as np

from golden.cells import exact
from golden.cells.parameters import above, guard_bits
from golden.cells.receptors.inlet import WEIGHT_BITS, Inlet, Patch, weight_point
from golden.cells.trace import Trace
from golden.cells.value import WIDEST, Value, select

MOST_GUARD = 11
SPARE = 4
"""Guard bits that a current can do without, as a weight has so many more bits than it needs."""


def product(wide: Value, factor: Value) -> Value:
    """Multiply what is too wide for a factor: its upper and its lower part, exactly.

    What is wider than both together is rounded before.
    """
    most = 2 * wide.trace.operand_bits - 1
    while wide.width > most:
        wide = wide.rounded(wide.point - 1)
    cut = wide.width - wide.trace.operand_bits
    if cut <= 0:
        return wide * factor
    upper = wide.floored(wide.point - cut)
    return upper * factor + wide.lowest(cut) * factor


@dataclass(frozen=True)
class Kinetic(Inlet):
    """What lasts: a spike opens it, and it closes by itself."""

    fine: ClassVar[bool] = False
    """Whether it is multiplied by many mV: then it has `SPARE` more bits, and all of them decay."""

    def flow(self, trace: Trace, patch: Patch, unit: float, most: float) -> Value:
        """Return how much of it there is, in ``unit``; `Patch.share` of it."""
        raise NotImplementedError

    def kept(
        self,
        patch: Patch,
        raw: Value,
        name: str,
        tau: Any,
        unit: float,
        counted: str,
        start: Any = 0.0,
    ) -> Value:
        """Return the sum of arrivals and of the state ``name``, saturated."""
        trace = raw.trace
        spare = 0 if self.fine or patch.whole else SPARE
        extra = min(max(guard_bits(tau, trace.dt) - spare, 0), MOST_GUARD)
        width = WEIGHT_BITS + extra
        state = trace.state(name, width, raw.point + extra, start, unit)
        return trace.saturated(state + raw, width, counted)

    def times(self, patch: Patch, x: Value, constant: Value) -> Value:
        """Multiply all bits of x, or as many as a factor may have."""
        return product(x, constant) if self.fine or patch.whole else x.factor() * constant

    def shared(self, patch: Patch, name: str, x: Value, share: Any) -> Value:
        """Return the share of x that counts, at its own point."""
        if np.all(share == 1):
            return x
        constant = x.trace.constant(f"share of {name}", share)
        return self.times(patch, x, constant).rounded(x.point)

    def decayed(self, patch: Patch, name: str, x: Value, loss: Any) -> Value:
        """Return x less the share that it loses, rounded to its own point.

        To nearest; toward 0 where v leaks nothing, so that x reaches 0. What is lost in millions
        of steps is rounded before, so that the difference fits.
        """
        lost = x.trace.constant(f"decay of {name}", loss)
        gone = self.times(patch, x, lost)
        left = x - gone.rounded(min(gone.point, WIDEST - 2 - x.width + x.point))
        if patch.hoards:
            up = x.trace.number((1 << (left.point - x.point)) - 1, left.point)
            return select(left < x.trace.number(0), left + up, left).floored(x.point)
        return left.rounded(x.point)


@dataclass(frozen=True)
class Exponential(Kinetic):
    """Jumps by w, and decays with tau ms; ``start`` of it is there before the first step."""

    _: KW_ONLY
    tau: Any = 5.0
    start: Any = 0.0

    def flow(self, trace: Trace, patch: Patch, unit: float, most: float) -> Value:
        """One state, one product for its decay."""
        above(0, f"tau of {self.name}", self.tau, " ms")
        share = patch.share(trace.dt, self.tau)
        largest = float(np.max(share))
        unit = unit / largest
        raw = trace.arrivals(self.name, WEIGHT_BITS, weight_point(most, unit), unit)
        x = self.kept(patch, raw, self.name, self.tau, unit, self.name, self.start)
        trace.write(self.name, self.decayed(patch, self.name, x, exact.loss(trace.dt, self.tau)))
        return self.shared(patch, self.name, x, share / largest)


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
        raw = trace.arrivals(self.name, WEIGHT_BITS, weight_point(most, unit), unit)
        y = self.kept(patch, raw, second, self.tau, unit, self.name)
        x = trace.state(self.name, y.width, y.point, 0.0, unit)
        feed = trace.constant(f"feed of {self.name}", exact.coupling(trace.dt, self.tau))
        trace.write(
            self.name,
            self.decayed(patch, self.name, x, exact.loss(trace.dt, self.tau))
            + self.times(patch, y, feed),
        )
        trace.write(second, self.decayed(patch, second, y, exact.loss(trace.dt, self.tau)))
        x = self.shared(patch, self.name, x, share / largest)
        rising = patch.share(trace.dt, self.tau, rising=True) / largest
        if np.all(rising == 0):
            return x
        return x + self.shared(patch, second, y, rising)


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
        raw = trace.arrivals(self.name, WEIGHT_BITS, weight_point(most, unit), unit)
        x = self.kept(patch, raw, self.name, self.decay, unit, self.name)
        y = self.kept(patch, raw, second, self.rise, unit, second)
        trace.write(self.name, self.decayed(patch, self.name, x, exact.loss(trace.dt, self.decay)))
        trace.write(second, self.decayed(patch, second, y, exact.loss(trace.dt, self.rise)))
        x = self.shared(patch, self.name, x, slow / largest)
        return x - self.shared(patch, second, y, fast / largest)

"""What every leaky integrator does in a step, in this order.

1. v loses its leak, and currents lift it (one rounding, one saturation, which is counted);
2. noise and `Delta` arrivals are added;
3. where v >= threshold (``strict``: v > threshold) the neuron spikes and is reset: v = reset, or
   with ``subtract`` v = v - (threshold - reset), which with a reset of 0 is v - threshold;
4. where it spikes, the next n steps are refractory, n being ``refractory`` in steps: no spike
   before n + 1 steps have passed;
5. v is lifted to the lower bound, if there is one.

In a refractory step there is no spike, receptors decay as always, and v is handled as in one of
three habits:

======== ===================================== =================================================
habit    v                                     whose
======== ===================================== =================================================
"hold"   stays; `Delta` arrivals are dropped   NEST, PyNN
"add"    stays, but `Delta` arrivals count     Brian2 with ``(unless refractory)``
"leak"   leaks on; all that arrives is dropped BindsNET's LIFNodes (its counter counts so, too)
======== ===================================== =================================================

Formats: v is counted from rest in a power of two of which 8 to 16 lead from rest to the threshold
or the reset, whichever is farther; that is s7 and 12 fraction bits, or 7 + ceil(log2(tau / dt)) if
these are more, 20 at most. With ``room``, a power of two, v and currents may go so many times as
far: the unit is larger, and v has as many bits more. Rounding to nearest leaves v within about
2**-8 of where it leads. What is lost and what arrives is multiplied, not v itself, so that factors
may be short. With ``>=`` the threshold is rounded up and with ``>`` down to v's last place, so that
both are exact comparisons.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from golden.cells import exact
from golden.cells.cell import Cell
from golden.cells.integrators.noise import normal
from golden.cells.parameters import above, guard_bits, one_of
from golden.cells.program import WORD_BITS
from golden.cells.receptors.inlet import Delta, Inlet, Patch, refuse_others
from golden.cells.receptors.kinetics import product
from golden.cells.trace import Trace
from golden.cells.value import Value, maximum, select

V_BITS = 8
"""Integer bits of v, with its sign."""
LEAST_POINT, MOST_POINT = 12, 20
HABITS = ("hold", "add", "leak")
ROOMS = (1, 2, 4, 8, 16)


@dataclass(frozen=True, kw_only=True)
class Integrator(Cell):
    """The common part of cells that integrate, fire and are reset.

    Parameters
    ----------
    rest, reset, threshold : float or array
        In the unit of v, mV as a rule.
    v : float or array
        Where v starts; at rest if it is None.
    refractory : float or array
        ms, rounded to steps.
    while_refractory : str
        "hold", "add" or "leak", as above.
    subtract, strict : bool
        As above.
    lowest : float or array
        Lower bound of v; None for none.
    room : float
        How many times as far as otherwise v and currents may go: 1, 2, 4 to 16.
    noise : float or array
        The deviation that v would have by noise alone; of a cell without leak, after 1 ms.
    measure : str
        What v is in, which pictures say: "mV", or nothing.
    """

    rest: Any = 0.0
    reset: Any = 0.0
    threshold: Any = 1.0
    v: Any = None
    refractory: Any = 0.0
    while_refractory: str = "hold"
    subtract: bool = False
    strict: bool = False
    lowest: Any = None
    noise: Any = 0.0
    room: float = 1.0
    measure: str = ""

    def inlets(self) -> tuple[Inlet, ...]:
        """Return where what arrives ends. The first is that of synapses that name none."""
        raise NotImplementedError

    def leak(self, dt: float) -> Any:
        """Return the share of v - rest that is lost in a step."""
        raise NotImplementedError

    def patch(self, trace: Trace, v: Value, unit: float) -> Patch:
        """Return what receptors are told."""
        raise NotImplementedError

    def longest(self) -> Any:
        """Return the time constant of v, ms."""
        raise NotImplementedError

    def check(self) -> None:
        """Refuse parameters that make no sense."""
        refuse_others(self.inlets())
        if not isinstance(self.measure, str):
            raise ValueError(f"measure must be a text such as 'mV', not {self.measure!r}")
        one_of(HABITS, "while_refractory", self.while_refractory)
        one_of(ROOMS, "room", self.room)
        above(self.reset, "threshold", self.threshold)

    def offset(self, dt: float) -> Any:
        """Return by how much v rises in every step without any arrival."""
        return 0.0

    def swing(self, dt: float) -> Any:
        """Return how much of `noise` a step adds."""
        return exact.deviation(dt, self.longest())

    def unit(self) -> float:
        """Return the power of two in which v is counted."""
        ways = [np.abs(np.asarray(x, float) - self.rest) for x in (self.threshold, self.reset)]
        span = float(np.max(np.maximum(*ways)))
        return 2.0 ** (int(np.ceil(np.log2(span))) - 4) * self.room

    def step(self, trace: Trace) -> None:
        """Leak, rise, spike, reset."""
        self.check()
        unit = self.unit()
        point = min(max(LEAST_POINT, 7 + guard_bits(self.longest(), trace.dt)), MOST_POINT)
        point = min(point + ROOMS.index(self.room), WORD_BITS - V_BITS)
        start = self.rest if self.v is None else self.v
        v = trace.state("v", V_BITS + point, point, start, unit, self.rest, self.measure)
        calm, wait = self._patience(trace)
        level = self._risen(trace, v, unit, calm)
        level = trace.saturated(level, V_BITS + point, "v")
        fired, margin = self.fire(trace, level, unit, calm)
        if wait is not None:
            steps = trace.constant("refractory", self._steps(trace.dt), 0)
            trace.write("refractory", select(fired, steps, wait))
        trace.write("v", self._reset(trace, level, fired, unit))
        trace.spike(fired, margin)

    def _risen(self, trace: Trace, v: Value, unit: float, calm: Value | None) -> Value:
        """Return v after leak, currents, noise and jumps."""
        patch = self.patch(trace, v, unit)
        rise = trace.number(0, v.point)
        jump = trace.number(0, v.point)
        for inlet in self.inlets():
            if isinstance(inlet, Delta):
                jump = jump + inlet.current(trace, patch)
            else:
                rise = rise + inlet.current(trace, patch)
        offset = np.asarray(self.offset(trace.dt) / unit)
        if np.any(offset):
            rise = rise + trace.constant("offset", offset)
        if np.any(self.noise):
            rise = rise + normal(trace, "noise", self.swing(trace.dt) * self.noise / unit)
        leak, lost = self.leak(trace.dt), trace.number(0, v.point)
        if np.any(leak):
            share = trace.constant("leak", leak)
            lost = product(v, share) if patch.wide else v.factor() * share
        jump = jump.rounded(v.point)
        if calm is None:
            return (v - lost + rise).rounded(v.point) + jump
        if self.while_refractory == "leak":
            kept = (v - lost).rounded(v.point)
            return select(calm, (v - lost + rise).rounded(v.point) + jump, kept)
        moved = (v - lost + rise).rounded(v.point)
        if self.while_refractory == "add":
            return select(calm, moved, v) + jump
        return select(calm, moved + jump, v)

    def _steps(self, dt: float) -> Any:
        return np.rint(np.asarray(self.refractory, float) / dt)

    def _patience(self, trace: Trace) -> tuple[Value | None, Value | None]:
        """Return whether a neuron is not refractory, and how long it will be after this step."""
        most = int(np.max(self._steps(trace.dt)))
        if most == 0:
            return None, None
        left = trace.state("refractory", most.bit_length() + 1, 0, 0.0, trace.dt)
        one, none = trace.number(1), trace.number(0)
        return left < one, maximum(left - one, none)

    def fire(self, trace: Trace, v: Value, unit: float, calm: Value | None) -> tuple[Value, Value]:
        """Return whether it spikes, and how far it is above the threshold."""
        margin = v - self.limit(trace, v, unit)
        return self.reached(trace, margin, calm), margin

    def limit(self, trace: Trace, v: Value, unit: float) -> Value:
        """Return the threshold, rounded so that the comparison is exact."""
        way = (np.asarray(self.threshold, float) - self.rest) / unit * 2.0**v.point
        whole = np.floor(way) if self.strict else np.ceil(way)
        return trace.constant("threshold", whole / 2.0**v.point, v.point)

    def reached(self, trace: Trace, margin: Value, calm: Value | None) -> Value:
        """Return whether a margin is enough."""
        none = trace.number(0)
        fired = margin > none if self.strict else margin >= none
        return fired if calm is None else fired & calm

    def _reset(self, trace: Trace, v: Value, fired: Value, unit: float) -> Value:
        way = self.threshold - np.asarray(self.reset, float) if self.subtract else None
        if way is not None:
            after = v - trace.constant("threshold - reset", way / unit, v.point)
        else:
            after = trace.constant("reset", (self.reset - np.asarray(self.rest)) / unit, v.point)
        result = select(fired, after, v)
        if self.lowest is not None:
            bound = (self.lowest - np.asarray(self.rest)) / unit
            result = maximum(result, trace.constant("lowest", bound, v.point))
        return result

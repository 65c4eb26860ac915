"""Neurons with Hodgkin's and Huxley's sodium and potassium channels.

A. L. Hodgkin, A. F. Huxley, J. Physiol. 117, 1952::

    C v' = gNa m**3 h (ENa - v) + gK n**4 (EK - v) + gL (EL - v) + I
    g'   = alpha_g(v) (1 - g) - beta_g(v) g                       for each gate g of m, h, n

A step of h ms is forward Euler for v and exact for the gates, v held (S. Rush, H. Larsen 1978), all
from old values, with P and G read from tables over v::

    v <- v + h / C (gNa m**3 h (ENa - v) + ...)
    g <- g + P(v) (G(v) - g)          P = 1 - exp(-h (alpha + beta)),  G = alpha / (alpha + beta)

Products are made in the order ``m*m * (m*h * (gNa (ENa - v)))``, because m**3 h is so small at rest
that it would lose its last bits; what is multiplied last is not rounded before it is added to v.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import mpmath
import numpy as np

from golden.cells.excitable import Excitable
from golden.cells.parameters import above
from golden.cells.receptors.inlet import Patch
from golden.cells.trace import Trace
from golden.cells.units import DIGITS, interpolated, normalised, sampled
from golden.cells.value import Value

V_BITS, V_POINT = 20, 12
J_BITS, J_POINT = 28, 18
MOST_POINT = 36
"""Of what flows through a channel: matters if a conductance is tiny or 0."""
MOST, WIDEST = 512, 16
"""The largest current and conductance of a receptor, divided by C: mV/ms and 1/ms."""
LOW, HIGH, INTERVALS = -128, 128, 512
"""Tables over v, mV: what v can be."""

Rate = Callable[[Any], Any]


@dataclass(frozen=True)
class HodgkinHuxley(Excitable):
    """The squid's axon at 6.3 degrees; another one by its rates (`TraubMiles`).

    Parameters
    ----------
    C : float or array
        Capacitance, uF/cm2.
    gNa, gK, gL : float or array
        Largest conductances, mS/cm2.
    ENa, EK, EL : float or array
        Where they drive v, mV.
    threshold : float or array
        A spike is when v comes from below to it, mV.
    v : float or array
        Where it starts, mV, with gates at rest.
    substeps : int
        Steps within one step of the network, which should be 1/32 ms or shorter.
    receptors, current
        As of `golden.cells.excitable.Excitable`.

    States are ``v`` (mV) and the gates ``m``, ``h``, ``n``; arrivals at ``current`` (uA/cm2) count
    for this one step. Any other three units do as well, if the third is the first one's times mV by
    ms, and the second one's times mV: pF, nS, pA.
    """

    C: Any = 1.0
    gNa: Any = 120.0
    gK: Any = 36.0
    gL: Any = 0.3
    ENa: Any = 50.0
    EK: Any = -77.0
    EL: Any = -54.387
    threshold: Any = 0.0
    v: Any = -65.0
    substeps: int = 1

    def rates(self) -> Mapping[str, tuple[Rate, Rate]]:
        """Return alpha and beta of the gates, 1/ms, of v in mV; of and to mpmath's numbers."""
        return _squid()

    def step(self, trace: Trace) -> None:
        """Integrate v and gates from their old values."""
        above(0, "substeps", self.substeps)
        above(0, "C", self.C)
        rates, dt = self.rates(), trace.dt / self.substeps
        point = trace.operand_bits - 1
        v = trace.state("v", V_BITS, V_POINT, self.v, measure="mV")
        gates = {g: self._gate(trace, g, rates[g]) for g in rates}
        tables = {g: _tables(*rates[g], dt, point) for g in rates}
        most = float(np.max(self.C))
        patch = Patch(v, 1.0, 0.0, self.C / dt, MOST * most, WIDEST * most)
        j = self.inflow(trace, patch, J_BITS, J_POINT)
        threshold = trace.constant("threshold", self.threshold, V_POINT)

        channels = self._channels(trace, dt)

        fired = trace.number(0)
        for _ in range(self.substeps):
            rise = j + _flow(gates, v, channels, point)
            gates = {g: _turned(gates[g], v, *tables[g]) for g in gates}
            before, v = v, trace.saturated((v + rise).rounded(V_POINT), V_BITS, "v")
            fired = fired | ((before < threshold) & (v >= threshold))

        trace.write("v", v)
        for g, value in gates.items():
            trace.write(g, value)
        trace.spike(fired, v)

    def _channels(self, trace: Trace, dt: float) -> dict[str, tuple[Value, Value]]:
        """Return ``dt g / C`` and E of every channel."""
        return {
            name: (
                trace.constant(f"g{name}", dt * g / self.C),
                trace.constant(f"E{name}", e, V_POINT),
            )
            for name, g, e in (
                ("Na", self.gNa, self.ENa),
                ("K", self.gK, self.EK),
                ("L", self.gL, self.EL),
            )
        }

    def _gate(self, trace: Trace, name: str, rates: tuple[Rate, Rate]) -> Value:
        """Return a gate, 0 to 1 less a last place; it starts where it rests at v."""
        bits = trace.operand_bits
        with mpmath.workdps(DIGITS):
            start = [float(_rest(*rates)(mpmath.mpf(float(v)))) for v in np.ravel(self.v)]
        start = np.minimum(np.reshape(start, np.shape(self.v)), 1 - 2.0 ** (1 - bits))
        return trace.state(name, bits, bits - 1, start).within(0, (1 << (bits - 1)) - 1)


@dataclass(frozen=True)
class TraubMiles(HodgkinHuxley):
    """Cell of the network COBAHH, in pF, nS and pA.

    R. Brette et al., J. Comput. Neurosci. 23, 2007, after R. Traub and R. Miles, 1991.

    Parameters
    ----------
    VT : float
        Moves all rates along v, mV; one for the group, as tables are the group's.
    """

    C: Any = 200.0
    gNa: Any = 20_000.0
    gK: Any = 6_000.0
    gL: Any = 10.0
    EK: Any = -90.0
    EL: Any = -60.0
    threshold: Any = -20.0
    v: Any = -60.0
    VT: float = -63.0

    def rates(self) -> Mapping[str, tuple[Rate, Rate]]:
        """Return alpha and beta of the gates."""
        return _traub(self.VT)


def linoid(x: Any) -> Any:
    """Return ``x / (1 - exp(-x))``, 1 at 0."""
    return x / -mpmath.expm1(-x) if x else mpmath.mpf(1)


@cache
def _squid() -> Mapping[str, tuple[Rate, Rate]]:
    return {
        "m": (
            lambda v: linoid((v + 40) / 10),
            lambda v: 4 * mpmath.exp(-(v + 65) / 18),
        ),
        "h": (
            lambda v: 7 * mpmath.exp(-(v + 65) / 20) / 100,
            lambda v: 1 / (1 + mpmath.exp(-(v + 35) / 10)),
        ),
        "n": (
            lambda v: linoid((v + 55) / 10) / 10,
            lambda v: mpmath.exp(-(v + 65) / 80) / 8,
        ),
    }


@cache
def _traub(potential: float) -> Mapping[str, tuple[Rate, Rate]]:
    at = mpmath.mpf(potential)
    return {
        "m": (
            lambda v: 32 * linoid((v - at - 13) / 4) / 25,
            lambda v: 7 * linoid((at + 40 - v) / 5) / 5,
        ),
        "h": (
            lambda v: 16 * mpmath.exp((at + 17 - v) / 18) / 125,
            lambda v: 4 / (1 + mpmath.exp((at + 40 - v) / 5)),
        ),
        "n": (
            lambda v: 4 * linoid((v - at - 15) / 5) / 25,
            lambda v: mpmath.exp((at + 10 - v) / 40) / 2,
        ),
    }


def _rest(alpha: Rate, beta: Rate) -> Rate:
    return lambda v: alpha(v) / (alpha(v) + beta(v))


def _flow(
    gates: Mapping[str, Value], v: Value, channels: Mapping[str, tuple[Value, Value]], point: int
) -> Value:
    """Return by how much all channels lift v."""
    m, h, n = gates["m"], gates["h"], gates["n"]
    mm, mh, nn = ((a * b).rounded(point) for a, b in ((m, m), (m, h), (n, n)))
    drive = {name: g * (e - v).factor() for name, (g, e) in channels.items()}
    sodium = mm * (mh * drive["Na"].factor()).factor()
    potassium = nn * (nn * drive["K"].factor()).factor()
    flows = [x.rounded(min(x.point, MOST_POINT)) for x in (sodium, potassium, drive["L"])]
    return flows[0] + flows[1] + flows[2]


@cache
def _tables(alpha: Rate, beta: Rate, dt: float, point: int) -> tuple:
    """Return P normalised, its point, and G at ``point``, at most 1 less a last place."""
    part, part_point = normalised(
        lambda v: -mpmath.expm1(-dt * (alpha(v) + beta(v))), LOW, HIGH, INTERVALS, point
    )
    rest = sampled(_rest(alpha, beta), LOW, HIGH, INTERVALS, point)
    return part, part_point, tuple(min(x, (1 << point) - 1) for x in rest)


def _turned(gate: Value, v: Value, part: tuple, part_point: int, rest: tuple) -> Value:
    """Return a gate after a step: between where it was and where it rests, so 0 to 1."""
    low, shift = LOW << V_POINT, V_BITS - INTERVALS.bit_length() + 1
    to = interpolated(v, rest, gate.point, low, shift)
    share = interpolated(v, part, part_point, low, shift)
    return (gate + share * (to - gate)).rounded(gate.point).within(0, gate.high)

"""Izhikevich's neurons.

`Izhikevich` is that of IEEE Trans. Neural Networks 14(6), 2003 and 15(5), 2004::

    v' = 0.04 v**2 + 5 v + 140 - u + I           v >= 30: v = c, u = u + d
    u' = a (b v - u)

and `Izhikevich2007` that of his book, *Dynamical Systems in Neuroscience*, with dimensions::

    C v' = k (v - vr) (v - vt) - u + I           v >= peak: v = c, u = u + d
    u' = a (b (v - vr) - u)

Both are ``v' = s (v - m)**2 - e + (I - u) / C, u' = a (b (v - r) - l u)``, where v has its least
rise e at m. In ``x = s h (v - m)`` and ``y = s h**2 u / C``, j likewise, a step of h ms is one
square and no other multiplication::

    x <- min(x + x*x + (j - y - bias), peak)         forward Euler, `substeps` times a step
    y <- y + slope x - rate y + rest                 once a step, from the new x
    slope = a b dt h / C,  rate = a l dt,  rest = a b dt s h**2 (m - r) / C
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from golden.cells.excitable import Excitable
from golden.cells.parameters import above
from golden.cells.receptors.inlet import Patch
from golden.cells.trace import Trace
from golden.cells.value import minimum, select

X_BITS = 18
Y_BITS = 28
J_BITS, COARSER = 28, 3
"""Of x, y and the sum of currents. x goes to +-r, the power of two above the way from m to the
peak; y to +-r**2, so u as far as it must be to hold v at the peak; j, of as many bits and `COARSER`
by three, eight times as far."""
MOST, WIDEST = 1024, 16
"""The largest current and conductance of a receptor, divided by C: mV/ms and 1/ms."""
OVERSHOOT_BITS = 5
"""More of x where v is not clipped at the peak: one step from below it leads to 20 times as far."""


@dataclass(frozen=True)
class Parabola:
    """v' and u' as above: numbers, or arrays with one number a neuron."""

    s: Any
    m: Any
    e: Any
    capacitance: Any
    r: Any
    leak: Any
    """l above."""


@dataclass(frozen=True)
class QuadraticCell(Excitable):
    """What both have in common: the step in x and y. States are ``v`` and ``u``."""

    a: Any = 0.02
    b: Any = 0.2
    c: Any = -65.0
    d: Any = 8.0
    v: Any = -65.0
    u: Any = None
    peak: Any = 30.0
    substeps: int = 1
    overshoot: bool = False

    def parabola(self) -> Parabola:
        """Return v' and u'."""
        raise NotImplementedError

    def step(self, trace: Trace) -> None:
        """Integrate v, clip it at the peak, then u from the new v; then reset."""
        above(0, "substeps", self.substeps)
        p, h = self.parabola(), trace.dt / self.substeps
        v_unit = 1 / (p.s * h)
        u_unit = p.capacitance * v_unit / h
        reach = int(np.ceil(np.log2(np.max((self.peak - p.m) / v_unit))))
        x_point, y_point = X_BITS - 1 - reach, Y_BITS - 1 - 2 * reach
        x_bits = X_BITS + (OVERSHOOT_BITS if self.overshoot else 0)
        u_start = p.leak * self.b * (self.v - p.r) if self.u is None else self.u
        x = trace.state("v", x_bits, x_point, self.v, v_unit, p.m, measure="mV")
        y = trace.state("u", Y_BITS, y_point, u_start, u_unit)
        most = float(np.max(p.capacitance))
        patch = Patch(x, v_unit, p.m, u_unit, MOST * most, WIDEST * most)
        j = self.inflow(trace, patch, J_BITS, y_point - COARSER)
        peak = trace.constant("peak", (self.peak - p.m) / v_unit, x_point)
        drive = j - y - trace.constant("bias", p.e * p.capacitance / u_unit, y_point)

        fired = trace.number(0)
        for _ in range(self.substeps):
            risen = x + (x.factor() * x.factor() + drive).rounded(x_point)
            if not self.overshoot:
                risen = select(fired, x, minimum(risen, peak))
            x = risen.fitted(x_bits)
            fired = x >= peak

        turn = self.a * trace.dt
        slope = trace.constant("a b", turn * self.b * h / p.capacitance)
        rate = trace.constant("a", turn * p.leak)
        rest = trace.constant("a b r", turn * self.b * (p.m - p.r) / u_unit)
        y = y + (slope * x.factor() - rate * y.factor() + rest).rounded(y_point)

        jump = trace.constant("d", self.d / u_unit, y_point)
        start = trace.constant("c", (self.c - p.m) / v_unit, x_point)
        trace.write("v", select(fired, start, x))
        trace.write("u", select(fired, y + jump, y))
        trace.spike(fired, x)


@dataclass(frozen=True)
class Izhikevich(QuadraticCell):
    """Quadratic integrate-and-fire with a slow recovery variable, of 2003.

    Parameters
    ----------
    a : float or array
        Rate of recovery, 1/ms.
    b : float or array
        Sensitivity of recovery to v.
    c : float or array
        v after a spike, mV.
    d : float or array
        What a spike adds to u.
    v : float or array
        Where v starts, mV; ``u`` starts at ``b (v - rest)`` if it is None.
    peak : float or array
        Where v spikes, mV.
    substeps : int
        Steps of v within one step of the network; u takes one.
    overshoot : bool
        Take every substep and u's step as if there were no peak, and only then look for a spike,
        as the programs published with the papers of 2003 and 2006 do. u feels a v of up to 1,850
        mV then, as if d were larger.
    square, linear, constant : float or array
        Of v'; two behaviours of 2004 have 4.1 v + 108.
    rest : float or array
        u' is ``a (b (v - rest) - leak u)``: 0 and 1, but -65 and 0 for accommodation.
    leak : float or array
    receptors, current
        As of `golden.cells.excitable.Excitable`.

    States are ``v`` (mV) and ``u``; arrivals at ``current`` count for this one step.
    """

    square: Any = 0.04
    linear: Any = 5.0
    constant: Any = 140.0
    rest: Any = 0.0
    leak: Any = 1.0

    def parabola(self) -> Parabola:
        """Complete the square."""
        above(0, "square", self.square)
        m = -self.linear / (2 * self.square)
        return Parabola(
            self.square, m, self.square * m * m - self.constant, 1.0, self.rest, self.leak
        )


@dataclass(frozen=True)
class Izhikevich2007(QuadraticCell):
    """The same with dimensions; as it stands, a regularly spiking cell of the book.

    Parameters
    ----------
    C : float or array
        Capacitance, pF.
    k : float or array
        nS/mV.
    vr, vt : float or array
        Where v rests, and where it takes off, mV.
    a, c, v, peak, substeps, overshoot
        As of `Izhikevich`.
    b : float or array
        nS.
    d : float or array
        pA.
    receptors, current
        As of `golden.cells.excitable.Excitable`: pA and nS.

    States are ``v`` (mV) and ``u`` (pA); arrivals at ``current`` (pA) count for this one step.
    """

    a: Any = 0.03
    b: Any = -2.0
    c: Any = -50.0
    d: Any = 100.0
    v: Any = -60.0
    peak: Any = 35.0
    C: Any = 100.0
    k: Any = 0.7
    vr: Any = -60.0
    vt: Any = -40.0

    def parabola(self) -> Parabola:
        """Divide by C."""
        above(0, "C", self.C)
        above(0, "k", self.k)
        s, half = self.k / self.C, (self.vt - self.vr) / 2
        return Parabola(s, (self.vr + self.vt) / 2, s * half * half, self.C, self.vr, 1.0)

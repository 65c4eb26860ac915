"""Cells in float64, of the same step and in the same order as `golden.cells`.

They are written once more from the equations, and are what the integers are measured against.

Every function is given a cell, a step in ms and currents of shape (steps, neurons), and returns for
every neuron the steps in which it spikes.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from golden.cells.adex import AdEx
from golden.cells.hodgkin_huxley import HodgkinHuxley, TraubMiles
from golden.cells.izhikevich import Izhikevich, Izhikevich2007

Floats = NDArray[np.float64]
Steps = list[NDArray[np.int64]]


def izhikevich(cell: Izhikevich, dt: float, currents: Floats) -> Steps:
    """Integrate v, clip it, integrate u from the new v, reset."""
    h, shape = dt / cell.substeps, currents.shape[1:]
    v = np.broadcast_to(np.float64(cell.v), shape).copy()
    u = cell.b * (v - cell.rest) * cell.leak if cell.u is None else cell.u + 0 * v
    fired = np.zeros(currents.shape, bool)
    for spike, current in zip(fired, currents, strict=True):
        for _ in range(cell.substeps):
            risen = v + h * (cell.square * v * v + cell.linear * v + cell.constant - u + current)
            v = (
                risen
                if cell.overshoot
                else np.where(v >= cell.peak, v, np.minimum(risen, cell.peak))
            )
        u = u + dt * cell.a * (cell.b * (v - cell.rest) - cell.leak * u)
        spike[:] = v >= cell.peak
        v, u = np.where(spike, cell.c, v), np.where(spike, u + cell.d, u)
    return _steps(fired)


def izhikevich2007(cell: Izhikevich2007, dt: float, currents: Floats) -> Steps:
    """Do the same with dimensions."""
    h, shape = dt / cell.substeps, currents.shape[1:]
    v = np.broadcast_to(np.float64(cell.v), shape).copy()
    u = cell.b * (v - cell.vr) if cell.u is None else cell.u + 0 * v
    fired = np.zeros(currents.shape, bool)
    for spike, current in zip(fired, currents, strict=True):
        for _ in range(cell.substeps):
            risen = v + h / cell.C * (cell.k * (v - cell.vr) * (v - cell.vt) - u + current)
            v = (
                risen
                if cell.overshoot
                else np.where(v >= cell.peak, v, np.minimum(risen, cell.peak))
            )
        u = u + dt * cell.a * (cell.b * (v - cell.vr) - u)
        spike[:] = v >= cell.peak
        v, u = np.where(spike, cell.c, v), np.where(spike, u + cell.d, u)
    return _steps(fired)


def adex(cell: AdEx, dt: float, currents: Floats) -> Steps:
    """Integrate both from their old values, reset."""
    h, shape = dt / cell.substeps, currents.shape[1:]
    peak = cell.VT + 5 * cell.DT if cell.peak is None else cell.peak
    v = np.broadcast_to(np.float64(cell.EL if cell.v is None else cell.v), shape).copy()
    w = np.broadcast_to(np.float64(cell.w), shape).copy()
    fired = np.zeros(currents.shape, bool)
    for spike, current in zip(fired, currents, strict=True):
        for _ in range(cell.substeps):
            rise = np.exp(np.minimum((v - cell.VT) / cell.DT, 6))
            total = cell.gL * (cell.EL - v + cell.DT * rise) + current - w
            w = w + h / cell.tau_w * (cell.a * (v - cell.EL) - w)
            v = np.where(v >= peak, v, v + h / cell.C * total)
        spike[:] = v >= peak
        v, w = np.where(spike, cell.Vr, v), np.where(spike, w + cell.b, w)
    return _steps(fired)


def _linoid(x: Floats) -> Floats:
    safe = np.where(np.abs(x) < 1e-6, 1, x)
    return np.where(np.abs(x) < 1e-6, 1 + x / 2, safe / -np.expm1(-safe))


def squid_rates(_, v: Floats) -> list[tuple[Floats, Floats]]:
    """Return alpha and beta of m, h, n, as of 1952."""
    return [
        (_linoid((v + 40) / 10), 4 * np.exp(-(v + 65) / 18)),
        (0.07 * np.exp(-(v + 65) / 20), 1 / (1 + np.exp(-(v + 35) / 10))),
        (0.1 * _linoid((v + 55) / 10), 0.125 * np.exp(-(v + 65) / 80)),
    ]


def traub_rates(cell: TraubMiles, v: Floats) -> list[tuple[Floats, Floats]]:
    """Return alpha and beta of m, h, n, as of 1991."""
    x = v - cell.VT
    return [
        (0.32 * 4 * _linoid((x - 13) / 4), 0.28 * 5 * _linoid((40 - x) / 5)),
        (0.128 * np.exp((17 - x) / 18), 4 / (1 + np.exp((40 - x) / 5))),
        (0.032 * 5 * _linoid((x - 15) / 5), 0.5 * np.exp((10 - x) / 40)),
    ]


def hodgkin_huxley(cell: HodgkinHuxley, dt: float, currents: Floats) -> Steps:
    """Integrate v by forward Euler and the gates exactly, all from old values."""
    rates: Callable = traub_rates if isinstance(cell, TraubMiles) else squid_rates
    h, shape = dt / cell.substeps, currents.shape[1:]
    v = np.broadcast_to(np.float64(cell.v), shape).copy()
    gates = [alpha / (alpha + beta) for alpha, beta in rates(cell, v)]
    fired = np.zeros(currents.shape, bool)
    for spike, current in zip(fired, currents, strict=True):
        for _ in range(cell.substeps):
            m, k, n = gates
            flow = cell.gNa * m**3 * k * (cell.ENa - v) + cell.gK * n**4 * (cell.EK - v)
            flow = flow + cell.gL * (cell.EL - v) + current
            gates = [
                g + (1 - np.exp(-h * (alpha + beta))) * (alpha / (alpha + beta) - g)
                for g, (alpha, beta) in zip(gates, rates(cell, v), strict=True)
            ]
            before, v = v, v + h / cell.C * flow
            spike |= (before < cell.threshold) & (v >= cell.threshold)
    return _steps(fired)


def _steps(fired: NDArray[np.bool_]) -> Steps:
    return [np.flatnonzero(column) for column in fired.T]


REFERENCES: dict[type, Callable[..., Steps]] = {
    Izhikevich: izhikevich,
    Izhikevich2007: izhikevich2007,
    AdEx: adex,
    HodgkinHuxley: hodgkin_huxley,
    TraubMiles: hodgkin_huxley,
}
"""The float64 twin of every cell."""

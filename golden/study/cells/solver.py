"""Cells integrated by scipy's LSODA with a step of its own choice: what their equations say.

Every function is given a cell, a constant current and a time in ms, and returns the times of its
spikes; so the current flows from the begin on.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from golden.cells.adex import AdEx
from golden.cells.hodgkin_huxley import HodgkinHuxley, TraubMiles
from golden.cells.izhikevich import Izhikevich, Izhikevich2007
from golden.study.cells.floats import squid_rates, traub_rates

Floats = NDArray[np.float64]
PRECISE = {"method": "LSODA", "rtol": 1e-10, "atol": 1e-10}


def _until(rise: Callable, start: Any, event: Callable, reset: Callable, duration: float) -> Floats:
    """Go from event to event, and on from what ``reset`` makes of the state there."""
    event.terminal, event.direction = True, 1  # type: ignore[attr-defined]
    now, state, times = 0.0, np.array(start, float), []
    while True:
        found = solve_ivp(rise, (now, duration), state, events=event, **PRECISE)
        if found.status != 1:
            return np.array(times)
        now, state = found.t_events[0][0], reset(found.y_events[0][0])
        times.append(now)


def izhikevich(cell: Izhikevich, current: float, duration: float) -> Floats:
    """Integrate v and u of 2003."""

    def rise(_, y):
        v, u = y
        return (
            cell.square * v * v + cell.linear * v + cell.constant - u + current,
            cell.a * (cell.b * (v - cell.rest) - cell.leak * u),
        )

    start = cell.v, cell.b * (cell.v - cell.rest)
    return _until(
        rise, start, lambda _, y: y[0] - cell.peak, lambda y: (cell.c, y[1] + cell.d), duration
    )


def izhikevich2007(cell: Izhikevich2007, current: float, duration: float) -> Floats:
    """Integrate v and u of 2007."""

    def rise(_, y):
        v, u = y
        return (
            (cell.k * (v - cell.vr) * (v - cell.vt) - u + current) / cell.C,
            cell.a * (cell.b * (v - cell.vr) - u),
        )

    start = cell.v, cell.b * (cell.v - cell.vr)
    return _until(
        rise, start, lambda _, y: y[0] - cell.peak, lambda y: (cell.c, y[1] + cell.d), duration
    )


def adex(cell: AdEx, current: float, duration: float) -> Floats:
    """Integrate v and w to VT + 15 DT, from where v needs less than a microsecond to anywhere."""
    end = cell.VT + 15 * cell.DT

    def rise(_, y):
        v, w = y
        leap = cell.DT * np.exp((min(v, end) - cell.VT) / cell.DT)
        return (
            (cell.gL * (cell.EL - v + leap) - w + current) / cell.C,
            (cell.a * (v - cell.EL) - w) / cell.tau_w,
        )

    start = cell.EL, cell.w
    return _until(
        rise, start, lambda _, y: y[0] - end, lambda y: (cell.Vr, y[1] + cell.b), duration
    )


def hodgkin_huxley(cell: HodgkinHuxley, current: float, duration: float) -> Floats:
    """Integrate v and the gates; nothing is reset."""
    rates: Callable = traub_rates if isinstance(cell, TraubMiles) else squid_rates

    def rise(_, y):
        v, *gates = y
        m, h, n = gates
        flow = cell.gNa * m**3 * h * (cell.ENa - v) + cell.gK * n**4 * (cell.EK - v)
        moved = [
            alpha * (1 - g) - beta * g
            for g, (alpha, beta) in zip(gates, rates(cell, v), strict=True)
        ]
        return ((flow + cell.gL * (cell.EL - v) + current) / cell.C, *moved)

    def crosses(_, y):
        return y[0] - cell.threshold

    crosses.direction = 1  # type: ignore[attr-defined]
    gates = [alpha / (alpha + beta) for alpha, beta in rates(cell, np.float64(cell.v))]
    found = solve_ivp(rise, (0, duration), [cell.v, *gates], events=crosses, **PRECISE)
    return found.t_events[0]


SOLVERS: dict[type, Callable[..., Floats]] = {
    Izhikevich: izhikevich,
    Izhikevich2007: izhikevich2007,
    AdEx: adex,
    HodgkinHuxley: hodgkin_huxley,
    TraubMiles: hodgkin_huxley,
}
"""What the equations of every cell say."""

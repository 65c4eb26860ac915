"""Leaky cells solved as differential equations, spike by spike."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp
from scipy.linalg import block_diag

from golden.cells.integrators.adaptive import AdaptiveLIF
from golden.cells.integrators.integrate_fire import IF
from golden.cells.integrators.lif import LIF
from golden.cells.receptors.conductances import Driven
from golden.cells.receptors.inlet import Delta, StepCurrent
from golden.study.cells.leaky import block, chain

TOLERANCE = 1e-9


class Solved:
    """A `LIF` or an `IF`, or a LIF with an adaptive threshold, between jumps.

    The state is (v, theta, what receptors keep).
    """

    def __init__(self, cell: LIF | IF):
        self.cell = cell
        leaks = isinstance(cell, LIF)
        self.rate = 1 / cell.tau if leaks else 0.0
        self.strength = cell.resistance / cell.tau if leaks else 1 / cell.capacitance
        self.inlets = [i for i in cell.receptors if not isinstance(i, Delta | StepCurrent)]
        parts = [chain(i) for i in self.inlets]
        blocks = [p[0] for p in parts]
        self.rates = np.asarray(block_diag(*blocks)) if parts else np.zeros((0, 0))
        ends = np.cumsum([2, *(len(p[1]) for p in parts)])
        self.places = {
            i.name: (slice(a, b), p)
            for i, a, b, p in zip(self.inlets, ends, ends[1:], parts, strict=False)
        }
        self.state = np.zeros(2 + len(self.rates))
        self.state[0] = cell.rest if cell.v is None else cell.v

    def jump(self, name: str, amount: float, calm: bool) -> None:
        """Let a spike arrive."""
        if name in self.places:
            place, (_, enters, _) = self.places[name]
            self.state[place] += enters * amount
        elif calm:
            self.state[0] += amount

    def slope(self, _: float, y: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the derivative."""
        cell, v = self.cell, y[:1]
        current: Any = np.full(1, float(cell.current))
        for inlet in self.inlets:
            place, system = self.places[inlet.name]
            drive: Any = inlet.reversal - v if isinstance(inlet, Driven) else 1.0
            current = current + system[2] @ y[place] * drive * block(inlet, v)
        fading = -y[1] / cell.tau_theta if isinstance(cell, AdaptiveLIF) else 0.0
        rise = self.strength * current - self.rate * (v - cell.rest)
        return np.concatenate([rise, [fading], self.rates @ y[2:]])

    def above(self, _: float, y: NDArray[np.float64]) -> float:
        """Return how far v is above the threshold."""
        return float(y[0] - y[1] - self.cell.threshold)

    def until(self, begin: float, end: float, calm: bool) -> float:
        """Go on to ``end``, or to the next spike; return the time."""

        def held(t: float, y: NDArray[np.float64]) -> NDArray[np.float64]:
            return self.slope(t, y) * np.where(np.arange(len(y)) == 0, 0, 1)

        def crossing(t: float, y: NDArray[np.float64]) -> float:
            return self.above(t, y)

        vars(crossing).update(terminal=True, direction=1)
        found = solve_ivp(
            self.slope if calm else held,
            (begin, end),
            self.state,
            "LSODA",
            events=crossing if calm else None,
            rtol=TOLERANCE,
            atol=TOLERANCE,
        )
        self.state = found.y[:, -1]
        return float(found.t[-1])

    def spike(self) -> None:
        """Reset."""
        cell = self.cell
        self.state[0] = (
            self.state[0] - (cell.threshold - cell.reset) if cell.subtract else cell.reset
        )
        if isinstance(cell, AdaptiveLIF):
            self.state[1] += cell.theta_plus


def spike_times(
    cell: LIF | IF, dt: float, arrivals: Mapping[str, NDArray[np.float64]]
) -> list[float]:
    """Return when a cell spikes, in ms.

    Parameters
    ----------
    arrivals : mapping from names of receptors to arrays of shape (steps,)
        What arrives at the begin of every step.
    """
    steps = max(map(len, arrivals.values()))
    marks = sorted({0, steps, *(int(t) for x in arrivals.values() for t in np.flatnonzero(x))})
    solved, times, free = Solved(cell), [], -1.0
    for mark, following in zip(marks, marks[1:], strict=False):
        now, end = mark * dt, following * dt
        for name, amounts in arrivals.items():
            if mark < len(amounts) and amounts[mark]:
                solved.jump(name, float(amounts[mark]), now >= free)
        while now < end:
            if now < free:
                now = solved.until(now, min(end, free), False)
                continue
            if solved.above(now, solved.state) >= 0:
                times.append(now)
                solved.spike()
                free = now + float(cell.refractory)
                continue
            now = solved.until(now, end, True)
            if solved.above(now, solved.state) > -1e-7 and now < end:
                solved.state[0] = solved.state[1] + cell.threshold
    return times

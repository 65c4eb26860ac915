"""Leaky integrate-and-fire cells in float64, of the same step and in the same order.

Written once more from the equations, with NumPy's and SciPy's functions: what the integers of
`golden.cells.integrators` are measured against.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import expm

from golden.cells.integrators.adaptive import AdaptiveLIF
from golden.cells.integrators.integrate_fire import IF
from golden.cells.integrators.integrator import Integrator
from golden.cells.integrators.lif import LIF
from golden.cells.integrators.srm0 import SRM0
from golden.cells.receptors.conductances import Driven
from golden.cells.receptors.inlet import Delta, Inlet, StepCurrent
from golden.cells.receptors.kinetics import Alpha, Exponential, TwoExponentials
from golden.cells.receptors.transmitters import NMDA
from golden.numbers.hash import WORD_BITS, round_keys, words

Floats = NDArray[np.float64]


def chain(inlet: Inlet) -> tuple[Floats, Floats, Floats]:
    """Return a receptor as a linear system: rates, what a weight adds, what flows."""
    match inlet:
        case StepCurrent():
            return np.zeros((1, 1)), np.ones(1), np.ones(1)
        case Exponential():
            return np.array([[-1 / inlet.tau]]), np.ones(1), np.ones(1)
        case Alpha():
            slow = 1 / inlet.tau
            return np.array([[-slow, np.e * slow], [0, -slow]]), np.array([0.0, 1]), np.eye(2)[0]
        case TwoExponentials():
            decay, rise = inlet.decay, inlet.rise
            t = np.log(decay / rise) / (1 / rise - 1 / decay)
            peak = np.exp(-t / decay) - np.exp(-t / rise) if inlet.normal else 1.0
            return np.diag([-1 / decay, -1 / rise]), np.ones(2), np.array([1.0, -1]) / peak
    raise TypeError(f"receptor must be one of those with a linear system, not {inlet}")


def block(inlet: Inlet, v: Floats) -> Floats | float:
    """Return the share of a conductance that magnesium leaves."""
    if not isinstance(inlet, NMDA):
        return 1.0
    return 1 / (1 + inlet.magnesium / 3.57 * np.exp(-0.062 * v))


class Leaky:
    """Some neurons of one kind: `LIF`, what is built on it, or `IF`; refractory, they hold v.

    An `SRM0` draws the random words that the integers draw, numbered from 0, with the same seed.
    """

    def __init__(self, cell: Integrator, dt: float, neurons: int, seed: int = 1):
        if not isinstance(cell, LIF | IF) or cell.while_refractory != "hold":
            raise TypeError(f"a cell must be a LIF or an IF that holds v, not {cell}")
        self.cell, self.dt, self.seed, self.steps = cell, dt, seed, 0
        self.theta = cell.theta if isinstance(cell, AdaptiveLIF) else 0.0
        self.v = np.full(neurons, 0.0) + (cell.rest if cell.v is None else cell.v)
        self.left = np.zeros(neurons)
        if isinstance(cell, LIF):
            self.rate, self.strength = 1 / cell.tau, cell.resistance / cell.tau
        else:
            self.rate, self.strength = 0.0, 1 / cell.capacitance
        self.kept = {
            i.name: np.full((len(chain(i)[1]), neurons), 0.0)
            for i in cell.receptors
            if not isinstance(i, Delta)
        }
        for inlet in cell.receptors:
            if isinstance(inlet, Exponential):
                self.kept[inlet.name] += inlet.start
        self.lasting = [(i, *self._gains(i)) for i in cell.receptors if i.name in self.kept]

    def _gains(self, inlet: Inlet) -> tuple[Floats, Floats]:
        """Return what the parts of a receptor do to v in a step, and what is left of them."""
        rates, _, flows = chain(inlet)
        n = len(rates)
        whole = np.zeros((n + 1, n + 1))
        whole[0, 0], whole[0, 1:], whole[1:, 1:] = -self.rate, self.strength * flows, rates
        after: Floats = np.asarray(expm(whole * self.dt), np.float64)
        if isinstance(self.cell, LIF) and self.cell.method != "exact":
            return np.asarray(self.lost * self.cell.resistance * flows), after[1:, 1:]
        return after[0, 1:], after[1:, 1:]

    @property
    def lost(self) -> float:
        """Share of v that a step loses."""
        share = self.dt * self.rate
        method = self.cell.method if isinstance(self.cell, LIF) else "exact"
        second = share * share / 2 if method == "second order" else 0.0
        return float(1 - np.exp(-share) if method == "exact" else share - second)

    def reached(self, v: Floats) -> NDArray[np.bool_]:
        """Return whose v is enough for a spike."""
        cell = self.cell
        if isinstance(cell, AdaptiveLIF):
            self.theta = self.theta * np.exp(-self.dt / cell.tau_theta)
            spikes = v >= cell.threshold + self.theta
            self.theta = self.theta + cell.theta_plus * (spikes & (self.left < 1))
            return spikes
        if isinstance(cell, SRM0):
            rate = cell.rho_0 * np.exp((v - cell.threshold) / cell.d_threshold)
            word = words(round_keys(self.seed, self.steps), 0, np.arange(len(v)))
            self.steps += 1
            return word * 2.0**-WORD_BITS < -np.expm1(-rate * self.dt)
        return v > cell.threshold if cell.strict else v >= cell.threshold

    def step(self, arrivals: Mapping[str, Floats]) -> NDArray[np.bool_]:
        """Do a step; return who spikes."""
        cell, v = self.cell, self.v
        steady = self.lost * cell.resistance if isinstance(cell, LIF) else self.dt * self.strength
        moved = v - self.lost * (v - cell.rest) + steady * cell.current
        for inlet in cell.receptors:
            if isinstance(inlet, Delta):
                moved = moved + arrivals.get(inlet.name, 0.0)
        for inlet, gains, left in self.lasting:
            here = arrivals.get(inlet.name, 0.0)
            kept = self.kept[inlet.name]
            kept = kept + chain(inlet)[1][:, None] * here
            drive = inlet.reversal - v if isinstance(inlet, Driven) else 1.0
            moved = moved + gains @ kept * drive * block(inlet, v)
            self.kept[inlet.name] = 0 * kept if isinstance(inlet, StepCurrent) else left @ kept
        calm = self.left < 1
        v = np.where(calm, moved, v)
        fired = self.reached(v) & calm
        wait = np.maximum(self.left - 1, 0)
        self.left = np.where(fired, np.rint(np.asarray(cell.refractory) / self.dt), wait)
        after = v - (cell.threshold - cell.reset) if cell.subtract else cell.reset
        self.v = np.where(fired, after, v)
        if cell.lowest is not None:
            self.v = np.maximum(self.v, cell.lowest)
        return fired

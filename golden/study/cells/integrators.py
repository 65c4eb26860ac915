"""Integrators: each with one input, solved, in float64, and in integers."""

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from golden.cells.cell import Cell
from golden.cells.evaluate import evaluate
from golden.cells.integrators.adaptive import AdaptiveLIF
from golden.cells.integrators.cuba import CubaLIF
from golden.cells.integrators.integrate_fire import IF
from golden.cells.integrators.integrator import Integrator
from golden.cells.integrators.lif import LIF
from golden.cells.integrators.srm0 import SRM0
from golden.cells.mcculloch_pitts import McCullochPitts
from golden.cells.receptors.conductances import (
    ConductanceAlpha,
    ConductanceExponential,
    ConductanceTwoExponentials,
)
from golden.cells.receptors.currents import (
    CurrentAlpha,
    CurrentExponential,
    CurrentTwoExponentials,
)
from golden.cells.receptors.inlet import Delta, Inlet
from golden.cells.receptors.transmitters import AMPA, GABAA, GABAB, NMDA
from golden.numbers.hash import round_keys
from golden.study.cells.leaky import Leaky
from golden.study.cells.row import Row, row
from golden.study.cells.solved import spike_times

MS = 1000
Floats = NDArray[np.float64]


def poisson(steps: int, dt: float, hz: float, weight: float, seed: int) -> Floats:
    """Return the weights that arrive in every step from many sources of ``hz`` together."""
    counts = np.random.default_rng(seed).poisson(hz * dt / 1000, steps)
    return counts.astype(np.float64) * weight


def in_integers(cell: Cell, dt: float, arrivals: Mapping[str, Floats]) -> NDArray[np.int64]:
    """Return the steps in which one neuron spikes."""
    program = cell.program(dt)
    states = {s.name: np.atleast_1d(s.start) for s in program.states}
    sums = {name: program.receptor(name).scale.integer(x) for name, x in arrivals.items()}
    fired, nothing = [], np.zeros(1, np.int64)
    for step in range(max(map(len, arrivals.values()))):
        here = {r.name: nothing for r in program.receptors}
        here |= {name: x[step : step + 1] for name, x in sums.items()}
        outcome = evaluate(program, states, here, round_keys(1, step), np.zeros(1, np.int64))
        if any(cases.any() for cases in outcome.saturated.values()):
            raise ArithmeticError(f"nothing must be saturated in step {step}")
        states = outcome.states
        fired.append(outcome.spike[0])
    return np.flatnonzero(fired)


def in_floats(cell: Integrator, dt: float, arrivals: Mapping[str, Floats]) -> NDArray[np.int64]:
    """Return the same in float64."""
    twin = Leaky(cell, dt, 1)
    steps = range(max(map(len, arrivals.values())))
    return np.flatnonzero([
        twin.step({name: x[t : t + 1] for name, x in arrivals.items()})[0] for t in steps
    ])


def cuba_in_floats(cell: CubaLIF, arrivals: Floats) -> NDArray[np.int64]:
    """Return the same of Loihi's cell."""
    u = v = 0.0
    fired = np.zeros(len(arrivals), bool)
    for step, here in enumerate(arrivals):
        u += here
        v += u - cell.dv * v
        u -= cell.du * u
        fired[step] = v > cell.threshold
        v = cell.reset if fired[step] else v
    return np.flatnonzero(fired)


def receptor_cases() -> dict[str, tuple[tuple[Inlet, ...], float, float]]:
    """Return receptors by name, with Hz and weight of what arrives at each."""
    mixed = AMPA(), GABAA(), GABAB(), NMDA()
    return {
        "delta": ((Delta("x"),), 500, 2.5),
        "exponential current": ((CurrentExponential("x", tau=5),), 500, 8),
        "alpha current": ((CurrentAlpha("x", tau=3),), 500, 6),
        "two-exponential current": ((CurrentTwoExponentials("x", decay=8, rise=2),), 500, 4),
        "exponential conductance": ((ConductanceExponential("x", tau=5),), 500, 0.15),
        "alpha conductance": ((ConductanceAlpha("x", tau=3),), 500, 0.12),
        "two-exponential conductance": (
            (ConductanceTwoExponentials("x", decay=8, rise=2),),
            500,
            0.08,
        ),
        "AMPA, GABA-A, GABA-B and NMDA": (mixed, 300, 0.2),
    }


SHARES = {"ampa": 4.0, "gabaa": 0.5, "gabab": 0.02, "nmda": 0.3}
"""Of the weight, where several receptors are."""


def rows() -> Iterator[Row]:
    """Yield all rows."""
    dt = 0.125
    steps = round(MS / dt)
    silence = {"x": np.zeros(steps)}
    for name, (inlets, hz, weight) in receptor_cases().items():
        cell = LIF(refractory=2, receptors=inlets)
        arrivals = {
            i.name: poisson(steps, dt, hz, weight * SHARES.get(i.name, 1.0), number)
            for number, i in enumerate(inlets)
        }
        yield _solved("LIF", name, cell, dt, arrivals)
    wire: tuple[Inlet, ...] = (Delta("x"),)
    for step in (1.0, 0.125):
        cell = LIF(current=25, refractory=2, receptors=wire)
        yield _solved("LIF", "constant current", cell, step, {"x": np.zeros(round(MS / step))})
    neurapse = LIF(
        tau=10, rest=-70, reset=-70, threshold=20, current=120, refractory=2,
        method="second order", receptors=wire,
    )  # fmt: skip
    yield _solved("LIF of second order", "constant current", neurapse, dt, silence)
    yield _solved(
        "IF", "constant current", IF(threshold=15, current=0.31, receptors=wire), dt, silence
    )
    held = IF(threshold=15, receptors=(CurrentExponential("x", tau=5),))
    yield _solved("IF", "exponential current", held, dt, {"x": poisson(steps, dt, 200, 0.3, 1)})
    adaptive = AdaptiveLIF(current=40, theta_plus=2, tau_theta=100, receptors=wire)
    yield _solved("AdaptiveLIF", "constant current", adaptive, dt, silence)
    yield from _by_their_step()


def _solved(name: str, case: str, cell: LIF | IF, dt: float, arrivals: Mapping[str, Floats]) -> Row:
    exact = spike_times(cell, dt, arrivals)
    return row(
        name, case, dt, exact, in_floats(cell, dt, arrivals), in_integers(cell, dt, arrivals)
    )


def _by_their_step() -> Iterator[Row]:
    """Yield rows of cells that a step defines."""
    input_ = poisson(2000, 1, 300, 4, 1)
    cuba = CubaLIF(du=0.2, dv=0.05, threshold=100)
    integers = in_integers(cuba, 1, {"synapse": input_})
    yield row("CubaLIF", "random spikes", 1, None, cuba_in_floats(cuba, input_), integers)
    escape = SRM0(current=12, rho_0=0.1, d_threshold=3, receptors=(Delta("x"),))
    nothing = {"x": np.zeros(2000)}
    floats, integers = in_floats(escape, 1, nothing), in_integers(escape, 1, nothing)
    yield row("SRM0", "constant current", 1, None, floats, integers)
    sums = poisson(2000, 1, 800, 0.75, 1)
    integers = in_integers(McCullochPitts(threshold=1.5), 1, {"delta": sums})
    yield row("McCullochPitts", "random spikes", 1, None, np.flatnonzero(sums >= 1.5), integers)

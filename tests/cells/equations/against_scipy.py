"""Compares the tutorial's cells with scipy's solver: ``python -m ... FILE.csv``, a few minutes.

Columns: ``step_error_ms`` is float64 with our integrator against the solver, ``integer_error_ms``
the integers against float64, both the mean difference of times of spikes, where v crosses the
threshold between two steps on a line; 1,000 ms at a constant input.
"""

import csv
import sys
from pathlib import Path

import numpy as np
from scipy.integrate import solve_ivp

from golden.cells import Equations
from golden.cells.equations.floats import function
from golden.cells.equations.parse import symbol
from tests.cells.equations.runs import floats, integers
from tests.docs.tutorial import run

DURATION = 1000
CASES = [
    ("fitzhugh_nagumo", 1.0, 0.5, (1 / 8, 1 / 32)),
    ("morris_lecar", 0.0, 100.0, (1 / 8, 1 / 32)),
    ("connor_stevens", 0.0, 12.0, (1 / 32, 1 / 128)),
]
"""Name, threshold, input, steps in ms."""
COLUMNS = (
    "cell",
    "input",
    "dt_ms",
    "spikes_solver",
    "spikes_float64",
    "spikes_integers",
    "step_error_ms",
    "integer_error_ms",
)


def crossings(v: np.ndarray, dt: float, level: float) -> np.ndarray:
    """Return when v rises above the level, ms; ``v[t]`` is at the end of step t."""
    below = np.flatnonzero((v[:-1] <= level) & (v[1:] > level))
    return (below + 1 + (level - v[below]) / (v[below + 1] - v[below])) * dt


def solved(cell: Equations, level: float, amount: float, duration: float) -> np.ndarray:
    """Return when v rises above the level in scipy's solution."""
    model = cell.dynamics
    names = [symbol(x.name) for x in model.variables]
    values = {symbol(n): float(x) for n, x in model.parameters.items()}
    (name,) = model.inputs
    values[symbol(name)] = amount * float(model.units[name].size)
    numbers = sorted(values, key=str)
    calls = [function(x.derivative, [*names, *numbers]) for x in model.variables]
    given = [values[x] for x in numbers]

    def slope(_, y):
        return [call(*y, *given) for call in calls]

    def rises(_, y):
        return y[0] - level

    rises.direction = 1  # pyright: ignore[reportFunctionMemberAccess]
    start = [float(cell.start[x.name]) for x in model.variables]
    found = solve_ivp(
        slope, (0, duration), start, "DOP853", events=rises, rtol=1e-10, atol=1e-10, max_step=1.0
    )
    return found.t_events[0]


def rows(name: str, cell: Equations, level: float, amount: float, steps: tuple) -> list[tuple]:
    """Return the lines of a cell."""
    exact, found = solved(cell, level, amount, DURATION), []
    for dt in steps:
        n, given = int(DURATION / dt), {"I": amount}
        real = crossings(floats(cell, dt, n, given)[1], dt, level)
        whole = crossings(integers(cell, dt, n, given)[1], dt, level)
        errors = [f"{difference(a, b):.3f}" for a, b in ((real, exact), (whole, real))]
        counts = len(exact), len(real), len(whole)
        found.append((name, f"{amount:g}", f"1/{round(1 / dt)}", *counts, *errors))
    return found


def difference(a: np.ndarray, b: np.ndarray) -> float:
    """Return the mean difference of the spikes that both have."""
    both = min(len(a), len(b))
    return float(np.mean(np.abs(a[:both] - b[:both])))


def main(path: Path) -> None:
    """Write the table."""
    cells = run()[0]
    lines = [
        line
        for name, level, amount, steps in CASES
        for line in rows(name, cells[name], level, amount, steps)
    ]
    with path.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(lines)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

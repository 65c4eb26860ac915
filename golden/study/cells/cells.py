"""Cells in integers beside float64 of the same step and order, and beside scipy's solver.

::

    python -m golden.study.cells.cells [--out docs/results/cells/solver.csv]

writes a row for every cell: under one constant current, the spikes of the solver, of float64 and of
the integers, the error of the step (float64 against the solver) and that of the integers (against
float64), both the mean distance of spikes in ms; then the largest difference of the rates of the
integers and of float64 over a range of currents; and what a step of the program is made of.
"""

import argparse
import csv
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from golden.cells.adex import AdEx
from golden.cells.behaviours.adex import ADEX
from golden.cells.cell import Cell
from golden.cells.hodgkin_huxley import HodgkinHuxley, TraubMiles
from golden.cells.izhikevich import Izhikevich, Izhikevich2007
from golden.command.console import OUT, writing
from golden.study.cells.compare import apart
from golden.study.cells.floats import REFERENCES
from golden.study.cells.integers import spike_steps
from golden.study.cells.solver import SOLVERS

DURATION = 1000
"""ms of every run."""


@dataclass(frozen=True)
class SolverTrial:
    """A cell, its step, and currents."""

    name: str
    cell: Cell
    dt: float
    current: float
    """In the comparison with the solver."""
    currents: tuple[float, float, float]
    """Begin, end and step of the range."""

    def range(self) -> np.ndarray:
        """Return all currents."""
        begin, end, step = self.currents
        return np.arange(begin, end + step / 2, step)


COMPARISONS = (
    SolverTrial("Izhikevich", Izhikevich(), 1 / 2, 10, (0, 20, 0.5)),
    SolverTrial("Izhikevich, fast spiking", Izhikevich(a=0.1, d=2), 1 / 8, 10, (0, 20, 0.5)),
    SolverTrial("Izhikevich2007", Izhikevich2007(), 1 / 8, 100, (0, 500, 20)),
    SolverTrial("AdEx", AdEx(), 1 / 8, 1000, (500, 2000, 100)),
    SolverTrial("AdEx, tonic spiking", ADEX[0].cell, 1 / 8, 500, (100, 1000, 50)),
    SolverTrial("HodgkinHuxley", HodgkinHuxley(), 1 / 32, 10, (0, 60, 3)),
    SolverTrial("HodgkinHuxley(EL=-55), Neurapse's", HodgkinHuxley(EL=-55), 1 / 32, 15, (0, 60, 3)),
    SolverTrial("TraubMiles", TraubMiles(), 1 / 32, 500, (0, 2000, 100)),
)


def row(given: SolverTrial) -> dict[str, str]:
    """Run one."""
    steps = round(DURATION / given.dt)
    currents = np.tile(np.append(given.range(), given.current), (steps, 1))
    wanted = REFERENCES[type(given.cell)](given.cell, given.dt, currents)
    found = spike_steps(given.cell, given.dt, currents)
    exact = SOLVERS[type(given.cell)](given.cell, given.current, DURATION)
    rates = [abs(len(a) - len(b)) / (DURATION / 1000) for a, b in zip(found, wanted, strict=True)]
    cost = given.cell.program(given.dt).cost()
    ends = (np.asarray(x[-1] + 1) * given.dt for x in (wanted, found))
    float64, integers = ends
    return {
        "cell": given.name,
        "dt_ms": f"{given.dt:g}",
        "current": f"{given.current:g}",
        "spikes_solver": str(len(exact)),
        "spikes_float64": str(len(float64)),
        "spikes_integers": str(len(integers)),
        "step_error_ms": f"{apart(float64, exact):.3f}",
        "integer_error_ms": f"{apart(integers, float64):.3f}",
        "currents": "{:g} to {:g}".format(*given.currents[:2]),
        "rate_error_hz": f"{max(rates[:-1]):g}",
        "products": str(cost["multiply"]),
        "state_bits": str(cost["state_bits"]),
        "table_bits": str(cost["table_bits"]),
    }


def main(arguments: list[str] | None = None) -> int:
    """Run all and write the table."""
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n")[0])
    parser.add_argument("--out", type=Path, default=Path("docs/results/cells/solver.csv"))
    out = parser.parse_args(arguments).out
    rows = []
    for given in COMPARISONS:
        rows.append(row(given))
        OUT.print(", ".join(f"{name} {value}" for name, value in rows[-1].items()))
    with writing(out), out.open("w", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""How often a cell spikes by the current that flows into it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from golden.cells.cell import Cell
from golden.cells.program import Program
from golden.pictures.alone import enough, entrance, single, trial
from golden.pictures.chart import BLUE, Picture, chart

POINTS = 41


def f_i_curve(
    cell: Cell | Program,
    currents: Sequence[float] | NDArray[np.float64] | None = None,
    dt: float = 1.0,
    duration: float = 1000.0,
    settle: float = 200.0,
) -> Picture:
    """Draw rates, in Hz, over constant currents.

    Parameters
    ----------
    cell : Cell, or the Program of one
    currents : sequence of float
        In the unit of the receptor; from 0 to four times what is enough if they are left out.
    dt : float
        ms of a step, of a program, too.
    duration, settle : float
        ms that are counted, and that pass before.

    Raises
    ------
    ValueError
        If no current is given and none makes the cell spike.
    """
    program = single(cell.program(dt) if isinstance(cell, Cell) else cell)
    if currents is None:
        currents = np.linspace(0, 4 * enough(program, dt), POINTS)
    given = np.asarray(currents, np.float64)
    figure, (axes,) = chart(2.8)
    axes.plot(given, rates(program, given, dt, duration, settle), color=BLUE, marker=".")
    axes.set_xlabel(entrance(program).scale.axis(entrance(program).name))
    axes.set_ylabel("spikes/s")
    axes.set_ylim(bottom=0)
    axes.set_xlim(given.min(), given.max())
    return figure


def rates(
    program: Program, currents: NDArray[np.float64], dt: float, duration: float, settle: float
) -> NDArray[np.float64]:
    """Return spikes a second for each current."""
    before, counted = round(settle / dt), max(1, round(duration / dt))
    levels = entrance(program).scale.integer(currents)
    spikes = trial(program, levels, before + counted, states=False).spikes[before:]
    return spikes.sum(axis=0) / (counted * dt / 1000)

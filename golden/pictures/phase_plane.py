"""The plane of a cell with two state variables: where an integer step leads from everywhere.

Nothing here is taken from the cell's equations. Arrows, nullclines and path are what its program
does with integers, rounding and clipping included.
"""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from golden.cells.cell import Cell
from golden.cells.program import Program, StateWord
from golden.pictures.alone import entrance, single, stepped, threshold, trial
from golden.pictures.chart import BLUE, FAINT, INK, MUTED, ORANGE, PAPER, STEPS, Picture, chart

ARROWS = (23, 17)
FINE = (240, 180)
"""Points of the grid on which nullclines are found."""
Range = tuple[float, float]


def phase_plane(
    cell: Cell | Program,
    current: float = 0.0,
    dt: float = 1.0,
    duration: float = 500.0,
    x: Range | None = None,
    y: Range | None = None,
) -> Picture:
    """Draw the plane of a cell's two state variables.

    Parameters
    ----------
    cell : Cell, or the Program of one
    current : float
        Flows all the time, in the unit of the receptor.
    dt : float
        ms of a step; a program has its own.
    duration : float
        ms of the path, which begins where the cell starts.
    x, y : pairs of numbers
        What is shown; around the path if they are left out.

    Raises
    ------
    ValueError
        If the cell has another number of state variables.
    """
    program = single(cell.program(dt) if isinstance(cell, Cell) else cell)
    if len(program.states) != 2:
        names = ", ".join(s.name for s in program.states)
        raise ValueError(f"a phase plane must have 2 state variables, not {names}")
    first, second = program.states
    level = entrance(program).scale.integer([current])
    path = trial(program, level, max(2, round(duration / dt)))
    along, across = (s.scale.quantity(path.states[s.name][:, 0]) for s in program.states)
    top = threshold(program)
    x = x or _around(along, [] if top is None else [top])
    y = y or _around(across, [])
    figure, (axes,) = chart(3.6)
    _nullclines(axes, program, level, x, y)
    _arrows(axes, program, level, x, y)
    _path(axes, along, across, path.spikes[:, 0], top)
    if top is not None:
        axes.axvline(top, color=FAINT, linewidth=1, linestyle=(0, (4, 3)))
    axes.set_xlim(*x)
    axes.set_ylim(*y)
    axes.set_xlabel(first.scale.axis(first.name))
    axes.set_ylabel(second.scale.axis(second.name))
    axes.xaxis.set_major_locator(MaxNLocator(7, steps=STEPS))
    for label, colour in ((f"{first.name} stays", BLUE), (f"{second.name} stays", ORANGE)):
        axes.plot([], [], color=colour, linewidth=1.8, label=label)
    axes.plot([], [], color=INK, linewidth=1, label=f"path, {current:g}")
    figure.legend(loc="outside upper left", ncols=3, frameon=False, fontsize=9, labelcolor=INK)
    return figure


def _around(values: NDArray[np.float64], more: list[float]) -> Range:
    low, high = min(values.min(), *more, values.max()), max(values.max(), *more, values.min())
    margin = 0.12 * (high - low) or 1.0
    return float(low - margin), float(high + margin)


def _field(
    program: Program, level: NDArray[np.int64], x: Range, y: Range, points: tuple[int, int]
) -> tuple[NDArray[np.float64], ...]:
    """Return a grid and where a step leads from its points, nowhere where the cell spikes."""
    grid = np.meshgrid(np.linspace(*x, points[0]), np.linspace(*y, points[1]))
    words = [_words(s, g.ravel()) for s, g in zip(program.states, grid, strict=True)]
    states = {s.name: w for s, w in zip(program.states, words, strict=True)}
    after = stepped(program, states, np.repeat(level, len(words[0])), 0)
    moved = []
    for state, before in zip(program.states, words, strict=True):
        change = state.scale.quantity(after.states[state.name]) - state.scale.quantity(before)
        moved.append(np.where(after.spike == 1, np.nan, change).reshape(grid[0].shape))
    return *grid, *moved


def _words(state: StateWord, quantity: NDArray[np.float64]) -> NDArray[np.int64]:
    most = 1 << (state.width - 1)
    return np.clip(state.scale.integer(quantity), -most, most - 1)


def _nullclines(axes: Axes, program: Program, level: NDArray, x: Range, y: Range) -> None:
    """Draw where a variable stays, and shade where the next step is a spike."""
    across, up, *moved = _field(program, level, x, y, FINE)
    spikes = np.isnan(moved[0])
    if spikes.any():
        axes.contourf(across, up, spikes, [0.5, 1.5], colors=[FAINT], alpha=0.3)
    for change, colour in zip(moved, (BLUE, ORANGE), strict=True):
        if np.nanmin(change) < 0 < np.nanmax(change):
            axes.contour(across, up, change, [0], colors=[colour], linewidths=1.8)


def _arrows(axes: Axes, program: Program, level: NDArray, x: Range, y: Range) -> None:
    """Draw where a step leads: directions as on paper, lengths compressed."""
    wide, tall = ((high - low) / 40 for low, high in (x, y))
    inner = (x[0] + wide, x[1] - wide), (y[0] + tall, y[1] - tall)
    across, up, right, upward = _field(program, level, *inner, ARROWS)
    dx, dy = right / (x[1] - x[0]), upward / (y[1] - y[0]) * 0.8
    length = np.hypot(dx, dy)
    strongest = np.nanmax(length)
    if not strongest > 0:
        return
    size = (length / strongest) ** 0.25 / np.where(length > 0, length, 1)
    axes.quiver(
        across,
        up,
        dx * size,
        dy * size,
        color=MUTED,
        alpha=0.55,
        angles="uv",
        scale=ARROWS[0] * 1.15,
        width=0.0028,
        headwidth=4,
        pivot="mid",
    )


def _path(
    axes: Axes, along: NDArray, across: NDArray, spikes: NDArray[np.bool_], top: float | None
) -> None:
    """Draw the path: to the threshold and no farther where it spikes; a ring is a reset."""
    resets = np.flatnonzero(spikes)
    nowhere = np.full(len(resets), np.nan)
    to = nowhere if top is None else np.full(len(resets), top), across[np.maximum(resets - 1, 0)]
    lines = [
        np.insert(values, np.repeat(resets, 2), np.stack([end, nowhere], 1).ravel())
        for values, end in zip((along, across), to, strict=True)
    ]
    axes.plot(*lines, color=INK, linewidth=1)
    axes.plot(along[0], across[0], "s", color=INK, markersize=4)
    axes.plot(along[resets], across[resets], "o", color=INK, markersize=4, markerfacecolor=PAPER)

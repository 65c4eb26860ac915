"""Weights: over time, and how they are distributed before and after learning."""

import numpy as np
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from golden.pictures.chart import BLUE, BROAD, FAINT, MUTED, STEPS, Picture, chart

MOST_LINES = 200
BINS = 50


def over_time(
    times: NDArray[np.float64], values: NDArray[np.float64], variable: str = "w"
) -> Picture:
    """Draw a line for each synapse, and their mean.

    Parameters
    ----------
    times : array of shape (samples,)
        ms.
    values : array of shape (samples, synapses)
        If there are more than `MOST_LINES`, every nth is drawn; the mean is of all.
    """
    figure, (axes,) = chart(2.6, width=BROAD)
    every = -(-values.shape[1] // MOST_LINES)
    axes.plot(times, values[:, ::every], color=FAINT, linewidth=0.6)
    axes.plot(times, values.mean(axis=1), color=BLUE, linewidth=1.6)
    axes.set_ylabel(variable)
    axes.set_xlabel("time, ms")
    axes.xaxis.set_major_locator(MaxNLocator(10, steps=STEPS))
    axes.xaxis.set_major_formatter("{x:g}")
    return figure


def histogram(
    before: NDArray[np.float64], after: NDArray[np.float64], ends: tuple[float, float]
) -> Picture:
    """Draw how many synapses have which weight, before and after learning.

    Parameters
    ----------
    ends : (float, float)
        The bounds of the weights.
    """
    figure, (axes,) = chart(2.2, width=BROAD)
    bins = np.linspace(*ends, BINS + 1).tolist()
    axes.hist(after, bins, color=BLUE)
    axes.hist(before, bins, color=MUTED, histtype="step")
    axes.set_ylabel("synapses")
    axes.set_xlabel("weight")
    axes.set_xlim(*ends)
    return figure


def fields(weights: NDArray[np.float64], side: int, across: int) -> Picture:
    """Draw what each cell has learned of square images: its weights as pixels, side by side.

    Parameters
    ----------
    weights : array of shape (side**2, cells)
    across : int
        Cells in a row.
    """
    cells = weights.shape[1]
    rows = -(-cells // across)
    wall = np.full((rows * across, side, side), np.nan)
    wall[:cells] = weights.T.reshape(cells, side, side)
    whole = wall.reshape(rows, across, side, side).transpose(0, 2, 1, 3)
    figure, (axes,) = chart(BROAD * rows / across, width=BROAD)
    axes.imshow(whole.reshape(rows * side, across * side), cmap="gray_r", interpolation="nearest")
    axes.set_axis_off()
    return figure

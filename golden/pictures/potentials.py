"""State variables of single neurons over time, with thresholds and spikes."""

from collections.abc import Sequence

import numpy as np
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from golden.pictures.chart import BROAD, FAINT, SERIES, STEPS, Picture, chart

UPRIGHT = 3
"""Characters of a name that stands upright beside its axis; longer ones would take its room."""


def potentials(
    times: NDArray[np.float64],
    values: NDArray[np.float64],
    labels: Sequence[str],
    spikes: Sequence[NDArray[np.float64]] = (),
    thresholds: Sequence[float | None] = (),
    variable: str = "v",
) -> Picture:
    """Draw a line for each neuron, one above the other.

    Parameters
    ----------
    times : array of shape (samples,)
        ms.
    values : array of shape (samples, neurons)
    labels : sequence of str
        Of the neurons.
    spikes : sequence of arrays
        ms, of every neuron: each is drawn from the line up to the threshold.
    thresholds : sequence of float or None
        A dashed line, of every neuron.
    variable : str
        What stands beside the axes.
    """
    n = values.shape[1]
    figure, lines = chart(0.8 + n * (1.1 if n <= 6 else 0.75), n, (1,) * n, BROAD)
    for k, axes in enumerate(lines):
        mine = values[:, k]
        colour = SERIES[k % len(SERIES)]
        threshold = thresholds[k] if k < len(thresholds) else None
        top = float(mine.max()) if threshold is None else threshold
        axes.plot(times, mine, color=colour, linewidth=1.1)
        if threshold is not None:
            axes.axhline(threshold, color=FAINT, linewidth=1, linestyle=(0, (4, 3)))
        when = spikes[k] if k < len(spikes) else np.zeros(0)
        if len(when):
            before = np.maximum(np.searchsorted(times, when) - 1, 0)
            axes.vlines(when, mine[before], top, color=colour, linewidth=1.1)
            ends = np.full(len(when), top)
            axes.plot(when, ends, ".", color=colour, markersize=6, clip_on=False)
        if len(variable) <= UPRIGHT:
            axes.set_ylabel(variable, rotation="horizontal", ha="right", va="center")
        else:
            axes.set_ylabel(variable)
        axes.set_title(labels[k], loc="left", fontsize=9, color=colour, pad=3)
        axes.yaxis.set_major_locator(MaxNLocator(3, steps=STEPS))
    lines[-1].set_xlabel("time, ms")
    lines[-1].xaxis.set_major_locator(MaxNLocator(10, steps=STEPS))
    lines[-1].xaxis.set_major_formatter("{x:g}")
    lines[-1].set_xlim(times[0], times[-1])
    figure.align_ylabels(lines)
    return figure

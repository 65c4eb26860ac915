"""Spikes as dots, a line for each neuron, and below them how often each population spikes."""

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from golden.pictures.chart import BROAD, FAINT, MUTED, SERIES, STEPS, Picture, chart

BINS, FEW_BINS = 250, 30
"""Of the rate, at most; of few neurons, whose spikes are few, too."""
FEW = 60
MOST_DOTS = 40_000
"""Spikes; if there are more, every second or every nth neuron is drawn."""
PATHS = 3000
"""Spikes that are drawn as shapes; more are drawn in dots, which keeps a page small."""


def raster(
    times: NDArray[np.float64],
    neurons: NDArray[np.int64],
    names: Sequence[str],
    sizes: Sequence[int],
    duration: float,
    dt: float = 1.0,
) -> Picture:
    """Draw spikes.

    Parameters
    ----------
    times : array of shape (spikes,)
        ms.
    neurons : array of shape (spikes,)
        Counted through all populations.
    names, sizes : sequences
        Of the populations, from below.
    duration : float
        ms that were recorded.
    dt : float
        ms of a step: a bin of the rate is a multiple of it.
    """
    figure, (above, below) = chart(4.6, 2, (3, 1), BROAD)
    ends = np.cumsum(sizes)
    scale, unit = (1000, "s") if duration > 10_000 else (1, "ms")
    width = _bin(duration, dt, FEW_BINS if ends[-1] <= FEW else BINS)
    edges = np.arange(math.ceil(round(duration / width, 9)) + 1) * width
    each = max(1, math.ceil(len(times) / MOST_DOTS))
    for number, (end, size) in enumerate(zip(ends, sizes, strict=True)):
        mine = (neurons >= end - size) & (neurons < end)
        colour = SERIES[number % len(SERIES)]
        drawn = mine & (neurons % each == 0)
        _dots(above, times[drawn] / scale, neurons[drawn], int(ends[-1]) // each, colour)
        counts = np.histogram(times[mine], edges)[0]
        rate = counts / (size * width / 1000)
        below.stairs(rate, edges / scale, color=colour, linewidth=1.2)
        below.stairs(rate, edges / scale, color=colour, alpha=0.15, fill=True)
        if number:
            above.axhline(end - size - 0.5, color=FAINT, linewidth=0.8)
    if each > 1:
        note = f"one neuron of {each} is drawn"
        above.set_title(note, loc="right", fontsize=9, color=MUTED, pad=3)
    _name(above, names, sizes, ends)
    above.set_xlim(0, duration / scale)
    below.set_ylim(bottom=0)
    below.set_ylabel("spikes/s")
    below.set_xlabel(f"time, {unit}")
    below.xaxis.set_major_locator(MaxNLocator(10, steps=STEPS))
    below.xaxis.set_major_formatter("{x:g}")
    figure.align_ylabels([above, below])
    return figure


def _bin(duration: float, dt: float, most: int) -> float:
    """Return the width of at most so many bins: 1, 2 or 5 times a power of ten of steps."""
    steps, least = 1, duration / dt / most
    while steps < least:
        steps *= 2.5 if str(steps).startswith("2") else 2
        steps = int(steps)
    return steps * dt


def _dots(axes: Axes, times: NDArray, neurons: NDArray, rows: int, colour: str) -> None:
    few = rows <= FEW
    axes.plot(
        times,
        neurons,
        "|" if few else ".",
        color=colour,
        markersize=max(3.0, min(12.0, 150 / rows)) if few else max(2.0, min(4.0, 1500 / rows)),
        markeredgewidth=1.2 if few else 0,
        rasterized=len(times) > PATHS,
    )


def _name(axes: Axes, names: Sequence[str], sizes: Sequence[int], ends: NDArray) -> None:
    """Name populations beside their rows, as far as names do not stand upon each other."""
    rows = int(ends[-1])
    axes.set_ylim(-0.5, rows - 0.5)
    shown = [k for k in range(len(names)) if sizes[k] >= rows / 24] or [0]
    axes.set_yticks([float(ends[k] - (sizes[k] + 1) / 2) for k in shown])
    axes.set_yticklabels([f"{names[k]}\n{sizes[k]:,}" if sizes[k] > 1 else names[k] for k in shown])
    axes.tick_params(axis="y", length=0)
    for k, label in zip(shown, axes.get_yticklabels(), strict=True):
        label.set_color(SERIES[k % len(SERIES)])

"""STDP windows: by how much a weight changes, over the time from an arrival to a post."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from golden.pictures.chart import BLUE, BROAD, FAINT, INK, MUTED, Picture

ACROSS = 4
HEIGHT = 1.5
"""Inches of a row."""
Panel = tuple[str, NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]
"""A name, distances in ms, what was measured, and the formula."""


def windows(panels: Sequence[Panel]) -> Picture:
    """Draw a chart for each rule: a line for the formula, a dot for every weight measured."""
    rows = -(-len(panels) // ACROSS)
    figure = Picture(figsize=(BROAD, HEIGHT * rows), layout="constrained")
    grid = figure.subplots(rows, ACROSS, sharex=True, squeeze=False).flat
    for axes, (name, distance, change, formula) in zip(grid, panels, strict=False):
        axes.axhline(0, color=FAINT, linewidth=0.6)
        axes.axvline(0, color=FAINT, linewidth=0.6)
        axes.plot(distance, formula, color=MUTED, linewidth=0.8)
        axes.plot(distance, change, ".", color=BLUE, markersize=2)
        axes.set_title(name, fontsize=7, color=INK)
        axes.tick_params(labelsize=6, length=2, color=FAINT)
        axes.spines[["top", "right"]].set_visible(False)
        axes.spines[["bottom", "left"]].set_color(FAINT)
    for axes in list(grid)[len(panels) :]:
        axes.set_axis_off()
    figure.supxlabel("post - arrival, ms", fontsize=8)
    figure.supylabel("change of the weight", fontsize=8)
    return figure

"""What happened inside one presentation: input spikes and the membranes that mattered."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from golden.dense import wta
from golden.dense.core import Presentation
from golden.pictures.chart import BLUE, FAINT, GREEN, INK, ORANGE, PURPLE, RED, chart, svg
from golden.training.model_file import Model

VOTER_STROKES = (
    ("blue", BLUE, "-"),
    ("orange", ORANGE, "-"),
    ("green", GREEN, "-"),
    ("purple", PURPLE, "-"),
    ("red", RED, "-"),
)
"""Class in the style sheet, colour and dashes of the lines of those who voted, in order."""
LOSER_STROKES = (("ink", INK, "--"), ("ink dotted", INK, ":"), ("ink dashdot", INK, "-."))
"""The same for the closest losers."""
RASTER_ROWS = 392
"""Rows of the raster; if there are more axons, some share a row."""
RASTER_COLOUR = (50, 140, 215)


class Drawn(NamedTuple):
    """One neuron in one presentation."""

    neuron: int
    ranks: tuple[int, ...]
    """Ranks of its votes, from 0; none if it lost."""
    threshold: int
    """What its ``v`` was compared with, at the end."""
    best: int
    """Largest ``v - threshold``."""
    stroke: tuple[str, str, str]
    """See `VOTER_STROKES`."""


class _Margins(NamedTuple):
    """``v - threshold`` at the end of every step, and before the reset of steps with a spike."""

    steps: NDArray[np.int64]
    """Step counted from 1; 0 is the start; steps with a spike are in it twice, (n_points,)."""
    values: NDArray[np.int64]
    """(n_points, n_neurons)."""


def membranes(model: Model, presentation: Presentation) -> tuple[str, list[Drawn]]:
    """Return the drawing of a presentation, and whose lines are in it.

    They are the first few neurons that voted, and the losers that came closest to their threshold.
    """
    margins = _margins(presentation, model.params.v_reset)
    cast = _cast(model, presentation, margins)
    drawing, (raster, lines) = chart(4.4, 2, (2, 3))
    _draw_raster(raster, presentation, model.params.n_axons)
    lines.axhline(0, color=INK, linewidth=1)
    for drawn in cast:
        _, colour, dashes = drawn.stroke
        values = margins.values[:, drawn.neuron]
        width = 1.8 if drawn.ranks else 1.1
        lines.plot(margins.steps, values, color=colour, linestyle=dashes, linewidth=width)
    _mark_spikes(lines, presentation, cast, margins)
    lines.set_xlim(0, len(presentation.steps) + 0.5)
    lines.set_ylabel("v − threshold")
    lines.set_xlabel("step")
    return svg(drawing, "input spikes and membrane potentials over steps"), cast


def _margins(presentation: Presentation, v_reset: int) -> _Margins:
    steps, values = [0], [v_reset - presentation.steps[0].threshold]
    for step in presentation.steps:
        if step.winner != wta.NOBODY:
            steps.append(step.step + 1)
            values.append(step.margin)
        steps.append(step.step + 1)
        values.append(step.v - step.threshold)
    return _Margins(np.array(steps), np.array(values))


def _cast(model: Model, presentation: Presentation, margins: _Margins) -> list[Drawn]:
    votes: dict[int, tuple[int, ...]] = {}
    for rank, neuron in enumerate(presentation.spikes[: model.params.vote_spikes]):
        votes[neuron] = (*votes.get(neuron, ()), rank)
    best = margins.values.max(axis=0)
    order = np.argsort(-best, kind="stable").tolist()
    losers = [neuron for neuron in order if neuron not in votes]
    chosen = (*zip(votes, VOTER_STROKES, strict=False), *zip(losers, LOSER_STROKES, strict=False))
    threshold = presentation.steps[-1].threshold
    return [
        Drawn(neuron, votes.get(neuron, ()), int(threshold[neuron]), int(best[neuron]), stroke)
        for neuron, stroke in chosen
    ]


def _draw_raster(axes, presentation: Presentation, n_axons: int) -> None:
    shared = -(-n_axons // RASTER_ROWS)
    density = np.zeros((-(-n_axons // shared), len(presentation.steps)))
    for column, step in enumerate(presentation.steps):
        np.add.at(density[:, column], step.axons // shared, 1 / shared)
    image = np.zeros((*density.shape, 4), dtype=np.uint8)
    image[..., :3] = RASTER_COLOUR
    image[..., 3] = np.where(density > 0, 90 + 165 * density, 0)
    extent = (0.5, len(presentation.steps) + 0.5, n_axons, 0)
    axes.imshow(image, aspect="auto", interpolation="none", extent=extent)
    axes.set_ylabel("input")


def _mark_spikes(axes, presentation: Presentation, cast: list[Drawn], margins: _Margins) -> None:
    colours = {drawn.neuron: drawn.stroke[1] for drawn in cast}
    for step in presentation.steps:
        if step.winner == wta.NOBODY:
            continue
        axes.axvline(step.step + 1, color=FAINT, linewidth=1)
        reached = margins.values[np.searchsorted(margins.steps, step.step + 1)]
        for neuron in (step.winner, *step.ballot):
            if neuron in colours:
                colour = colours[neuron]
                axes.plot(step.step + 1, reached[neuron], "^", color=colour, clip_on=False)

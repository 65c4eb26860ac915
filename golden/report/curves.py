"""How the network came about: accuracy, thresholds and living neurons over images seen."""

import math

from golden.pictures.chart import BLUE, GREEN, ORANGE, chart, svg
from golden.pictures.markup import figure

QUANTITIES = (
    ("accuracy", 100.0, BLUE, "Accuracy on the training images so far, per cent"),
    ("theta", 1.0, ORANGE, "Mean threshold theta"),
    ("alive", 1.0, GREEN, "Living neurons: those that have won at least once"),
)
"""Column of the history, factor, colour and caption."""


def curves(history: list[dict[str, float]]) -> str:
    """Return a chart of every quantity in the history that has a value.

    Parameters
    ----------
    history : list of dict
        Rows of `golden.training.outcome.Outcome.history`; a value that is NaN is left out.
    """
    charts = [_curve(history, *quantity) for quantity in QUANTITIES]
    drawn = "".join(charts)
    return f'<div class="charts">{drawn}</div>' if drawn else "<p>No history was recorded.</p>"


def _curve(history, name: str, factor: float, colour: str, caption: str) -> str:
    points = [(row["images"], factor * row[name]) for row in history if math.isfinite(row[name])]
    if not points:
        return ""
    drawing, (axes,) = chart(2.4)
    axes.plot(*zip(*points, strict=True), color=colour, marker="o" * (len(points) == 1))
    axes.set_xlabel("images seen")
    if name != "accuracy":
        axes.set_ylim(bottom=0)
    return figure(svg(drawing, caption), caption)

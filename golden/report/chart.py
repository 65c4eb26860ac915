"""Matplotlib figures as inline SVG, coloured by the page's style sheet.

SVG rather than PNG: it is sharp on every screen, smaller, and takes its colours from the page, so
one drawing serves light and dark mode. Colours are therefore names of the style sheet's variables,
written as placeholders that `svg` replaces. No text of users goes into a chart.
"""

import io
import re

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

COLOURS = ("ink", "faint", "blue", "orange", "green", "purple", "red")
INK, FAINT, BLUE, ORANGE, GREEN, PURPLE, RED = (f"#0a0b{16 + i:02x}" for i in range(len(COLOURS)))
WIDTH = 4.2
"""Inches of a chart, so that 10 point text is readable where it fills a phone's screen."""


def chart(height: float, n_rows: int = 1, ratios: tuple[int, ...] = (1,)) -> tuple[Figure, list]:
    """Return an empty figure and its axes, one above the other, sharing x.

    Parameters
    ----------
    height : float
        Inches.
    n_rows : int
        Number of axes.
    ratios : tuple of int
        Their relative heights.
    """
    with _settings():
        figure = Figure(figsize=(WIDTH, height), layout="constrained")
        grid = figure.subplots(n_rows, sharex=True, squeeze=False, height_ratios=ratios)
    for axes in grid[:, 0]:
        _style(axes)
    return figure, list(grid[:, 0])


def _settings():
    return matplotlib.rc_context({
        "svg.fonttype": "none",
        "svg.hashsalt": "goldspike",
        "font.size": 10,
    })


def _style(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["bottom", "left"]].set_color(FAINT)
    axes.tick_params(colors=INK, length=3, color=FAINT)
    axes.xaxis.label.set_color(INK)
    axes.yaxis.label.set_color(INK)
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.xaxis.set_major_formatter(FuncFormatter(_tick))
    axes.yaxis.set_major_formatter(FuncFormatter(_tick))


def _tick(value: float, _position: int | None) -> str:
    for size, letter in ((1e6, "M"), (1e3, "k")):
        if abs(value) >= 10 * size or (abs(value) >= size and value % (size / 10) == 0):
            return f"{value / size:g}{letter}"
    return f"{value:g}"


def svg(figure: Figure, title: str) -> str:
    """Return a figure as an SVG element; ``title`` is read out to those who cannot see it."""
    buffer = io.StringIO()
    with _settings():
        nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
        figure.savefig(buffer, format="svg", transparent=True, metadata=nothing)
    drawing = buffer.getvalue()
    drawing = drawing[drawing.index("<svg") :]
    drawing = re.sub(r"<metadata>.*?</metadata>", "", drawing, flags=re.DOTALL)
    # Names of groups repeat from chart to chart, which one page may not have.
    drawing = re.sub(r' id="[a-zA-Z]+[0-9a-z]*_\d+"', "", drawing)
    drawing = re.sub(r' xmlns(:xlink)?="[^"]*"', "", drawing).replace("xlink:href", "href")
    drawing = re.sub(r"font: ([\d.]+px)[^;\"]*", r"font-size: \1", drawing)
    for i, name in enumerate(COLOURS):
        drawing = drawing.replace(f"#0a0b{16 + i:02x}", f"var(--{name})")
    return drawing.replace("<svg", f'<svg role="img" aria-label="{title}"', 1).strip()

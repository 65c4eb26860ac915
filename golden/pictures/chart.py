"""Matplotlib figures: as files, and as inline SVG that a page's style sheet colours.

SVG rather than PNG in a page: it is sharp on every screen, smaller, and takes its colours from the
page, so one drawing serves light and dark mode. A figure is drawn in the sheet's light colours, and
`svg` puts names of the sheet's variables in their place.
"""

import io
import re
from pathlib import Path

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from golden.command.atomic import write_atomically
from golden.pictures.markup import text
from golden.pictures.style import LIGHT

PAPER, INK, FAINT, MUTED, BLUE, ORANGE, GREEN, PURPLE, RED = LIGHT.values()
SERIES = (BLUE, ORANGE, GREEN, PURPLE, RED)
"""Colours of things that are told apart, in order."""
WIDTH = 4.2
"""Inches of a chart, so that 10 point text is readable where it fills a phone's screen."""
BROAD = 7.5
"""Inches of a chart as wide as a page."""
DOTS = 200
"""Of an inch, where something is drawn in dots."""
STEPS = [1, 2, 5, 10]
"""Between numbers at an axis, times a power of ten."""
NOTHING = dict.fromkeys(("Creator", "Date", "Format", "Type"))
"""What tells when and by what a file was made."""


class Picture(Figure):
    """A figure of Matplotlib that can be saved as the same bytes every time."""

    def save(self, path: str | Path) -> None:
        """Write a file, whole or not at all; its name's ending says which kind: .png, .svg, .pdf.

        Raises
        ------
        ValueError
            If Matplotlib knows no such kind.
        OSError
            If the file cannot be written.
        """
        kind, buffer = Path(path).suffix.lstrip("."), io.BytesIO()
        metadata = {"svg": NOTHING, "pdf": {"CreationDate": None}}.get(kind, {"Software": None})
        with _settings():
            self.savefig(buffer, format=kind, dpi=DOTS, metadata=metadata)
        write_atomically(Path(path), buffer.getvalue())


def chart(
    height: float, n_rows: int = 1, ratios: tuple[float, ...] = (1,), width: float = WIDTH
) -> tuple[Picture, list[Axes]]:
    """Return an empty figure and its axes, one above the other, sharing x.

    Parameters
    ----------
    height, width : float
        Inches.
    n_rows : int
        Number of axes.
    ratios : tuple of float
        Their relative heights.
    """
    with _settings():
        figure = Picture(figsize=(width, height), layout="constrained")
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
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True, steps=STEPS))
    axes.yaxis.set_major_locator(MaxNLocator(4, steps=STEPS))
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
        figure.savefig(buffer, format="svg", transparent=True, dpi=DOTS, metadata=NOTHING)
    drawing = buffer.getvalue()
    drawing = drawing[drawing.index("<svg") :]
    drawing = re.sub(r"<metadata>.*?</metadata>", "", drawing, flags=re.DOTALL)
    # Names of groups repeat from chart to chart, which one page may not have.
    drawing = re.sub(r' id="[a-zA-Z]+[0-9a-z]*_\d+"', "", drawing)
    drawing = re.sub(r' xmlns(:xlink)?="[^"]*"', "", drawing).replace("xlink:href", "href")
    drawing = re.sub(r"font: ([\d.]+px)[^;\"]*", r"font-size: \1", drawing)
    for name, colour in LIGHT.items():
        drawing = drawing.replace(colour, f"var(--{name})")
    return drawing.replace("<svg", f'<svg role="img" aria-label="{text(title)}"', 1).strip()

"""The picture of a sweep."""

import io
import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import EngFormatter, LogLocator, MaxNLocator, NullLocator

from golden.command.atomic import write_atomically
from golden.training.recipe import RULES, recipe

PANELS = (
    ("neurons", "neurons"),
    ("weight_bits", "bits of a weight"),
    ("events_per_image", "events per image"),
    ("weight_memory_bits", "weight memory (bits)"),
)
MARKERS: dict[str, str] = dict(zip(RULES, "o^", strict=True))
COLOURS = 10
"""As many as an eye tells apart; more come from a map in which neighbours are alike."""
LINEAR = 16
"""Up to this many, bits of a weight among them, are counted and not set in proportion."""
FIELD = re.compile(r"\breceptive_field=(\w+)")
Row = dict[str, Any]


def draw(path: Path, rows: Sequence[Row]) -> None:
    """Draw test accuracy against every panel's quantity, and write it as PNG."""
    buffer = io.BytesIO()
    FigureCanvasAgg(drawn(rows)).print_png(buffer, metadata={"Software": None})
    write_atomically(path, buffer.getvalue())


def drawn(rows: Sequence[Row]) -> Figure:
    """Return the picture: a colour is what was learned, through which field; a marker is a rule."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(learned(row), []).append(row)
    colours = colormaps["tab10"].colors  # pyright: ignore[reportAttributeAccessIssue]
    if len(groups) > COLOURS:
        colours = [colormaps["turbo"](i / len(groups)) for i in range(len(groups))]
    figure = Figure(figsize=(9, 8), layout="constrained")
    for axes, (name, label) in zip(figure.subplots(2, 2).flat, PANELS, strict=True):
        for colour, (group, members) in zip(colours, sorted(groups.items()), strict=False):
            for rule in sorted({row["rule"] for row in members}):
                these = [row for row in members if row["rule"] == rule]
                axes.plot(
                    [row[name] for row in these],
                    [100 * row["test_accuracy"] for row in these],
                    MARKERS.get(rule, "s"),
                    color=colour,
                    alpha=0.6,
                    label=f"{group}, {rule}",
                )
        _scale(axes, [row[name] for row in rows])
        axes.set_xlabel(label)
        axes.set_ylabel("test accuracy (%)")
        axes.grid(alpha=0.3)
    figure.legend(*figure.axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return figure


def learned(row: Row) -> str:
    """Return what a point has learned, and through which field: ``mnist, pixels``."""
    if told := FIELD.findall(row["set"]):
        field = told[-1]
    else:
        try:
            field = recipe(row["preset"], row["rule"]).params.receptive_field
        except (ValueError, TypeError, OSError):
            # The table of a preset that is no longer there.
            return f"{row['dataset']}, {row['preset']}"
    return f"{row['dataset']}, {'pixels' if field == 'none' else f'{field} field'}"


def _scale(axes: Axes, values: Sequence[float]) -> None:
    """Put whole numbers at ticks, few enough to be read, by decades where there are some."""
    decades = math.log10(max(values) / min(values)) if min(values) > 0 else 0
    if decades < 0.5 or max(values) <= LINEAR:
        axes.xaxis.set_major_locator(MaxNLocator(6, integer=True, min_n_ticks=1))
    else:
        axes.set_xscale("log")
        axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if decades < 3 else (1,)))
        axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(EngFormatter(sep=""))

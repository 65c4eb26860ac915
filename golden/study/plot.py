"""The picture of a sweep."""

import io
from pathlib import Path
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from golden.command.atomic import write_atomically

PANELS = (
    ("neurons", "neurons"),
    ("weight_bits", "bits of a weight"),
    ("events_per_image", "events per image"),
    ("weight_memory_bits", "weight memory (bits)"),
)


def draw(path: Path, rows: list[dict[str, Any]]) -> None:
    """Draw test accuracy against every panel's quantity; a colour a rule, a dot a point."""
    figure = Figure(figsize=(9, 7), layout="constrained")
    rules = sorted({row["rule"] for row in rows})
    for axes, (name, label) in zip(figure.subplots(2, 2).flat, PANELS, strict=True):
        for rule in rules:
            these = [row for row in rows if row["rule"] == rule]
            accuracy = [100 * row["test_accuracy"] for row in these]
            axes.plot([row[name] for row in these], accuracy, "o", alpha=0.6, label=rule)
        if name != "weight_bits":
            axes.set_xscale("log")
        axes.set_xlabel(label)
        axes.set_ylabel("test accuracy (%)")
        axes.grid(alpha=0.3, which="both")
    figure.axes[0].legend()
    buffer = io.BytesIO()
    FigureCanvasAgg(figure).print_png(buffer, metadata={"Software": None})
    write_atomically(path, buffer.getvalue())

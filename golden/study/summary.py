"""What a sweep has found, for people: the median over seeds of every setting."""

from collections.abc import Callable, Sequence
from statistics import median
from typing import Any

from golden.study.table import KEYS

Row = dict[str, Any]
Cells = Callable[[Row], int | None]
"""Says how many cells of its board a point's core takes; None where no board is named."""
FIGURES = {
    "events": lambda row: row["events_per_image"],
    "cycles": lambda row: row["cycles_per_image"],
    "memory (bits)": lambda row: row["weight_memory_bits"],
}
"""What is told beside accuracy."""
ESTIMATE = "cells (estimate)"


def summary(rows: Sequence[Row], cells: Cells) -> list[str]:
    """Return lines: what all points share, then a table of the settings that differ.

    Parameters
    ----------
    rows : sequence of dict
        Of a table of golden.sweep, at least one.
    cells : callable
        Estimates; the column is left out where there are none.
    """
    groups: dict[tuple, list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row[name] for name in KEYS), []).append(row)
    varying = [i for i in range(len(KEYS)) if len({key[i] for key in groups}) > 1]
    some, *_ = groups
    shared = [f"{KEYS[i]} {some[i]}" for i in range(len(KEYS)) if i not in varying and some[i]]
    estimates = {key: cells(members[0]) for key, members in groups.items()}
    titles = [*(KEYS[i] for i in varying), "seeds", "test accuracy", *FIGURES, ESTIMATE]
    table = [titles]
    for key, members in sorted(groups.items()):
        cell = estimates[key]
        told = [*_figures(members), "-" if cell is None else f"{cell:,}"]
        table.append([*(str(key[i]) for i in varying), *told])
    if not any(estimates.values()):
        table = [row[:-1] for row in table]
    return ["  ".join(shared)] * bool(shared) + _aligned(table, len(varying))


def _figures(members: list[Row]) -> list[str]:
    """Return what is told of the points of one setting."""
    accuracies = [row["test_accuracy"] for row in members]
    spread = f" ({min(accuracies):.2%} to {max(accuracies):.2%})" * (len(members) > 1)
    figures = [f"{median(map(figure, members)):,.0f}" for figure in FIGURES.values()]
    return [str(len(members)), f"{median(accuracies):.2%}{spread}", *figures]


def _aligned(table: list[list[str]], n_words: int) -> list[str]:
    """Return lines of columns, words to the left; a line is as long as it must be."""
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return [
        "  ".join(
            f"{text:<{width}}" if i < n_words else f"{text:>{width}}"
            for i, (text, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in table
    ]

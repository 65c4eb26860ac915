"""What a build has found out: the report as plain values, and as a table for the terminal."""

import hashlib
from collections.abc import Mapping
from typing import Any

from rich.table import Table

from boards.parts.clocks import Dividers
from boards.parts.description import Board
from boards.parts.families import Family
from boards.tools.flow import Placed
from golden.training.recipe import RULES

GUESS = "estimate"
"""What the Fmax of a family with a margin is."""
FIGURES = (
    "board", "preset", "rule", "axons", "neurons", "weight_bits", "lanes", "clock_mhz", "met",
    "timing", "fmax_mhz", "cells", "cells_available", "flip_flops", "memories",
    "memories_available", "dsps",
)  # fmt: skip
SPEEDS = ("learn_images_per_s", "infer_images_per_s", "mean_synaptic_operations_per_s")
COLUMNS = (*FIGURES, "dataset", *(f"{rule}_{name}" for rule in RULES for name in SPEEDS))
"""Of the table of all boards."""


def report(
    board: Board,
    family: Family,
    size: dict[str, Any],
    at: Dividers,
    cells: dict[str, int],
    seeds: list[Placed],
    speeds: dict[str, Any],
) -> dict[str, Any]:
    """Return what goes into ``report.json``; nothing in it depends on the machine or the day.

    Parameters
    ----------
    board : Board
        With the clock that was built.
    family : Family
        As it was synthesised.
    size : dict
        Of the core, by what its cells are called.
    at : Dividers
        Of the PLL.
    cells : dict
        Of the netlist, by type.
    seeds : list of Placed
        In their order.
    speeds : dict
        By rule; see `boards.tools.speed`.
    """
    best = best_of(seeds)
    required = float(at.hz) / 1e6 * (1 + family.margin)
    return {
        "board": board.name,
        "title": board.title,
        "preset": board.preset,
        "rule": board.rule,
        **size,
        "clock_mhz": float(at.hz) / 1e6,
        "required_mhz": required,
        "required_margin": family.margin,
        "timing": GUESS if family.margin else "analysed",
        "met": best.fmax_mhz >= required,
        "fmax_mhz": round(best.fmax_mhz, 2),
        "best_seed": best.seed,
        "fmax_mhz_by_seed": {entry.seed: round(entry.fmax_mhz, 2) for entry in seeds},
        "seeds": len(seeds),
        "longest_path": best.path,
        "cells": best.used[family.cells],
        "cells_available": best.available[family.cells],
        "flip_flops": sum(n for name, n in cells.items() if name.startswith(family.flip_flops)),
        "memories": best.used[family.memories],
        "memories_available": best.available[family.memories],
        "dsps": sum(best.used.get(name, 0) for name in family.dsps),
        "used": {name: n for name, n in best.used.items() if n},
        "baud": board.baud,
        "divisor": board.divisor,
        "pll": {
            "in_mhz": board.clock_in_hz / 1e6,
            "reference": at.reference,
            "feedback": at.feedback,
            "output": at.output,
            "oscillator_mhz": float(at.oscillator_hz) / 1e6,
        },
        "speed": speeds,
    }


def best_of(seeds: list[Placed]) -> Placed:
    """Return the fastest; the first of equals."""
    return max(seeds, key=lambda entry: (entry.fmax_mhz, -entry.seed))


def bitstream(name: str, content: bytes) -> dict[str, Any]:
    """Return what the report says of a file."""
    return {"file": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def row(found: dict[str, Any]) -> dict[str, Any]:
    """Return the row of a report in the table of all boards."""
    cells = {name: found[name] for name in FIGURES}
    for rule, figures in found["speed"].items():
        cells["dataset"] = figures["dataset"]
        cells |= {f"{rule}_{name}": figures[name] for name in SPEEDS}
    return cells


def table(found: dict[str, Any]) -> Table:
    """Return the figures for the terminal."""
    drawn = Table(title=f"{found['title']}: {found['preset']}, {found['rule']}", show_header=False)
    for name, value in rows(found).items():
        drawn.add_row(name, value)
    return drawn


def rows(found: dict[str, Any]) -> dict[str, str]:
    """Return names and figures."""
    size = f"{found['axons']} axons x {found['neurons']} neurons x {found['weight_bits']} bits"
    shown = {"network": f"{size}, {found['lanes']} lanes", **common_rows(found)}
    for rule, figures in found["speed"].items():
        shown[f"{rule}, images/s"] = (
            f"{figures['learn_images_per_s']:,} learned, "
            f"{figures['infer_images_per_s']:,} classified ({figures['dataset']})"
        )
        shown[f"{rule}, operations/s"] = (
            f"{figures['mean_synaptic_operations_per_s'] / 1e6:,.0f} M synaptic while integrating, "
            f"{figures['peak_synaptic_operations_per_s'] / 1e6:,.0f} M at most"
        )
    return shown


def common_rows(found: Mapping[str, Any]) -> dict[str, str]:
    """Return names and figures that every core has."""
    return {
        "cells": f"{found['cells']:,} of {found['cells_available']:,}",
        "flip-flops": f"{found['flip_flops']:,}",
        "memories": f"{found['memories']} of {found['memories_available']}",
        "multipliers": str(found["dsps"]),
        "Fmax by seed": ", ".join(f"{mhz:.1f}" for mhz in found["fmax_mhz_by_seed"].values())
        + " MHz",
        "clock": _clock(found),
        "longest path": _path(found["longest_path"]),
        "serial line": f"{found['baud']:,} baud",
    }


def _clock(found):
    met = "met" if found["met"] else "NOT met"
    if found["timing"] != GUESS:
        return f"{found['clock_mhz']:.6g} MHz, {met}"
    more = f"{100 * found['required_margin']:.0f} % more asked"
    return f"{found['clock_mhz']:.6g} MHz, {met}: {GUESS}, {more}, memories' delays unknown"


def _path(path):
    if not path:
        return "none"
    return f"{path['ns']} ns, {path['wires_ns']} of them wires: {path['from']} to {path['to']}"

"""Budgets: what the design of each board may take, so that it cannot get worse unnoticed."""

import tomllib
from pathlib import Path
from typing import Any

BUDGETS = Path(__file__).with_name("budgets.toml")
MARGIN = 0.05
"""By how much a figure may be worse: tools and seeds scatter."""
HEADER = """\
# What every board's design took when these were written: cells, block memories, and the best Fmax
# of so many seeds. A build fails if one is more than 5 % worse. After a change that is worth it:
# python -m boards.build all --write-budgets; of networks, BOARD --network NAME --write-budgets
"""
FIGURES = ("cells", "memories", "fmax_mhz", "seeds")


def budget(name: str, path: Path) -> dict[str, float]:
    """Return the figures of a board; none if it has no budget yet."""
    return tomllib.loads(path.read_text()).get(name, {}) if path.exists() else {}


def worse(found: dict[str, Any], allowed: dict[str, float]) -> list[str]:
    """Say in a line for each figure that is worse than the margin allows.

    Fmax is that of the best seed, so it is not judged if fewer seeds were tried.
    """
    lines = []
    for name in ("cells", "memories"):
        if name in allowed and found[name] > (most := int(allowed[name] * (1 + MARGIN))):
            lines.append(f"{name} must be at most {most} by the budget, not {found[name]}")
    if "fmax_mhz" in allowed and found["seeds"] >= allowed["seeds"]:
        least = round(allowed["fmax_mhz"] * (1 - MARGIN), 1)
        if found["fmax_mhz"] < least:
            lines.append(
                f"Fmax must be at least {least} MHz by the budget, not {found['fmax_mhz']}"
            )
    return lines


def with_budget(name: str, found: dict[str, Any], text: str) -> str:
    """Return the text of a file of budgets with the figures of one board put in."""
    budgets = tomllib.loads(text) | {name: {figure: found[figure] for figure in FIGURES}}
    tables = [
        "\n".join([f"[{board}]", *(f"{figure} = {budgets[board][figure]}" for figure in FIGURES)])
        for board in sorted(budgets)
    ]
    return HEADER + "".join(f"\n{table}\n" for table in tables)

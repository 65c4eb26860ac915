"""Rows of a table of golden.sweep."""

from typing import Any

from golden.study.table import COLUMNS


def row(**changes: Any) -> dict[str, Any]:
    """Make a row: every text is x and every number 1, but for what is given."""
    values = {name: "x" if kind is str else kind(1) for name, kind in COLUMNS.items()}
    return values | {"state_sha256": "0" * 64} | changes

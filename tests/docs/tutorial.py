"""Runs the Python on docs/tutorial.md."""

import contextlib
import io
import re
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parents[2] / "docs/tutorial.md"
BLOCK = re.compile(r"```python\n(.*?)```(?:\n\n```text\n(.*?)```)?", re.DOTALL)


def blocks() -> list[tuple[str, str | None]]:
    """Return every block of Python, and what the page says it prints."""
    return [(code, printed or None) for code, printed in BLOCK.findall(PAGE.read_text())]


def run() -> tuple[dict[str, Any], list[tuple[str, str | None]]]:
    """Run all blocks in one session; return its names, and pairs of what is and what is said."""
    space: dict[str, Any] = {"__name__": "tutorial"}
    pairs = []
    for code, said in blocks():
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(code, str(PAGE), "exec"), space)
        pairs.append((out.getvalue(), said))
    return space, pairs

"""Fragments of HTML; everything that is not made here goes through `text`."""

import math
from collections.abc import Iterable, Sequence
from html import escape

import numpy as np


def text(value: object) -> str:
    """Return a value as text that cannot be taken for markup."""
    return escape(str(value))


def number(value: object) -> str:
    """Return a number as people read it; a dash if there is none; anything else as text."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, np.integer)):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.4g}"
    return text(value)


def percent(share: float) -> str:
    """Return a share of 1 in per cent; a dash if it is not a number."""
    return f"{100 * share:.1f} %" if math.isfinite(share) else "–"


def count(n: int, noun: str) -> str:
    """Return "1 neuron", "2 neurons", "no neuron"."""
    return f"{n:,} {noun}s" if n > 1 else f"{'1' if n else 'no'} {noun}"


def figure(drawing: str, caption: str) -> str:
    """Return a drawing with its caption, both markup."""
    return f"<figure>{drawing}<figcaption>{caption}</figcaption></figure>"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], kind: str) -> str:
    """Return a table of cells that are markup; the first cell of a row is its heading."""
    lines = "".join(
        f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in rest)}</tr>'
        for first, *rest in rows
    )
    titles = "".join(f'<th scope="col">{title}</th>' for title in head)
    return (
        f'<div class="wide"><table class="{text(kind)}"><thead><tr>{titles}</tr></thead>'
        f"<tbody>{lines}</tbody></table></div>"
    )

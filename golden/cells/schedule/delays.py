"""How long an operation takes, in hundredths of a lookup table and its wire."""

from golden.cells.schedule.dataflow import Dataflow
from golden.cells.schedule.fabric import LEVEL, Fabric

TEST, CHOICE = 100, 70
"""Of the bits above a word that is clipped to a power of two, and of the choice behind it."""


def delay(flow: Dataflow, place: int, fabric: Fabric) -> int:
    """Return that of one operation."""
    operation = flow.operations[place]
    kind, width = operation.kind, operation.width
    operands = [flow.operations[x].width for x in operation.operands]
    if kind in {"add", "subtract"}:
        return LEVEL + fabric.carry * (max(width, *operands) - flow.passed(place))
    if kind == "round":
        return LEVEL + fabric.carry * width
    if kind == "less":
        return LEVEL + fabric.carry * max(operands)
    if kind in {"clip", "outside"}:
        chain = 0 if is_word(operation.detail) else fabric.carry * max(operands)
        return TEST + chain + (CHOICE if kind == "clip" else 0)
    if kind == "shift":
        return 2 * LEVEL
    if kind == "hash":
        return 2 * LEVEL + 16 * fabric.carry
    return LEVEL if kind in {"select", "keep"} else 0


def is_word(ends: tuple[int, int]) -> bool:
    """Tell whether a range is that of a word, signed or not."""
    low, high = ends
    return high >= 0 and high & (high + 1) == 0 and low in {0, ~high}

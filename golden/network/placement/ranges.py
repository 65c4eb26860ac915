"""Ranges of a program's values, proved again: narrower inlets make narrower sums behind them."""

from collections.abc import Mapping
from dataclasses import replace

from golden.cells.program import Program
from golden.cells.value import Value

Ends = tuple[int, int]


def narrowed(program: Program, arrivals: Mapping[str, Ends]) -> Program:
    """Return a program whose arrivals lie within narrower ranges.

    No operation changes. A value's range is what follows from its operands', as far as it was not
    known to be narrower.
    """
    found: list[Ends] = []
    for value in program.values:
        low, high = _ends(value, [found[place] for place in value.operands], arrivals)
        found.append((max(low, value.low), min(high, value.high)))
    values = tuple(
        replace(value, low=low, high=high)
        for value, (low, high) in zip(program.values, found, strict=True)
    )
    return replace(program, values=values)


def _ends(value: Value, operands: list[Ends], arrivals: Mapping[str, Ends]) -> Ends:
    own = value.low, value.high
    match value.operation, operands:
        case "arrival", _:
            return arrivals.get(value.detail, own)
        case "add", [a, b]:
            return a[0] + b[0], a[1] + b[1]
        case "subtract", [a, b]:
            return a[0] - b[1], a[1] - b[0]
        case "multiply", [a, b]:
            corners = [x * y for x in a for y in b]
            return min(corners), max(corners)
        case "minimum", [a, b]:
            return min(a[0], b[0]), min(a[1], b[1])
        case "maximum", [a, b]:
            return max(a[0], b[0]), max(a[1], b[1])
        case "select", [_, a, b]:
            return min(a[0], b[0]), max(a[1], b[1])
        case "left", [a]:
            return a[0] << value.detail, a[1] << value.detail
        case "floor", [a]:
            return a[0] >> value.detail, a[1] >> value.detail
        case "round", [a]:
            half = 1 << (value.detail - 1)
            return (a[0] + half) >> value.detail, (a[1] + half) >> value.detail
        case (("clip" | "saturate"), [a]):
            low, high = value.detail[:2]
            return min(max(a[0], low), high), min(max(a[1], low), high)
        case "within", [a]:
            return a
        case _:
            return own

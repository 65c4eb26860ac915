"""One of several numbers, in as few lookup tables as that takes."""

from collections.abc import Sequence
from typing import Any

from amaranth.hdl import Array, Module, Mux, Shape, Signal, Value


def chosen(m: Module, platform: Any, items: Sequence[Value], index: Value) -> Value:
    """Return ``items[index]``; any of them if there are not so many.

    Where a lookup table has four inputs and nothing beside it, one of four takes two of them a bit,
    of which synthesis makes three: the first says of the lower two which one it is, or, if it is
    one of the upper two, which of these.
    """
    if not getattr(platform, "device", "").startswith("iCE40"):
        return Array(items)[index]
    for first in range(0, len(index), 2):
        low, high = index[first], index[first + 1] if first + 1 < len(index) else None
        fours = [list(items[i : i + 4]) for i in range(0, len(items), 4)]
        items = [_of_four(m, four, low, high) for four in fours]
    return items[0]


def _of_four(m, items, low, high):
    if len(items) == 1:
        return items[0]
    if len(items) == 2 or high is None:
        return Mux(low, items[1], items[0])
    items += items[-1:] * (4 - len(items))
    width = max(map(len, items))
    kind = Shape(width, items[0].shape().signed)
    near, one = Signal(width, name="near"), Signal(kind, name="one")
    low, high = low.replicate(width), high.replicate(width)
    m.d.comb += [
        near.eq((high & low) | (~high & ((low & items[1]) | (~low & items[0])))),
        one.eq((high & ((near & items[3]) | (~near & items[2]))) | (~high & near)),
    ]
    return one

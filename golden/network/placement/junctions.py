"""Gap junctions as words of a chip: see "A junction" in `docs/network-hardware.md`."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from golden.network.blueprint import Blueprint
from golden.network.chip import Chip
from golden.network.interface import (
    DATA_BITS,
    JUNCTION_SHIFT_AT,
    JUNCTION_SLOT_BITS,
)
from golden.network.placement.chains import width
from golden.network.placement.tenants import Tenant
from golden.numbers.formats import Array

OFFSET_BITS = DATA_BITS + JUNCTION_SHIFT_AT
"""That an offset may have."""


@dataclass(frozen=True, slots=True)
class Junctions:
    """Gap junctions, each in one direction; arrays of shape (junctions,)."""

    before: Array
    """Kind and slot of the neuron whose potential ``ahead`` is for, as its word has them."""
    behind: Array
    """Inlet and slot of the other one."""
    ahead: Array
    back: Array
    """For the potential of the one behind."""
    offset: Array
    shift: Array

    @property
    def factor_bits(self) -> int:
        """Of the widest factor; 0 if there are none."""
        return width(np.concatenate([self.ahead, self.back])) if len(self.ahead) else 0

    @property
    def offset_bits(self) -> int:
        """Of the widest offset; 0 if there is none."""
        return width(self.offset) if self.offset.any() else 0

    def words(self) -> Array:
        """Return the words of all, one junction behind the other."""
        low, high = self.offset & ((1 << DATA_BITS) - 1), self.offset >> DATA_BITS
        last = (high & ((1 << JUNCTION_SHIFT_AT) - 1)) | self.shift << JUNCTION_SHIFT_AT
        return np.stack([self.before, self.behind, self.ahead, self.back, low, last], 1).ravel()


def joined(blueprint: Blueprint, chip: Chip, tenants: Sequence[Tenant | None]) -> Junctions:
    """Return the gap junctions of a network, in its order.

    Raises
    ------
    ValueError
        If an offset is wider than its words.
    """
    parts: list[list[Array]] = [[np.zeros(0, np.int64)] * 6]
    for gaps in blueprint.gaps:
        one, other = tenants[gaps.source], tenants[gaps.target]
        assert one is not None
        assert other is not None
        receptors = [r.name for r in chip.kinds[other.kind].program.receptors]
        inlet = chip.inlet(other.kind, receptors.index(gaps.receptor))
        bits = width(gaps.offset)
        if bits > OFFSET_BITS:
            raise ValueError(f"offset of {gaps.name} must fit {OFFSET_BITS} bits, not {bits}")
        parts.append([
            gaps.pre.astype(np.int64) + one.slot | one.kind << JUNCTION_SLOT_BITS,
            gaps.post.astype(np.int64) + other.slot | inlet << JUNCTION_SLOT_BITS,
            gaps.ahead.astype(np.int64),
            gaps.behind.astype(np.int64),
            gaps.offset,
            np.full(len(gaps.pre), gaps.shift, np.int64),
        ])
    return Junctions(*(np.concatenate(column) for column in zip(*parts, strict=True)))

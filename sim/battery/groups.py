"""Groups of cells of a small network core, as records of the script."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from golden.network.interface import BRANCH_PRESENT, NOTED, SILENT, WINNERS_AT, Region
from golden.network.timing.memories import Memories


class SmallGroup(NamedTuple):
    """A record of the script."""

    kind: int
    slot: int
    size: int
    axon: int = 0
    winners: int = 0
    silent: int = 0
    noted: int = 0
    branches: tuple[int | None, ...] = ()
    """Axon of the first neuron, or None that is not present, of every one that the chip has."""


def arrange(loaded: Memories, groups: Sequence[SmallGroup]) -> None:
    """Write the script: groups of cells as they come from the library."""
    words: list[int] = []
    for group in groups:
        kind = loaded.chip.kinds[group.kind]
        first = group.kind | group.winners << WINNERS_AT | SILENT * group.silent
        first |= NOTED * group.noted
        words += [first, group.slot, group.size, 1000 * len(words), group.axon]
        words += [0 if axon is None else axon | BRANCH_PRESENT for axon in group.branches]
        values = {constant.name: constant.values for constant in kind.program.constants}
        words += [int(values[name]) for name in kind.constants]
    loaded.fill(Region.SCRIPT, np.array(words))
    loaded.registers["groups"] = len(groups)

"""A group of cells of a small network core, as a record of the script."""

from typing import NamedTuple


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

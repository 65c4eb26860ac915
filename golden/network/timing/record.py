"""The grid that a network core's record is laid on, and what stands in its place without one."""

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from golden.cycles.grid import Grid
from golden.network.chip import Chip
from golden.network.interface import record
from golden.numbers.fields import dtype
from golden.numbers.formats import Array

HELD = ("head", "length", "lost")
"""Registers that are always shown."""


class Sheet(Grid):
    """The record of a run of a network core while it is made."""

    def __init__(self, chip: Chip):
        super().__init__(dtype(record(chip)))

    def push(self, cycles: Array, **about: Array) -> None:
        """Show entries that are written at the queue's tail: what the record has about them."""
        names = self.rows.dtype.names or ()
        fields = {f"push_{name}": values for name, values in about.items()}
        shown = {name: values for name, values in fields.items() if name in names}
        self.mark(cycles, push=1, **shown)

    def release(self, cycles: Array, axons: Array, u: Array, x: Array) -> None:
        """Show records of plastic axons that are written."""
        self.mark(cycles, release=1, release_axon=axons, release_u=u, release_x=x)

    def arrive(self, cycles: Array, inlet: Array, slot: Array, total: Array) -> None:
        """Show sums that are written."""
        self.mark(cycles, arrive=1, inlet=inlet, slot=slot, sum=total)

    def flag(self, cycles: slice, field: str, bit: int, flags: NDArray[np.bool_]) -> None:
        """Set a bit of a field in some of these cycles."""
        shown = self.rows[field]
        shown[cycles] |= flags.astype(shown.dtype) << shown.dtype.type(bit)

    def offered(self, first: Array, last: Array, neurons: Array) -> None:
        """Show spikes, each valid from its first to its last cycle."""
        if len(first):
            long = last - first + 1
            self.reserve(int(last[-1]) + 1)
            cycles = np.arange(int(long.sum())) + np.repeat(
                first - np.concatenate(([0], np.cumsum(long[:-1]))), long
            )
            self.mark(cycles, spikes_valid=1, neuron=np.repeat(neurons, long))


class PhaseCount(Sheet):
    """Cycles by phase, and nothing else."""

    def __init__(self, chip: Chip):
        super().__init__(chip)
        self.cycles: Counter[int] = Counter()

    def reserve(self, end: int) -> None:
        """Make no room."""

    def span(self, start: int, end: int, **values: int) -> None:
        """Count the cycles of a phase."""
        if "phase" in values:
            self.cycles[values["phase"]] += end - start

    def mark(self, cycles, **values) -> None:
        """Show nothing."""

    def flag(self, cycles: slice, field: str, bit: int, flags: NDArray[np.bool_]) -> None:
        """Show nothing."""

    def show(self, register: str, cycle: int, value: int) -> None:
        """Show nothing."""

    def follow(self, register: str, cycles: Array, values: Array) -> None:
        """Show nothing."""

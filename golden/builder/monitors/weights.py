"""Weights over time: a monitor of synapses that learn."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from golden.builder.monitors.monitor import SampleMonitor
from golden.builder.projection import SynapseSelection
from golden.network.state import NetworkState

if TYPE_CHECKING:
    from golden.pictures.chart import Picture


class WeightMonitor(SampleMonitor):
    """The weight, or a variable of the rule, of some synapses of one connection.

    ``t`` are the steps after which it was read, every so many; ``integers`` and ``values`` have
    shape (samples, synapses). A run goes from one reading to the next in one piece: what is read
    often is slow.
    """

    def __init__(
        self, synapses: SynapseSelection, variable: str, every: int, dt: float, limit: int
    ):
        super().__init__((), dt, limit)
        self.synapses, self.variable, self.every = synapses, variable, every
        self._rows = [number for number, _ in synapses.projection.words(variable)]

    @property
    def label(self) -> str:
        """What is recorded."""
        which = self.synapses.which
        return (
            f"{self.variable} of {len(which)} synapses ({crc32(which.tobytes()):08x}) of "
            f"{self.synapses.projection.name} every {self.every} steps"
        )

    def shapes(self) -> dict[str, tuple[int | None, ...]]:
        """Return the shapes of the contents."""
        return {"t": (None,), "integers": (None, len(self.synapses.which))}

    def left(self, step: int) -> int:
        """Return how many steps to do, before ``step`` on, until it is to be read."""
        return -step % self.every + 1

    def look(self, state: NetworkState) -> None:
        """Read, if that is due after the steps so far."""
        if (state.step - 1) % self.every == 0:
            known = [state.learned[number] for number in self._rows]
            each = [learned.words[self.variable] for learned in known if learned]
            words = np.concatenate(each)[self.synapses.which]
            self._keep(len(words), t=np.array([state.step - 1]), integers=words[None])

    @property
    def values(self) -> NDArray[np.float64]:
        """In the unit of the receptor."""
        units = self.synapses.projection.units(self.variable)
        return self.integers * units[self.synapses.which]

    def plot(self) -> Picture:
        """Draw a line for each synapse (`golden.pictures.weights`)."""
        self._must_have(len(self.t) > 0)
        # Matplotlib takes long to load, and most networks run without a picture.
        from golden.pictures.weights import over_time

        return over_time(self.times, self.values, self.variable)

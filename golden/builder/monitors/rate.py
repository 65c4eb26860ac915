"""Rates of populations, in bins: a number a bin, however many spikes there are."""

import numpy as np
from numpy.typing import NDArray

from golden.builder.monitors.monitor import Contents, Monitor, spikes_of
from golden.builder.population import Part
from golden.network.taps import Chunk


class RateMonitor(Monitor):
    """How often some neurons spike, in bins of ``every`` steps.

    Of the bins that are complete: ``t`` are their first steps, ``times`` their middles in ms,
    ``counts`` their spikes, ``values`` the mean rate of a neuron in Hz.
    """

    COLUMNS = ("t", "seen", "counts")

    def __init__(
        self, parts: tuple[Part, ...], firsts: list[int], every: int, dt: float, limit: int
    ):
        super().__init__(parts, dt, limit)
        self.every = every
        self._firsts = firsts
        self._begin = 0
        """Steps that were seen: begin to end - 1."""
        self._counts = np.zeros(0, np.int64)

    @property
    def label(self) -> str:
        """What is recorded."""
        return f"rate of {self.whose} every {self.every} steps"

    def take(self, chunk: Chunk, first: int, samples: NDArray[np.int64] | None = None) -> None:
        """Count the spikes of its neurons."""
        if self._begin == self.end:
            self._begin = first
        super().take(chunk, first, samples)
        short = self._bins() - len(self._counts)
        if short > 0:
            more = min(max(short, len(self._counts)), self.limit - len(self._counts))
            self._counts = np.concatenate([self._counts, np.zeros(more, np.int64)])
        steps, _ = spikes_of(self.parts, self._firsts, chunk)
        bins = (steps - self._begin) // self.every
        kept = bins < self.limit
        self.lost += int(np.sum(~kept))
        np.add.at(self._counts, bins[kept], 1)

    def _bins(self) -> int:
        """Return how many bins have begun and are kept."""
        return min(-(-(self.end - self._begin) // self.every), self.limit)

    def contents(self) -> Contents:
        """Return the bins that have begun, and how many steps of each were seen."""
        t = self._begin + self.every * np.arange(self._bins())
        return {
            "t": t,
            "seen": np.minimum(self.end - t, self.every),
            "counts": self._counts[: len(t)],
        }

    def refill(self, contents: Contents, lost: int, step: int) -> None:
        """Begin with what was kept before step ``step``."""
        super().refill(contents, lost, step)
        t, seen, self._counts = (contents[name] for name in self.COLUMNS)
        self._begin, self.end = (int(t[0]), int(t[-1] + seen[-1])) if len(t) else (0, 0)
        again = self.contents()
        in_a_row = all(np.array_equal(again[name], contents[name]) for name in self.COLUMNS)
        if not in_a_row or self.end > step or (self._counts < 0).any():
            raise ValueError(f"{self.label} must have bins in a row")

    @property
    def t(self) -> NDArray[np.int64]:
        """First steps of the complete bins."""
        begun = self.contents()
        return begun["t"][begun["seen"] == self.every]

    @property
    def counts(self) -> NDArray[np.int64]:
        """Spikes in the complete bins."""
        return self._counts[: len(self.t)]

    @property
    def times(self) -> NDArray[np.float64]:
        """Middles of the complete bins, in ms."""
        return (self.t + self.every / 2) * np.float64(self.dt)

    @property
    def values(self) -> NDArray[np.float64]:
        """Mean rate of a neuron in the complete bins, in Hz."""
        return self.counts / (self.neurons * self.every * self.dt / 1000)

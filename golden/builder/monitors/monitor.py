"""Monitors: what a network's user looks at; the same object whatever ran the network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from golden.builder.population import Part, Population
from golden.cells.cell import Cell
from golden.cells.program import Scale
from golden.network.taps import Chunk, Tap, due

if TYPE_CHECKING:
    from golden.pictures.chart import Picture

LIMIT = 10_000_000
"""Spikes or numbers that a monitor keeps, unless it is told otherwise."""
Contents = Mapping[str, NDArray[np.int64]]
"""What a monitor has kept, by name: as it is saved."""


class Monitor:
    """Keeps up to ``limit`` numbers; what comes later is counted as lost."""

    COLUMNS: tuple[str, ...] = ()
    """Names of what is saved, one number for each sample; the last may have several."""

    def __init__(self, parts: tuple[Part, ...], dt: float, limit: int):
        self.parts, self.dt, self.limit = parts, dt, limit
        self.lost = self.kept = self.end = 0
        self._columns: dict[str, list[NDArray[np.int64]]] = {name: [] for name in self.COLUMNS}

    @property
    def neurons(self) -> int:
        """How many are recorded."""
        return sum(part.size for part in self.parts)

    @property
    def whose(self) -> str:
        """Neurons as they are written: "exc[0:10] + inh[0:5]"."""
        return " + ".join(
            f"{part.population.name}[{part.first}:{part.first + part.size}]" for part in self.parts
        )

    @property
    def label(self) -> str:
        """What is recorded: whoever goes on with its contents must record the same."""
        raise NotImplementedError

    def take(self, chunk: Chunk, first: int, samples: NDArray[np.int64] | None) -> None:
        """Keep what belongs here of a chunk that begins with step ``first``; note where it ends."""
        self.end = first + chunk.steps

    def contents(self) -> Contents:
        """Return all that was kept."""
        return {name: self._column(name) for name in self.COLUMNS}

    def shapes(self) -> dict[str, tuple[int | None, ...]]:
        """Return the shapes of the contents; None is any length."""
        return dict.fromkeys(self.COLUMNS, (None,))

    def refill(self, contents: Contents, lost: int, step: int) -> None:
        """Begin with what was kept before step ``step``.

        Raises
        ------
        ValueError
            If that cannot be what was kept.
        """
        columns = [contents[name] for name in self.COLUMNS]
        t, kept = columns[0], columns[-1].size
        within = (t >= 0).all() and (t < step).all() and (np.diff(t) >= 0).all()
        if len({*map(len, columns)}) != 1 or kept > self.limit or lost < 0 or not within:
            raise ValueError(f"{self.label} must be whole, in order and within the limit")
        self._columns = {name: [contents[name]] for name in self.COLUMNS}
        self.kept, self.lost, self.end = kept, lost, step

    def _must_have(self, anything: bool) -> None:
        if not anything:
            raise ValueError("a picture must be drawn after some steps, not before the network ran")

    def _column(self, name: str) -> NDArray[np.int64]:
        """Return a column in one piece, and keep it so."""
        empty = np.zeros([n or 0 for n in self.shapes()[name]], np.int64)
        self._columns[name] = [np.concatenate([empty, *self._columns[name]])]
        return self._columns[name][0]

    def _keep(self, each: int, **columns: NDArray[np.int64]) -> None:
        """Keep samples of ``each`` numbers while there is room, and count the others as lost."""
        n = len(columns[self.COLUMNS[0]])
        room = max(0, min(n, (self.limit - self.kept) // each))
        for name, column in columns.items():
            self._columns[name].append(column[:room])
        self.kept += room * each
        self.lost += n - room


class SpikeMonitor(Monitor):
    """Spikes of some neurons.

    ``t`` are steps and ``i`` neurons, counted through what is recorded; ``times`` are ms.
    """

    COLUMNS = ("t", "i")

    def __init__(self, parts: tuple[Part, ...], firsts: list[int], dt: float, limit: int):
        super().__init__(parts, dt, limit)
        self._firsts = firsts

    @property
    def label(self) -> str:
        """What is recorded."""
        return f"spikes of {self.whose}"

    def take(self, chunk: Chunk, first: int, samples: NDArray[np.int64] | None = None) -> None:
        """Keep the spikes of its neurons."""
        super().take(chunk, first, samples)
        steps, neurons = spikes_of(self.parts, self._firsts, chunk)
        self._keep(1, t=steps, i=neurons)

    def refill(self, contents: Contents, lost: int, step: int) -> None:
        """Begin with what was kept before step ``step``."""
        if ((contents["i"] < 0) | (contents["i"] >= self.neurons)).any():
            raise ValueError(f"{self.label} must be of neurons that are recorded")
        super().refill(contents, lost, step)

    @property
    def t(self) -> NDArray[np.int64]:
        """Steps of the spikes, ascending."""
        return self._column("t")

    @property
    def i(self) -> NDArray[np.int64]:
        """Neurons of the spikes."""
        return self._column("i")

    @property
    def times(self) -> NDArray[np.float64]:
        """Times of the spikes in ms."""
        return self.t * np.float64(self.dt)

    def of(self, population: Population, neuron: int) -> NDArray[np.float64]:
        """Return the times of one neuron's spikes, in ms; none if it is not recorded."""
        at = 0
        for part in self.parts:
            if part.population.number == population.number and 0 <= neuron - part.first < part.size:
                return self.times[self.i == at + neuron - part.first]
            at += part.size
        return np.zeros(0)

    def raster(self) -> Picture:
        """Draw the spikes, and the rate of each part (`golden.pictures.raster`)."""
        self._must_have(self.end > 0)
        # Matplotlib takes long to load, and most networks run without a picture.
        from golden.pictures.raster import raster

        names = [part.population.name for part in self.parts]
        sizes = [part.size for part in self.parts]
        return raster(self.times, self.i, names, sizes, self.end * self.dt, self.dt)


class SampleMonitor(Monitor):
    """What is read every so many steps: ``t`` are the steps after which it was."""

    COLUMNS = ("t", "integers")

    @property
    def t(self) -> NDArray[np.int64]:
        """Steps."""
        return self._column("t")

    @property
    def times(self) -> NDArray[np.float64]:
        """Ends of these steps, in ms."""
        return (self.t + 1) * np.float64(self.dt)

    @property
    def integers(self) -> NDArray[np.int64]:
        """As they are."""
        return self._column("integers")


class StateMonitor(SampleMonitor):
    """A state variable of some neurons of one population.

    ``t`` are the steps after which it was read, ``integers`` and ``values`` have shape (samples,
    neurons); values are in the variable's own unit.
    """

    def __init__(self, part: Part, tap: Tap, scale: Scale, dt: float, limit: int):
        super().__init__((part,), dt, limit)
        self.part, self.tap, self.scale = part, tap, scale

    @property
    def label(self) -> str:
        """What is recorded."""
        return f"{self.tap.variable} of {self.whose} every {self.tap.every} steps"

    def shapes(self) -> dict[str, tuple[int | None, ...]]:
        """Return the shapes of the contents."""
        return {"t": (None,), "integers": (None, len(self.tap.neurons))}

    def take(self, chunk: Chunk, first: int, samples: NDArray[np.int64] | None) -> None:
        """Keep the samples of its tap."""
        assert samples is not None
        super().take(chunk, first, samples)
        steps = due(first, chunk.steps, self.tap.every)
        self._keep(samples.shape[1], t=steps, integers=samples)

    @property
    def values(self) -> NDArray[np.float64]:
        """In the unit of the variable."""
        return self.scale.quantity(self.integers, self.tap.neurons)

    def plot(self, spikes: SpikeMonitor | None = None) -> Picture:
        """Draw the variable over time (`golden.pictures.potentials`).

        Parameters
        ----------
        spikes : SpikeMonitor
            Of the same neurons, to mark their spikes and the threshold.
        """
        self._must_have(len(self.t) > 0)
        from golden.pictures.alone import single, threshold
        from golden.pictures.potentials import potentials

        population, variable = self.part.population, self.tap.variable
        assert isinstance(population.what, Cell)
        program = population.what.program(self.dt)
        neurons = self.tap.neurons.tolist()
        compared = variable == program.potential
        return potentials(
            self.times,
            self.values,
            [population.label(k) for k in neurons],
            [spikes.of(population, k) for k in neurons] if spikes else (),
            [threshold(single(program, k)) if compared else None for k in neurons],
            self.scale.axis(variable),
        )


def spikes_of(
    parts: tuple[Part, ...], firsts: list[int], chunk: Chunk
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return steps, ascending, and neurons, counted through parts that begin at ``firsts``."""
    when, who, at = [], [], 0
    for part, begin in zip(parts, firsts, strict=True):
        mine = (chunk.spike_neurons >= begin) & (chunk.spike_neurons < begin + part.size)
        when.append(chunk.spike_steps[mine])
        who.append(chunk.spike_neurons[mine] - begin + at)
        at += part.size
    steps, neurons = np.concatenate(when), np.concatenate(who)
    order = np.lexsort((neurons, steps))
    return steps[order], neurons[order]

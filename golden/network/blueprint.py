"""A built network as integers: what golden, the engine and the gates run.

Neurons are numbered through all groups, sources first come first numbered like everybody. A *group*
is a population of cells of one program, or a source of spikes. *Rows* hold what one connection
made: the synapses of every presynaptic neuron, sorted by delay and then by target.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from golden.cells.program import Program, Receptor
from golden.network.digest import digest
from golden.network.gaps import Gaps
from golden.network.release import Release
from golden.network.rules.learning import Learning
from golden.network.source import Chance, Drive, RewardTrain, SpikeSource

LONGEST_DELAY = 255
"""Steps."""


@dataclass(frozen=True, slots=True)
class Group:
    """A population: neurons ``first`` to ``first + size - 1``."""

    name: str
    first: int
    size: int
    program: Program | None
    """What each does in a step; None for a source."""
    source: SpikeSource | None = None
    """What makes its spikes; None for cells."""
    winners: int | None = None
    """So many spikes a step at most, of those with the largest margins."""

    def receptor(self, name: str | None) -> Receptor:
        """Return a receptor of its cells by name; None is the first one.

        Raises
        ------
        ValueError
            If it is a source, or its cells have no such receptor.
        """
        if self.program is None:
            raise ValueError(f"{self.name} must be a population of cells, not an input")
        if not name:
            return self.program.receptors[0]
        if name not in {r.name for r in self.program.receptors}:
            known = ", ".join(r.name for r in self.program.receptors)
            raise ValueError(f"receptor of {self.name} must be one of {known}, not {name}")
        return self.program.receptor(name)

    @property
    def entrance(self) -> str | None:
        """Where a current enters that names no receptor: at ``current``, if its cells have that."""
        receptors = self.program.receptors if self.program else ()
        return "current" if any(r.name == "current" for r in receptors) else None

    @property
    def index(self) -> NDArray[np.int64]:
        """Numbers of its neurons."""
        return np.arange(self.first, self.first + self.size)

    def within(self, neurons: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return who of some neurons, ascending, belong to it, counted within it."""
        begin, end = np.searchsorted(neurons, (self.first, self.first + self.size))
        return neurons[begin:end] - self.first


@dataclass(frozen=True, slots=True)
class Rows:
    """Synapses from a part of one group to one receptor of another."""

    name: str
    source: int
    """Which group."""
    target: int
    receptor: str
    start: NDArray[np.int64]
    """Shape (presynaptic neurons + 1,): where each row begins."""
    post: NDArray[np.int32]
    """Within the target group."""
    weight: NDArray[np.int32]
    delay: NDArray[np.uint8]
    """Steps, at least 1; ascending within a row."""
    release: Release | None = None
    """Short-term plasticity; None if every spike transmits the whole weight."""
    learning: Learning | None = None
    """A rule; None if weights stay as they are. With one, ``weight`` is what is sent at first."""
    connection: int = 0
    """Number of the connection that has made them."""

    @property
    def synapses(self) -> int:
        """How many."""
        return len(self.post)

    @property
    def longest(self) -> int:
        """Longest delay in steps."""
        return int(self.delay.max(initial=0))

    def runs(self) -> NDArray[np.int64]:
        """Return where runs, synapses of one neuron and delay, begin, and where the last ends."""
        row = np.repeat(np.arange(len(self.start) - 1), np.diff(self.start))
        fresh = np.ones(len(row), bool)
        fresh[1:] = (np.diff(row) != 0) | (np.diff(self.delay.astype(np.int64)) != 0)
        return np.append(np.flatnonzero(fresh), len(row))


@dataclass(frozen=True, slots=True)
class Blueprint:
    """A built network."""

    dt: float
    """ms a step."""
    seed: int
    groups: tuple[Group, ...]
    rows: tuple[Rows, ...]
    drives: tuple[Drive, ...] = field(default=())
    gaps: tuple[Gaps, ...] = field(default=())
    rewards: tuple[RewardTrain, ...] = field(default=())

    @property
    def neurons(self) -> int:
        """Of all groups."""
        return sum(group.size for group in self.groups)

    @property
    def synapses(self) -> int:
        """Of all rows."""
        return sum(rows.synapses for rows in self.rows)

    @property
    def longest(self) -> int:
        """Longest delay in steps, at least 1."""
        return max((rows.longest for rows in self.rows if rows.synapses), default=1)

    @property
    def draws(self) -> bool:
        """Whether anybody needs random words."""
        programs = [group.program for group in self.groups if group.program]
        programs += [p for rows in self.rows if rows.learning for p in rows.learning.programs]
        return (
            any(isinstance(group.source, Chance) for group in self.groups)
            or any(drive.deviation is not None for drive in self.drives)
            or any(v.operation == "random" for program in programs for v in program.values)
        )

    def sha256(self) -> str:
        """Return the hash of all its integers: of programs, constants, synapses, inputs."""
        return digest(self)

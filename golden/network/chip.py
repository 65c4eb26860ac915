"""What a network core is made for: kinds of cells and sizes."""

from dataclasses import dataclass
from functools import cached_property

from golden.cells.program import Program
from golden.cells.schedule import Fabric, Schedule, scheduled
from golden.network.rules.learner import LearningUnit
from golden.numbers.formats import index_bits, narrowest

DUE_BITS = 8
"""Of a step in which an entry of the queue is due: delays are up to 255 steps."""


@dataclass(frozen=True, slots=True)
class CellMemory:
    """A memory with one value a slot."""

    name: str
    width: int
    signed: bool


@dataclass(frozen=True)
class Kind:
    """A kind of cell: a program, its pipeline, and room for neurons."""

    name: str
    """An identifier, of its own within a chip."""
    program: Program
    """Values of constants do not matter; their names, points and ranges do."""
    slots: int
    varying: tuple[str, ...] = ()
    """Constants with one value a neuron, in the order of the program."""
    inlet_bits: tuple[int, ...] = ()
    """Of the sum at every receptor, two's complement: the widest that may occur, up to 32."""
    interval: int = 1
    multipliers: int | None = None
    """Shared ones; None for one each."""
    serial: bool = False
    """Rounds of random words are done one behind the other."""

    def schedule(self, fabric: Fabric) -> Schedule:
        """Return its pipeline's plan."""
        return scheduled(
            self.program, fabric, self.interval, self.multipliers, self.varying, self.serial
        )

    @property
    def constants(self) -> tuple[str, ...]:
        """Those in registers, in the order of the program."""
        return tuple(c.name for c in self.program.constants if c.name not in self.varying)

    @cached_property
    def words(self) -> tuple[CellMemory, ...]:
        """States, varying constants, inlets."""
        taken = {v.detail: v for v in self.program.values if v.operation == "constant"}
        return (
            *(CellMemory(s.name, s.width, True) for s in self.program.states),
            *(CellMemory(n, *narrowest(taken[n].low, taken[n].high)) for n in self.varying),
            *(
                CellMemory(r.name, bits, True)
                for r, bits in zip(self.program.receptors, self.inlet_bits, strict=True)
            ),
        )

    @property
    def counted(self) -> tuple[str, ...]:
        """Names of what saturates, each once, with a counter each."""
        return tuple(dict.fromkeys(self.program.counters()))

    @property
    def random(self) -> bool:
        """It needs random words."""
        return any(v.operation == "random" for v in self.program.values)


@dataclass(frozen=True)
class Chip:
    """A network core: see `docs/network-hardware.md` for every part of it."""

    kinds: tuple[Kind, ...]
    fabric: Fabric
    script_words: int
    axons: int
    runs: int
    synapses: int
    queue: int
    """Entries."""
    count_bits: int
    gap_bits: int
    """Up to `DUE_BITS`."""
    family_bits: int
    weight_bits: int
    """Of a synapse of its own; 0 where its family has it."""
    family_weight_bits: int
    """0 where every synapse has its own."""
    elects: bool = False
    """Whether a group may have winners."""
    single_port: bool = False
    """Runs and synapses lie in memories with one port, of which no initial contents are known, and
    the rows of axons behind them."""
    junctions: int = 0
    """Gap junctions, each in one direction."""
    junction_factor_bits: int = 0
    """Of the two factors of a junction, two's complement; 0 in a chip without junctions."""
    junction_offset_bits: int = 0
    """Of its offset, two's complement; 0 where there is none."""
    plastic_axons: int = 0
    """Axons with short-term plasticity: the first ones."""
    branches: int = 0
    """Axons that a neuron may have beside its first one."""
    releases: int = 0
    """Sets of constants of short-term plasticity."""
    decays: int = 0
    """Words of their tables."""
    learner: LearningUnit | None = None
    """The rule by which synapses learn, and its sizes; a chip has plastic axons or learns."""

    @property
    def random(self) -> bool:
        """A kind needs random words."""
        return any(kind.random for kind in self.kinds)

    @property
    def serial(self) -> bool:
        """A kind needs a key of these at a time."""
        return any(kind.random and kind.serial for kind in self.kinds)

    @property
    def slots(self) -> int:
        """Of the kind that has most."""
        return max(kind.slots for kind in self.kinds)

    @property
    def slot_bits(self) -> int:
        """Of a synapse's target."""
        return index_bits(self.slots)

    @property
    def inlets(self) -> tuple[tuple[int, int], ...]:
        """Kind and receptor of every inlet, in their order."""
        return tuple(
            (k, r) for k, kind in enumerate(self.kinds) for r in range(len(kind.inlet_bits))
        )

    @property
    def sum_bits(self) -> int:
        """Of the widest inlet."""
        return max((bits for kind in self.kinds for bits in kind.inlet_bits), default=1)

    def rows_at(self, words: int) -> int:
        """Return where rows begin behind so many words: at a multiple of a power of two."""
        span = 1 << index_bits(self.axons)
        return -(-words // span) * span

    def inlet(self, kind: int, receptor: int) -> int:
        """Return the number of an inlet."""
        return self.inlets.index((kind, receptor))

    @property
    def place_bases(self) -> tuple[int, ...]:
        """Place of the first slot of every kind; behind them the places of all.

        Kinds without inlets have no places.
        """
        bases = [0]
        for kind in self.kinds:
            bases.append(bases[-1] + (kind.slots if kind.inlet_bits else 0))
        return tuple(bases)

    @property
    def places(self) -> int:
        """Slots of all cells: whose posts may be noted."""
        return self.place_bases[-1]

    @property
    def words(self) -> tuple[tuple[int, CellMemory], ...]:
        """Kind and word of every memory of cells, in the order of their regions."""
        return tuple((k, word) for k, kind in enumerate(self.kinds) for word in kind.words)


def unit(chip: Chip) -> LearningUnit:
    """Return the learner of a chip that has one."""
    assert chip.learner is not None
    return chip.learner

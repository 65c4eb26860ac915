"""What a network core holds, as a host reads and writes it."""

from collections.abc import Mapping
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from golden.network.chip import Chip
from golden.network.interface import BusRequest, Region, added, extents, registers
from golden.network.release import ONE
from golden.network.rules.interface import regions as learned_regions
from golden.numbers.formats import Array, Fmt, Integer

CELLS = len(Region)
"""The first region of words of the kinds."""


class Memories:
    """Memories and registers of a core; 0 after reset.

    Parameters
    ----------
    chip : Chip
        What the core is made for.
    """

    def __init__(self, chip: Chip):
        self.chip = chip
        self.extents = extents(chip)
        self.registers = dict.fromkeys(registers(chip), 0)
        self.added = added(chip)
        places = chip.places
        self.learning = tuple(learned_regions(chip.learner, places)) if chip.learner else ()
        """Names of the regions of its learner."""
        self.packed: dict[int, Array] = {
            region: np.zeros(self.extents[region][0], np.int64)
            for region in (*Region, *self.added.values())
            if region not in (Region.REGISTERS, *(self.added[name] for name in self.learning))
        }
        """Words of all regions but those of cells and of the learner, as a host sees them."""
        begin = np.cumsum([0, *(chip.kinds[k].slots for k, _ in chip.words)]).tolist()
        self.cells: Array = np.zeros(begin[-1], np.int64)
        """Words of all kinds, one region behind the other: values, negative ones too."""
        self._begin = begin
        sizes = [self.extents[self.added[name]][0] for name in self.learning]
        begin = np.cumsum([0, *sizes]).tolist()
        self.learned: Array = np.zeros(begin[-1], np.int64)
        """Words of the learner's regions, one region behind the other, as a host sees them."""
        self.begins = dict(zip(self.learning, begin, strict=False))
        """Where in ``learned`` each of these begins."""
        self.bases = self._bases()
        """Where in ``cells`` the sums of every inlet begin."""
        self.potentials = self._potentials()
        """Where in ``cells`` the potentials of every kind begin; -1 of one without states."""
        self.sum_bits: Array = np.array(
            [bits for kind in chip.kinds for bits in kind.inlet_bits], np.int64
        )

    def copy(self) -> "Memories":
        """Return another one that holds the same."""
        other = Memories(self.chip)
        other.registers = dict(self.registers)
        other.packed = {region: words.copy() for region, words in self.packed.items()}
        other.cells = self.cells.copy()
        other.learned = self.learned.copy()
        return other

    @cached_property
    def _whole(self) -> Array:
        return np.full(self.chip.queue, ONE, np.int64)

    @property
    def efficacies(self) -> Array:
        """Of all places of the queue; ``ONE`` in a chip without short-term plasticity."""
        region = self.added.get("queue_efficacies")
        return self._whole if region is None else self.packed[region]

    def word(self, number: int) -> Array:
        """Return the values of one word of a kind, by its place in ``chip.words``: a view."""
        return self.cells[self._begin[number] : self._begin[number + 1]]

    def _bases(self) -> Array:
        found, number = [], 0
        for kind in self.chip.kinds:
            number += len(kind.words)
            inlets = len(kind.inlet_bits)
            found += self._begin[number - inlets : number]
        return np.array(found, np.int64)

    def _potentials(self) -> Array:
        found, number = [], 0
        for kind in self.chip.kinds:
            names = [state.name for state in kind.program.states]
            place = names.index(kind.program.potential) if names else -1
            found.append(self._begin[number + place] if names else -1)
            number += len(kind.words)
        return np.array(found, np.int64)

    def words(self, region: int) -> Array:
        """Return what a host reads in a region: unsigned, shape (words,)."""
        if region == Region.REGISTERS:
            return np.array(list(self.registers.values()), np.int64)
        memory, shape = self.memory(region)
        return memory & ((1 << shape.width) - 1)

    def load(self, contents: Mapping[int, NDArray[np.integer]]) -> None:
        """Write regions from index 0 on."""
        for region, values in contents.items():
            self.fill(region, values)

    def fill(self, region: int, values: NDArray[np.integer]) -> None:
        """Write words of a region from index 0 on."""
        if region == Region.REGISTERS:
            for index, value in enumerate(values.tolist()):
                self.serve(BusRequest(1, region, index, value))
        else:
            memory, shape = self.memory(region)
            memory[: len(values)] = shape.wrap(values.astype(np.int64))

    def memory(self, region: int) -> tuple[Array, Fmt]:
        """Return the words of a region other than the registers, and their format."""
        bits = self.extents[region][1]
        if region in self.packed:
            return self.packed[region], Fmt(bits, False)
        for name, begin in self.begins.items():
            if self.added[name] == region:
                return self.learned[begin : begin + self.extents[region][0]], Fmt(bits, False)
        return self.word(region - CELLS), Fmt(bits, self.chip.words[region - CELLS][1].signed)

    def serve(self, request: BusRequest) -> int:
        """Read or write a word; return what the bus is answered with.

        Raises
        ------
        ValueError
            If there is nothing at the request's index.
        """
        write, region, index, data = request
        if not 0 <= region < len(self.extents):
            raise ValueError(f"region must be 0 to {len(self.extents) - 1}, not {region}")
        words, bits = self.extents[region]
        if not 0 <= index < words:
            raise ValueError(f"index in region {region} must be 0 to {words - 1}, not {index}")
        if region == Region.REGISTERS:
            return self._register(write, index, data)
        memory, shape = self.memory(region)
        if write:
            memory[index] = shape.wrap(data)
        return _unsigned(memory[index], bits)

    def _register(self, write: int, index: int, data: int) -> int:
        name, bits = list(registers(self.chip).items())[index]
        if write:
            self.registers[name] = _unsigned(data, bits)
        return self.registers[name]


def _unsigned(value: Integer, bits: int) -> int:
    return int(value) & ((1 << bits) - 1)

"""The grid that the dense core's record is laid on."""

import numpy as np
from numpy.typing import NDArray

from golden.cycles.grid import Grid
from golden.dense.interface import MemoryMap, record
from golden.dense.params import Params
from golden.dense.registers import STATE
from golden.dense.timing.costs import LATENCY, costs
from golden.numbers.fields import dtype
from golden.numbers.formats import Fmt


class DenseGrid(Grid):
    """The record of a run of the dense core while it is made."""

    def __init__(self, built: Params):
        self.map = MemoryMap(built)
        super().__init__(dtype(record(built)), beyond=LATENCY + costs(built).one_pass)
        names = self.rows.dtype.names or ()
        self.registers = [name for name in STATE if name in names and STATE[name].exists(built)]
        """Those that are shown."""
        self._lane = Fmt(self.map.value_bits, signed=False)
        self._weight = Fmt(built.weight_bits, signed=False)

    def neurons(self, cycles, rows, data: NDArray[np.int64], lanes: NDArray[np.bool_]) -> None:
        """Write words (n, n_lanes) to the neuron memory in the lanes (n, n_lanes) that are set."""
        self.rows["n_data"][cycles] = np.where(lanes, self._lane.wrap(data), 0)
        self.rows["n_row"][cycles] = np.where(lanes.any(axis=-1), rows, 0)
        self.rows["n_en"][cycles] = packed(lanes)

    def flags(self, cycles, barred: NDArray[np.bool_], frozen: NDArray[np.bool_]) -> None:
        """Write words (n, n_lanes) to the memory of flags, if there is one."""
        if self.map.has_flags:
            barred = barred & self.map.has_barred
            self.mark(cycles, f_en=1, barred=packed(barred), frozen=packed(frozen))

    def read(self, cycles, words) -> None:
        """Read the weight memory."""
        self.mark(cycles, w_read=1, w_word=words)

    def weights(self, cycles, words, lane: int, data) -> None:
        """Write the weight memory."""
        self.mark(cycles, w_en=1, w_addr=words, w_lane=lane, w_data=self._weight.wrap(data))

    def last(self, cycles, axons, data) -> None:
        """Write the memory of ages."""
        self.mark(cycles, last_en=1, last_axon=axons, last_data=data)


def packed(lanes: NDArray[np.bool_]) -> NDArray[np.integer]:
    """Return masks (..., n_lanes) as bytes, lane 0 in the lowest bit of the first."""
    return np.packbits(lanes, axis=-1, bitorder="little")

"""The record: what the probe shows in every cycle, and the grid that it is laid on."""

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from golden.cycles.grid import Grid
from golden.dense.params import Params
from golden.dense.timing.costs import LATENCY, costs
from golden.dense.timing.layout import Layout, index_bits
from golden.numbers.formats import Fmt

STEP_BITS, N_SPIKES_BITS, BUS_BITS = 10, 11, 32


class Phase(IntEnum):
    """What the core is doing."""

    IDLE = 0
    HOST = 1
    RESPOND = 2
    DRY = 3
    CLEAR = 4
    LEAK = 5
    INTEGRATE = 6
    COMPETE = 7
    VERDICT = 8
    BAR = 9
    TEACH = 10
    SWEEP = 11
    RISE = 12
    ENDSTEP = 13
    INHIBIT = 14
    RESET = 15
    RELEASE = 16
    FINISH = 17
    DECAY = 18
    DECIDE = 19
    RESULT = 20


def dtype(built: Params) -> np.dtype:
    """Return the packed type of one cycle of a core's record."""
    layout = Layout(built)
    word = index_bits(layout.n_rows * built.n_words)
    widths = {
        "phase": index_bits(len(Phase)), "step": STEP_BITS, "take": 1, "row": word,
        "n_en": "mask", "n_row": index_bits(2 * built.n_words), "n_data": "lanes",
        "f_en": 1, "barred": "mask", "frozen": "mask",
        "w_read": 1, "w_word": word,
        "w_en": 1, "w_addr": word, "w_lane": layout.lane_bits, "w_data": built.weight_bits,
        "last_en": 1, "last_axon": index_bits(built.n_axons), "last_data": built.last.width,
        "elected": 1, "neuron": index_bits(layout.n_padded),
        "offset": built.offset.width, "lfsr": BUS_BITS, "presented": BUS_BITS,
        "pixels_ready": 1, "start_ready": 1, "bus_ready": 1,
        "response_valid": 1, "response": BUS_BITS,
        "result_valid": 1, "label": built.label.width, "n_spikes": N_SPIKES_BITS,
    }  # fmt: skip
    shapes = {
        "mask": (unsigned(8), (-(-built.n_lanes // 8),)),
        "lanes": (unsigned(layout.neuron_bits), (built.n_lanes,)),
    }
    return np.dtype([
        (name, *shapes[width]) if isinstance(width, str) else (name, unsigned(width))
        for name, width in widths.items()
    ])


def unsigned(bits: int) -> str:
    """Return the code of the smallest little-endian unsigned type of so many bits."""
    n_bytes = next(size for size in (1, 2, 4, 8) if bits <= 8 * size)
    return f"<u{n_bytes}"


class DenseGrid(Grid):
    """The record of a run of the dense core while it is made."""

    def __init__(self, built: Params):
        self.layout = Layout(built)
        super().__init__(dtype(built), beyond=LATENCY + costs(built).one_pass)
        self._lane = Fmt(self.layout.neuron_bits, signed=False)
        self._weight = Fmt(built.weight_bits, signed=False)

    def neurons(self, cycles, rows, data: NDArray[np.int64], lanes: NDArray[np.bool_]) -> None:
        """Write words (n, n_lanes) to the neuron memory in the lanes (n, n_lanes) that are set."""
        self.rows["n_data"][cycles] = np.where(lanes, self._lane.wrap(data), 0)
        self.rows["n_row"][cycles] = np.where(lanes.any(axis=-1), rows, 0)
        self.rows["n_en"][cycles] = packed(lanes)

    def flags(self, cycles, barred: NDArray[np.bool_], frozen: NDArray[np.bool_]) -> None:
        """Write words (n, n_lanes) to the memory of flags, if there is one."""
        if self.layout.has_flags:
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

"""What the gates, the cycle model and a host of the dense core must agree on: names and numbers.

No behaviour: *what* lies where and how wide it is stands here once, *when* it happens stands in
`docs/hardware.md` and is written twice from there.
"""

from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from golden.dense.declaration import BIT, COUNT, DATA
from golden.dense.params import Params
from golden.numbers.fields import Field, StreamPort
from golden.numbers.formats import Fmt, index_bits

INDEX = Fmt(24, signed=False)
"""Index of a request."""
EIGHTHS_BY_DISTANCE = (8, 5, 1, -1, -4)
"""Weights of the receptive field "surround" by ``|dy| + |dx|``, 0 to 4."""
POOLING = (1, 2, 2, 2, 1)
"""Weights of "oriented" by distance -2 to 2 from a cell's centre, along either axis."""
RADIUS = 2
"""Pixels from the centre of a 5x5 window to its edge."""


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


class Region(IntEnum):
    """What an index counts."""

    REGISTERS = 0
    """Index in `golden.dense.registers.register_map`."""
    WEIGHTS = 1
    """Word address, then lane in the low bits."""
    THETA = 2
    """Word of the row, then lane in the low bits."""
    LAST = 3
    """Axon."""
    TABLE = 4
    """``a_plus`` then ``a_late``."""
    SPIKES = 5
    """Rank of a spike of the last presentation; the neuron's number, read only."""


class Start(NamedTuple):
    """Payload of the stream ``start``."""

    learn: bool
    label: int


class BusRequest(NamedTuple):
    """Payload of the stream ``bus``: write ``data``, or read; both are answered."""

    write: int
    region: int
    index: int  # pyright: ignore[reportIncompatibleMethodOverride]  # The word of the page.
    data: int = 0
    """32 bits, unsigned; of no meaning in a read."""


INPUTS = ("pixels", "start", "bus")
OUTPUTS = ("result", "response")
STREAMS = (*INPUTS, *OUTPUTS)
"""In this order they lie in a tape of `sim.targets.stimulus`."""


def streams(p: Params) -> dict[str, StreamPort]:
    """Return the streams of a core in the order of its ports."""
    label, data = Field("label", p.label), Field("data", DATA)
    request = (
        Field("write", BIT),
        Field("region", Fmt(index_bits(len(Region)), signed=False)),
        Field("index", INDEX),
        data,
    )
    about = {
        "pixels": ((Field("", p.pixel),), "images in row order"),
        "start": ((Field("learn", BIT), label), "present the image that has come in"),
        "result": ((label, Field("n_spikes", COUNT)), "the answer; label is 0 after learning"),
        "bus": (request, "the host's requests"),
        "response": ((data,), "one for every request; a write is answered with 0"),
    }
    return {name: StreamPort(name in INPUTS, *about[name]) for name in about}


def record(p: Params) -> tuple[Field, ...]:
    """Return the fields of what the probe shows in a cycle; one is 0 when its strobe is 0."""
    places, lanes = MemoryMap(p), p.n_lanes

    def bits(name: str, width: int = 1, lanes: int | None = None) -> Field:
        return Field(name, Fmt(width, signed=False), lanes)

    return (
        bits("phase", index_bits(len(Phase))),
        bits("step", p.last.width),
        bits("take"),
        bits("row", places.word_bits),
        bits("n_en", lanes=lanes),
        bits("n_row", index_bits(2 * p.n_words)),
        bits("n_data", places.value_bits, lanes=lanes),
        bits("f_en"),
        bits("barred", lanes=lanes),
        bits("frozen", lanes=lanes),
        bits("w_read"),
        bits("w_word", places.word_bits),
        bits("w_en"),
        bits("w_addr", places.word_bits),
        bits("w_lane", places.lane_bits),
        bits("w_data", p.w.width),
        bits("last_en"),
        bits("last_axon", places.axon_bits),
        bits("last_data", p.last.width),
        bits("elected"),
        bits("neuron", places.neuron_bits),
        bits("offset", p.offset.width),
        bits("lfsr", DATA.width),
        bits("presented", p.presented.width),
        bits("pixels_ready"),
        bits("start_ready"),
        bits("bus_ready"),
        bits("response_valid"),
        bits("response", DATA.width),
        bits("result_valid"),
        bits("label", p.label.width),
        bits("n_spikes", COUNT.width),
    )


def strobes(p: Params) -> dict[str, tuple[str, ...]]:
    """Return the strobes of the record, and the fields about each that fit a line."""
    return {
        "take": ("row",),
        "n_en": ("n_row",),
        "f_en": ("barred", "frozen"),
        "w_read": ("w_word",),
        "w_en": ("w_addr", "w_lane", "w_data"),
        "last_en": ("last_axon", "last_data"),
        "elected": ("neuron",),
        "response_valid": ("response",),
        "result_valid": ("label", "n_spikes"),
    }


class MemoryMap:
    """What lies where in the memories of a core that is made for ``p``, and how wide an index is.

    Raises
    ------
    ValueError
        If the class of a neuron does not fit two weights.
    """

    def __init__(self, p: Params):
        self.p = p
        if self.class_parts > 2:
            most = 1 << 2 * p.weight_bits
            raise ValueError(
                f"n_classes must be at most {most} with a reward and {p.weight_bits}-bit weights, "
                f"not {p.n_classes}"
            )

    @property
    def class_parts(self) -> int:
        """Rows that hold the classes of the neurons (Kc)."""
        return 0 if self.p.reward == "none" else -(-self.p.label.width // self.p.weight_bits)

    @property
    def vote_parts(self) -> int:
        """Rows that hold the votes of one rank for one label (Kv)."""
        return -(-self.p.vote_bits // self.p.weight_bits)

    @property
    def class_row(self) -> int:
        """First row of the classes."""
        return self.p.n_axons

    @property
    def vote_row(self) -> int:
        """First row of the vote tables."""
        return self.class_row + self.class_parts

    def label_row(self, rank: int, label: int) -> int:
        """Return the first row of ``votes[rank, :, label]``."""
        return self.vote_row + (rank * self.p.n_classes + label) * self.vote_parts

    @property
    def n_rows(self) -> int:
        """Rows of the weight memory."""
        return self.label_row(self.p.vote_spikes, 0)

    @property
    def n_weight_words(self) -> int:
        """Words of the weight memory."""
        return self.n_rows * self.p.n_words

    @property
    def n_padded(self) -> int:
        """Neurons and padding lanes."""
        return self.p.n_words * self.p.n_lanes

    @property
    def n_gains(self) -> int:
        """Entries of the table: ``a_plus`` then ``a_late``."""
        return self.p.ltp_window + self.p.ltd_window

    @property
    def has_barred(self) -> bool:
        """There are flags of those that are barred: of one alone, a ballot needs no flag."""
        p = self.p
        return bool(p.bar_losers or p.drop_chance or (p.ballot and p.vote_spikes > 2))

    @property
    def has_flags(self) -> bool:
        """There is a memory of flags."""
        return bool(self.p.refrac) or self.has_barred

    @property
    def word_bits(self) -> int:
        """Bits of a weight word's address."""
        return index_bits(self.n_weight_words)

    @property
    def group_bits(self) -> int:
        """Bits of a word's number within a row."""
        return index_bits(self.p.n_words)

    @property
    def lane_bits(self) -> int:
        """Bits of a lane's number."""
        return index_bits(self.p.n_lanes)

    @property
    def axon_bits(self) -> int:
        """Bits of an axon's number."""
        return index_bits(self.p.n_axons)

    @property
    def neuron_bits(self) -> int:
        """Bits of a neuron's number, padding lanes included."""
        return index_bits(self.n_padded)

    @property
    def value_bits(self) -> int:
        """Bits of a lane of the neuron memory, which holds ``v`` and ``theta``."""
        return max(self.p.v.width, self.p.theta.width)

    def place(self, row: int, neuron: int) -> int:
        """Return the index of a neuron's lane in a row, in the regions that have lanes."""
        word, lane = divmod(neuron, self.p.n_lanes)
        return (row * self.p.n_words + word) << self.lane_bits | lane

    def split(self, values: NDArray[np.int64], parts: int) -> NDArray[np.int64]:
        """Return numbers (...,) as weights (parts, ...), low bits first."""
        w = self.p.w
        return np.array([w.wrap(values >> part * w.width) for part in range(parts)], dtype=np.int64)

    def join(self, weights: NDArray[np.int64], bits: int) -> NDArray[np.int64]:
        """Undo `split`; only the lowest ``bits`` count."""
        width, values = self.p.w.width, np.zeros_like(weights[0])
        for part, weight in enumerate(weights):
            values |= (weight & ((1 << width) - 1)) << part * width
        return values & ((1 << bits) - 1)

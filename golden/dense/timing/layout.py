"""Sizes of a core and where things lie in its memories: `docs/hardware.md`, "Memories"."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from golden.dense.limits import REWARDS
from golden.dense.params import Params

FIXED = (
    "height",
    "width",
    "n_neurons",
    "n_lanes",
    "n_classes",
    "single_port",
    "encoder",
    "receptive_field",
    "rf_stride",
    "rf_shift",
    "rate_shift",
    "v_width",
    "theta_width",
    "weight_bits",
    "vote_bits",
    "leak_shift",
    "activity_shift",
    "offset_shift",
    "theta_decay_shift",
    "dw_shift",
)
"""Parameters that are fixed when the core is made."""
OPTIONAL = (
    "leak_sub",
    "activity_gain",
    "v_inhibit",
    "bar_losers",
    "offset_plus",
    "drop_chance",
    "ballot",
)
"""Registers that a core without the feature has not."""
AT_MOST = ("refrac", "ltp_window", "ltd_window", "vote_spikes")
"""Registers that say how much of a table or ring is in use."""


@dataclass(frozen=True)
class Layout:
    """Derived numbers of the core that is made for parameters ``built``.

    Raises
    ------
    ValueError
        If a class does not fit two weights.
    """

    built: Params

    def __post_init__(self):
        p = self.built
        if p.reward != "none" and p.label.width > 2 * p.weight_bits:
            most = 1 << 2 * p.weight_bits
            raise ValueError(
                f"n_classes must be at most {most} with a reward and {p.weight_bits}-bit weights, "
                f"not {p.n_classes}"
            )

    @cached_property
    def lane_bits(self) -> int:
        """Bits of a lane's number (at least 1)."""
        return index_bits(self.built.n_lanes)

    @cached_property
    def n_padded(self) -> int:
        """Neurons and padding lanes."""
        return self.built.n_words * self.built.n_lanes

    @cached_property
    def class_parts(self) -> int:
        """Rows of the weight memory that hold the classes of the neurons (Kc)."""
        p = self.built
        return 0 if p.reward == "none" else -(-p.label.width // p.weight_bits)

    @cached_property
    def vote_parts(self) -> int:
        """Rows that hold the votes of one rank for one label (Kv)."""
        return -(-self.built.vote_bits // self.built.weight_bits)

    @cached_property
    def n_rows(self) -> int:
        """Rows of the weight memory."""
        p = self.built
        return self.vote_row(p.vote_spikes, 0)

    def vote_row(self, rank: int, label: int) -> int:
        """Return the first row of ``votes[rank, :, label]``."""
        p = self.built
        return p.n_axons + self.class_parts + (rank * p.n_classes + label) * self.vote_parts

    @cached_property
    def has_flags(self) -> bool:
        """There is a memory of flags."""
        p = self.built
        return bool(p.refrac or p.bar_losers or p.drop_chance or p.ballot)

    @cached_property
    def neuron_bits(self) -> int:
        """Bits of one lane of the neuron memory."""
        return max(self.built.v.width, self.built.theta.width)

    def split(self, value: NDArray[np.int64], parts: int) -> NDArray[np.int64]:
        """Return numbers (...,) as weights (parts, ...), low bits first."""
        w = self.built.w
        return np.array([w.wrap(value >> part * w.width) for part in range(parts)], dtype=np.int64)

    def join(self, weights: NDArray[np.int64], bits: int) -> NDArray[np.int64]:
        """Undo `split`; only the lowest ``bits`` count."""
        width, value = self.built.w.width, np.zeros_like(weights[0])
        for part, weight in enumerate(weights):
            value |= (weight & ((1 << width) - 1)) << part * width
        return value & ((1 << bits) - 1)

    def check(self, p: Params) -> None:
        """Raise ValueError if this core cannot run with parameters ``p``."""
        for name in FIXED:
            ours, theirs = getattr(self.built, name), getattr(p, name)
            if ours != theirs:
                raise ValueError(f"{name} must be {ours!r} in this core, not {theirs!r}")
        for name in OPTIONAL:
            if getattr(p, name) and not getattr(self.built, name):
                raise ValueError(f"{name} must be off in this core, not {getattr(p, name)}")
        for name in AT_MOST:
            ours, theirs = getattr(self.built, name), getattr(p, name)
            if theirs > ours:
                raise ValueError(f"{name} must be at most {ours} in this core, not {theirs}")
        if REWARDS.index(p.reward) > REWARDS.index(self.built.reward):
            raise ValueError(
                f"reward must be at most {self.built.reward!r} in this core, not {p.reward!r}"
            )


def index_bits(n: int) -> int:
    """Return the bits of an index of ``n`` things, at least 1."""
    return max(1, (n - 1).bit_length())

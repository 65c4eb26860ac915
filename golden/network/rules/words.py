"""Words of a rule: what a synapse keeps, traces of its two sides, rewards."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from golden.cells.program import Scale
from golden.network.rules.decays import fraction, shares

REWARD = "reward"
REWARD_POINT = 12
REWARD_MOST = (1 << 17) - 1
"""Of a reward, which is one factor of a product: 18 bits, its sign with them."""
NORM_POINT = 16
NORM_FACTOR_BITS = 24
NORM_FACTOR = (1 << NORM_FACTOR_BITS) - 1
"""Binary point, and largest value, of what weights are multiplied by to have their norm."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A word that a synapse keeps beside its weight, in the unit of that.

    It starts at ``start``, and stays within ``low`` and ``high``. With a ``tau`` in ms it decays.
    """

    name: str
    low: float
    high: float
    bits: int = 16
    start: float = 0.0
    tau: float = 0.0


@dataclass(frozen=True, slots=True)
class LearnedWord:
    """A word that a synapse keeps, as integers."""

    name: str
    low: int
    high: int
    scale: Scale
    tau: float = 0.0
    """Steps in which it decays to 1/e; 0 if it stays as it is."""

    @classmethod
    def of(
        cls,
        name: str,
        ends: tuple[float, float],
        bits: int,
        unit: Any,
        measure: str,
        tau: float = 0.0,
    ):
        """Return a word of so many bits for a range, in the finest format that holds it."""
        magnitude = max(map(abs, ends)) / unit
        point = bits - 1 - int(np.frexp(magnitude)[1])
        if np.rint(magnitude * 2.0**point) >= 1 << (bits - 1):
            point -= 1
        scale = Scale(point, unit, measure=measure)
        low, high = (int(scale.integer(end)) for end in ends)
        return cls(name, low, high, scale, tau)


@dataclass(frozen=True, slots=True)
class TraceWord:
    """A trace of one side: "pre", "post" or "reward"."""

    side: str
    tau: float
    """Steps."""
    added: bool

    @property
    def name(self) -> str:
        """Of the word that is kept, if it is added: of all that is equal there is one."""
        return f"{self.side} {self.tau!r}"

    @property
    def signed(self) -> bool:
        """Whether it may be negative."""
        return self.side == REWARD

    def ends(self, operand_bits: int) -> tuple[int, int]:
        """Return the smallest and the largest value of an added trace."""
        _, most = self.format(operand_bits)
        return -most if self.signed else 0, most

    def format(self, operand_bits: int) -> tuple[int, int]:
        """Return the point of an added trace, and its largest value.

        It is largest with a spike in every step: ``r(most left[1]) + one`` is then no more than
        ``most``. A trace of rewards has the format of a reward, and a sign.
        """
        if self.side == REWARD:
            return REWARD_POINT, REWARD_MOST
        point = fraction(operand_bits)
        whole, (share,) = 1 << point, shares(self.tau, 1, 1, 1, point)
        while point >= 0 and share < whole:
            most = -(-((1 << point) + 1) * whole // (whole - share))
            if most < 1 << (operand_bits - 1):
                return point, most
            point -= 1
        raise ValueError(f"a trace must be shorter than {self.tau:g} steps to be added up")

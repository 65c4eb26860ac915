"""Integer formats: the only place that says what happens to a number that does not fit."""

from dataclasses import dataclass
from typing import overload

import numpy as np
from numpy.typing import NDArray

Integer = int | np.integer
Array = NDArray[np.int64]
"""NumPy dtypes below 64 bits are refused by `Fmt.check`."""


@dataclass(frozen=True, slots=True)
class Fmt:
    """A two's-complement or unsigned integer of ``width`` bits.

    Parameters
    ----------
    width : int
        Bits, 1 to 62, so that sums and products of two formats are exact in int64.
    signed : bool
        Two's complement if true.

    Raises
    ------
    ValueError
        If ``width`` is out of range.
    """

    width: int
    signed: bool

    def __post_init__(self):
        if not 1 <= self.width <= 62:
            raise ValueError(f"width must be 1 to 62 bits, not {self.width}")

    @property
    def min(self) -> int:
        """Smallest value."""
        return -(1 << (self.width - 1)) if self.signed else 0

    @property
    def max(self) -> int:
        """Largest value."""
        return (1 << (self.width - self.signed)) - 1

    def values(self) -> range:
        """All values, in ascending order."""
        return range(self.min, self.max + 1)

    def __str__(self) -> str:
        return f"{'s' if self.signed else 'u'}{self.width}"

    @overload
    def check(self, x: Integer) -> int: ...
    @overload
    def check(self, x: Array) -> Array: ...
    def check(self, x):
        """Return ``x`` if it fits, as int or int64 array.

        Raises
        ------
        TypeError
            If ``x`` is neither an integer nor an int64 array.
        OverflowError
            If a value is outside the format.
        """
        if isinstance(x, np.ndarray):
            if x.dtype != np.int64:
                raise TypeError(f"array must be int64, not {x.dtype}")
            outside = x[(x < self.min) | (x > self.max)]
            if outside.size:
                raise OverflowError(f"{outside[0]} does not fit {self}")
            return x
        if isinstance(x, bool) or not isinstance(x, (int, np.integer)):
            raise TypeError(f"value must be an integer or an int64 array, not {type(x).__name__}")
        if not self.min <= x <= self.max:
            raise OverflowError(f"{x} does not fit {self}")
        return int(x)

    @overload
    def saturate(self, x: Integer) -> int: ...
    @overload
    def saturate(self, x: Array) -> Array: ...
    def saturate(self, x):
        """Clip to the nearest value of the format."""
        if isinstance(x, np.ndarray):
            return np.clip(x, self.min, self.max)
        return int(max(self.min, min(self.max, x)))

    @overload
    def wrap(self, x: Integer) -> int: ...
    @overload
    def wrap(self, x: Array) -> Array: ...
    def wrap(self, x):
        """Keep the low ``width`` bits."""
        low = x & ((1 << self.width) - 1)
        return low - ((low & (1 << (self.width - 1))) << 1) if self.signed else low


def narrowest(low: int, high: int) -> tuple[int, bool]:
    """Return the bits of the narrowest word for a range, and whether it is two's complement.

    It is if ``low`` is negative. It has 1 bit at least, and may be wider than a `Fmt`.
    """
    signed = low < 0
    return max(1, *((~x if x < 0 else x).bit_length() + signed for x in (low, high))), signed


def index_bits(n: int) -> int:
    """Return the bits of an index below ``n``, at least 1."""
    return max(1, (n - 1).bit_length())

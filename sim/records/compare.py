"""Where two records of the same cycles begin to differ."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Mismatch:
    """The first difference; ``field`` is "" if a record ends early or nothing was compared."""

    cycle: int
    field: str = ""
    index: int | None = None
    """Lane, in fields that have one value a lane."""
    expected: int | None = None
    """None is the record's end."""
    got: int | None = None

    def __str__(self) -> str:
        if self.field:
            lane = "" if self.index is None else f"[{self.index}]"
            return f"cycle {self.cycle}: {self.field}{lane} = {self.got}, expected {self.expected}"
        if self.expected is None and self.got is None:
            return f"cycle {self.cycle}: nothing was compared"
        if self.got is None:
            return f"cycle {self.cycle}: the record ends, expected more cycles"
        return f"cycle {self.cycle}: the record goes on, expected its end"


def compare(
    expected: NDArray[np.void],
    got: NDArray[np.void],
    first: int = 0,
    masks: Collection[str] = (),
) -> Mismatch | None:
    """Return the first difference, or None.

    Records of different lengths differ, and so do empty ones: nothing was compared.

    Parameters
    ----------
    expected, got : (n_cycles,)
        Rows of the record.
    first : int
        The number of the first row's cycle.
    masks : Collection[str]
        Fields with a bit for every lane, in bytes.
    """
    if expected.dtype != got.dtype:
        raise TypeError(f"rows must be of type {expected.dtype}, not {got.dtype}")
    n_cycles = min(len(expected), len(got))
    if (row := first_difference(expected[:n_cycles], got[:n_cycles])) is not None:
        return _at(first + row, expected[row], got[row], masks)
    if len(expected) != len(got):
        # What comes next on either side; its first field stands for all.
        left, right = (int(rows[n_cycles][0]) if len(rows) > n_cycles else None
                       for rows in (expected, got))  # fmt: skip
        return Mismatch(first + n_cycles, expected=left, got=right)
    return None if n_cycles else Mismatch(first)


def first_difference(expected: NDArray[np.void], got: NDArray[np.void]) -> int | None:
    """Return the first row that differs in any byte."""
    left, right = (np.ascontiguousarray(rows).view(np.uint8) for rows in (expected, got))
    if np.array_equal(left, right):
        return None
    return int(np.argmax(left != right)) // expected.dtype.itemsize


def _at(cycle: int, expected: np.void, got: np.void, masks: Collection[str]) -> Mismatch:
    """Return the first field, and its first lane, in which two rows differ."""
    name = next(n for n in expected.dtype.names or () if np.any(expected[n] != got[n]))
    left, right = values(expected[name], name in masks), values(got[name], name in masks)
    index = int(np.argmax(left != right))
    lane = index if len(left) > 1 or name in masks else None
    return Mismatch(cycle, name, lane, int(left[index]), int(right[index]))


def values(field: Any, is_mask: bool) -> NDArray:
    """Return the values of a field of a row, one a lane if it has lanes."""
    numbers = np.atleast_1d(field)
    return np.unpackbits(numbers, bitorder="little") if is_mask else numbers

"""Where two records of the same cycles begin to differ."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from golden.dense.interface import Phase

EVENTS = {
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
"""Strobes of the record, and what each is about."""
MASKS = ("n_en", "barred", "frozen")
"""Fields with a bit for every lane, in bytes."""


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


def compare(expected: NDArray[np.void], got: NDArray[np.void], first: int = 0) -> Mismatch | None:
    """Return the first difference, or None.

    Records of different lengths differ, and so do empty ones: nothing was compared.

    Parameters
    ----------
    expected, got : (n_cycles,)
        Rows of the record.
    first : int
        The number of the first row's cycle.
    """
    if expected.dtype != got.dtype:
        raise TypeError(f"rows must be of type {expected.dtype}, not {got.dtype}")
    n_cycles = min(len(expected), len(got))
    if (row := first_difference(expected[:n_cycles], got[:n_cycles])) is not None:
        return _at(first + row, expected[row], got[row])
    if len(expected) != len(got):
        # What comes next on either side; its first field stands for all.
        left, right = (int(rows["phase"][n_cycles]) if len(rows) > n_cycles else None
                       for rows in (expected, got))  # fmt: skip
        return Mismatch(first + n_cycles, expected=left, got=right)
    return None if n_cycles else Mismatch(first)


def first_difference(expected: NDArray[np.void], got: NDArray[np.void]) -> int | None:
    """Return the first row that differs in any byte."""
    left, right = (np.ascontiguousarray(rows).view(np.uint8) for rows in (expected, got))
    if np.array_equal(left, right):
        return None
    return int(np.argmax(left != right)) // expected.dtype.itemsize


def _at(cycle: int, expected: np.void, got: np.void) -> Mismatch:
    """Return the first field, and its first lane, in which two rows differ."""
    name = next(n for n in expected.dtype.names or () if np.any(expected[n] != got[n]))
    left, right = values(expected, name), values(got, name)
    index = int(np.argmax(left != right))
    lane = index if len(left) > 1 or name in MASKS else None
    return Mismatch(cycle, name, lane, int(left[index]), int(right[index]))


def values(row: np.void, name: str) -> NDArray:
    """Return the values of a field, one a lane if it has lanes."""
    field = np.atleast_1d(row[name])
    return np.unpackbits(field, bitorder="little") if name in MASKS else field


def events_before(rows: NDArray[np.void], row: int, most: int = 8, first: int = 0) -> list[str]:
    """Describe the last rows before ``row`` in which something happened, the oldest first."""
    begin = max(0, row - 10_000)
    rows = rows[begin:row]
    busy = np.zeros(len(rows), dtype=np.bool_)
    busy[1:] = rows["phase"][1:] != rows["phase"][:-1]
    for strobe in EVENTS:
        flags = rows[strobe]
        busy |= flags.any(axis=1) if flags.ndim > 1 else flags != 0
    return [event(rows[i], first + begin + i) for i in np.flatnonzero(busy)[-most:].tolist()]


def event(row: np.void, cycle: int) -> str:
    """Describe one row in a line."""
    words = [f"cycle {cycle}: {phase_name(int(row['phase']))}, step {row['step']}"]
    for strobe, fields in EVENTS.items():
        if np.any(row[strobe]):
            about = " ".join(f"{name}={_number(row[name])}" for name in fields)
            strobe_value = f"={_number(row[strobe])}" if strobe in MASKS else ""
            words.append(f"{strobe}{strobe_value} {about}")
    return ", ".join(words)


def phase_name(number: int) -> str:
    """Return the name of a phase, or its number if it has none."""
    return Phase(number).name if number in set(Phase) else str(number)


def _number(value) -> str:
    if np.ndim(value):
        return f"{int.from_bytes(np.asarray(value).tobytes(), 'little'):#x}"
    return str(int(value))

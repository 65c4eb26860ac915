"""A grid of cycles to lay a core's record on: one row a cycle, one column a field."""

import numpy as np
from numpy.typing import NDArray

FIRST_ROWS = 1 << 12


class Grid:
    """The record of a run while it is made; cycles are absolute.

    Everything is 0 until set, and the registers that are always shown hold their values until
    they change.

    Parameters
    ----------
    kind : np.dtype
        Type of a row, its fields by name.
    beyond : int
        Cycles behind a reserved one in which writes may still fall.
    """

    def __init__(self, kind: np.dtype, beyond: int = 0):
        self.rows = np.zeros(FIRST_ROWS, dtype=kind)
        self._beyond = beyond
        self._shown: dict[str, tuple[int, int]] = {}

    def reserve(self, end: int) -> None:
        """Make room for cycles below ``end`` and the writes that follow."""
        end += self._beyond
        if end > len(self.rows):
            rows = np.zeros(max(end, 2 * len(self.rows)), dtype=self.rows.dtype)
            rows[: len(self.rows)] = self.rows
            self.rows = rows

    def span(self, start: int, end: int, **values: int) -> None:
        """Set fields in cycles ``start`` to ``end - 1``."""
        self.reserve(end)
        for name, value in values.items():
            self.rows[name][start:end] = value

    def mark(self, cycles, **values) -> None:
        """Set fields in single cycles; values are numbers or one for each cycle."""
        for name, value in values.items():
            self.rows[name][cycles] = value

    def show(self, register: str, cycle: int, value: int) -> None:
        """Change a register: its new value is first seen in ``cycle``."""
        self.follow(register, np.array([cycle]), np.array([value]))

    def follow(self, register: str, cycles: NDArray[np.int64], values: NDArray[np.int64]) -> None:
        """Change a register several times: values (n,) are first seen in ``cycles`` (n,).

        Cycles ascend; the last of several values for one cycle counts. Cycles before them show what
        was given last.
        """
        since, held = self._shown.get(register, (0, 0))
        first, last = int(cycles[0]), int(cycles[-1])
        self.reserve(last + 1)
        self.rows[register][since:first] = held
        self.rows[register][first:last] = np.repeat(values[:-1], np.diff(cycles))
        self._shown[register] = last, int(values[-1])

    def finish(self, n_cycles: int) -> NDArray[np.void]:
        """Return the first ``n_cycles`` cycles."""
        self.reserve(n_cycles)
        for register, (since, held) in self._shown.items():
            self.rows[register][since:] = held
        return self.rows[:n_cycles]

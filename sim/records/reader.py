"""A record in words: what happened in a cycle."""

from typing import Any

import numpy as np
from amaranth.lib import wiring
from numpy.typing import NDArray

LOOK_BACK = 10_000
"""Cycles in which events are sought."""


class Reader:
    """Reads the record of a core.

    Parameters
    ----------
    core : wiring.Component
        As of `sim.targets.target.Target`. Its record has fields ``phase``, a number of
        ``interface.Phase``, and ``step``; ``interface.strobes(p)`` says of every strobe which
        fields are about it.
    """

    def __init__(self, core: wiring.Component):
        interface = core.interface
        self._phases, self._strobes = interface.Phase, interface.strobes(core.p)
        self.masks = {field.name for field in interface.record(core.p) if field.is_mask}
        """Fields with a bit for every lane, in bytes."""

    def events_before(
        self, rows: NDArray[np.void], row: int, most: int = 8, first: int = 0
    ) -> list[str]:
        """Describe the last rows before ``row`` in which something happened, the oldest first."""
        begin = max(0, row - LOOK_BACK)
        rows = rows[begin:row]
        busy = np.zeros(len(rows), dtype=np.bool_)
        busy[1:] = rows["phase"][1:] != rows["phase"][:-1]
        for strobe in self._strobes:
            flags = rows[strobe]
            busy |= flags.any(axis=1) if flags.ndim > 1 else flags != 0
        return [
            self.event(rows[i], first + begin + i) for i in np.flatnonzero(busy)[-most:].tolist()
        ]

    def event(self, row: np.void, cycle: int) -> str:
        """Describe one row in a line."""
        words = [f"cycle {cycle}: {self.phase_name(int(row['phase']))}, step {row['step']}"]
        for strobe, fields in self._strobes.items():
            if np.any(row[strobe]):
                about = " ".join(f"{name}={_number(row[name])}" for name in fields)
                strobe_value = f"={_number(row[strobe])}" if strobe in self.masks else ""
                words.append(f"{strobe}{strobe_value} {about}".rstrip())
        return ", ".join(words)

    def phase_name(self, number: int) -> str:
        """Return the name of a phase, or its number if it has none."""
        return self._phases(number).name if number in set(self._phases) else str(number)


def _number(value: Any) -> str:
    if np.ndim(value):
        return f"{int.from_bytes(np.asarray(value).tobytes(), 'little'):#x}"
    return str(int(value))

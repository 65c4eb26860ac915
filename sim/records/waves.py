"""Waves of a record, for GTKWave and Surfer: what the model expects beside what a simulator gives.

One time step is a clock cycle. The phase is a text; neurons' data and the masks have one bit or
number a lane.
"""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from vcd import VCDWriter

from golden.command.atomic import write_atomically
from sim.records.reader import Reader

CYCLE_NS = 10


def write_waves(
    path: Path, records: dict[str, NDArray[np.void]], reader: Reader, first: int = 0
) -> None:
    """Write a VCD file with one scope for each record.

    Parameters
    ----------
    records : dict of (n_cycles,)
        Rows by the name of their scope, all of the same cycles.
    reader : Reader
        Knows the core that they are of.
    first : int
        The number of the first row's cycle.
    """
    text = io.StringIO()
    with VCDWriter(text, timescale="1 ns", date="") as writer:
        changes = [
            change
            for scope, rows in records.items()
            for name in rows.dtype.names or ()
            for change in _signals(writer, reader, scope, name, rows[name])
        ]
        if len(records) > 1:
            changes += _signal(writer, "compare", "differs", _differs(*records.values()), 1)
        cycle = _signal(writer, "compare", "cycle", first + np.arange(_length(records)), 64)
        for at, variable, value in sorted(changes + cycle, key=lambda change: change[0]):
            writer.change(variable, (first + at) * CYCLE_NS, value)
        writer.close((first + _length(records)) * CYCLE_NS)
    write_atomically(path, text.getvalue().encode())


def _length(records) -> int:
    return max((len(rows) for rows in records.values()), default=0)


def _differs(expected, got) -> NDArray[np.int64]:
    differs = np.ones(max(len(expected), len(got)), dtype=np.int64)
    both = min(len(expected), len(got))
    differs[:both] = expected[:both] != got[:both]
    return differs


def _signals(writer: VCDWriter, reader: Reader, scope: str, name: str, values: NDArray):
    """Return the changes of a field, of every lane if it has lanes."""
    if name == "phase":
        return _signal(writer, scope, name, values, None, reader.phase_name)
    if name in reader.masks:
        mask = [int.from_bytes(row.tobytes(), "little") for row in values]
        return _signal(writer, scope, name, np.array(mask, dtype=object), 8 * values.shape[1])
    bits = 8 * values.dtype.itemsize
    if values.ndim == 1:
        return _signal(writer, scope, name, values, bits)
    lanes = values.shape[1]
    return [
        change
        for lane in range(lanes)
        for change in _signal(writer, scope, f"{name}[{lane}]", values[:, lane], bits)
    ]


def _signal(
    writer: VCDWriter,
    scope: str,
    name: str,
    values: NDArray,
    bits: int | None,
    read: Callable[[int], Any] = int,
) -> list:
    """Return (row, variable, value) of every change; ``bits`` is None for texts."""
    kind, initial = ("string", "") if bits is None else ("wire", 0)
    variable = writer.register_var(scope, name, kind, size=bits, init=initial)
    changed = np.ones(len(values), dtype=np.bool_)
    changed[1:] = values[1:] != values[:-1]
    rows = np.flatnonzero(changed).tolist()
    return [(row, variable, read(int(values[row]))) for row in rows]

"""The table of a sweep: a CSV file that only grows, by whole rows."""

import csv
import io
import os
from pathlib import Path
from typing import Any

from golden.command.console import InputError, lock, writing

POINT = {
    "dataset": str,
    "preset": str,
    "rule": str,
    "neurons": int,
    "weight_bits": int,
    "epochs": int,
    "seed": int,
    "set": str,
}
"""What a point is."""
KEYS = [name for name in POINT if name != "seed"]
"""What a point is, whatever its seed."""
RESULTS = {
    "test_accuracy": float,
    "events_per_image": float,
    "cycles_per_image": float,
    "images_per_second": float,
    "weight_memory_bits": int,
    "state_sha256": str,
}
"""What comes of it."""
COLUMNS = {"run": str, **POINT, **RESULTS}
"""Every column and its type."""


class Table:
    """The table, open for one process at a time; a row cut short by a crash is dropped.

    Parameters
    ----------
    path : Path
        A file made by a table, or to be made.

    Raises
    ------
    InputError
        If the file is something else, in use, or cannot be written.
    """

    def __init__(self, path: Path):
        self.path = path
        self.rows: list[dict[str, Any]] = []

    def __enter__(self) -> "Table":
        with writing(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.path.open("a+b")
        try:
            lock(self._file, self.path)
            self._file.seek(0)
            content = self._file.read()
            n_whole = content.rfind(b"\n") + 1
            self.rows = self._parse(content[:n_whole], content[n_whole:])
            self._file.truncate(n_whole)
            if not n_whole:
                self._write(dict(zip(COLUMNS, COLUMNS, strict=True)))
        except InputError:
            self._file.close()
            raise
        return self

    def __exit__(self, *exception) -> None:
        self._file.close()

    def append(self, row: dict[str, Any]) -> None:
        """Add a row; it is on the disk when this returns."""
        self._write(row)
        self.rows.append(row)

    def _write(self, row: dict[str, Any]) -> None:
        line = io.StringIO()
        csv.DictWriter(line, list(COLUMNS), lineterminator="\n").writerow(row)
        with writing(self.path):
            self._file.write(line.getvalue().encode(errors="surrogateescape"))
            self._file.flush()
            os.fsync(self._file.fileno())

    def _parse(self, whole: bytes, rest: bytes) -> list[dict[str, Any]]:
        refusal = InputError(f"{self.path} must be a table of golden.sweep, not something else")
        if not whole and not ",".join(COLUMNS).encode().startswith(rest):
            raise refusal
        text = io.StringIO(whole.decode(errors="surrogateescape"), newline="")
        try:
            header, *lines = list(csv.reader(text, strict=True)) or [list(COLUMNS)]
            rows = [_row(line) for line in lines]
        except (csv.Error, ValueError):
            raise refusal from None
        if header != list(COLUMNS):
            raise refusal
        return rows


def _row(line: list[str]) -> dict[str, Any]:
    return {name: kind(text) for (name, kind), text in zip(COLUMNS.items(), line, strict=True)}

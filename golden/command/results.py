"""Files that a command leaves for other programs, each written whole or not at all."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from golden.command.atomic import write_atomically
from golden.command.console import writing


def write_json(path: Path, value: Any) -> None:
    """Write plain values as JSON.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    with writing(path):
        write_atomically(path, (json.dumps(value, indent=2) + "\n").encode())


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    """Write rows as CSV; what they have besides ``columns`` is left out.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    text = io.StringIO()
    table = csv.DictWriter(text, columns, lineterminator="\n", extrasaction="ignore")
    table.writeheader()
    table.writerows(rows)
    with writing(path):
        write_atomically(path, text.getvalue().encode())


def read_table(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table, none if there is no file yet.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    with writing(path):
        if not path.exists():
            return []
        with path.open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))


def put_row(path: Path, columns: Sequence[str], keys: int, row: Mapping[str, Any]) -> None:
    """Put a row into a table in the place of those that begin with the same ``keys`` columns.

    The others stay as they are; so it is the last one.

    Raises
    ------
    InputError
        If the file cannot be read or written.
    """
    named = columns[:keys]
    others = [x for x in read_table(path) if any(x[n] != str(row[n]) for n in named)]
    write_table(path, columns, [*others, row])

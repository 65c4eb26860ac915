"""What is known of a sample of mutants: kept in a file as it becomes known, a line each."""

import json
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any

from golden.command.console import InputError, lock, writing

SOURCES = Path(__file__).parents[2]
ROOMS, KINDS = ("golden", "hdl", "sim"), (".py", ".cpp", ".h", ".toml")
"""What verdicts depend on, beside the options."""


class Journal:
    """Answers by question; a killed run loses those that it had no answer to yet.

    Its first line says for which options and sources it is; the others are [question, answer], in
    the order in which they came. A line that was cut is dropped.

    Parameters
    ----------
    path : Path or None
        None keeps them in memory only.
    options : mapping
        Of the run.

    Raises
    ------
    InputError
        If the file cannot be written, is in use, or is of other options or sources.
    """

    def __init__(self, path: Path | None, options: dict[str, Any]):
        self._known: dict[str, Any] = {}
        self._file = None
        if not path:
            return
        with writing(path):
            self._file = path.open("a+b")
        lock(self._file, path)
        self._file.seek(0)
        whole = [line for line in self._file.readlines() if line.endswith(b"\n")]
        self._file.truncate(sum(map(len, whole)))
        head = {"options": options, "sources": _digest()}
        if not whole:
            self._append(head)
        elif _read(path, whole[0]) != head:
            raise InputError(
                f"{path} must be of this run's options and sources, not of others: "
                "give another file, or remove it"
            )
        for line in whole[1:]:
            question, answer = _read(path, line)
            self._known[json.dumps(question)] = answer

    def __enter__(self) -> "Journal":
        return self

    def __exit__(self, *exception) -> None:
        if self._file:
            self._file.close()

    def __contains__(self, question: Iterable) -> bool:
        return json.dumps(list(question)) in self._known

    def __getitem__(self, question: Iterable) -> Any:
        return self._known[json.dumps(list(question))]

    def __setitem__(self, question: Iterable, answer: Any):
        self._known[json.dumps(list(question))] = answer
        self._append([list(question), answer])

    def _append(self, value: Any) -> None:
        if self._file:
            self._file.write(json.dumps(value).encode() + b"\n")
            self._file.flush()


def _read(path: Path, line: bytes) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        raise InputError(f"{path} must be a journal of sim.mutants, not {line[:40]!r}") from None


def _digest() -> str:
    digest = sha256()
    for room in ROOMS:
        for path in sorted((SOURCES / room).rglob("*")):
            if path.suffix in KINDS:
                digest.update(path.relative_to(SOURCES).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()

"""The hash of anything made of integers: what two networks must share to be the same one."""

import hashlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

MEANING = {"trace", "scale", "exact", "connection"}
"""Fields that say what integers mean and where they come from; they decide no bit of a run, and
their floats might differ in the last place from machine to machine."""


def digest(value: Any) -> str:
    """Return the SHA-256 of a value: two that differ in anything but `MEANING` have others."""
    found = hashlib.sha256()
    _feed(found, value)
    return found.hexdigest()


def _feed(found: Any, value: Any) -> None:
    """Hash the kind of a value, then how much is in it, then that."""
    if is_dataclass(value):
        named = {f.name: getattr(value, f.name) for f in fields(value) if f.name not in MEANING}
        _head(found, type(value).__name__, 1)
        _feed(found, named)
    elif isinstance(value, Mapping):
        _head(found, "mapping", len(value))
        for pair in value.items():
            _feed(found, pair)
    elif isinstance(value, (tuple, list)):
        _head(found, "list", len(value))
        for inner in value:
            _feed(found, inner)
    elif isinstance(value, (np.ndarray, np.integer)):
        array = np.asarray(value)
        if array.dtype.kind not in "iub":
            raise TypeError(f"what is hashed must be integers, not {array.dtype}")
        _head(found, "array", *array.shape)
        found.update(array.astype("<i8").tobytes())
    elif value is None or isinstance(value, (str, bool, int)):
        text = repr(value).encode()
        _head(found, type(value).__name__, len(text))
        found.update(text)
    elif isinstance(value, float):
        _feed(found, value.hex())
    else:
        raise TypeError(f"what is hashed must be integers, not {type(value).__name__}")


def _head(found: Any, kind: str, *counts: int) -> None:
    found.update(f"{kind} {' '.join(map(str, counts))}\n".encode())

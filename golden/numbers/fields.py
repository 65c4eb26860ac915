"""Fields of what passes a core's ports: payloads of streams, and packed records.

A payload is its fields side by side, the first in the lowest bits. A record is packed for reading:
every field little-endian in the smallest of 1, 2, 4, 8 bytes that holds it, one such container a
lane; lanes of one bit are a mask instead, eight to a byte, lane 0 in the lowest bit.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from golden.numbers.formats import Fmt

BYTE = 8
CONTAINERS = (8, 16, 32, 64)
"""Bits in which a field of a record may lie."""


@dataclass(frozen=True, slots=True)
class Field:
    """A named number.

    Parameters
    ----------
    lanes : int or None
        It is so many numbers in a row; None is one number and no row.
    """

    name: str
    fmt: Fmt
    lanes: int | None = None

    @property
    def is_mask(self) -> bool:
        """It has one bit a lane."""
        return self.lanes is not None and self.fmt.width == 1

    @property
    def container(self) -> int:
        """Bits of the smallest container that holds one number."""
        return next(bits for bits in CONTAINERS if self.fmt.width <= bits)


@dataclass(frozen=True, slots=True)
class StreamPort:
    """A stream at the ports of a core."""

    is_input: bool
    """The core reads it."""
    fields: tuple[Field, ...]
    """Payload, from the lowest bit on; a single field without a name is a number and no more."""
    meaning: str
    """For the data sheet."""


def dtype(fields: Iterable[Field]) -> np.dtype:
    """Return the type of a packed record; numbers are stored as unsigned bits."""
    kinds = []
    for field in fields:
        if field.is_mask:
            kinds.append((field.name, "<u1", (-(-(field.lanes or 0) // BYTE),)))
        else:
            kind = f"<u{field.container // BYTE}"
            kinds.append((field.name, kind, () if field.lanes is None else (field.lanes,)))
    return np.dtype(kinds)

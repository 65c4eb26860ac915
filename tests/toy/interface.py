"""What gates, model and host of the toy core agree on."""

import hashlib
from enum import IntEnum
from typing import NamedTuple

from golden.numbers.fields import Field, StreamPort
from golden.numbers.formats import Fmt
from hdl.link.protocol import ABOUT, Extent, LinkMap


class ToyParams(NamedTuple):
    """What a toy core is made for."""

    length: int = 6
    """Bytes of its tape."""


class Phase(IntEnum):
    """What the core is doing."""

    IDLE = 0
    RESPOND = 1
    FOLD = 2
    DONE = 3


class ToyRegion(IntEnum):
    """What an index counts."""

    REGISTERS = 0
    """`GAIN`, `SUM`."""
    TAPE = 1


GAIN, SUM = 0, 1
RUN = 0x20
"""Op of the link: fold ``count`` (1) bytes; the answer is the sum (2)."""


def unsigned(name: str, bits: int) -> Field:
    """Return a field."""
    return Field(name, Fmt(bits, signed=False))


def streams(p: ToyParams) -> dict[str, StreamPort]:
    """Return the streams of a core."""
    bus = (("write", 1), ("region", 1), ("index", 24), ("data", 32))
    return {
        "bus": StreamPort(True, tuple(unsigned(*field) for field in bus), "requests"),
        "go": StreamPort(True, (unsigned("count", 8),), "fold so many bytes"),
        "response": StreamPort(False, (unsigned("data", 32),), "one for each request"),
        "done": StreamPort(False, (unsigned("sum", 16),), "after folding"),
    }


def record(p: ToyParams) -> tuple[Field, ...]:
    """Return the fields of what the probe shows in a cycle; ``step`` is the byte's number."""
    widths = {"phase": 2, "step": 8, "folding": 1, "byte": 8, "sum": 16, "bus_ready": 1}
    widths |= {"go_ready": 1, "response_valid": 1, "response": 32, "done_valid": 1}
    return tuple(unsigned(name, bits) for name, bits in widths.items())


def strobes(p: ToyParams) -> dict[str, tuple[str, ...]]:
    """Return the strobes of the record, and the fields about each."""
    return {"folding": ("byte",), "response_valid": ("response",), "done_valid": ()}


def link_map(p: ToyParams) -> LinkMap:
    """Return what a core has behind a link."""
    regions = {ToyRegion.REGISTERS: Extent(2, 16), ToyRegion.TAPE: Extent(p.length, 8)}
    name = hashlib.sha256(repr(p).encode()).digest()[:8]
    return LinkMap(regions, ("folded",), name, bytes((p.length,)).ljust(ABOUT, b"\0"))

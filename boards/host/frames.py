"""The bytes on the line: frames with their checksum; see docs/link.md."""

import zlib
from collections.abc import Iterator
from typing import NamedTuple

from sliplib import Driver, ProtocolError

from hdl.link.protocol import CRC, HEADER


class Frame(NamedTuple):
    """A request or a reply."""

    seq: int
    op: int
    payload: bytes

    @property
    def queued(self) -> int:
        """Bytes that it takes in the device's queue."""
        return HEADER + len(self.payload)


def encoded(frame: Frame) -> bytes:
    """Return a frame as it goes over the line, its end included."""
    body = bytes((frame.seq, frame.op, len(frame.payload))) + frame.payload
    body += zlib.crc32(body).to_bytes(CRC, "little")
    return Driver().send(body)


class FrameReader:
    """Turns what comes from the line into frames."""

    def __init__(self):
        self._slip = Driver()

    def feed(self, data: bytes) -> Iterator[Frame | None]:
        """Yield every frame that ends in ``data``; None for one that cannot be read."""
        if data:
            # To the library, no bytes are the end of the line.
            self._slip.receive(data)
        while True:
            try:
                body = self._slip.get(block=False)
            except ProtocolError:
                yield None
                continue
            if body is None:
                return
            yield _decoded(body)


def _decoded(body: bytes) -> Frame | None:
    text, checksum = body[:-CRC], int.from_bytes(body[-CRC:], "little")
    whole = len(text) >= HEADER and len(text) == HEADER + text[2]
    if not whole or zlib.crc32(text) != checksum:
        return None
    return Frame(text[0], text[1], text[HEADER:])

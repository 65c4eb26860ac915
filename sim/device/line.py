"""A device in Python, written from docs/link.md: bytes from a line in, bytes out.

Numbers that both ends must agree on are those of `hdl.link.protocol`, which a test holds to the
page; what is done with them is written anew.
"""

import re
import zlib
from collections import deque
from typing import Generic, NamedTuple, TypeVar

from hdl.link.protocol import (
    CRC,
    END,
    ESC,
    ESC_END,
    ESC_ESC,
    HEADER,
    REPLY,
    REPORT,
    Loss,
    Status,
)
from sim.device.requests import DeviceRequests

ESCAPED = {ESC_END: END, ESC_ESC: ESC}
BAD_ESCAPE = re.compile(rb"\xdb(?![\xdc\xdd])")
LOSSES = {Status.BAD_FRAME: Loss.BAD_FRAMES, Status.OVERFLOW: Loss.OVERFLOWS}
"""What counts that is reported."""


class DeviceReply(NamedTuple):
    """What a device says."""

    seq: int
    op: int
    status: int
    answer: bytes


Asked = TypeVar("Asked", bound=DeviceRequests)


class DeviceModel(Generic[Asked]):
    """The link in front of a core.

    Parameters
    ----------
    requests : DeviceRequests
        The core, and what it does with requests.
    """

    def __init__(self, requests: Asked):
        self.requests = requests
        self.queue: deque[tuple[int, int, bytes]] = deque()
        self.out = bytearray()
        self.raw, self.escaped, self.bad = bytearray(), False, False
        self.reports: list[Status] = []
        """Why frames were dropped that have not been told of."""

    def take(self, byte: int | None):
        """Take a byte from the line; None is one with a bad stop bit."""
        if byte is None:
            self.bad = True
        elif byte == END:
            if self.raw or self.bad or self.escaped:
                self._frame(bytes(self.raw), self.bad or self.escaped)
            self.raw, self.escaped, self.bad = bytearray(), False, False
        elif self.escaped:
            self.bad |= byte not in ESCAPED
            self.raw.append(ESCAPED.get(byte, 0))
            self.escaped = False
        elif byte == ESC:
            self.escaped = True
        else:
            self.raw.append(byte)

    def _frame(self, raw, bad):
        body = raw[:-CRC]
        waiting = sum(HEADER + len(payload) for *_, payload in self.queue)
        whole = len(body) >= HEADER and len(body) == HEADER + body[2]
        if bad or not whole or _crc(body) != raw[-CRC:]:
            self.reports.append(Status.BAD_FRAME)
        elif waiting + len(body) > self.requests.room:
            self.reports.append(Status.OVERFLOW)
        else:
            self.queue.append((body[0], body[1], body[HEADER:]))

    def work(self):
        """Say what was dropped, or do one request."""
        if self.reports:
            self.report(status := self.reports[0])
            self.reports = [other for other in self.reports if other != status]
        elif self.queue:
            self.execute()

    def report(self, status: Status):
        """Say that frames were dropped."""
        self.requests.lose(LOSSES[status])
        self._say(DeviceReply(self.requests.expected, REPORT, status, b""))

    def execute(self) -> DeviceReply:
        """Do the oldest request."""
        seq, op, payload = self.queue.popleft()
        status, answer = self.requests.execute(seq, op, payload)
        reply = DeviceReply(seq, (op + REPLY) & 0xFF, status, answer)
        self._say(reply)
        return reply

    def _say(self, reply):
        body = bytes((reply.seq, reply.op, 1 + len(reply.answer), reply.status)) + reply.answer
        self.out += escaped(body + _crc(body))


def request(seq: int, op: int, payload: bytes = b"") -> bytes:
    """Return a request with its checksum, before it is escaped."""
    body = bytes((seq, op, len(payload))) + payload
    return body + _crc(body)


def escaped(frame: bytes) -> bytes:
    """Return a frame as it goes over the line, its end included."""
    return frame.replace(b"\xdb", b"\xdb\xdd").replace(b"\xc0", b"\xdb\xdc") + bytes((END,))


def parsed(line: bytes) -> DeviceReply | None:
    """Return the reply that lies between two ends, or None if it cannot be read."""
    if BAD_ESCAPE.search(line):
        return None
    raw = line.replace(b"\xdb\xdc", b"\xc0").replace(b"\xdb\xdd", b"\xdb")
    body = raw[:-CRC]
    whole = len(body) > HEADER and len(body) == HEADER + body[2]
    if not whole or _crc(body) != raw[-CRC:]:
        return None
    return DeviceReply(body[0], body[1], body[HEADER], body[HEADER + 1 :])


def _crc(body):
    return zlib.crc32(body).to_bytes(CRC, "little")

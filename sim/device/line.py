"""A device in Python, written from docs/link.md: bytes from a line in, bytes out."""

import re
import zlib
from collections import deque
from typing import NamedTuple

from golden.dense.params import Params
from hdl.link.protocol import COUNTER_REGION, Counter, Status, capacity
from sim.device.requests import Requests

END, ESC = 0xC0, 0xDB
ESCAPED = {0xDC: END, 0xDD: ESC}
BAD_ESCAPE = re.compile(rb"\xdb(?![\xdc\xdd])")
REPORT = 0xFF
COUNTERS = {Status.BAD_FRAME: Counter.BAD_FRAMES, Status.OVERFLOW: Counter.OVERFLOWS}
"""That count what is reported."""


class Reply(NamedTuple):
    """What a device says."""

    seq: int
    op: int
    status: int
    answer: bytes


class Device:
    """The link in front of a core.

    Parameters
    ----------
    p : Params
        What the core is made for.
    preset : str
        Its name, which HELLO tells.
    queue : int
        Bytes of the link's memory.
    """

    def __init__(self, p: Params, preset: str, queue: int = 512):
        self.requests = Requests(p, preset, queue)
        self.room = capacity(queue)
        self.queue: deque[tuple[int, int, bytes]] = deque()
        self.out = bytearray()
        self.raw, self.escaped, self.bad = bytearray(), False, False
        self.reports: list[Status] = []
        """Why frames were dropped that have not been told of."""

    @property
    def core(self):
        """The core behind it."""
        return self.requests.core

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
        body = raw[:-4]
        if bad or len(raw) < 7 or len(body) != 3 + body[2] or _crc(body) != raw[-4:]:
            self.reports.append(Status.BAD_FRAME)
        elif sum(3 + len(payload) for *_, payload in self.queue) + len(body) > self.room:
            self.reports.append(Status.OVERFLOW)
        else:
            self.queue.append((body[0], body[1], body[3:]))

    def work(self):
        """Say what was dropped, or do one request."""
        if self.reports:
            self.report(status := self.reports[0])
            self.reports = [other for other in self.reports if other != status]
        elif self.queue:
            self.execute()

    def report(self, status: Status):
        """Say that frames were dropped."""
        self.core.words[COUNTER_REGION][COUNTERS[status]] += 1
        self._say(Reply(self.requests.expected, REPORT, status, b""))

    def execute(self) -> Reply:
        """Do the oldest request."""
        seq, op, payload = self.queue.popleft()
        status, answer = self.requests.execute(seq, op, payload)
        reply = Reply(seq, (op + 0x80) & 0xFF, status, answer)
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


def parsed(line: bytes) -> Reply | None:
    """Return the reply that lies between two ends, or None if it cannot be read."""
    if BAD_ESCAPE.search(line):
        return None
    raw = line.replace(b"\xdb\xdc", b"\xc0").replace(b"\xdb\xdd", b"\xdb")
    body = raw[:-4]
    if len(raw) < 8 or len(body) != 3 + body[2] or _crc(body) != raw[-4:]:
        return None
    return Reply(body[0], body[1], body[3], body[4:])


def _crc(body):
    return zlib.crc32(body).to_bytes(4, "little")

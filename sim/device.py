"""A device in Python, written from docs/link.md."""

import zlib
from collections import deque

from golden.params import Params
from hdl.link.protocol import Op, Region, Status, capacity, info, limits, value_bits
from tests.boards.python_core import Core

END, ESC = 0xC0, 0xDB
ESCAPED = {0xDC: END, 0xDD: ESC}


class Device:
    """The link in front of a core: bytes in, bytes out."""

    def __init__(self, p: Params, preset: str):
        self.core, self.p = Core(p), p
        self.info = info(p, preset)
        self.room = capacity(512)
        self.queue: deque[tuple[int, int, bytes]] = deque()
        self.out = bytearray()
        self.raw, self.escaped, self.bad = bytearray(), False, False
        self.expected = 0
        self.image, self.spoilt = bytearray(), False
        self.reports: list[Status] = []

    def take(self, byte: int):
        """Take a byte from the line."""
        if byte == END:
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
            return self._drop(Status.BAD_FRAME)
        if sum(3 + len(payload) for *_, payload in self.queue) + len(body) > self.room:
            return self._drop(Status.OVERFLOW)
        return self.queue.append((body[0], body[1], body[3:]))

    def _drop(self, status):
        at = {Status.BAD_FRAME: 4, Status.OVERFLOW: 5}[status]
        self.core.words[Region.COUNTERS][at] += 1
        self.reports.append(status)

    def work(self):
        """Do one request, or say what was dropped."""
        if self.queue:
            seq, op, payload = self.queue.popleft()
            status, answer = self._number(seq, op, payload)
            self._say(seq, (op + 0x80) & 0xFF, bytes((status,)) + answer)
        elif self.reports:
            self._say(self.expected, 0xFF, bytes((self.reports[-1],)))
            self.reports.clear()

    def _say(self, seq, op, payload):
        body = bytes((seq, op, len(payload))) + payload
        for byte in body + _crc(body):
            self.out += {END: b"\xdb\xdc", ESC: b"\xdb\xdd"}.get(byte, bytes((byte,)))
        self.out.append(END)

    def _number(self, seq, op, payload):
        if op not in (Op.HELLO, Op.STATUS, Op.RESET) and seq != self.expected:
            if (self.expected - seq) % 256 <= 128:
                return Status.DUPLICATE, b""
            return Status.SEQUENCE, bytes((self.expected,))
        if op != Op.STATUS:
            self.expected = (seq + 1) % 256
        if op not in set(Op):
            return Status.BAD_OP, b""
        return getattr(self, f"_{Op(op).name.lower()}")(payload)

    def _hello(self, nonce):
        self._clear()
        return (Status.OK, nonce + self.info) if len(nonce) == 4 else (Status.BAD_LENGTH, b"")

    def _status(self, nonce):
        n_pixels = self.p.height * self.p.width
        how = 3 if self.spoilt else 2 if len(self.image) == n_pixels else int(bool(self.image))
        return Status.OK, nonce + bytes((self.expected, how))

    def _reset(self, word):
        if word != b"RESET":
            return Status.BAD_VALUE, b""
        self._clear()
        self.core.reset()
        return Status.OK, b""

    def _clear(self):
        self.image, self.spoilt = bytearray(), False

    def _places(self, payload, count):
        """Return region and indices, or None."""
        region, index = payload[0], int.from_bytes(payload[1:4], "little")
        if region not in set(Region):
            return None
        found, lanes = [], 1 << self.core.at.lane_bits
        for _ in range(count):
            laned = region in (Region.WEIGHTS, Region.THETA)
            if index >= limits(self.p)[Region(region)] or (
                laned and index % lanes >= self.p.n_lanes
            ):
                return None
            found.append(index)
            index += 1
            if laned and index % lanes == self.p.n_lanes % lanes:
                index = (index + lanes - 1) // lanes * lanes
        return Region(region), found

    def _read(self, payload):
        if len(payload) != 5:
            return Status.BAD_LENGTH, b""
        if (places := self._places(payload, payload[4])) is None:
            return Status.BAD_INDEX, b""
        region, indices = places
        words = [self.core.words[region][index] for index in indices]
        return Status.OK, _bytes(value_bits(self.p)[region], words)

    def _write(self, payload):
        bits = value_bits(self.p).get(Region(payload[0]), 8) if payload[0] in set(Region) else 8
        data = payload[4:]
        count = len(data) * 8 // bits
        if bits == 4 and self._places(payload, count) is None:
            count -= 1
        places = self._places(payload, count)
        if places is None or places[0] in (Region.SPIKES, Region.COUNTERS):
            return Status.BAD_INDEX, b""
        region, indices = places
        number = int.from_bytes(data, "little")
        for i, index in enumerate(indices):
            self.core.words[region][index] = number >> i * bits & ((1 << bits) - 1)
        return Status.OK, b""

    def _pixels(self, payload):
        runs = iter(payload)
        for value in runs:
            self.image += bytes(next(runs)) if value == 0 else bytes((value,))
        if self.spoilt or len(self.image) > self.p.height * self.p.width:
            self.spoilt = True
            return Status.OVERRUN, b""
        return Status.OK, b""

    def _present(self, payload):
        if self.spoilt or len(self.image) != self.p.height * self.p.width:
            return Status.NO_IMAGE, b""
        label, spikes, cycles = self.core.present(self.image, *payload)
        self._clear()
        return Status.OK, bytes((label,)) + spikes.to_bytes(3, "little") + cycles.to_bytes(
            4, "little"
        )

    def _discard(self, payload):
        self._clear()
        return Status.OK, b""


def _crc(body):
    return zlib.crc32(body).to_bytes(4, "little")


def _bytes(bits, words):
    number = sum((word & ((1 << bits) - 1)) << i * bits for i, word in enumerate(words))
    return number.to_bytes(-(-len(words) * bits // 8), "little")

"""A small host; all that it sends and expects is from ``docs/link.md``, not from the driver."""

import struct
import zlib

from golden.dense.interface import streams
from golden.dense.params import Params
from golden.dense.registers import envelope
from golden.training.recipe import recipe
from hdl.link.dense.images import Images
from hdl.link.dense.protocol import link_map
from hdl.link.link import Link
from hdl.numbers.fields import stream_members
from sim.device.line import DeviceReply, request
from sim.device.line import escaped as line
from sim.targets.serial import Serial
from sim.traffic.dialogue import PATIENCE
from sim.traffic.noise import BYTE, DIVISOR

HELLO, STATUS, RESET, READ, WRITE = 0x01, 0x02, 0x03, 0x10, 0x11
PIXELS, PRESENT, DISCARD, START, REPORT = 0x20, 0x21, 0x22, 0x23, 0x7F
"""Ops; the last one is that of a report without 80h."""
OK, DUPLICATE, SEQUENCE, BAD_FRAME, OVERFLOW, BAD_OP = range(6)
BAD_LENGTH, BAD_INDEX, BAD_VALUE, NO_IMAGE, OVERRUN = range(6, 11)


def built(bits: int | None = None, **changes) -> Params:
    """Return what a tiny core is made for, with other bits of a weight or other changes.

    It counts presentations, as if thresholds decayed once in four billion.
    """
    changes = {"theta_decay_shift": 1, "theta_decay_period": (1 << 32) - 1} | changes
    return envelope(p for _, p in recipe("tiny", "stdp", bits, **changes).schedule(60_000))


def made(p: Params, preset: str = "tiny") -> Link:
    """Return a link without its core."""
    ports = {name: member.flip() for name, member in stream_members(streams(p)).items()}
    return Link(ports, link_map(p), Images(p), preset, DIVISOR, 512)


def body(seq: int, op: int, payload: bytes = b"") -> bytes:
    """Return a frame with its checksum, before it is escaped."""
    return request(seq & 255, op, payload)


def parsed(frame: bytes) -> DeviceReply:
    """Return the reply in a frame without its end."""
    text = frame.replace(b"\xdb\xdc", b"\xc0").replace(b"\xdb\xdd", b"\xdb")
    assert zlib.crc32(text[:-4]) == struct.unpack("<I", text[-4:])[0], text.hex()
    assert len(text) == 3 + text[2] + 4, text.hex()
    return DeviceReply(text[0], text[1], text[3], text[4:-4])


class LineHost:
    """One end of a line."""

    def __init__(self, line: Serial):
        self.line = line
        self.seq = 0
        self._come = b""

    def put(self, data: bytes, cycles: int | None = None):
        """Send bytes as they are, and run until they are over, or so many cycles."""
        self.line.send(data)
        end = self.line.cycles + (len(data) * BYTE if cycles is None else cycles)
        while self.line.cycles < end:
            self.line.run(end - self.line.cycles)

    def reply(self, patience: int = PATIENCE) -> DeviceReply | None:
        """Return the next reply, or None if there is none."""
        end = self.line.cycles + patience
        while b"\xc0" not in self._come:
            if self.line.cycles >= end:
                assert self._come == b""
                return None
            self.line.run(end - self.line.cycles)
            self._come += self.line.receive()
        frame, _, self._come = self._come.partition(b"\xc0")
        return parsed(frame)

    def replies(self, quiet: int = 4000) -> list[DeviceReply]:
        """Return all that come until the line is quiet."""
        told = []
        while reply := self.reply(quiet):
            told.append(reply)
            assert len(told) < 500, "replies without end"
        return told

    def send(self, op: int, payload: bytes = b"", seq: int | None = None):
        """Send a request with the next number, or another."""
        self.line.send(line(body(self.seq if seq is None else seq, op, payload)))
        if seq is None:
            self.seq = (self.seq + 1) & 255

    def ask(self, op: int, payload: bytes = b"", seq: int | None = None) -> tuple[int, bytes]:
        """Send a request and return status and answer of its reply."""
        number = self.seq if seq is None else seq
        self.send(op, payload, seq)
        reply = self.reply()
        assert reply
        assert (reply.seq, reply.op) == (number, op + 0x80), reply
        return reply.status, reply.answer

    def do(self, op: int, payload: bytes = b"") -> bytes:
        """Send a request that must be done; return the answer."""
        status, answer = self.ask(op, payload)
        assert status == OK
        return answer

    def hello(self) -> bytes:
        """Begin, whatever was before; return the info."""
        self.put(b"\xc0")
        self.replies()
        self.seq = 0
        answer = self.do(HELLO, b"\xc0\xdb\x00\xff")
        assert answer[:4] == b"\xc0\xdb\x00\xff"
        return answer[4:]

    def state(self) -> tuple[int, int]:
        """Return the number expected, and the state of the image."""
        status, answer = self.ask(STATUS, b"stat", seq=77)
        assert (status, answer[:4]) == (OK, b"stat")
        expected, image = answer[4:]
        return expected, image

    def read(self, region: int, index: int, count: int) -> bytes:
        """Return values as bytes."""
        return self.do(READ, place(region, index) + bytes([count]))

    def write(self, region: int, index: int, values: bytes):
        """Write values."""
        assert self.do(WRITE, place(region, index) + values) == b""

    def counters(self) -> tuple[int, ...]:
        """Return all counters."""
        return struct.unpack("<6I", self.read(6, 0, 6))

    def present(self, learn: int, label: int) -> tuple[int, int, int]:
        """Present the image; return label, spikes and cycles."""
        answer = self.do(PRESENT, bytes([learn, label]))
        assert len(answer) == 8
        fields = answer[:1], answer[1:4], answer[4:]
        label, spikes, cycles = (int.from_bytes(field, "little") for field in fields)
        return label, spikes, cycles


def place(region: int, index: int) -> bytes:
    """Return how a READ or WRITE begins."""
    return bytes([region]) + index.to_bytes(3, "little")

"""A small host: what it sends and receives is written from ``docs/link.md``, not from the driver.

A test is a coroutine that is given a `Host`; `play` runs it against a `Top` in Amaranth's simulator.
"""

import struct
import zlib
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from amaranth.hdl import ClockDomain, Module
from amaranth.sim import Simulator

from golden.params import Params
from golden.recipe import recipe
from hdl.link.top import Top
from hdl.registers import envelope

DIVISOR = 4
BYTE = 10 * DIVISOR
PATIENCE = 30_000
"""Cycles within which a reply must begin or go on."""


def built(preset: str = "tiny", rule: str = "stdp", **changes) -> Params:
    """Return what a core of a preset is made for."""
    return envelope(p for _, p in recipe(preset, rule, None, **changes).schedule(60_000))


class Reply(NamedTuple):
    """A reply, its checksum found right."""

    seq: int
    op: int
    status: int
    answer: bytes


def body(seq: int, op: int, payload: bytes = b"") -> bytes:
    """Return a frame with its checksum, before it is escaped."""
    text = bytes([seq & 255, op, len(payload)]) + payload
    return text + struct.pack("<I", zlib.crc32(text))


def line(text: bytes) -> bytes:
    """Return the bytes on the line, the end included."""
    return text.replace(b"\xdb", b"\xdb\xdd").replace(b"\xc0", b"\xdb\xdc") + b"\xc0"


def parsed(frame: bytes) -> Reply:
    """Return the reply in a frame without its end."""
    text = frame.replace(b"\xdb\xdc", b"\xc0").replace(b"\xdb\xdd", b"\xdb")
    assert zlib.crc32(text[:-4]) == struct.unpack("<I", text[-4:])[0], text.hex()
    assert len(text) == 3 + text[2] + 4, text.hex()
    return Reply(text[0], text[1], text[3], text[4:-4])


class Host:
    """One end of the line, in clock cycles."""

    def __init__(self, ctx, top: Top, inbox: list[bytes]):
        self.ctx, self.top, self.inbox = ctx, top, inbox
        self.seq = 0

    async def wait(self, cycles: int):
        """Let time pass."""
        await self.ctx.tick().repeat(cycles)

    async def level(self, bit: int, cycles: int = DIVISOR):
        """Hold the line."""
        self.ctx.set(self.top.rx, bit)
        await self.wait(cycles)

    async def put(self, data: bytes, stop: int = 1):
        """Send bytes as they are."""
        for byte in data:
            for bit in (0, *(byte >> k & 1 for k in range(8)), stop):
                await self.level(bit)
            self.ctx.set(self.top.rx, 1)

    async def reply(self) -> Reply:
        """Return the next reply."""
        for _ in range(PATIENCE):
            if self.inbox:
                return parsed(self.inbox.pop(0))
            await self.wait(1)
        raise AssertionError("no reply")

    async def silence(self, cycles: int = 1000):
        """Expect no reply."""
        await self.wait(cycles)
        assert self.inbox == []

    async def send(self, op: int, payload: bytes = b"", seq: int | None = None):
        """Send a request with the next number."""
        await self.put(line(body(self.seq if seq is None else seq, op, payload)))
        if seq is None:
            self.seq = (self.seq + 1) & 255

    async def ask(self, op: int, payload: bytes = b"", seq: int | None = None) -> Reply:
        """Send a request and return its reply, which is about it."""
        number = self.seq if seq is None else seq
        await self.send(op, payload, seq)
        reply = await self.reply()
        assert (reply.seq, reply.op) == (number & 255, op + 0x80), reply
        return reply

    async def do(self, op: int, payload: bytes = b"") -> bytes:
        """Send a request that must be done; return the answer."""
        reply = await self.ask(op, payload)
        assert reply.status == 0, reply
        return reply.answer

    async def hello(self) -> bytes:
        """Begin; return the info."""
        await self.put(b"\xc0")
        answer = await self.do(0x01, b"nonc")
        assert answer[:4] == b"nonc"
        return answer[4:]

    async def state(self) -> tuple[int, int]:
        """Return the number expected, and the state of the image."""
        reply = await self.ask(0x02, b"stat", seq=0)
        assert (reply.status, reply.answer[:4]) == (0, b"stat")
        expected, image = reply.answer[4:]
        return expected, image

    async def read(self, region: int, index: int, count: int) -> bytes:
        """Return values as bytes."""
        return await self.do(0x10, place(region, index) + bytes([count]))

    async def write(self, region: int, index: int, values: bytes):
        """Write values."""
        assert await self.do(0x11, place(region, index) + values) == b""


def place(region: int, index: int) -> bytes:
    """Return how a READ or WRITE begins."""
    return bytes([region]) + index.to_bytes(3, "little")


def play(top: Top, test: Callable[[Host], Awaitable[None]]):
    """Run a test to its end."""
    m, ended, inbox = Module(), [], []
    m.domains.sync = ClockDomain()
    m.submodules.top = top
    simulator = Simulator(m)
    simulator.add_clock(1e-6)

    async def receive(ctx):
        frame = b""
        while True:
            while ctx.get(top.tx):
                await ctx.tick()
            await ctx.tick().repeat(DIVISOR // 2)
            byte = 0
            for bit in range(8):
                await ctx.tick().repeat(DIVISOR)
                byte |= ctx.get(top.tx) << bit
            await ctx.tick().repeat(DIVISOR)
            assert ctx.get(top.tx) == 1
            if byte != 0xC0:
                frame += bytes([byte])
            elif frame:
                inbox.append(frame)
                frame = b""

    async def to_the_end(ctx):
        ctx.set(top.rx, 1)
        await test(Host(ctx, top, inbox))
        ended.append(True)

    simulator.add_testbench(receive, background=True)
    simulator.add_testbench(to_the_end)
    simulator.run()
    assert ended

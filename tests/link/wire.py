"""A line in Amaranth's simulator, bit by bit: for what bytes cannot say, and for parts of a top."""

from amaranth.hdl import ClockDomain, Module
from amaranth.sim import Simulator

from sim.traffic.noise import DIVISOR
from tests.link.host import BYTE, DeviceReply, parsed


class Wire:
    """The far end of the line of a component that has the ports ``rx`` and ``tx``."""

    def __init__(self, ctx, dut, come: list[bytes]):
        self.ctx, self.dut, self._come = ctx, dut, come

    async def level(self, bit: int, cycles: int = DIVISOR):
        """Hold the line."""
        self.ctx.set(self.dut.rx, bit)
        await self.ctx.tick().repeat(cycles)

    async def put(self, data: bytes, stop: int = 1):
        """Send bytes, with this stop bit."""
        for byte in data:
            for bit in (0, *(byte >> k & 1 for k in range(8)), stop):
                await self.level(bit)
            self.ctx.set(self.dut.rx, 1)

    async def reply(self, patience: int = 400 * BYTE) -> DeviceReply | None:
        """Return the next reply, or None if there is none."""
        for _ in range(patience // BYTE):
            if self._come:
                return parsed(self._come.pop(0))
            await self.ctx.tick().repeat(BYTE)
        return None


def play(dut, test, *others):
    """Run ``test(wire)`` to its end, and ``others(ctx)`` in the background."""
    m, ended, come = Module(), [], []
    m.domains.sync = ClockDomain()
    m.submodules.dut = dut
    simulator = Simulator(m)
    simulator.add_clock(1e-6)

    async def receive(ctx):
        frame = b""
        while True:
            while ctx.get(dut.tx):
                await ctx.tick()
            await ctx.tick().repeat(DIVISOR // 2)
            byte = 0
            for bit in range(8):
                await ctx.tick().repeat(DIVISOR)
                byte |= ctx.get(dut.tx) << bit
            await ctx.tick().repeat(DIVISOR)
            assert ctx.get(dut.tx) == 1
            if byte != 0xC0:
                frame += bytes([byte])
            elif frame:
                come.append(frame)
                frame = b""

    async def to_the_end(ctx):
        ctx.set(dut.rx, 1)
        await ctx.tick().repeat(4)
        await test(Wire(ctx, dut, come))
        ended.append(True)

    simulator.add_testbench(to_the_end)
    for bench in (receive, *others):
        simulator.add_testbench(bench, background=True)
    simulator.run()
    assert ended

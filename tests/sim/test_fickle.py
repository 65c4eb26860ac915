# pyright: reportAttributeAccessIssue=false, reportArgumentType=false
"""A core that is fickle does the same for whoever keeps to its streams."""

from amaranth.hdl import Module
from amaranth.lib import stream, wiring
from amaranth.lib.wiring import In, Out
from amaranth.sim import Simulator

from sim.mutation.fickle import Fickle


class Steady(wiring.Component):
    """Offers five whenever it is asked to, and shows it all the time."""

    def __init__(self):
        streams = {"i": In(stream.Signature(1)), "o": Out(stream.Signature(4))}
        super().__init__(streams | {"asked": Out(1)})

    def elaborate(self, platform):
        m = Module()
        m.d.comb += [
            self.o.valid.eq(self.i.valid),
            self.o.payload.eq(5),
            self.i.ready.eq(self.o.ready),
            self.asked.eq(self.i.payload),
        ]
        return m


def test_payload_is_another_while_it_is_not_offered():
    made, seen = Fickle(Steady()), []

    async def bench(ctx):
        for valid, asked in ((0, 0), (1, 1), (0, 1)):
            ctx.set(made.i.valid, valid)
            ctx.set(made.i.payload, asked)
            ctx.set(made.o.ready, asked)
            ports = (made.o.valid, made.o.payload, made.i.ready, made.asked)
            seen.append(tuple(ctx.get(port) for port in ports))

    simulator = Simulator(made)
    simulator.add_testbench(bench)
    simulator.run()
    assert seen == [(0, 10, 0, 0), (1, 5, 1, 1), (0, 10, 1, 1)]

"""A core and its link, with nothing but two wires to the outside."""

from amaranth.hdl import Module, ResetInserter, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.dense.params import Params
from hdl.dense.core import Core
from hdl.link.link import Link
from hdl.link.ports import core_ports


class Top(wiring.Component):
    """A network that learns behind a serial line.

    Parameters
    ----------
    p : Params
        What the core is made for.
    preset : str
        Its name, which HELLO tells.
    divisor : int
        Clock cycles of a bit on the line, at least 4.
    queue : int
        Bytes of the link's memory, a power of two from 512 to 32768.

    Members
    -------
    rx, tx : In(1), Out(1)
        The line, 1 when idle.
    """

    def __init__(self, p: Params, preset: str, divisor: int, queue: int = 512):
        self.p, self.preset, self.divisor, self.queue = p, preset, divisor, queue
        super().__init__({"rx": In(1, init=1), "tx": Out(1, init=1)})

    def elaborate(self, platform) -> Module:
        m = Module()
        core, restart = Core(self.p), Signal()
        # What nobody sees of the probe is no hardware.
        m.submodules.core = ResetInserter(restart)(core)
        m.submodules.link = link = Link(self.p, self.preset, self.divisor, self.queue)
        for name in core_ports(self.p):
            wiring.connect(m, getattr(core, name), getattr(link, name))
        m.d.comb += [
            link.rx.eq(self.rx),
            self.tx.eq(link.tx),
            link.event.eq(core.probe.take),
        ]
        # A register, as the pulse goes everywhere; the executor is not that fast.
        m.d.sync += restart.eq(link.restart)
        return m

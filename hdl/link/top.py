"""A core and its link, with nothing but two wires to the outside."""

from amaranth.hdl import Module, ResetInserter, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from hdl.link.link import Link
from hdl.link.protocol import LinkMap
from hdl.link.service import Service


class Top(wiring.Component):
    """A core behind a serial line.

    Parameters
    ----------
    core : wiring.Component
        Has the streams ``bus`` and ``response``, those of the service, and the port ``probe``.
    places : LinkMap
        What lies where in the core.
    service : Service
        What the core adds to the link.
    preset : str
        Name of what the core is made for, which HELLO tells.
    divisor : int
        Clock cycles of a bit on the line, at least 4.
    queue : int
        Bytes of the link's memory, a power of two from 512 to 32768.

    Members
    -------
    rx, tx : In(1), Out(1)
        The line, 1 when idle.
    """

    def __init__(
        self,
        core: wiring.Component,
        places: LinkMap,
        service: Service,
        preset: str,
        divisor: int,
        queue: int = 512,
    ):
        self.core, self.service = core, service
        members = core.signature.members
        self.ports = {name: members[name].flip() for name in members if name != "probe"}
        self.link = Link(self.ports, places, service, preset, divisor, queue)
        super().__init__({"rx": In(1, init=1), "tx": Out(1, init=1)})

    def elaborate(self, platform) -> Module:
        m = Module()
        core, link, restart = self.core, self.link, Signal()
        # What nobody sees of the probe is no hardware.
        m.submodules.core = ResetInserter(restart)(core)
        m.submodules.link = link
        for name in self.ports:
            wiring.connect(m, getattr(core, name), getattr(link, name))
        m.d.comb += [
            link.rx.eq(self.rx),
            self.tx.eq(link.tx),
        ]
        for name, field in self.service.watched.items():
            m.d.comb += getattr(link, name).eq(getattr(core.probe, field))
        # A register, as the pulse goes everywhere; the executor is not that fast.
        m.d.sync += restart.eq(link.restart)
        return m

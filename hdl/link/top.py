"""A core and its link, with nothing but two wires to the outside."""

from amaranth.hdl import Module
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.params import Params


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
        return Module()

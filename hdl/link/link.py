"""The link: a serial line on one side, a core's streams on the other."""

from amaranth.hdl import Module
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.dense.params import Params
from hdl.link.executor import Executor
from hdl.link.ports import core_ports
from hdl.link.protocol import info
from hdl.link.replies import Replies
from hdl.link.requests import Requests
from hdl.link.slip import Decoder
from hdl.link.store import Store
from hdl.link.uart import Receiver, Transmitter


class Link(wiring.Component):
    """Everything of ``docs/link.md`` but the core.

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
    pixels, start, result, bus, response
        The other side of `hdl.dense.core.Core`.
    event : In(1)
        The core takes an event.
    restart : Out(1)
        Reset the core.

    Raises
    ------
    ValueError
        If one of the parameters does not fit.
    """

    def __init__(self, p: Params, preset: str, divisor: int, queue: int = 512):
        self.p, self.divisor, self.queue = p, divisor, queue
        self.told = info(p, preset, queue)
        ports = {"rx": In(1, init=1), "tx": Out(1, init=1), "event": In(1), "restart": Out(1)}
        super().__init__(ports | core_ports(p))

    def elaborate(self, platform) -> Module:
        m = Module()
        m.submodules.receiver = receiver = Receiver(self.divisor)
        m.submodules.decoder = decoder = Decoder()
        m.submodules.requests = requests = Requests()
        m.submodules.store = store = Store(self.told, self.queue)
        m.submodules.executor = executor = Executor(self.p)
        m.submodules.replies = replies = Replies()
        m.submodules.transmitter = transmitter = Transmitter(self.divisor)
        m.d.comb += [
            receiver.rx.eq(self.rx),
            decoder.i_valid.eq(receiver.valid),
            decoder.i_payload.eq(receiver.payload),
            decoder.i_error.eq(receiver.error),
            requests.valid.eq(decoder.valid),
            requests.payload.eq(decoder.payload),
            requests.end.eq(decoder.end),
            requests.error.eq(decoder.error),
            requests.full.eq(store.full),
            store.put.eq(requests.put),
            store.payload.eq(decoder.payload),
            store.commit.eq(requests.commit),
            store.rollback.eq(requests.rollback),
            executor.bad.eq(requests.bad),
            executor.overflow.eq(requests.overflow),
            executor.event.eq(self.event),
            self.restart.eq(executor.restart),
            self.tx.eq(transmitter.tx),
        ]
        for name in ("take", "read", "write", "place", "data"):
            m.d.comb += getattr(store, name).eq(getattr(executor, name))
        for name in ("pending", "busy", "value"):
            m.d.comb += getattr(executor, name).eq(getattr(store, name))
        wiring.connect(m, executor.o, replies.i)
        wiring.connect(m, replies.o, transmitter.i)
        for name in core_ports(self.p):
            wiring.connect(m, getattr(executor, name), wiring.flipped(getattr(self, name)))
        return m

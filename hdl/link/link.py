"""The link: a serial line on one side, a core's streams on the other."""

from amaranth.hdl import Module
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from hdl.link.executor import Executor
from hdl.link.protocol import LinkMap
from hdl.link.replies import Replies
from hdl.link.requests import FrameCheck
from hdl.link.service import Service
from hdl.link.slip import SlipDecoder
from hdl.link.store import Store
from hdl.link.uart import Receiver, Transmitter


class Link(wiring.Component):
    """Everything of ``docs/link.md`` but the core.

    Parameters
    ----------
    ports : dict[str, wiring.Member]
        The other side of the core's streams, ``bus`` and ``response`` among them.
    places : LinkMap
        What lies where in the core.
    service : Service
        What the core adds.
    preset, divisor, queue
        As of `hdl.link.top.Top`.

    Members
    -------
    rx, tx : In(1), Out(1)
        The line, 1 when idle.
    restart : Out(1)
        Reset the core.
    bus, response, and those of the service
        The other side of the core.

    Raises
    ------
    ValueError
        If one of the parameters does not fit.
    """

    def __init__(
        self,
        ports: dict[str, wiring.Member],
        places: LinkMap,
        service: Service,
        preset: str,
        divisor: int,
        queue: int,
    ):
        self.ports, self.places, self.service = ports, places, service
        self.preset, self.divisor, self.queue = preset, divisor, queue
        members = {"rx": In(1, init=1), "tx": Out(1, init=1)}
        members |= dict.fromkeys(service.watched, In(1)) | {"restart": Out(1)}
        super().__init__(members | ports)

    def elaborate(self, platform) -> Module:
        m = Module()
        m.submodules.receiver = receiver = Receiver(self.divisor)
        m.submodules.decoder = decoder = SlipDecoder()
        m.submodules.requests = requests = FrameCheck()
        m.submodules.store = store = Store(self.places, self.preset, self.queue)
        m.submodules.executor = executor = Executor(self.ports, self.places, self.service)
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
        ]
        for name in self.service.watched:
            m.d.comb += getattr(executor, name).eq(getattr(self, name))
        m.d.comb += [self.restart.eq(executor.restart), self.tx.eq(transmitter.tx)]
        for name in ("take", "read", "write", "place", "data"):
            m.d.comb += getattr(store, name).eq(getattr(executor, name))
        for name in ("pending", "busy", "value"):
            m.d.comb += getattr(executor, name).eq(getattr(store, name))
        wiring.connect(m, executor.o, replies.i)
        wiring.connect(m, replies.o, transmitter.i)
        for name in self.ports:
            wiring.connect(m, getattr(executor, name), wiring.flipped(getattr(self, name)))
        return m

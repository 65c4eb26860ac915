"""The link's one memory: counters, what HELLO says, and the queue of requests."""

from amaranth.hdl import Cat, Module, Mux, Signal
from amaranth.lib import memory, wiring
from amaranth.lib.wiring import In, Out

from hdl.link.protocol import COUNTER_BYTES, LinkMap


class Store(wiring.Component):
    """A queue of bytes whose newest are taken back unless they are committed, and fixed places.

    The counters come first, then the 48 bytes that HELLO says, then the queue. No address is ever
    read in the cycle in which it is written: bytes of the queue are read after they have been
    committed, and places are not written and read at the same time. So the memory needs no bypass.

    Parameters
    ----------
    places : LinkMap
        What HELLO says is of it.
    preset : str
        Likewise.
    queue : int
        Bytes of the memory.

    Members
    -------
    put, payload : In(1), In(8)
        Add a byte to the queue; not while ``full``.
    full : Out(1)
        There is no place, as of the cycle before.
    commit, rollback : In(1), In(1)
        All bytes since the last of these are there for good, or are not there.
    pending : Out(1)
        Committed bytes have not been taken, as of the cycle before.
    take : In(1)
        Read the next committed byte.
    read, write, place, data : In(1), In(1), In(places.place_bits), In(8)
        Read or write a place outside the queue.
    busy : Out(1)
        Nothing is written to a place in this cycle: ``put`` comes first.
    value : Out(8)
        What was read, from the next cycle until the next read.
    """

    def __init__(self, places: LinkMap, preset: str, queue: int):
        self.places, self.told, self.queue = places, places.info(preset, queue), queue
        ports = dict.fromkeys(("put", "commit", "rollback", "take", "read", "write"), In(1))
        ports |= dict.fromkeys(("full", "pending", "busy"), Out(1))
        ports |= {"payload": In(8), "place": In(places.place_bits), "data": In(8), "value": Out(8)}
        super().__init__(ports)

    def elaborate(self, platform) -> Module:
        m = Module()
        init = [*bytes(COUNTER_BYTES * len(self.places.counters)), *self.told]
        m.submodules.bytes = block = memory.Memory(shape=8, depth=self.queue, init=init)
        reads, writes = block.read_port(), block.write_port()
        # One bit more than an address has: it tells a full queue from an empty one.
        bits = (self.queue - 1).bit_length()
        pointer = {"shape": bits + 1, "init": self.places.reserved}
        first, end, open_end = (Signal(**pointer) for _ in range(3))
        m.d.comb += [
            reads.en.eq(self.take | self.read),
            # Whether the next byte is taken is known late, but seldom is a place read.
            reads.addr.eq(Mux(self.read, self.place, first)),
            writes.en.eq(self.put | self.write),
            writes.addr.eq(Mux(self.put, open_end, self.place)),
            writes.data.eq(Mux(self.put, self.payload, self.data)),
            self.value.eq(reads.data),
            self.busy.eq(self.put),
        ]
        m.d.sync += [
            self.pending.eq(first != end),
            self.full.eq(open_end == first ^ (1 << bits)),
        ]
        with m.If(self.take):
            m.d.sync += first.eq(self._next(first, bits))
        with m.If(self.rollback | self.put):
            # The 1 is spread while rolling back: so the sum fits one cell a bit with the choice.
            total = open_end + Cat(1, self.rollback.replicate(bits))
            following = Mux(self.rollback, end, total[: bits + 1])
            wraps = open_end[:bits].all() & ~self.rollback
            m.d.sync += open_end.eq(following | Mux(wraps, self.places.reserved, 0))
        with m.If(self.commit):
            m.d.sync += end.eq(open_end)
        return m

    def _next(self, pointer, bits):
        """Return the pointer after this one: the last address is followed by the queue's first."""
        wraps = pointer[:bits].all()
        return (pointer + 1)[: bits + 1] | Mux(wraps, self.places.reserved, 0)

"""Spikes on their way from the core to the host, kept until the host has them."""

from amaranth.hdl import Cat, Module, Mux, Signal
from amaranth.lib import memory, stream, wiring
from amaranth.lib.wiring import In, Out

HALF = 16
"""Bits of a word of the memory: a step, or a neuron."""


class SpikeBuffer(wiring.Component):
    """A queue of spikes that can be read again, from any place that has not been released.

    Positions count spikes modulo twice the depth. A spike taken in cycle c counts in ``end`` from
    c + 1 on; it becomes two words of the memory, so that none is taken in c + 1. ``i.ready`` is low
    then, and while ``depth`` spikes have not been released.

    Parameters
    ----------
    depth : int
        Spikes, a power of two.
    shape : amaranth.lib.data.Layout
        Of a spike: step, neuron, of whose number 16 bits are kept.

    Members
    -------
    i : In(stream of spikes)
        From the core.
    clear : In(1)
        There are none, and the next has position 0.
    begin, end : Out, Out
        Positions of the first spike that has not been released, and behind the last one.
    release, position : In(1), In
        Forget all spikes before this position; reading begins there.
    step, second : In(1), In(1)
        Go on to the next one; show its neuron, not its step.
    half : Out(16)
        What is shown of the one that is read, two cycles after a change of these.
    """

    def __init__(self, depth: int, shape):
        self.depth = depth
        self.place_bits = (depth - 1).bit_length()
        position = self.place_bits + 1
        members = dict.fromkeys(("clear", "release", "step", "second"), In(1))
        members |= {"i": In(stream.Signature(shape)), "position": In(position)}
        members |= {"begin": Out(position), "end": Out(position), "half": Out(HALF)}
        super().__init__(members)

    def elaborate(self, platform) -> Module:
        m = Module()
        m.submodules.kept = kept = memory.Memory(shape=HALF, depth=2 * self.depth, init=[])
        reads, writes = kept.read_port(), kept.write_port()
        at, full, put = Signal(self.place_bits), Signal(), Signal()
        taken, place = Signal(self.i.payload.shape()), Signal(self.place_bits)
        first, second = Signal(), Signal()
        m.d.sync += [first.eq(put), second.eq(first)]
        with m.If(put):
            m.d.sync += [taken.eq(self.i.payload), place.eq(self.end)]
        m.d.comb += [
            full.eq((self.begin ^ self.end) == self.depth),
            self.i.ready.eq(~full & ~first),
            put.eq(self.i.valid & self.i.ready),
            writes.en.eq(first | second),
            writes.addr.eq(Cat(second, place)),
            writes.data.eq(Mux(second, taken.neuron, taken.step)),
            reads.en.eq(1),
            reads.addr.eq(Cat(self.second, at)),
            self.half.eq(reads.data),
        ]
        with m.If(self.clear):
            m.d.sync += [self.begin.eq(0), self.end.eq(0)]
        with m.Else():
            m.d.sync += self.end.eq(self.end + put)
            with m.If(self.release):
                m.d.sync += [self.begin.eq(self.position), at.eq(self.position)]
            with m.Elif(self.step):
                m.d.sync += at.eq(at + 1)
        return m

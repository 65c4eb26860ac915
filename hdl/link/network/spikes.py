"""Spikes on their way from the core to the host, kept until the host has them."""

from amaranth.hdl import Cat, Module, Mux, Signal
from amaranth.lib import memory, stream, wiring
from amaranth.lib.wiring import In, Out

HALF = 16
"""Bits of a word of the memory: a step, or a neuron."""


class SpikeBuffer(wiring.Component):
    """A queue of spikes that can be read again, from any place that has not been released.

    Positions count spikes modulo twice the depth. A spike becomes two words of the memory: taken in
    cycle c, it has been written in c + 1, counts from c + 2 on, and none is taken in c + 1.
    ``i.ready`` is low then, and while ``depth`` spikes have not been released.

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
    at : Out
        Position of the spike that is read.
    none : Out(1)
        There is none yet: it is the next one to be taken.
    rewind, step : In(1), In(1)
        Go to the first spike that has not been released; to the next one.
    release, position : In(1), In
        Forget all spikes before this position.
    second : In(1)
        Show its neuron, not its step.
    half : Out(16)
        What is shown of the one that is read, two cycles after a change of these.
    """

    def __init__(self, depth: int, shape):
        self.depth = depth
        self.place_bits = (depth - 1).bit_length()
        members = dict.fromkeys(("clear", "rewind", "step", "release", "second"), In(1))
        members |= {"i": In(stream.Signature(shape)), "position": In(self.place_bits + 1)}
        super().__init__(
            members | {"at": Out(self.place_bits + 1), "none": Out(1), "half": Out(HALF)}
        )

    def elaborate(self, platform) -> Module:
        m = Module()
        m.submodules.kept = kept = memory.Memory(shape=HALF, depth=2 * self.depth, init=[])
        reads, writes = kept.read_port(), kept.write_port()
        begin, end, full = Signal.like(self.at), Signal.like(self.at), Signal()
        put, second = Signal(), Signal()
        neuron = Signal.like(self.i.payload.neuron)
        m.d.sync += [second.eq(put & ~self.clear), neuron.eq(self.i.payload.neuron)]
        m.d.comb += [
            full.eq((begin ^ end) == self.depth),
            self.i.ready.eq(~full & ~second),
            put.eq(self.i.valid & self.i.ready),
            writes.en.eq(put | second),
            writes.addr.eq(Cat(second, end[:-1])),
            writes.data.eq(Mux(second, neuron, self.i.payload.step)),
            reads.en.eq(1),
            reads.addr.eq(Cat(self.second, self.at[:-1])),
            self.half.eq(reads.data),
            self.none.eq(self.at == end),
        ]
        with m.If(self.clear):
            m.d.sync += [begin.eq(0), end.eq(0)]
        with m.Else():
            m.d.sync += end.eq(end + second)
            with m.If(self.release):
                m.d.sync += begin.eq(self.position)
        with m.If(self.rewind | self.step):
            # The 1 is spread while rewinding: so the sum fits one cell a bit with the choice.
            one = Cat(1, self.rewind.replicate(self.place_bits))
            m.d.sync += self.at.eq(Mux(self.rewind, begin, self.at + one))
        return m

"""Spikes on their way from the core to the host, kept until the host has them."""

from amaranth.hdl import Cat, Const, Module, Signal
from amaranth.lib import memory, stream, wiring
from amaranth.lib.wiring import In, Out

from golden.network.interface import SHOWN_STEP_BITS

SPIKE_BITS = 40
"""Of a spike in an answer: step, neuron."""


class SpikeBuffer(wiring.Component):
    """A queue of spikes that can be read again, from any place that has not been released.

    Positions count spikes modulo twice the depth. A spike taken in cycle c counts in ``end`` from
    c + 1 on; ``i.ready`` is low while ``depth`` spikes have not been released.

    Parameters
    ----------
    depth : int
        Spikes, a power of two.
    neuron_bits : int
        Low bits of a neuron's number that are kept.
    shape : amaranth.lib.data.Layout
        Of a spike: step, neuron.

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
    step : In(1)
        Go on to the next one.
    spike : Out(40)
        The one that is read, two cycles after ``release`` or ``step``.
    """

    def __init__(self, depth: int, neuron_bits: int, shape):
        self.depth, self.neuron_bits = depth, neuron_bits
        self.place_bits = (depth - 1).bit_length()
        position = self.place_bits + 1
        members = dict.fromkeys(("clear", "release", "step"), In(1))
        members |= {"i": In(stream.Signature(shape)), "position": In(position)}
        members |= {"begin": Out(position), "end": Out(position), "spike": Out(SPIKE_BITS)}
        super().__init__(members)

    def elaborate(self, platform) -> Module:
        m = Module()
        bits = SHOWN_STEP_BITS + self.neuron_bits
        m.submodules.kept = kept = memory.Memory(shape=bits, depth=self.depth, init=[])
        reads, writes = kept.read_port(), kept.write_port()
        at, full = Signal(self.place_bits), Signal()
        spike, put = self.i.payload, self.i.valid & self.i.ready
        m.d.comb += [
            full.eq((self.begin ^ self.end) == self.depth),
            self.i.ready.eq(~full),
            writes.en.eq(put),
            writes.addr.eq(self.end),
            writes.data.eq(Cat(spike.step, spike.neuron[: self.neuron_bits])),
            reads.en.eq(1),
            reads.addr.eq(at),
            self.spike.eq(Cat(reads.data, Const(0, SPIKE_BITS - bits))),
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

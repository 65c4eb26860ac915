"""A short queue of words, in flip-flops."""

from amaranth.hdl import Module, Mux, Signal
from amaranth.lib import stream, wiring
from amaranth.lib.wiring import In, Out


class Queue(wiring.Component):
    """Queue of a few words; what enters first leaves first.

    A word pushed in cycle c is visible from c + 1 on. ``i.ready`` is low while ``depth`` words
    pushed before this cycle have not been taken before it: a place that becomes free in c is
    offered from c + 1 on. Latency 1 cycle, throughput 1 word a cycle.

    Parameters
    ----------
    n_bits : int
        Bits of a word.
    depth : int
        Words the queue holds.

    Members
    -------
    i : In(stream.Signature(n_bits))
        What enters.
    o : Out(stream.Signature(n_bits))
        The same, in the same order.
    """

    def __init__(self, n_bits: int, depth: int):
        self.n_bits, self.depth = n_bits, depth
        word = stream.Signature(n_bits)
        super().__init__({"i": In(word), "o": Out(word)})

    def elaborate(self, platform) -> Module:
        m, depth = Module(), self.depth
        # A shift register takes half the cells of a memory: each bit is one cell with its mux.
        words = [Signal(self.n_bits, name=f"word{k}") for k in range(depth)]
        used = [Signal(name=f"used{k}") for k in range(depth)]
        push, take = self.i.valid & self.i.ready, self.o.valid & self.o.ready
        m.d.comb += [
            self.i.ready.eq(~used[-1]),
            self.o.valid.eq(used[0]),
            self.o.payload.eq(words[0]),
        ]
        # Used places are the lowest ones. Every free place, and the highest when one is taken,
        # copies what is offered, pushed or not: which copy counts is in `used` alone, so that
        # no word waits for a comparison of addresses.
        for k in range(depth):
            below = used[k - 1] if k else 1
            later, word = (used[k + 1], words[k + 1]) if k + 1 < depth else (0, self.i.payload)
            with m.If(take):
                m.d.sync += used[k].eq(later | push & used[k])
            with m.Elif(push & below):
                m.d.sync += used[k].eq(1)
            with m.If(take | ~used[k]):
                m.d.sync += words[k].eq(Mux(take & later, word, self.i.payload))
        return m

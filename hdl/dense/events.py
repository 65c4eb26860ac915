"""Stage 2, events: the queue between encoder and core, ordered as in `golden.dense.events`."""

from amaranth.hdl import Module, Mux, Signal
from amaranth.lib import stream, wiring
from amaranth.lib.wiring import In, Out

from golden.dense.interface import MemoryMap
from golden.dense.params import Params

DEPTH = 8
"""Events the queue holds."""


class Events(wiring.Component):
    """Queue of eight events; :func:`golden.dense.events.events` one address at a time.

    An event pushed in cycle c is visible from c + 1 on. ``i.ready`` is low while eight events
    pushed before this cycle have not been taken before it: a place that becomes free in c is
    offered from c + 1 on. Latency 1 cycle, throughput 1 event a cycle.

    Parameters
    ----------
    p : Params
        Parameters of the core.

    Members
    -------
    i : In(stream.Signature(word address))
        First weight word of an axon that spikes, lowest axon first.
    o : Out(stream.Signature(word address))
        The same, in the same order.
    """

    def __init__(self, p: Params):
        self.p = p
        word = stream.Signature(MemoryMap(p).word_bits)
        super().__init__({"i": In(word), "o": Out(word)})

    def elaborate(self, platform) -> Module:
        m = Module()
        # A shift register takes half the cells of a memory: each bit is one cell with its mux.
        n_bits = MemoryMap(self.p).word_bits
        words = [Signal(n_bits, name=f"word{k}") for k in range(DEPTH)]
        used = [Signal(name=f"used{k}") for k in range(DEPTH)]
        push, take = self.i.valid & self.i.ready, self.o.valid & self.o.ready
        m.d.comb += [
            self.i.ready.eq(~used[-1]),
            self.o.valid.eq(used[0]),
            self.o.payload.eq(words[0]),
        ]
        for k in range(DEPTH):
            below = used[k - 1] if k else 1
            later, word = (used[k + 1], words[k + 1]) if k + 1 < DEPTH else (0, self.i.payload)
            with m.If(take):
                m.d.sync += used[k].eq(later | push & used[k])
            with m.Elif(push & below):
                m.d.sync += used[k].eq(1)
            with m.If(take | ~used[k]):
                m.d.sync += words[k].eq(Mux(take & later, word, self.i.payload))
        return m

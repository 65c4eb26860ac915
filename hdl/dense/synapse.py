"""Stage 3, synapse: the weight memory, one row an axon; `golden.dense.synapse` in gates."""

from amaranth.hdl import Module, Signal, unsigned
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from golden.dense.interface import MemoryMap
from golden.dense.params import Params
from hdl.numbers.formats import shape
from hdl.parts.choice import chosen
from hdl.parts.memory import BlockMemory, SinglePort

FEW_BITS = 2
FEW = 1 << FEW_BITS
"""Lanes of which one is chosen in the cycle in which a block memory shows them."""


class Synapse(wiring.Component):
    """Weights, with the rows of classes and votes behind them (see `MemoryMap`).

    Latency 1 cycle from an address to ``row``, `delay` to ``weight``; throughput one word a cycle.

    Members
    -------
    word : In(word address)
        Of ``n_lanes`` weights; a word is read in every cycle, asked for or not, because who asks is
        known late.
    row : Out(array of w)
        The word, in the next cycle; undefined if it is written in this cycle or, without
        ``single_port``, was in the one before; or with it, if any word is written.
    select : In(lane)
        A lane of ``row``.
    weight : Out(w)
        That lane, two cycles later.
    write : In(1)
        Write one weight.
    addr : In(word address)
        In which word.
    lane : In(lane)
        In which lane.
    data : In(w)
        What.
    """

    def __init__(self, p: Params):
        self.p = p
        at = MemoryMap(p)
        word, lane = unsigned(at.word_bits), unsigned(at.lane_bits)
        super().__init__({
            "word": In(word),
            "row": Out(data.ArrayLayout(shape(p.w), p.n_lanes)),
            "select": In(lane),
            "weight": Out(shape(p.w)),
            "write": In(1),
            "addr": In(word),
            "lane": In(lane),
            "data": In(shape(p.w)),
        })

    @property
    def delay(self) -> int:
        """Cycles from a word's address to its lane's weight."""
        return 3

    def elaborate(self, platform):
        m, p = Module(), self.p
        form = SinglePort if p.single_port else BlockMemory
        m.submodules.memory = words = form(MemoryMap(p).n_weight_words, p.n_lanes, p.w.width)
        m.d.sync += self.weight.eq(self._selected(m, platform))
        m.d.comb += [
            words.read.eq(1),
            words.word.eq(self.word),
            self.row.as_value().eq(words.row),
        ]
        self._write(m, words)
        return m

    def _write(self, m, words):
        """Write: a cycle later where reads have a port of their own, as blocks are far apart."""
        n_lanes = self.p.n_lanes
        domain = m.d.comb if self.p.single_port else m.d.sync
        domain += [
            words.write.eq(self.write << self.lane),
            words.addr.eq(self.addr),
            words.data.eq(self.data.replicate(n_lanes)),
        ]

    def _selected(self, m, platform):
        """Return the selected lane a cycle later: first one of every few, then one of those."""
        place, lanes = Signal.like(self.select), [self.row[i] for i in range(self.p.n_lanes)]
        m.d.sync += place.eq(self.select)
        few = [Signal(shape(self.p.w), name=f"few{i}") for i in range(0, len(lanes), FEW)]
        for i, one in enumerate(few):
            near, which = lanes[i * FEW : (i + 1) * FEW], self.select[:FEW_BITS]
            m.d.sync += one.eq(chosen(m, platform, near, which))
        return chosen(m, platform, few, place[FEW_BITS:]) if len(few) > 1 else few[0]

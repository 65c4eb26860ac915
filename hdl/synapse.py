"""Stage 3, synapse: the weight memory, one row a presynaptic axon; `golden.synapse` in gates."""

from amaranth.hdl import Array, Cat, Module, unsigned
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from golden.params import Params
from hdl.formats import shape
from hdl.layout import Layout
from hdl.memory import BlockMemory, SinglePort


class Synapse(wiring.Component):
    """Weights, with the rows of classes and votes behind them (:class:`hdl.layout.Layout`).

    Latency 1 cycle from an address to ``row``, 2 to ``weight``; throughput one word a cycle.

    Members
    -------
    read, word : In(1), In(word address)
        Read a word of ``n_lanes`` weights.
    row : Out(array of w)
        The word, from the next cycle until the next read.
    select : In(lane)
        A lane of ``row``.
    weight : Out(w)
        That lane, a cycle later.
    write, addr, lane, data : In(1), In(word address), In(lane), In(w)
        Write one weight.
    """

    def __init__(self, p: Params):
        self.p = p
        at = Layout(p)
        form = SinglePort if p.single_port else BlockMemory
        self.memory = form(at.n_words, p.n_lanes, p.w.width)
        word, lane = unsigned(at.word_bits), unsigned(at.lane_bits)
        super().__init__({
            "read": In(1),
            "word": In(word),
            "row": Out(data.ArrayLayout(shape(p.w), p.n_lanes)),
            "select": In(lane),
            "weight": Out(shape(p.w)),
            "write": In(1),
            "addr": In(word),
            "lane": In(lane),
            "data": In(shape(p.w)),
        })

    def elaborate(self, platform):
        m = Module()
        m.submodules.memory = words = self.memory
        n_lanes = self.p.n_lanes
        m.d.sync += self.weight.eq(Array(self.row[i] for i in range(n_lanes))[self.select])
        m.d.comb += [
            words.read.eq(self.read),
            words.word.eq(self.word),
            words.write.eq(self.write << self.lane),
            words.addr.eq(self.addr),
            words.data.eq(Cat(self.data for _ in range(n_lanes))),
            self.row.as_value().eq(words.row),
        ]
        return m

"""Stage 4, membrane: `v` and `theta` of all neurons, and one adder a lane that does everything.

:mod:`golden.membrane`, and the additions of :mod:`golden.wta` and :mod:`golden.homeostasis`.
"""

from amaranth.hdl import Array, Cat, Module, Mux, Signal, signed, unsigned
from amaranth.lib import data, enum, wiring
from amaranth.lib.wiring import In, Out

from golden.params import Params
from hdl.formats import shape
from hdl.layout import Layout, index_bits
from hdl.memory import BlockMemory


class Op(enum.Enum, shape=3):
    """What is added to a lane."""

    WEIGHT = 0
    """``v + w``."""
    CONST = 1
    """``v + const`` or ``theta + const``."""
    LEAK = 2
    """``v - (v >> leak_shift)``."""
    DECAY = 3
    """``theta - (theta >> theta_decay_shift)``."""
    MARGIN = 4
    """``v - theta``, where ``theta`` is the word read one cycle after; written nowhere."""


def sum_width(p: Params) -> int:
    """Return the bits of a lane's sum, signed, in which nothing that is added wraps."""
    away = 2 if p.v_inhibit or p.leak_sub else 1  # These may be as large as all of v.
    return max(p.v.width + away, p.theta.width + 2, p.w.width + 1)


class Issue(data.StructLayout):
    """What is done with one word of the neuron memory.

    ``theta``: row of thetas, not of v. ``op``, ``zero``: start from 0, not from the word. ``one``:
    only in lane ``lane``, else in all. ``const``: number for `Op.CONST`. ``above``: only where
    ``v > v_reset``. ``hold``: not where frozen.
    """

    def __init__(self, p: Params):
        at = Layout(p)
        super().__init__({
            "valid": 1,
            "write": 1,
            "word": at.group_bits,
            "theta": 1,
            "op": Op,
            "zero": 1,
            "one": 1,
            "lane": at.lane_bits,
            "above": 1,
            "hold": 1,
            "const": signed(sum_width(p)),
        })


class Membrane(wiring.Component):
    """The neuron memory and the lanes' adders.

    A word issued in cycle c is written in c + 2, saturated; its margins stand in ``margin`` in
    c + 3. One word a cycle; a word must not be issued again before c + 3.

    Members
    -------
    issue : In(Issue)
        The word and what to do with it.
    row : In(array of w)
        Weights of the word, in c + 2.
    frozen : In(n_lanes)
        Lanes not to be written, in c + 2.
    v_reset : In(v)
        Level for ``issue.above``.
    margin : Out(array of sums)
        ``v - theta``.
    select, value : In(lane), Out(v or theta)
        A lane of the word issued two cycles ago.
    n_en, n_row, n_data
        What is written, for the record.
    """

    def __init__(self, p: Params):
        self.p = p
        at = Layout(p)
        self.width = at.value_bits
        words = data.ArrayLayout(unsigned(self.width), p.n_lanes)
        ports = {
            "issue": In(Issue(p)),
            "row": In(data.ArrayLayout(shape(p.w), p.n_lanes)),
            "frozen": In(p.n_lanes),
            "margin": Out(data.ArrayLayout(signed(sum_width(p)), p.n_lanes)),
            "select": In(at.lane_bits),
            "value": Out(self.width),
            "n_en": Out(p.n_lanes),
            "n_row": Out(index_bits(2 * p.n_words)),
            "n_data": Out(words),
        }
        if p.leak_sub:
            ports["v_reset"] = In(shape(p.v))
        super().__init__(ports)

    def elaborate(self, platform):
        m = Module()
        p = self.p
        m.submodules.memory = memory = BlockMemory(2 * p.n_words, p.n_lanes, self.width)
        first, second = Signal.like(self.issue), Signal.like(self.issue)
        m.d.sync += [first.eq(self.issue), second.eq(first)]
        m.d.comb += [
            memory.read.eq(self.issue.valid),
            memory.word.eq(Cat(self.issue.theta, self.issue.word)),
            memory.write.eq(self.n_en),
            memory.addr.eq(Cat(second.theta, second.word)),
            memory.data.eq(self.n_data),
        ]
        written = self.n_en.any()
        m.d.comb += self.n_row.eq(Mux(written, memory.addr, 0))
        stored = []
        for lane in range(p.n_lanes):
            read = memory.row.word_select(lane, self.width)
            a = Signal(signed(sum_width(p)), name=f"a{lane}")
            number = Mux(first.theta, read[: p.theta.width], read[: p.v.width].as_signed())
            m.d.sync += a.eq(Mux(first.zero, 0, number))
            total = self._sum(m, lane, a, second, read)
            here = second.valid & second.write & (~second.one | (second.lane == lane))
            if p.leak_sub:
                here &= ~second.above | (a > self.v_reset)
            m.d.comb += [
                self.n_en[lane].eq(here & ~(second.hold & self.frozen[lane])),
                self.n_data[lane].eq(self._saturated(m, lane, total, second.theta)),
            ]
            m.d.sync += self.margin[lane].eq(total)
            stored.append(a[: self.width])
        m.d.comb += self.value.eq(Array(stored)[self.select])
        return m

    def _sum(self, m, lane, a, second, read):
        """Add with one adder: what is subtracted goes in inverted, with a carry."""
        p = self.p
        b, carry = Signal(signed(sum_width(p)), name=f"b{lane}"), Signal(name=f"carry{lane}")
        with m.Switch(second.op):
            with m.Case(Op.WEIGHT):
                m.d.comb += b.eq(self.row[lane])
            with m.Case(Op.CONST):
                m.d.comb += b.eq(second.const)
            if p.leak_shift:
                with m.Case(Op.LEAK):
                    m.d.comb += [b.eq(~(a >> p.leak_shift)), carry.eq(1)]
            if p.theta_decay_shift:
                with m.Case(Op.DECAY):
                    m.d.comb += [b.eq(~(a >> p.theta_decay_shift)), carry.eq(1)]
            with m.Default():
                theta = Cat(read[: p.theta.width], 0).as_signed()
                m.d.comb += [b.eq(~theta), carry.eq(1)]
        total = Signal(signed(sum_width(p)), name=f"sum{lane}")
        both = Signal(signed(sum_width(p) + 1), name=f"both{lane}")
        m.d.comb += [
            both.eq(Cat(1, a).as_signed() + Cat(carry, b).as_signed()),
            total.eq(both >> 1),
        ]
        return total

    def _saturated(self, m, lane, total, theta):
        """Clip to the format of v or of theta; theta never falls below 0."""
        p = self.p
        stored = Signal(self.width, name=f"stored{lane}")
        with m.If(theta):
            m.d.comb += stored.eq(Mux(total[p.theta.width], p.theta.max, total[: p.theta.width]))
        with m.Else():
            above = total[p.v.width - 1 :]
            fits = above.all() | ~above.any()
            edge = Mux(total[-1], p.v.min, p.v.max)
            m.d.comb += stored.eq(Mux(fits, total, edge))
        return stored

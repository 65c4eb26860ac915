"""Stage 4, membrane: `v` and `theta` of all neurons, and one adder a lane that does everything.

:mod:`golden.dense.membrane`, and the additions of :mod:`golden.dense.wta` and
:mod:`golden.dense.homeostasis`.
"""

from amaranth.hdl import Cat, Module, Mux, Signal, signed, unsigned
from amaranth.lib import data, enum, wiring
from amaranth.lib.wiring import In, Out

from golden.dense.interface import MemoryMap
from golden.dense.params import Params, sum_width
from golden.numbers.formats import index_bits
from hdl.dense.registers import register_ports
from hdl.numbers.formats import shape
from hdl.parts.choice import chosen
from hdl.parts.memory import BlockMemory
from hdl.parts.multipliers import HALF, N_MULTIPLIERS, TwoSums


def lane_width(p: Params) -> int:
    """Return the bits of a lane's sum, in which a distance less a limit does not wrap either."""
    return max(sum_width(p), p.margin.width + 1)


def n_pairs(p: Params) -> int:
    """Return how many pairs of lanes add in multipliers, where the part has such.

    In all that products leave, if sums have no carry in and are no wider than half of one.
    """
    if p.leak_shift or p.theta_decay_shift or lane_width(p) > HALF:
        return 0
    products = 1 + bool(p.activity_gain) + (p.encoder == "latency")
    return min(p.n_lanes // 2, N_MULTIPLIERS - products)


class LaneOp(enum.Enum, shape=3):
    """What is added to a lane."""

    WEIGHT = 0
    """``v + w``."""
    CONST = 1
    """``v + const`` or ``theta + const``."""
    LEAK = 2
    """``v - (v >> leak_shift)``."""
    DECAY = 3
    """``theta - (theta >> theta_decay_shift)``."""
    DISTANCE = 4
    """``(theta >> theta_shift) - sum - 1``, ``sum`` that of the issue in the cycle before."""


class Issue(data.StructLayout):
    """What is done with one word of the neuron memory.

    ``theta``: row of thetas, not of v. ``op``, ``zero``: start from 0, not from the word. ``one``:
    only in lane ``lane``, else in all. ``const``: number for `LaneOp.CONST`, 0 for all others.
    ``above``: only where ``v > v_reset``. ``hold``: not where frozen.
    """

    def __init__(self, p: Params):
        at = MemoryMap(p)
        super().__init__({
            "valid": 1,
            "write": 1,
            "word": at.group_bits,
            "theta": 1,
            "op": LaneOp,
            "zero": 1,
            "one": 1,
            "lane": at.lane_bits,
            "above": 1,
            "hold": 1,
            "const": signed(lane_width(p)),
        })


class Membrane(wiring.Component):
    """The neuron memory and the lanes' adders.

    The sums of a word issued in cycle c stand from c + `delay` on, until the next word's, and are
    written then, saturated. One word a cycle; a word must not be issued again before c + 3 if it
    is written.

    Members
    -------
    issue : In(Issue)
        The word and what to do with it.
    row : In(ArrayLayout(w, n_lanes))
        Weights of the word, in c.
    frozen : In(n_lanes)
        Lanes not to be written, in c + 2.
    v_reset : In(v)
        Level for ``issue.above``; exists only with ``leak_sub``.
    below : Out(n_lanes)
        Lanes whose sums are negative.
    select : In(lane_bits)
        A lane.
    value : Out(lane_width)
        Its sum, in the next cycle.
    n_en : Out(n_lanes)
        Lanes that are written, for the record.
    n_row : Out(index_bits(2 * n_words))
        The row, ``2 * word + theta``; 0 if none is written.
    n_data : Out(ArrayLayout(value_bits, n_lanes))
        What the lanes are to hold.
    """

    def __init__(self, p: Params):
        self.p = p
        at = MemoryMap(p)
        self.width = at.value_bits
        words = data.ArrayLayout(unsigned(self.width), p.n_lanes)
        ports = {
            "issue": In(Issue(p)),
            "row": In(data.ArrayLayout(shape(p.w), p.n_lanes)),
            "frozen": In(p.n_lanes),
            "below": Out(p.n_lanes),
            "select": In(at.lane_bits),
            "value": Out(signed(lane_width(p))),
            "n_en": Out(p.n_lanes),
            "n_row": Out(index_bits(2 * p.n_words)),
            "n_data": Out(words),
        }
        if p.leak_sub:
            ports |= register_ports(p, Params.v_reset)
        super().__init__(ports)

    @property
    def delay(self) -> int:
        """Cycles from the issue of a word to its write."""
        return 2

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
        m.d.comb += self.n_row.eq(Mux(self.n_en.any(), memory.addr, 0))
        taking, loaded = Signal(), Signal(self.width)
        m.d.sync += taking.eq(self.issue.valid & (self.issue.op == LaneOp.DISTANCE))
        m.d.comb += loaded.eq(Mux(second.zero, second.const, 0))
        totals = []
        pairs = self._pairs(m, first.valid)
        for lane in range(p.n_lanes):
            read = memory.row.word_select(lane, self.width)
            weight = Signal(shape(p.w), name=f"weight{lane}")
            m.d.sync += weight.eq(Mux(self.issue.op == LaneOp.WEIGHT, self.row[lane], 0))
            added = weight | first.const
            old, total = self._sum(m, lane, read, added, first, taking, pairs)
            totals.append(total)
            here = second.valid & second.write & (~second.one | (second.lane == lane))
            if p.leak_sub:
                above = Signal(name=f"above{lane}")
                m.d.sync += above.eq(old > self.v_reset)
                here &= ~second.above | above
            m.d.comb += [
                self.n_en[lane].eq(here & ~(second.hold & self.frozen[lane])),
                self.n_data[lane].eq(self._saturated(m, lane, total, second, loaded)),
                self.below[lane].eq(total[-1]),
            ]
        m.d.sync += self.value.eq(chosen(m, platform, totals, self.select))
        return m

    def _pairs(self, m, en):
        """Return adders for two lanes each, the first ones."""
        pairs = [TwoSums(lane_width(self.p)) for _ in range(n_pairs(self.p))]
        for i, pair in enumerate(pairs):
            m.submodules[f"sums{i}"] = pair
            m.d.comb += pair.en.eq(en)
        return pairs

    def _sum(self, m, lane, read, added, first, taking, pairs):
        """Add with one adder, where the sum is kept, too; return what is read, and the sum.

        The complement of the sum before is one less than its negative.
        """
        p = self.p
        wide = signed(lane_width(p))
        b, total = (Signal(wide, name=f"{name}{lane}") for name in ("b", "total"))
        held = self._held(read, first, taking)
        old = Signal(held.shape(), name=f"old{lane}")
        carry = Signal(name=f"carry{lane}")
        m.d.comb += [old.eq(held), b.eq(Mux(taking, ~total, added))]
        for op, shift in ((LaneOp.LEAK, p.leak_shift), (LaneOp.DECAY, p.theta_decay_shift)):
            if shift:
                with m.If(first.valid & (first.op == op)):
                    m.d.comb += [b.eq(~(old >> shift)), carry.eq(1)]
        if lane < 2 * len(pairs):
            pair, half = pairs[lane // 2], lane % 2
            m.d.comb += [pair.a[half].eq(old), pair.b[half].eq(b), total.eq(pair.total[half])]
            return old, total
        both = Signal(signed(lane_width(p) + 1), name=f"both{lane}")
        m.d.comb += both.eq(Cat(1, old).as_signed() + Cat(carry, b).as_signed())
        with m.If(first.valid):
            m.d.sync += total.eq(both >> 1)
        return old, total

    def _held(self, read, first, taking):
        """Return the number that is read: v, or theta, for a distance without its fraction."""
        p = self.p
        v, theta = read[: p.v.width].as_signed(), read[: p.theta.width]
        if p.theta_shift:
            theta = Mux(taking, theta >> p.theta_shift, theta)
        return Mux(first.theta, theta, v)

    def _saturated(self, m, lane, total, second, loaded):
        """Clip to the format of v or of theta, or load; theta never falls below 0.

        What is stored is the sum's low bits, or an edge that three saturations share: v too high is
        0 and then ones, v too low 1 and then zeros, theta too large all ones. `fill` is the bits
        below v's sign, `high` those from there on. A load is an edge of zeros with the constant in
        it, so that it takes no choice of its own.
        """
        p = self.p
        theta, total = second.theta, total[: sum_width(p)]  # No other sum is written.
        sign, above = total[-1], total[p.v.width - 1 :]
        over, fill = Signal(name=f"over{lane}"), Signal(name=f"fill{lane}")
        outside = Mux(theta, total[p.theta.width], above.any() & ~above.all())
        m.d.comb += [
            over.eq(outside | second.zero),
            fill.eq((theta | ~sign) & ~second.zero),
        ]
        high = (theta | sign) & ~second.zero
        edge = [fill if i < p.v.width - 1 else high for i in range(self.width)]
        for i in range(p.theta.width, self.width):
            edge[i] &= ~theta
        stored = Signal(self.width, name=f"stored{lane}")
        m.d.comb += stored.eq(Mux(over, Cat(edge) | loaded, total))
        return stored

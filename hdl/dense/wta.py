"""Stage 5, winner-take-all: who may win, and who is ahead; :mod:`golden.dense.wta` in gates."""

from amaranth.hdl import Cat, Module, Mux, Signal, signed, unsigned
from amaranth.lib import data, enum, wiring
from amaranth.lib.wiring import In, Out

from golden.dense.interface import MemoryMap, sum_width
from golden.dense.params import Params
from hdl.dense.homeostasis import bar_shape
from hdl.numbers.formats import shape
from hdl.parts.memory import BlockMemory


class Mark(enum.Enum, shape=3):
    """What happens to the flags of a word."""

    KEEP = 0
    CLEAR = 1
    """Nobody frozen; barred are those in ``dropped``."""
    BAR_ALL = 2
    BAR = 3
    """One lane."""
    RESET = 4
    """One lane spiked: not barred, frozen if there is a refractory time."""
    RELEASE = 5
    """One lane is no longer frozen."""


class Camp(enum.Enum, shape=2):
    """Who may be elected."""

    ALL = 0
    RIGHT = 1
    WRONG = 2


class Neuron(data.StructLayout):
    """A neuron's place: word of the row, lane of the word."""

    def __init__(self, p: Params):
        at = MemoryMap(p)
        super().__init__({"word": at.group_bits, "lane": at.lane_bits})


MARGIN_LATENCY = 3
"""Cycles from the read of a word to its margins."""


def levels(p: Params) -> int:
    """Return the levels of the tree of comparisons, one cycle each."""
    return (p.n_lanes - 1).bit_length()


def has_barred(p: Params) -> bool:
    """Tell whether neurons can be barred."""
    return bool(p.bar_losers or p.drop_chance or p.ballot)


class WTA(wiring.Component):
    """Flags of the neurons, and elections among them.

    The flags of a word read in cycle c stand in ``frozen`` in c + 2, and are marked and written
    then. In an election, ``read`` with ``elect`` a word every second cycle: its margins come in
    c + 3, its classes in ``row`` in c + 1 (and c + 2), and the best so far is right from
    c + 4 + `levels` on.

    Members
    -------
    begin : In(1)
        Start an election.
    read, word, mark, lane, dropped : In(1), In(word), In(Mark), In(lane), In(n_lanes)
        Read the flags of a word, and mark them.
    elect : In(1)
        The word takes part in the election.
    camp, label : In(Camp), In(label)
        Who takes part.
    margin, row : In(array of sums), In(array of w)
        What the membranes, in odd lanes its complement, and the weight memory hold.
    bar : In(signed)
        What a margin must reach; the same during an election.
    best : Out(Neuron), right : Out(1), margin_best : Out(sum), found : Out(1), reaches : Out(1)
        Who is ahead, whether it is of the label's class, by how much, whether there is anybody,
        and whether the margin reaches the bar.
    f_en, barred, frozen : Out(1), Out(n_lanes), Out(n_lanes)
        What is written in the flags, for the record.
    holding : Out(n_lanes)
        Frozen lanes of the word read two cycles ago.
    """

    def __init__(self, p: Params):
        self.p = p
        at = MemoryMap(p)
        self.class_parts, self.group_bits = at.class_parts, at.group_bits
        lanes, total = unsigned(p.n_lanes), signed(sum_width(p))
        ports = {
            "begin": In(1),
            "read": In(1),
            "word": In(at.group_bits),
            "mark": In(Mark),
            "lane": In(at.lane_bits),
            "dropped": In(lanes),
            "elect": In(1),
            "camp": In(Camp),
            "label": In(shape(p.label)),
            "margin": In(data.ArrayLayout(total, p.n_lanes)),
            "row": In(data.ArrayLayout(shape(p.w), p.n_lanes)),
            "bar": In(bar_shape(p)),
            "best": Out(Neuron(p)),
            "right": Out(1),
            "margin_best": Out(total),
            "found": Out(1),
            "reaches": Out(1),
            "f_en": Out(1),
            "barred": Out(lanes),
            "frozen": Out(lanes),
            "holding": Out(lanes),
        }
        if p.refrac:
            ports["refrac"] = In(range(p.refrac + 1))
        super().__init__(ports)

    @property
    def delay(self) -> int:
        """Cycles from the read of a word in an election to who is ahead with it."""
        return MARGIN_LATENCY + levels(self.p) + 1

    def elaborate(self, platform):
        m = Module()
        barred, frozen = self._flags(m)
        right = self._right(m)
        root, valid = self._tree(m, barred, frozen, right)
        self._best(m, root, valid)
        return m

    def _flags(self, m):
        """Keep the flags; return them as they stand three cycles after an address."""
        p = self.p
        n_lanes, kinds = p.n_lanes, has_barred(p) + bool(p.refrac)
        if not kinds:
            return 0, 0
        m.submodules.flags = flags = BlockMemory(p.n_words, kinds, n_lanes)
        word = Signal(kinds * n_lanes)
        marks = [Signal(Mark, name=f"mark{i}") for i in range(2)]
        lanes = [Signal.like(self.lane, name=f"lane{i}") for i in range(2)]
        words = [Signal.like(self.word, name=f"word{i}") for i in range(2)]
        dropped = [Signal.like(self.dropped, name=f"dropped{i}") for i in range(2)]
        for chain, source in (
            (marks, Mux(self.read, self.mark, Mark.KEEP)),
            (lanes, self.lane),
            (words, self.word),
            (dropped, self.dropped),
        ):
            m.d.sync += [chain[0].eq(source), chain[1].eq(chain[0])]
        one = Signal(n_lanes)
        m.d.sync += word.eq(flags.row)
        barred = word[:n_lanes] if has_barred(p) else 0
        frozen = word[-n_lanes:] if p.refrac else 0
        new_barred, new_frozen = Signal(n_lanes), Signal(n_lanes)
        m.d.comb += [
            flags.read.eq(self.read),
            flags.word.eq(self.word),
            one.eq(1 << lanes[1]),
            self.holding.eq(frozen),
            new_barred.eq(barred),
            new_frozen.eq(frozen),
            self.f_en.eq(marks[1] != Mark.KEEP),
            flags.write.eq(self.f_en.replicate(kinds)),
            flags.addr.eq(words[1]),
        ]
        with m.Switch(marks[1]):
            with m.Case(Mark.CLEAR):
                m.d.comb += [new_barred.eq(dropped[1]), new_frozen.eq(0)]
            with m.Case(Mark.BAR_ALL):
                m.d.comb += new_barred.eq(-1)
            with m.Case(Mark.BAR):
                m.d.comb += new_barred.eq(barred | one)
            with m.Case(Mark.RESET):
                m.d.comb += new_barred.eq(barred & ~one)
                if p.refrac:
                    spent = Mux(self.refrac != 0, one, 0)
                    m.d.comb += new_frozen.eq((frozen & ~one) | spent)
            with m.Case(Mark.RELEASE):
                m.d.comb += new_frozen.eq(frozen & ~one)
        kept = []
        if has_barred(p):
            m.d.comb += self.barred.eq(Mux(self.f_en, new_barred, 0))
            kept.append(new_barred)
        if p.refrac:
            m.d.comb += self.frozen.eq(Mux(self.f_en, new_frozen, 0))
            kept.append(new_frozen)
        m.d.comb += flags.data.eq(Cat(kept))
        return barred, frozen

    def _right(self, m):
        """Compare the classes with the label; return it three cycles after the word's address."""
        p = self.p
        if not self.class_parts:
            return [Signal(name=f"right{i}", init=0) for i in range(p.n_lanes)]
        lanes, parts = range(p.n_lanes), (self.label[: p.w.width], self.label[p.w.width :])
        matches = [
            Cat(self.row[i].as_unsigned()[: len(part)] == part for i in lanes) for part in parts
        ]
        match, right = Signal(p.n_lanes), Signal(p.n_lanes)
        m.d.sync += [
            match.eq(matches[0]),
            right.eq(match & matches[1] if self.class_parts == 2 else match),
        ]
        return [right[i] for i in lanes]

    def _tree(self, m, barred, frozen, right):
        """Compare neighbours, level by level; the lower one wins a tie."""
        p = self.p
        depth = levels(p)
        arrived = Signal(depth + 3)
        m.d.sync += arrived.eq(Cat(self.read & self.elect, arrived))
        word = Signal.like(self.word)
        with m.If(self.begin):
            m.d.sync += word.eq(0)
        with m.Elif(arrived[2]):
            m.d.sync += word.eq(word + 1)
        n_last = p.n_neurons - (p.n_words - 1) * p.n_lanes
        nodes = []
        for i in range(p.n_lanes):
            able = Signal(name=f"able{i}", init=1)
            terms = [(self.camp != Camp.RIGHT) | right[i], (self.camp != Camp.WRONG) | ~right[i]]
            if has_barred(p):
                terms.append(~barred[i])
            if p.refrac:
                terms.append(~frozen[i])
            if i >= n_last:
                terms.append(word != p.n_words - 1)
            m.d.comb += able.eq(Cat(terms).all())
            nodes.append((able, self.margin[i], right[i], []))
        for level in range(depth):
            last = level == depth - 1
            pairs = [nodes[i : i + 2] for i in range(0, len(nodes), 2)]
            nodes = [
                self._match(m, level, pair, inverted=last or k % 2) for k, pair in enumerate(pairs)
            ]
        if not depth:
            return (nodes[0][0], ~self.margin[0], *nodes[0][2:]), arrived[2]
        return nodes[0], arrived[depth + 2]

    def _match(self, m, level, pair, inverted):
        """Register the better of two nodes, or the only one.

        The second of a pair brings the complement of its margin, which a carry chain wants.
        """
        left, other = pair[0], pair[-1]
        second, margin = Signal(name=f"second{level}"), left[1]
        if len(pair) == 2:
            m.d.comb += second.eq(other[0] & (~left[0] | _exceeds(other[1], left[1])))
            margin = Mux(second, ~other[1], left[1])
        able, is_right = Signal(name=f"able{level}"), Signal(name=f"right{level}")
        better = Signal.like(self.margin_best, name=f"margin{level}")
        bits = [Signal(name=f"lane{level}_{i}") for i in range(level + 1)]
        m.d.sync += [
            able.eq(left[0] | other[0]),
            better.eq(~margin if inverted else margin),
            is_right.eq(Mux(second, other[2], left[2])),
            Cat(*bits).eq(Cat(Mux(second, Cat(*other[3]), Cat(*left[3])), second)),
        ]
        return able, better, is_right, bits

    def _best(self, m, root, valid):
        """Keep the best of all words; the earlier one wins a tie."""
        able, margin, is_right, lane = root  # The margin's complement.
        word = Signal.like(self.word)
        with m.If(self.begin):
            m.d.sync += [word.eq(0), self.found.eq(0)]
        with m.Elif(valid):
            m.d.sync += word.eq(word + 1)
            with m.If(able & (~self.found | _exceeds(margin, self.margin_best))):
                m.d.sync += [
                    self.found.eq(1),
                    self.margin_best.eq(~margin),
                    # Of ``~margin - bar``, by one chain and a cycle before it is asked.
                    self.reaches.eq((margin.as_signed() + self.bar)[-1]),
                    self.right.eq(is_right),
                    self.best.word.eq(word),
                    self.best.lane.eq(Cat(*lane)),
                ]


def _exceeds(complement, margin):
    """Tell whether ``~complement > margin``: the sign of ``margin - ~complement``, one chain."""
    return (Cat(1, margin).as_signed() + Cat(1, complement).as_signed())[-1]

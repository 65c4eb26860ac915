"""Stage 5, winner-take-all: who may win, and who is ahead; :mod:`golden.dense.wta` in gates."""

from amaranth.hdl import Cat, Module, Mux, Signal, unsigned
from amaranth.lib import data, enum, wiring
from amaranth.lib.wiring import In, Out

from golden.dense.interface import MemoryMap
from golden.dense.params import Params
from hdl.dense.homeostasis import bar_shape
from hdl.dense.membrane import MARGIN_LATENCY
from hdl.dense.registers import register_ports
from hdl.numbers.formats import shape
from hdl.parts.memory import BlockMemory
from hdl.parts.tournament import Node, exceeds, levels, tournament


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


def has_barred(p: Params) -> bool:
    """Tell whether neurons can be barred."""
    return bool(p.bar_losers or p.drop_chance or p.ballot)


class WTA(wiring.Component):
    """Flags of the neurons, and elections among them.

    The flags of a word read in cycle c stand in ``frozen`` in c + 2, and are marked and written
    then. In an election, ``read`` with ``elect`` a word every second cycle: its margins come in
    c + 3, its classes in ``row`` in c + 1 (and c + 2), and the best so far is right from
    c + `delay` on.

    Members
    -------
    begin : In(1)
        Start an election.
    read : In(1)
        Read the flags of a word.
    word : In(group_bits)
        Which.
    mark : In(Mark)
        With ``read``: what happens to them.
    lane : In(lane_bits)
        With a mark of one lane: which.
    dropped : In(n_lanes)
        With `Mark.CLEAR`: who is barred.
    elect : In(1)
        With ``read``: the word takes part in the election.
    camp : In(Camp)
        Who takes part; the same during an election.
    label : In(label)
        The class that camps are told by.
    margin : In(ArrayLayout(margin, n_lanes))
        Of the membranes; in odd lanes its complement (`hdl.parts.tournament.Node`).
    row : In(ArrayLayout(w, n_lanes))
        What the weight memory shows.
    bar : In(bar_shape)
        What a margin must reach; the same during an election.
    refrac : In(refrac)
        Register; exists only with ``refrac``.
    best : Out(Neuron)
        Who is ahead.
    right : Out(1)
        It is of the label's class.
    margin_best : Out(margin)
        Its margin.
    found : Out(1)
        There is somebody.
    reaches : Out(1)
        The margin reaches the bar.
    f_en : Out(1)
        Flags are written, for the record.
    barred : Out(n_lanes)
        What is written there; 0 else.
    frozen : Out(n_lanes)
        What is written there; 0 else.
    holding : Out(n_lanes)
        Frozen lanes of the word read two cycles ago.
    """

    def __init__(self, p: Params):
        self.p = p
        at = MemoryMap(p)
        self.class_parts, self.group_bits = at.class_parts, at.group_bits
        lanes, total = unsigned(p.n_lanes), shape(p.margin)
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
            ports |= register_ports(p, Params.refrac)
        super().__init__(ports)

    @property
    def delay(self) -> int:
        """Cycles from the read of a word in an election to who is ahead with it."""
        return MARGIN_LATENCY + levels(self.p.n_lanes) + 1

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
        mark, lane, addr, dropped = self._marks(m)
        one = Signal(n_lanes)
        m.d.sync += word.eq(flags.row)
        barred = word[:n_lanes] if has_barred(p) else 0
        frozen = word[-n_lanes:] if p.refrac else 0
        new_barred, new_frozen = Signal(n_lanes), Signal(n_lanes)
        m.d.comb += [
            flags.read.eq(self.read),
            flags.word.eq(self.word),
            one.eq(1 << lane),
            self.holding.eq(frozen),
            new_barred.eq(barred),
            new_frozen.eq(frozen),
            self.f_en.eq(mark != Mark.KEEP),
            flags.write.eq(self.f_en.replicate(kinds)),
            flags.addr.eq(addr),
        ]
        self._change(m, mark, one, dropped, (barred, frozen), (new_barred, new_frozen))
        kept = []
        if has_barred(p):
            m.d.comb += self.barred.eq(Mux(self.f_en, new_barred, 0))
            kept.append(new_barred)
        if p.refrac:
            m.d.comb += self.frozen.eq(Mux(self.f_en, new_frozen, 0))
            kept.append(new_frozen)
        m.d.comb += flags.data.eq(Cat(kept))
        return barred, frozen

    def _marks(self, m):
        """Keep what comes with a word until its flags are there; return it, two cycles later."""
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
        return marks[1], lanes[1], words[1], dropped[1]

    def _change(self, m, mark, one, dropped, flags, new):
        """Say what a mark makes of a word's flags, (barred, frozen); they stay as they are else."""
        (barred, frozen), (new_barred, new_frozen) = flags, new
        with m.Switch(mark):
            with m.Case(Mark.CLEAR):
                m.d.comb += [new_barred.eq(dropped), new_frozen.eq(0)]
            with m.Case(Mark.BAR_ALL):
                m.d.comb += new_barred.eq(-1)
            with m.Case(Mark.BAR):
                m.d.comb += new_barred.eq(barred | one)
            with m.Case(Mark.RESET):
                m.d.comb += new_barred.eq(barred & ~one)
                if self.p.refrac:
                    spent = Mux(self.refrac != 0, one, 0)
                    m.d.comb += new_frozen.eq((frozen & ~one) | spent)
            with m.Case(Mark.RELEASE):
                m.d.comb += new_frozen.eq(frozen & ~one)

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
        """Let the lanes compete; return the best of a word, and whether there is one now."""
        arrived = Signal(self.delay - 1)
        m.d.sync += arrived.eq(Cat(self.read & self.elect, arrived))
        word = Signal.like(self.word)
        with m.If(self.begin):
            m.d.sync += word.eq(0)
        with m.Elif(arrived[MARGIN_LATENCY - 1]):
            m.d.sync += word.eq(word + 1)
        return tournament(m, self._leaves(m, word, barred, frozen, right)), arrived[-1]

    def _leaves(self, m, word, barred, frozen, right):
        """Return the lanes with whether they may win; in odd ones margins are complements."""
        p = self.p
        n_last = p.n_neurons - (p.n_words - 1) * p.n_lanes
        leaves = []
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
            leaves.append(Node(able, self.margin[i], right[i], []))
        return leaves

    def _best(self, m, root, valid):
        """Keep the best of all words; the earlier one wins a tie."""
        margin, word = root.margin, Signal.like(self.word)  # The margin's complement.
        with m.If(self.begin):
            m.d.sync += [word.eq(0), self.found.eq(0)]
        with m.Elif(valid):
            m.d.sync += word.eq(word + 1)
            with m.If(root.able & (~self.found | exceeds(margin, self.margin_best))):
                m.d.sync += [
                    self.found.eq(1),
                    self.margin_best.eq(~margin),
                    # Of ``~margin - bar``, by one chain and a cycle before it is asked.
                    self.reaches.eq((margin.as_signed() + self.bar)[-1]),
                    self.right.eq(root.right),
                    self.best.word.eq(word),
                    self.best.lane.eq(Cat(*root.lane)),
                ]

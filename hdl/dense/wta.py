"""Stage 5, winner-take-all: who may win, and who is ahead; :mod:`golden.dense.wta` in gates."""

from amaranth.hdl import Cat, Const, Module, Mux, Signal, unsigned
from amaranth.lib import data, enum, wiring
from amaranth.lib.wiring import In, Out

from golden.dense.interface import MemoryMap
from golden.dense.params import Params
from hdl.dense.registers import register_ports
from hdl.numbers.formats import shape
from hdl.parts.memory import BlockMemory

SIGN_LATENCY = 3
"""Cycles from the read of a word to the signs of its distances."""
LOOK_LATENCY = SIGN_LATENCY + 1
"""Cycles from the read of a word to `WTA.hit`."""


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


class WTA(wiring.Component):
    """Flags of the neurons, and elections among them.

    The flags of a word read in cycle c stand in ``frozen`` in c + 2, and are marked and written
    then.

    In an election, a neuron beats the best so far if its ``theta - v - 1`` is below ``limit``. The
    signs of a whole word, read with ``look`` in c, come in c + 3, in ``below``; ``hit`` says in
    c + `LOOK_LATENCY` whether one counts. In a search, the flags of the word having been read, the
    lane ``lane`` in cycle c is judged in c + 1, if ``judge``; its distance is there then, in
    ``value``, and the last part of its class, in ``weight``. What follows is right a cycle later.

    Members
    -------
    begin : In(1)
        Start an election: nobody is found.
    waive : In(1)
        With ``begin``: everybody beats the limit; else it is ``start``.
    near : In(1)
        With ``begin``: the limit is that of the election before and ``reward_margin`` more, at most
        the largest, whatever ``waive`` says; only with a reward.
    start : In(margin)
        What ``(theta >> theta_shift) - v`` must not exceed.
    read : In(1)
        Read the flags of a word.
    word : In(group_bits)
        Which; in a search, the word that is searched.
    mark : In(Mark)
        With ``read``: what happens to them.
    lane : In(lane_bits)
        With a mark of one lane: which; in a search, who is judged in the next cycle.
    dropped : In(n_lanes)
        With `Mark.CLEAR`: who is barred.
    look : In(1)
        With ``read``: the word's signs count.
    last : In(1)
        The word whose signs come, or that is searched, is the last one.
    voting : In(1)
        A voter is elected: signs of barred lanes count, too.
    elected : In(Neuron)
        And of those, this one cannot win again.
    below : In(n_lanes)
        Of the membranes: ``theta - v - 1`` less the limit is negative.
    hit : Out(1)
        One of those that counts is.
    judge : In(1)
        A lane is judged.
    value : In(margin)
        Its ``theta - v - 1``.
    weight : In(w)
        Its class, or the last part of it; if there are two, the first is there a cycle before.
    camp : In(Camp)
        Who takes part; the same during an election.
    label : In(label)
        The class that camps are told by.
    refrac : In(refrac)
        Register; exists only with ``refrac``.
    reward_margin : In(sum_width + 1)
        Register; exists only with a reward.
    limit : Out(margin)
        ``theta - v - 1`` of the best so far, or what it must be below.
    best : Out(Neuron)
        Who that is.
    right : Out(1)
        It is of the label's class.
    found : Out(1)
        There is somebody.
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
        self.at = at = MemoryMap(p)
        lanes, distance = unsigned(p.n_lanes), shape(p.margin)
        strobes = ("begin", "waive", "near", "read", "look", "last", "voting", "judge")
        ports = {
            **dict.fromkeys(strobes, In(1)),
            "start": In(distance),
            "word": In(at.group_bits),
            "mark": In(Mark),
            "lane": In(at.lane_bits),
            "dropped": In(lanes),
            "elected": In(Neuron(p)),
            "below": In(lanes),
            "hit": Out(1),
            "value": In(distance),
            "weight": In(shape(p.w)),
            "camp": In(Camp),
            "label": In(shape(p.label)),
            "limit": Out(distance),
            "best": Out(Neuron(p)),
            "right": Out(1),
            "found": Out(1),
            "f_en": Out(1),
            "barred": Out(lanes),
            "frozen": Out(lanes),
            "holding": Out(lanes),
        }
        if p.refrac:
            ports |= register_ports(p, Params.refrac)
        if p.reward != "none":
            ports |= register_ports(p, Params.reward_margin)
        super().__init__(ports)

    def elaborate(self, platform):
        m = Module()
        barred, frozen = self._flags(m)
        self._look(m, barred, frozen)
        self._search(m, barred | frozen)
        return m

    def _flags(self, m):
        """Keep the flags; return them as they stand three cycles after an address."""
        p = self.p
        n_lanes, kinds = p.n_lanes, self.at.has_barred + bool(p.refrac)
        if not kinds:
            return Const(0, n_lanes), Const(0, n_lanes)
        m.submodules.flags = flags = BlockMemory(p.n_words, kinds, n_lanes)
        word = Signal(kinds * n_lanes)
        mark, lane, addr, dropped = self._marks(m)
        one = Signal(n_lanes)
        m.d.sync += word.eq(flags.row)
        barred = word[:n_lanes] if self.at.has_barred else Const(0, n_lanes)
        frozen = word[-n_lanes:] if p.refrac else Const(0, n_lanes)
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
        if self.at.has_barred:
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

    def _padding(self):
        """Return the lanes that no neuron has, if the word in question is the last one."""
        n_last = self.p.n_neurons - (self.p.n_words - 1) * self.p.n_lanes
        return Cat(self.last if i >= n_last else Const(0, 1) for i in range(self.p.n_lanes))

    def _look(self, m, barred, frozen):
        """Say whether anybody of a word is worth a search."""
        coming = Signal(SIGN_LATENCY)
        m.d.sync += coming.eq(Cat(self.read & self.look, coming))
        idle = frozen | Mux(self.voting, 0, barred) | self._padding()
        m.d.sync += self.hit.eq(coming[-1] & (self.below & ~idle).any())

    def _search(self, m, unable):
        """Judge one lane after the other; the earlier one wins a tie."""
        p, able, place = self.p, Signal(), Signal.like(self.lane)
        is_out = 0
        if p.ballot and not self.at.has_barred:
            is_elected = Cat(self.lane, self.word) == Cat(self.elected.lane, self.elected.word)
            is_out = self.voting & is_elected
        out = (unable | self._padding()).bit_select(self.lane, 1) | is_out
        m.d.sync += [able.eq(~out), place.eq(self.lane)]
        right = self._right(m)
        ours = (self.camp != Camp.RIGHT) | right
        ours &= (self.camp != Camp.WRONG) | ~right
        with m.If(self.begin):
            m.d.sync += [self.limit.eq(self._opening()), self.found.eq(0)]
        with m.Elif(self.judge & able & ours & (self.value < self.limit)):
            m.d.sync += [
                self.limit.eq(self.value),
                self.found.eq(1),
                self.right.eq(right),
                self.best.word.eq(self.word),
                self.best.lane.eq(place),
            ]

    def _opening(self):
        """Return the limit with which an election begins."""
        most, opening, everybody = self.p.margin.max, self.start, self.waive
        if self.p.reward != "none":
            within = self.limit + self.reward_margin
            beyond = ~within[-1] & within[len(self.limit) - 1 : -1].any()
            opening = Mux(self.near, within[: len(self.limit)].as_signed(), opening)
            everybody = Mux(self.near, beyond, everybody)
        return Mux(everybody, Const(most, self.limit.shape()), opening)

    def _right(self, m):
        """Compare the class of who is judged with the label; its first part came a cycle ago."""
        p, parts = self.p, self.at.class_parts
        if not parts:
            return Const(0, 1)
        # What is beside a class in its rows does not count.
        low, high = self.label[: p.w.width], self.label[p.w.width :]
        first, second = (self.weight.as_unsigned()[: len(x)] == x for x in (low, high))
        if parts == 1:
            return first
        before = Signal()
        m.d.sync += before.eq(first)
        return before & second

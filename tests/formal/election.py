"""Claims about an election among the neurons of a row, and about the windows that follow."""

from dataclasses import replace

from amaranth.asserts import AnyConst, AnySeq
from amaranth.hdl import Assert, Assume, Module, Mux, Signal

from hdl.dense import windows, wta
from hdl.dense.sequencer.election import AHEAD
from hdl.dense.wta import Camp, Mark
from sim.battery.networks import TINY
from tests.formal.prove import place
from tests.formal.stages import delayed

VOTERS = replace(
    TINY,
    n_neurons=5,
    n_lanes=3,
    v_width=4,
    theta_width=3,
    theta_init=1,
    refrac=1,
    reward="error",
    bar_losers=True,
)
"""Five neurons in two words of three lanes, which can be barred and frozen."""
SETTLED = 3
"""Cycles from a mark to the first read that finds it."""


def winner_is_the_best(m: Module):
    """Claim: who is elected may be, and is ahead of all others who may be; the lowest of several.

    And that no word is hit before it was read.

    Before the election flags are marked at will. One neuron, any, is followed all the way.
    """
    p = VOTERS
    dut = wta.WTA(p)
    place(m, "wta", dut)
    electing, pause = Signal(), Signal(range(SETTLED + 1))
    m.d.sync += pause.eq(Mux(dut.read, SETTLED - 1, pause - 1))
    with m.If(pause == 0):
        m.d.sync += [
            pause.eq(Mux(dut.read, SETTLED - 1, 0)),
            electing.eq(electing | ~dut.read & AnySeq(1)),
        ]
    camp, label, refrac = AnyConst(2), AnyConst(dut.label.shape()), AnyConst(1)
    m.d.comb += [
        # Registers and what is asked for do not change.
        Assume((dut.camp.as_value() == camp) & (camp <= Camp.WRONG.value)),
        Assume((dut.label == label) & (dut.refrac == refrac)),
        # One mark every three cycles, in a word and a lane that exist.
        Assume(electing | ~dut.look & ((pause == 0) | ~dut.read)),
        Assume(electing | (dut.word < p.n_words) & (dut.lane < p.n_lanes)),
    ]
    held = _Held(m, p, dut, electing)
    _follow_one(m, p, dut, held, camp, label)


class _Held:
    """An election as `hdl.dense.sequencer.election` holds it."""

    def __init__(self, m, p, dut, electing):
        self.k, self.word = Signal(5), Signal(range(p.n_words + 3))
        self.looking, self.searching, self.over = Signal(), Signal(), Signal()
        self.opening = electing & ~self.looking & ~self.searching & ~self.over
        self.search, k, word = p.n_lanes + wta.LOOK_LATENCY, self.k, self.word
        m.d.sync += k.eq(k + 1)
        with m.If(self.opening):
            m.d.sync += [self.looking.eq(1), k.eq(0)]
        with m.Elif(self.looking):
            m.d.sync += word.eq(word + k[0])
            with m.If(~k[0] & dut.hit):
                m.d.sync += [self.looking.eq(0), self.searching.eq(1), word.eq(word - 2), k.eq(0)]
            with m.Elif(~k[0] & (word == p.n_words + 1)):
                m.d.sync += [self.looking.eq(0), self.over.eq(1)]
        with m.Elif(self.searching & (k == self.search - 1)):
            last = word == p.n_words - 1
            m.d.sync += [self.searching.eq(0), self.over.eq(last), self.looking.eq(~last)]
            m.d.sync += [word.eq(word + 1), k.eq(0)]
        reading, signs = self.looking & (word < p.n_words) & ~k[0], word == p.n_words
        last = Mux(self.searching, word == p.n_words - 1, signs)
        m.d.comb += [
            Assume(dut.begin == self.opening),
            Assume(~electing | (dut.read == (reading | self.searching & (k == 0)))),
            Assume(~electing | (dut.look == self.looking) & (dut.mark == Mark.KEEP)),
            Assume(~electing | (dut.word == word[: len(dut.word)])),
            Assume(~electing | (dut.last == last)),
            Assume(~self.searching | (dut.lane == (k - 3)[: len(dut.lane)])),
            Assume(dut.judge == (self.searching & (k >= wta.LOOK_LATENCY))),
            Assume(~dut.voting & ~dut.near),
        ]


def _follow_one(m, p, dut, held, camp, label):
    word, lane = AnyConst(dut.word.shape()), AnyConst(dut.lane.shape())
    distance, right = AnyConst(dut.value.shape()), AnyConst(1)
    number = word * p.n_lanes + lane
    barred, frozen, start, waived = Signal(), Signal(), Signal.like(dut.start), Signal()
    with m.If(dut.f_en & (delayed(m, dut.word, 2) == word)):
        m.d.sync += barred.eq(dut.barred.bit_select(lane, 1))
        m.d.sync += frozen.eq(dut.frozen.bit_select(lane, 1))
    with m.If(dut.begin):
        m.d.sync += [start.eq(dut.start), waived.eq(dut.waive)]
    # Its distance is one that membranes have, and always the same; so is its class.
    come = delayed(m, dut.read & dut.look & (dut.word == word), wta.SIGN_LATENCY)
    judged = dut.judge & (dut.word == word) & delayed(m, dut.lane == lane)
    of_label = dut.weight.as_unsigned()[: len(label)] == label
    m.d.comb += [
        Assume((lane < p.n_lanes) & (number < p.n_neurons) & (distance < p.margin.max)),
        Assume(~come | (dut.below.bit_select(lane, 1) == (distance < dut.limit))),
        Assume(~judged | (dut.value == distance) & (of_label == right)),
    ]
    able = ~barred & ~frozen & ((camp != Camp.RIGHT.value) | right)
    able &= ((camp != Camp.WRONG.value) | ~right) & (waived | (distance < start))
    best = dut.best.word * p.n_lanes + dut.best.lane
    holds = [
        dut.found | ~able,
        ~(dut.found & able) | (distance >= dut.limit),
        ~(dut.found & able & (distance == dut.limit)) | (best <= number),
        ~(dut.found & (best == number)) | (able & (distance == dut.limit) & (right == dut.right)),
        ~dut.found | (best < p.n_neurons) & (dut.best.lane < p.n_lanes),
    ]
    m.d.comb += [Assert(~held.over | claim) for claim in holds]
    m.d.comb += Assert(~held.looking | ~dut.hit | (held.k >= wta.LOOK_LATENCY))


def left_of_election(state, n_words, top):
    """Return what falls in an election: words, a look and a search of each, cycles of these.

    ``top`` is above every cycle of a phase.
    """
    look = 2 * (n_words - (state.word - (state.k >> 1))[: len(state.word)]) + 1
    search = 2 * (n_words - state.word)
    part = Mux(state.looking, look, Mux(state.searching, search, 2 * n_words + 2))
    return (part << top.bit_length()) + top - state.k


def in_election(state, n_words, competing):
    """Assert that an election is in one of its parts, and where in it."""
    first = state.word - (state.k >> 1)
    looking, searching = state.looking, state.searching
    return [
        Assert(competing | ~looking & ~searching),
        Assert(~looking | ~searching),
        Assert(~looking | (first >= 0) & (first < n_words)),
        Assert(~looking | (state.word + state.k[0] <= n_words + 1)),
        Assert(~searching | (state.word < n_words)),
        Assert(state.search_ends == (searching & (state.k == state.search - 1))),
        Assert(looking | ~state.look_ends),
        Assert(~looking | (state.look_ends == ~state.k[0] & (state.word == n_words - 1 + AHEAD))),
    ]


def windows_are_of_different_neurons(m: Module):
    """Claim: no neuron has two open windows."""
    p = replace(TINY, n_neurons=4, a_late=(1, 1, 1))
    dut = windows.Windows(p)
    inner = place(m, "windows", dut)
    slots = [inner[f"age{age}"] for age in range(p.ltd_window + 1)]
    m.d.comb += Assume(~dut.open | ~dut.hit)  # Proved: `control.windows_open_once_a_step`.
    for i, slot in enumerate(slots):
        for other in slots[:i]:
            m.d.comb += Assert(~(slot[0] & other[0]) | (slot[1:] != other[1:]))

"""Claims about an election among the neurons of a row, and about the windows that follow."""

from dataclasses import replace

from amaranth.asserts import AnyConst, AnySeq
from amaranth.hdl import Array, Assert, Assume, Module, Mux, Signal

from hdl.dense import windows, wta
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

    Before the election flags are marked at will. One neuron, any, is followed all the way.
    """
    p = VOTERS
    dut = wta.WTA(p)
    place(m, "wta", dut)
    length = 2 * (p.n_words - 1) + dut.delay
    electing, k, pause = Signal(), Signal(range(length + 1)), Signal(range(SETTLED + 1))
    m.d.sync += [k.eq(Mux(electing, k + 1, 0)), pause.eq(Mux(dut.read, SETTLED - 1, pause - 1))]
    with m.If(pause == 0):
        m.d.sync += [
            pause.eq(Mux(dut.read, SETTLED - 1, 0)),
            electing.eq(electing | ~dut.read & AnySeq(1)),
        ]
    camp, label, refrac = AnyConst(2), AnyConst(dut.label.shape()), AnyConst(1)
    bar = AnyConst(dut.bar.shape())
    m.d.comb += [
        # As in `hdl.dense.sequencer.election`; registers and what is asked for do not change.
        Assume((dut.camp.as_value() == camp) & (camp <= Camp.WRONG.value)),
        Assume((dut.label == label) & (dut.refrac == refrac) & (dut.bar == bar)),
        Assume(dut.begin == (electing & (k == 0))),
        Assume(~electing | (dut.read == ((k < 2 * p.n_words) & ~k[0]))),
        Assume(~electing | (dut.word == k[1:][: len(dut.word)])),
        Assume(~electing | dut.elect & (dut.mark == Mark.KEEP)),
        # One mark every three cycles, in a word and a lane that exist.
        Assume(electing | ~dut.elect & ((pause == 0) | ~dut.read)),
        Assume((dut.word < p.n_words) & (dut.lane < p.n_lanes)),
    ]
    _follow_one(m, p, dut, electing & (k == length), camp, label)


def _follow_one(m, p, dut, verdict, camp, label):
    word, lane = AnyConst(dut.word.shape()), AnyConst(dut.lane.shape())
    number = word * p.n_lanes + lane
    barred, frozen, right = Signal(), Signal(), Signal()
    margin = Signal(dut.margin_best.shape())
    of_label = delayed(m, Array(dut.row)[lane].as_unsigned()[: len(label)] == label, 2)
    with m.If(dut.f_en & (delayed(m, dut.word, 2) == word)):
        m.d.sync += barred.eq(dut.barred.bit_select(lane, 1))
        m.d.sync += frozen.eq(dut.frozen.bit_select(lane, 1))
    with m.If(delayed(m, dut.read & dut.elect & (dut.word == word), 3)):
        # Odd lanes bring the complement.
        told = Array(dut.margin)[lane]
        m.d.sync += margin.eq(Mux(lane[0], ~told, told))
        m.d.sync += right.eq(of_label)
    able = ~barred & ~frozen & ((camp != Camp.RIGHT.value) | right)
    able &= (camp != Camp.WRONG.value) | ~right
    best = dut.best.word * p.n_lanes + dut.best.lane
    holds = [
        dut.found | ~able,
        ~(dut.found & able) | (margin <= dut.margin_best),
        ~(dut.found & able & (margin == dut.margin_best)) | (best <= number),
        ~(dut.found & (best == number))
        | (able & (margin == dut.margin_best) & (right == dut.right)),
        ~dut.found | (dut.reaches == (dut.margin_best >= dut.bar)),
        ~dut.found | (best < p.n_neurons) & (dut.best.lane < p.n_lanes),
    ]
    m.d.comb += Assume((lane < p.n_lanes) & (number < p.n_neurons))
    m.d.comb += [Assert(~verdict | claim) for claim in holds]


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

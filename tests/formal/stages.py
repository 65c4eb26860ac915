"""Claims about single stages."""

from dataclasses import replace

from amaranth.asserts import AnyConst, AnySeq
from amaranth.hdl import Array, Assert, Assume, Cat, Module, Mux, Signal, signed

from hdl.dense import homeostasis, membrane, stdp
from hdl.dense.events import DEPTH
from hdl.dense.membrane import LaneOp
from hdl.dense.stdp import LATENCY
from hdl.numbers import lfsr
from hdl.parts import queue
from sim.battery.networks import TINY
from tests.formal.prove import place

PLASTIC = replace(TINY, width=3, dw_shift=4, a_plus=(1, 2), a_late=(3,), weight_bits=8)
"""Sweeps of both kinds over three axons."""
ONE_PORT = replace(PLASTIC, width=9, single_port=True)
"""More axons than are on their way at a time, so that they wait."""
NARROW = replace(PLASTIC, weight_bits=6)
"""The same for a claim that multiplies the solver's work with every bit."""


def delayed(m: Module, value, n_cycles: int = 1):
    """Return a value some cycles later; 0 before."""
    for _ in range(n_cycles):
        late = Signal(value.shape())
        m.d.sync += late.eq(value)
        value = late
    return value


def weights_stay_in_bounds(m: Module):
    """Claim: every weight written is in its bounds if the weight read was."""
    dut = stdp.STDP(NARROW)
    place(m, "stdp", dut)
    low, high = AnyConst(dut.w_min.shape()), AnyConst(dut.w_max.shape())
    read = delayed(m, dut.w_read, 3)
    m.d.comb += [
        # The host writes registers between presentations only, and low ones below high ones.
        Assume((dut.w_min == low) & (dut.w_max == high) & (low <= high)),
        # What the memory holds was written by the host within the bounds, or here.
        Assume(~read | ((dut.weight >= low) & (dut.weight <= high))),
        Assert(~dut.w_en | ((dut.w_data >= low) & (dut.w_data <= high))),
    ]


def weights_never_go_further_out(m: Module):
    """Claim: no weight written is higher than ``w_max`` and the weight read; nor lower likewise."""
    dut = stdp.STDP(PLASTIC)
    place(m, "stdp", dut)
    low, high = AnyConst(dut.w_min.shape()), AnyConst(dut.w_max.shape())
    # Weights are read one a cycle and written in that order.
    read = delayed(m, dut.w_read, 3)
    weight = delayed(m, dut.weight, LATENCY - 3)
    m.d.comb += [
        # The host writes registers between presentations only, and low ones below high ones.
        Assume((dut.w_min == low) & (dut.w_max == high) & (low <= high)),
        Assert(~dut.w_en | delayed(m, read, LATENCY - 3)),
        Assert(~dut.w_en | (dut.w_data >= Mux(weight < low, weight, low))),
        Assert(~dut.w_en | (dut.w_data <= Mux(weight > high, weight, high))),
    ]


def random_register_is_never_zero(m: Module):
    """Claim: the random register, loaded with anything but 0, never becomes 0, and stuck."""
    dut = stdp.STDP(PLASTIC)
    place(m, "stdp", dut)
    m.d.comb += [
        # `golden` has no state 0: `golden.numbers.lfsr.seeded` never gives it.
        Assume(~dut.lfsr_en | (dut.lfsr_data != 0)),
        Assert(dut.lfsr != 0),
    ]


def random_words_differ(m: Module):
    """Claim: two states never have the same successor, so the register forgets nothing."""
    one, other = (AnyConst(lfsr.STATE_WIDTH) for _ in range(2))
    m.d.comb += Assert((one == other) | (lfsr.step(one) != lfsr.step(other)))


def sums_saturate(p):
    """Return the claim that what is written in a lane is the exact sum, clipped."""

    def build(m: Module):
        dut = membrane.Membrane(p)
        inner = place(m, "membrane", dut)
        issue, row = Signal.like(dut.issue), Signal.like(dut.row)
        m.d.sync += [
            issue.eq(delayed(m, dut.issue.as_value())),
            row.eq(delayed(m, dut.row.as_value())),
        ]
        _issue_promises(m, p, issue)
        wide, lane = signed(32), AnyConst(dut.select.shape())
        old, b, total, stored = (
            Signal(wide, name=name) for name in ("old", "b", "total", "stored")
        )
        n_lane = Array(dut.n_data)[lane]
        fmt = [(Mux(issue.theta, p.theta.min, p.v.min)), Mux(issue.theta, p.theta.max, p.v.max)]
        m.d.sync += old.eq(Array(inner[f"old{i}"] for i in range(p.n_lanes))[lane])
        m.d.comb += [
            Assume(lane < p.n_lanes),
            total.eq(Mux(issue.zero, 0, old) + b),
            stored.eq(Mux(issue.theta, n_lane[: p.theta.width], n_lane[: p.v.width].as_signed())),
            Assert(
                ~dut.n_en.bit_select(lane, 1)
                | (stored == Mux(total < fmt[0], fmt[0], Mux(total > fmt[1], fmt[1], total)))
            ),
        ]
        with m.Switch(issue.op):
            with m.Case(LaneOp.WEIGHT):
                m.d.comb += b.eq(Array(row)[lane])
            with m.Case(LaneOp.CONST):
                m.d.comb += b.eq(issue.const)
            with m.Case(LaneOp.LEAK):
                m.d.comb += b.eq(-(old >> p.leak_shift))
            with m.Case(LaneOp.DECAY):
                m.d.comb += b.eq(-(old >> p.theta_decay_shift))

    return build


def _issue_promises(m, p, issue):
    """Assume what `hdl.dense.sequencer` and `hdl.dense.host` issue."""
    const = issue.const
    least, most = -(2**p.v.width - 1), p.v.max
    allowed = Mux(
        issue.theta, (const >= 0) & (const <= p.theta.max), (const >= least) & (const <= most)
    )
    m.d.comb += [
        # A distance is never written.
        Assume(~issue.write | (issue.op.as_value() <= LaneOp.DECAY.value)),
        Assume(
            (issue.op != LaneOp.WEIGHT) & (issue.op != LaneOp.LEAK) | ~issue.theta | ~issue.write
        ),
        Assume((issue.op != LaneOp.DECAY) | issue.theta),
        # `theta_plus` or a theta; `v_reset`, `-leak_sub` or `-v_inhibit`, which have v's bits.
        # Only an election's limit has more, with which nothing is written.
        Assume((issue.op != LaneOp.CONST) | allowed | ~issue.write),
        Assume((issue.op == LaneOp.CONST) | (const == 0) | ~issue.write),
        # Only constants are loaded, and none that would saturate.
        Assume(~issue.zero | (issue.op == LaneOp.CONST) & (issue.theta | (const >= p.v.min))),
    ]


def queue_keeps_order(m: Module):
    """Claim: an event that enters behind n others leaves, unchanged, after n others."""
    dut = queue.Queue(4, DEPTH)
    inner = place(m, "queue", dut)
    words = Array(inner[f"word{k}"] for k in range(DEPTH))
    used = Cat(inner[f"used{k}"] for k in range(DEPTH))
    push, take = dut.i.valid & dut.i.ready, dut.o.valid & dut.o.ready
    choose, waiting, ahead = Signal(), Signal(), Signal(range(DEPTH + 1))
    payload, count = Signal.like(dut.i.payload), Signal(range(DEPTH + 1))
    m.d.comb += choose.eq(push & ~waiting & AnySeq(1))
    m.d.sync += count.eq(count + push - take)
    with m.If(choose):
        m.d.sync += [payload.eq(dut.i.payload), ahead.eq(count - take), waiting.eq(1)]
    with m.Elif(waiting & take):
        m.d.sync += [ahead.eq(ahead - 1), waiting.eq(ahead != 0)]
    m.d.comb += [
        Assert((count != 0) == dut.o.valid),
        Assert((count != DEPTH) == dut.i.ready),
        Assert(~(waiting & take & (ahead == 0)) | (dut.o.payload == payload)),
        # Invariants: as many places are used as events are inside, the lowest ones.
        Assert(used == (1 << count) - 1),
        Assert(count <= DEPTH),
        Assert(~waiting | ((ahead < count) & (words[ahead] == payload))),
    ]


def thresholds_saturate(m: Module):
    """Claim: the common offset rises to its largest value and stays there; the limit is exact."""
    p = replace(TINY, v_width=6, theta_width=5, offset_shift=3, offset_plus=1, theta_init=1)
    dut = homeostasis.Homeostasis(p)
    place(m, "homeostasis", dut)
    raised, limit = Signal(32), Signal(signed(32))
    m.d.sync += raised.eq(Mux(dut.rise, dut.offset + dut.offset_plus, dut.offset))
    with m.If(dut.offset_en):
        m.d.sync += raised.eq(dut.offset_data)
    m.d.sync += limit.eq((dut.offset >> p.offset_shift) - dut.v_th)
    m.d.comb += [
        Assert(dut.offset == Mux(raised > p.offset.max, p.offset.max, raised)),
        Assert(dut.limit == limit),
    ]

"""Claims about the network core: its queue, its counters, and that a run ends."""

from dataclasses import dataclass, replace
from typing import Any

from amaranth.asserts import AnySeq
from amaranth.hdl import Array, Assert, Assume, Cat, Const, Module, Mux, Signal, signed

from golden.cells.cell import Cell
from golden.cells.schedule import GENERIC
from golden.cells.trace import Trace
from golden.cells.value import select
from golden.network.chip import Chip, Kind
from golden.network.interface import COUNTER_BITS, HOST_CYCLES, Phase, registers
from hdl.network.emission import Emission
from hdl.network.intake import Intake
from hdl.network.registers import HostRegisters
from hdl.network.ring import Ring
from hdl.network.sequencer import ENDS, StepSequencer
from tests.formal.prove import place
from tests.formal.stages import delayed


@dataclass(frozen=True)
class Adding(Cell):
    """As small as a cell can be."""

    threshold: Any = 3

    def step(self, trace: Trace) -> None:
        """Add, and begin anew at the threshold."""
        v = trace.state("v", 3, 0, 0) + trace.receptor("in", 3, 0)
        fired = v >= trace.constant("threshold", self.threshold, 0)
        trace.write("v", select(fired, trace.number(0), v))
        trace.spike(fired, v)


def _kind(name: str, interval: int) -> Kind:
    return Kind(name, Adding().program(1.0), 4, inlet_bits=(4,), interval=interval)


CHIP = Chip(
    (_kind("one", 1), _kind("other", 3)),
    GENERIC,
    script_words=16,
    axons=4,
    runs=2,
    synapses=2,
    queue=3,
    count_bits=1,
    gap_bits=1,
    family_bits=1,
    weight_bits=2,
    family_weight_bits=0,
    elects=True,
)
"""A core of two kinds; its queue has three places."""
JOINED = replace(CHIP, junctions=1, junction_factor_bits=4)
OF_GROUP = (Phase.LOAD, Phase.RUN, Phase.ELECT, Phase.EMIT)
OF_STEP = (Phase.WALK, Phase.JUNCTIONS, Phase.EXTERNAL, *OF_GROUP)
"""Phases between two ends of a step, if there are no random words."""


def queue_neither_loses_nor_doubles(m: Module):
    """Claim: an entry behind n others is shown, unchanged, when n have gone.

    What a full queue cannot take is told; the length is what has been written and has not gone.
    """
    dut = Ring(CHIP)
    place(m, "ring", dut)
    gone = dut.put_back | dut.drop
    count, left, follows = Signal(range(4)), Signal(range(4)), Signal()
    visible, opened = left != 0, delayed(m, dut.open)
    ahead, word = Signal(range(4)), Signal(len(dut.new.as_value()))
    m.d.comb += [
        # As in WALK: one order at most, none until the first entry is shown, and only an entry that
        # is shown goes.
        Assume(dut.push + dut.open + dut.put_back + dut.drop + opened <= 1),
        Assume(~gone | visible),
        Assume(~(dut.set_head | dut.set_length)),
        Assume(~(dut.host_runs.write | dut.host_synapses.write)),
        Assume(~(dut.host_runs.read | dut.host_synapses.read)),
    ]
    choose = dut.written & ~follows & AnySeq(1)
    m.d.sync += count.eq(count + (dut.push & (count != 3)) - dut.drop)
    # Those that were there at an opening are shown, not what came behind it.
    with m.If(dut.open | opened):
        m.d.sync += left.eq(Mux(opened, count, 0))
    with m.Elif(gone):
        m.d.sync += left.eq(left - 1)
    with m.If(choose):
        m.d.sync += [word.eq(dut.new.as_value()), ahead.eq(count - gone), follows.eq(1)]
    with m.Elif(follows & gone):
        m.d.sync += [ahead.eq(ahead - 1), follows.eq(ahead != 0)]
    m.d.comb += [
        Assert(dut.length == count),
        Assert(dut.lost == (dut.push & (count == 3))),
        Assert(dut.written == (dut.put_back | dut.push & (count != 3))),
        Assert((dut.head < 3) & (dut.place < 3)),
        Assert(~(follows & visible & (ahead == 0)) | (dut.entry.as_value() == word)),
    ]


def nothing_overflows_uncounted(m: Module):
    """Claim: counters rise by all that is counted, and stop at their largest value."""
    dut = HostRegisters(CHIP, 2)
    inner = place(m, "registers", dut)
    most = (1 << COUNTER_BITS) - 1
    counters = [dut.lost, *(inner[f"count_{i}"] for i in range(len(dut.counted)))]
    cases = [dut.loses, *(dut.cases[i] for i in range(len(dut.counted)))]
    first = list(registers(CHIP)).index("lost")
    for i, (counter, more) in enumerate(zip(counters, cases, strict=True)):
        wanted = Signal(COUNTER_BITS, name=f"wanted{i}")
        m.d.sync += wanted.eq(Mux(counter + more > most, most, counter + more))
        with m.If(dut.host.write & (dut.host.index[: _bits(dut)] == first + i)):
            m.d.sync += wanted.eq(dut.host.data)
        m.d.comb += Assert(counter == wanted)


def _bits(dut: HostRegisters) -> int:
    return (len(dut.bits) - 1).bit_length()


def core_returns_to_idle(m: Module):
    """Claim: whatever happens, a phase is followed by one that is nearer to the end of the run.

    How far it is, is a number: of steps that are left, of groups of this step, of phases of this
    group. As phases end (`group_ends`, `spikes_end`, and streams are taken), so does a run.
    """
    dut = StepSequencer(JOINED)
    inner = place(m, "sequencer", dut)
    phase, groups, count = dut.phase, inner["groups_left"], inner["count"]
    steps = Signal(32)
    running = Cat(phase == each for each in (*OF_STEP, Phase.ENDSTEP)).any()
    of_group = Cat(phase == each for each in OF_GROUP).any()
    rank = Array(_rank(Phase(number)) for number in range(len(Phase)))[phase]
    within = Mux(of_group, groups << 3, 0) + rank
    measure = Cat(within[:14], Mux(running, steps, 0))
    before, was = delayed(m, measure), delayed(m, phase)
    m.d.comb += [
        steps.eq(-count),
        # The register holds still in a step.
        Assume(~delayed(m, running) | (dut.groups == delayed(m, dut.groups))),
        Assert((was == phase) | (was == Phase.IDLE) | (measure < before)),
        Assert(~running | (count != 0)),
        Assert(~of_group | (groups != 0)),
        Assert((phase != Phase.HOST) == (dut.hosting == 0)),
        Assert(phase <= Phase.JUNCTIONS),
        Assert(phase != Phase.KEYS),
    ]
    for k in range(HOST_CYCLES):
        m.d.comb += Assert(~dut.hosting[k] | (dut.hosting == 1 << k))
    # Nobody stays where it has been told that this is the last cycle.
    ended = Cat(dut.last[i] & (phase == each) for i, each in enumerate(ENDS)).any()
    ended |= dut.done_valid & dut.done_ready | dut.response_valid & dut.response_ready
    ended |= (phase == Phase.ENDSTEP) | dut.hosting[-1]
    m.d.comb += Assert(~delayed(m, ended) | (was != phase) | (within < delayed(m, within)))


def _rank(phase: Phase) -> int:
    """Return how far a phase is from the end of what it belongs to."""
    far = 1 << 12
    ranks = {Phase.HOST: 2, Phase.RESPOND: 1, Phase.DONE: 1, Phase.WALK: 2 * far}
    ranks |= {
        Phase.JUNCTIONS: far + far // 2,
        Phase.EXTERNAL: far,
        Phase.LOAD: 6,
        Phase.RUN: 5,
        Phase.ELECT: 4,
        Phase.EMIT: 3,
    }
    return ranks.get(phase, 2 if phase == Phase.ENDSTEP else 0)


def group_ends(m: Module):
    """Claim: RUN ends.

    In every cycle of it a neuron enters, a pause shrinks, or what is under way comes nearer to
    being written.
    """
    dut = Intake(CHIP, [kind.schedule(GENERIC) for kind in CHIP.kinds])
    inner = place(m, "intake", dut)
    left, over, drain, pause = (inner[name] for name in ("left", "over", "drain", "pause"))
    m.d.comb += [
        # As `hdl.network.script` and `hdl.network.sequencer` do.
        Assume(~(dut.run & dut.set_neurons) & (dut.kind < 2)),
        Assume(~delayed(m, dut.run & ~dut.done) | dut.run & (dut.kind == delayed(m, dut.kind))),
        Assume(~delayed(m, dut.done) | ~dut.run),
        Assume(~dut.set_neurons | (dut.data != 0) & (dut.data <= 4)),
        Assume(~dut.run | over | (left != 0)),
        Assert(left <= 4),
        Assert(over == (drain != 0)),
        Assert(~over | (left == 0) & dut.run),
        Assert(drain <= max(dut.drains)),
        Assert(pause < max(dut.intervals)),
    ]
    steps = Signal(signed(12))
    m.d.comb += steps.eq(Mux(over, drain, left * 4 + pause + max(dut.drains) + 1))
    going = delayed(m, dut.run) & dut.run
    m.d.comb += Assert(~going | (steps < delayed(m, steps)))


def spikes_end(m: Module):
    """Claim: EMIT ends.

    A spike that is taken, passed or has lost is one fewer, and no other cycle passes than the first
    one, waiting for who takes it, and the last one.
    """
    chip = replace(CHIP, elects=False)
    dut = Emission(chip, signed(4))
    inner = place(m, "emission", dut)
    fired, begun = inner["fired"], inner["begun"]
    m.d.comb += [
        Assume(~dut.emitting | ~dut.decided & ~dut.reset),
        Assume(~delayed(m, dut.emitting & ~dut.done) | dut.emitting),
        Assume(~delayed(m, dut.emitting) | (dut.silent == delayed(m, dut.silent))),
        Assume(~delayed(m, dut.done) | ~dut.emitting),
        # As many as there are.
        Assume(~dut.decided | (fired < chip.slots)),
        Assert(fired <= chip.slots),
        Assert(~dut.done | (fired == 0)),
        Assert(~dut.spiked | (fired != 0)),
        Assert(~(dut.emitting & delayed(m, dut.emitting)) | begun),
    ]
    takes = dut.emitting & begun & (dut.ready | dut.silent)
    m.d.comb += Assert(
        ~delayed(m, takes)
        | delayed(m, dut.done)
        | (fired == (delayed(m, fired) - Const(1, 1))[: len(fired)])
    )

"""Claims about the core: who is elected, what inference leaves alone, and that it ends."""

from dataclasses import replace
from types import MethodType

from amaranth.asserts import AnySeq
from amaranth.hdl import Assert, Cat, Fragment, Module, Signal, Value
from amaranth.lib import wiring

from golden.dense.interface import Phase
from hdl.dense.core import Core
from hdl.dense.sequencer.state import Election
from hdl.dense.stdp import LATENCY
from sim.battery.networks import TINY
from tests.formal.prove import drive, signals

EVERYTHING = replace(
    TINY,
    n_neurons=3,
    n_lanes=2,
    n_steps=3,
    weight_bits=4,
    w_min=-8,
    w_max=7,
    leak_shift=2,
    leak_sub=1,
    activity_gain=1,
    refrac=1,
    v_inhibit=3,
    bar_losers=True,
    drop_chance=9,
    theta_decay_shift=1,
    a_plus=(3,),
    a_late=(1, 1),
    reward="error",
    ballot=True,
    vote_spikes=3,
    dw_shift=2,
)
"""A core with every feature there is."""
SMALL = replace(
    TINY,
    n_lanes=2,
    n_steps=2,
    a_plus=(3,),
    a_late=(1, 1),
    dw_shift=2,
    weight_bits=4,
    w_min=-8,
    w_max=7,
)
"""A core that comes to its second lesson within 46 cycles."""
BETWEEN = (Phase.IDLE, Phase.HOST, Phase.RESPOND)
"""Phases outside of presentations."""
STAGES = (
    "receptive_field",
    "encoder",
    "events",
    "membrane",
    "wta",
    "homeostasis",
    "stdp",
    "classifier",
    "windows",
    "refractory",
)
"""What can be loose: all stages but those of wires and registers."""


class Placed:
    """A core in a module, with its sequencer, its stages and their signals.

    A stage in ``loose`` may do anything at all: what holds for such a core holds for the real one.
    """

    def __init__(self, m: Module, p, loose=()):
        core = Core(p)
        self.sequencer, self.stages = core.sequencer, core.stages
        for name, stage in vars(core.stages).items():
            if name in loose:
                stage.elaborate = MethodType(anything, stage)
        drive(m, core)
        self.core = core
        self.fragment = Fragment.get(core, None)
        m.submodules.core = self.fragment

    @property
    def state(self):
        """What the sequencer's phases share."""
        return self.sequencer.state

    def phase_in(self, *phases) -> Value:
        """Return whether the phase is one of these."""
        return self.state.phase.at(*phases)

    def told(self) -> list:
        """Assert that it is a phase, and that flip-flops tell it and which cycle of it it is."""
        state = self.state
        flags = {
            BETWEEN: state.resting,
            (Phase.RESPOND,): state.responding,
            (Phase.RESULT,): state.resulting,
            (Phase.INTEGRATE,): state.integrating,
        }
        return [
            Assert(state.phase.value < len(state.phase.codes)),
            Assert(state.written == (state.k == state.single - 1)),
            Assert(state.passed == (state.k == state.length - 1)),
            *(Assert(flag == self.phase_in(*phases)) for phases, flag in flags.items()),
        ]

    def inside(self, name: str) -> dict[str, Signal]:
        """Return the signals of a stage, by name."""
        return signals(next(f for f, stage, _ in self.fragment.subfragments if stage == name))

    @property
    def presenting(self) -> Value:
        """Whether a presentation is under way."""
        return ~self.phase_in(*BETWEEN)


def anything(stage, platform):
    """Elaborate a part that may do anything at all."""
    m = Module()
    for _, member, value in stage.signature.flatten(stage):
        if member.flow is wiring.Out:
            port = Value.cast(value)
            m.d.comb += port.eq(AnySeq(len(port)))
    return m


def one_winner_a_step(m: Module):
    """Claim: no step has two elections of a winner that succeed, whatever the stages do."""
    placed = Placed(m, EVERYTHING, STAGES)
    state, found = placed.state, Signal()
    first = state.election == Election.WINNER
    wins = placed.phase_in(Phase.VERDICT) & placed.sequencer.orders.record.elected & first
    with m.If(state.resting | placed.phase_in(Phase.ENDSTEP)):
        m.d.sync += found.eq(0)
    with m.Elif(wins):
        m.d.sync += found.eq(1)
    before = placed.phase_in(Phase.DRY, Phase.CLEAR, Phase.LEAK, Phase.INTEGRATE, Phase.INHIBIT)
    before |= placed.phase_in(Phase.RESET, Phase.RELEASE)
    m.d.comb += placed.told()
    m.d.comb += [
        Assert(~(found & wins)),
        # Invariants: who has been found is not looked for again.
        Assert(~(found & before)),
        Assert(~(found & first & placed.phase_in(Phase.COMPETE))),
    ]


def inference_writes_no_learned_state(m: Module):
    """Claim: from a start without ``learn`` to IDLE no weight, theta, last or counter changes."""
    placed = Placed(m, EVERYTHING)
    stages, state = placed.stages, placed.state
    stdp, homeostasis = stages.stdp, stages.homeostasis
    inference = placed.presenting & ~state.learn
    m.d.comb += placed.told()
    m.d.comb += [
        Assert(~(inference & stages.synapse.write)),
        Assert(~(inference & stages.membrane.n_en.any() & stages.membrane.n_row[0])),
        Assert(~(inference & stdp.last_en)),
        Assert(~(inference & stdp.table_en)),
        Assert(~(inference & stages.registers.write)),
    ]
    was = Signal()
    m.d.sync += was.eq(inference)
    learned = (stdp.lfsr, homeostasis.offset, homeostasis.presented, homeostasis.decay_count)
    for kept in learned:
        before = Signal(len(kept))
        m.d.sync += before.eq(kept)
        m.d.comb += Assert(~was | (kept == before))
    sweeping = Signal(LATENCY)
    m.d.sync += sweeping.eq(Cat(stdp.w_read, sweeping))
    learning = placed.phase_in(Phase.TEACH, Phase.SWEEP, Phase.RISE, Phase.DECAY)
    m.d.comb += [
        # Invariants: phases of learning are entered when learning; a sweep is over with SWEEP.
        Assert(~(inference & learning)),
        Assert(~(inference & stages.windows.any)),
        Assert(~(inference & (state.election == Election.RIVAL)) | ~_competing(placed)),
        Assert(~(stdp.w_read | sweeping.any()) | placed.phase_in(Phase.SWEEP)),
    ]


def _competing(placed):
    return placed.phase_in(Phase.COMPETE, Phase.VERDICT)


def windows_open_once_a_step(m: Module, p=EVERYTHING):
    """Claim: a window opens only for a neuron that has none, and in a free place."""
    placed = Placed(m, p, [name for name in STAGES if name != "windows"])
    windows, state = placed.stages.windows, placed.state
    youngest = placed.inside("windows")["age0"][0]
    lessons = placed.phase_in(Phase.TEACH) | placed.phase_in(Phase.SWEEP) & ~state.finishing
    after = placed.phase_in(Phase.RISE, Phase.ENDSTEP, Phase.FINISH, Phase.DECAY, Phase.DECIDE)
    after |= placed.phase_in(Phase.RESULT, Phase.SWEEP) | placed.phase_in(*BETWEEN)
    m.d.comb += placed.told()
    m.d.comb += [
        Assert(~windows.open | ~windows.hit & ~youngest),
        # Invariants: the youngest window is of this step, and there since its first lesson.
        Assert(~youngest | after | lessons & (state.taught != 0)),
        Assert(~(lessons & youngest) | (state.taught != 0)),
        Assert(~placed.phase_in(Phase.FINISH) | state.finishing),
    ]

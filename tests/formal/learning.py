"""Claims about a chip that learns: its ring of visits, posts that wait, bounds of weights."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import MethodType

import numpy as np
from amaranth.asserts import AnyConst, AnySeq
from amaranth.hdl import Assert, Assume, Cat, Module, Mux, Signal, Value

from golden.network.chip import Chip, unit
from golden.network.interface import Phase
from golden.network.rules import PairSTDP, Rule
from golden.network.rules.interface import LAST_BITS
from golden.network.rules.learner import LearningUnit
from golden.network.rules.learning import learning
from golden.network.rules.synapse import Synapse
from hdl.network.core import NetworkCore
from hdl.network.learning.latest import FOUND
from hdl.network.learning.passes import Passes
from hdl.network.learning.replay import AllPlaces, LearnedRuns
from hdl.network.learning.visits import AHEAD, Visits
from sim.battery.learner_chips import Counting
from tests.formal.control import anything
from tests.formal.network import CHIP, OF_GROUP, OF_STEP
from tests.formal.prove import drive, place
from tests.formal.stages import delayed


def learner_chip(rule: Rule, chip: Chip = CHIP) -> Chip:
    """Return a small core whose synapses learn by a rule; two posts of a place can wait."""
    receptor = chip.kinds[0].program.receptors[0]
    words = learning(rule, 1.0, receptor, np.zeros(1), 0)
    made = LearningUnit.of(words, runs=2, synapses=2, posts=2, span_bits=1)
    return replace(chip, learner=made)


LEARNER = learner_chip(Counting(w_min=-2, w_max=3, bits=4, every=3.0))
"""Of a rule whose turn is as short as can be, with epochs."""
LEARNERS = (
    *("sequencer", "host", "registers", "walker", "admission", "visits", "run_memories"),
    *("learned_runs", "all_places", "latest", "notes", "backlog", "emission"),
)
"""Parts that learn, and that say when."""
PAIRS = learner_chip(
    PairSTDP(pairs="nearest", w_min=-2, w_max=3, bits=4, a_plus=1, a_minus=1, tau_plus=2)
)
"""Of a rule with tables and products."""


@dataclass(frozen=True, kw_only=True)
class Praised(Counting):
    """Counting, and every reward adds to the weight."""

    def on_reward(self, s: Synapse) -> None:
        """Add it."""
        s.w += s.reward


LATE = learner_chip(Praised(w_min=-2, w_max=3, bits=4, every=3.0, norm=4.0))
"""Of a rule with all phases: rewards, epochs and a norm."""


def visits_write_once(m: Module, chip: Chip = LEARNER):
    """Claim: a visit that learns writes its own synapse once, when its last pass is over.

    It has as many passes as the page says, and none is lost or done twice; one that does not learn
    writes nothing. In WALK each of them transmits once. The pipelines may give anything.

    The ring has a place for every cycle of a turn, and one of them, any, is followed.
    """
    dut = Visits(chip)
    dut.passes.elaborate = MethodType(anything, dut.passes)
    inner = place(m, "visits", dut)
    cycle, ours = Signal(range(dut.turn)), AnyConst(range(dut.turn))
    rest, visitor = Signal(dut.learner.count_bits + 1), Signal.like(dut.visitor)
    turns, ends, again = cycle == ours, rest == 1, rest > 1
    passes = dut.count + ~dut.replay
    m.d.sync += cycle.eq(Mux(cycle == dut.turn - 1, 0, cycle + 1))
    with m.If(turns):
        m.d.sync += rest.eq(Mux(again, rest - 1, 0))
        with m.If(dut.enter):
            m.d.sync += [
                rest.eq(Mux(dut.visitor.run.taught & (passes != 0), passes, 1)),
                visitor.eq(dut.visitor.as_value()),
            ]
    _visits_promise(m, dut)
    done = delayed(m, turns)
    inside, left = done & (rest != 0), inner["left"]
    m.d.comb += [
        Assert(~turns | ~again | ~dut.enter),
        Assert(~done | (dut.learned == delayed(m, ends & visitor.run.taught & dut.learn))),
        Assert(~done | ~dut.learned | (dut.synapse == delayed(m, visitor.synapse))),
        Assert(~turns | (delayed(m, dut.leave) == (dut.walk & ends))),
        # Invariants: where the one that is followed is, and how often it has to go round.
        Assert(cycle < dut.turn),
        Assert(~turns | (inner["there"][-1] == (rest != 0)) & (inner["later"][-1] == again)),
        Assert(~done | (inner["there"][0] == (rest != 0))),
        Assert(~inside | (inner["visitor"] == visitor.as_value())),
        Assert(~inside | (left == rest - ~dut.replay) | dut.replay & ends & (left == 0)),
    ]


def _visits_promise(m, dut):
    """Assume what the parts around a ring of visits do."""
    phases = Cat(dut.walk, dut.replay, dut.epoch, dut.rewarding, dut.scale)
    m.d.comb += [
        # A synapse is not issued where another visit enters again when it would.
        Assume(~(delayed(m, dut.stall, AHEAD - 1) & dut.enter)),
        # One of the five phases, which lasts as long as a visit is under way.
        Assume((phases & (phases - 1)[: len(phases)]) == 0),
        Assume(~dut.enter | phases.any()),
        Assume(~delayed(m, dut.busy) | (phases == delayed(m, phases))),
        Assume(~delayed(m, dut.busy) | (dut.learn == delayed(m, dut.learn))),
        # No more wait than there is room for; none does if nothing learns.
        Assume(dut.count <= dut.learner.posts),
        Assume(dut.learn | (dut.count == 0)),
    ]


def learned_weights_stay_in_bounds(m: Module, chips: Sequence[Chip] = (LEARNER, PAIRS)):
    """Claim: a weight that is within its bounds is so after a pass of any kind, for ever.

    Whatever ages, rewards and factors are, and how often it goes round. The weight is the only
    word.
    """
    for number, chip in enumerate(chips):
        dut = Passes(chip)
        place(m, f"passes_{number}", dut)
        word = unit(chip).words[0]
        before, after = dut.words.word_0, dut.now.word_0
        m.d.comb += [
            Assume((before >= word.low) & (before <= word.high)),
            Assert((after >= word.low) & (after <= word.high)),
        ]


def every_run_is_offered_once(m: Module):
    """Claim: REPLAY and EPOCH are not over before every run that learns has been taken once.

    In their order, each with the address of its own first synapse.
    """
    dut = LearnedRuns(LEARNER)
    at = place(m, "runs", dut)["at"]
    taken, synapse = Signal.like(dut.learned), Signal.like(dut.o.synapse)
    take = dut.o.valid & dut.o.ready
    with m.If(~dut.run):
        m.d.sync += [taken.eq(0), synapse.eq(0)]
    with m.Elif(take):
        m.d.sync += [taken.eq(taken + 1), synapse.eq(synapse + dut.word.count)]
    m.d.comb += [
        Assume(dut.learned <= unit(LEARNER).runs),
        # The register holds still, and a phase lasts as long as something is left.
        Assume(~delayed(m, dut.run) | (dut.learned == delayed(m, dut.learned))),
        Assume(~delayed(m, dut.left) | dut.run),
        Assert(~dut.run | dut.left | (taken == dut.learned)),
        Assert(~dut.o.valid | dut.run & (taken < dut.learned)),
        Assert(~dut.o.valid | (delayed(m, dut.address) == taken) & (dut.o.synapse == synapse)),
        # Invariants.
        Assert(delayed(m, dut.run) & ~dut.run | (at == taken)),
        Assert(~dut.run | (taken <= dut.learned)),
    ]


def settle_takes_every_place_once(m: Module):
    """Claim: SETTLE takes all places, each once, and ends four cycles after the last one."""
    dut = AllPlaces(LEARNER, FOUND)
    place(m, "places", dut)
    cycle, last = Signal(8), LEARNER.places - 1
    m.d.sync += cycle.eq(Mux(dut.run & ~dut.done, cycle + 1, 0))
    m.d.comb += [
        Assume(~delayed(m, dut.run & ~dut.done) | dut.run),
        Assume(~delayed(m, dut.done) | ~dut.run),
        Assert(dut.enter == (dut.run & (cycle <= last))),
        Assert(~dut.enter | (dut.place == cycle)),
        Assert(dut.done == (dut.run & (cycle == last + 4))),
        Assert(cycle <= last + 4),
    ]


class LearningCore:
    """A core that learns in a module, some of whose parts may do anything at all."""

    def __init__(self, m: Module, chip: Chip, real: tuple[str, ...]):
        core = NetworkCore(chip)
        self.parts = core.parts
        for name, part in vars(core.parts).items():
            if name not in real:
                part.elaborate = MethodType(anything, part)
        drive(m, core)
        m.submodules.core = core

    def phase_in(self, *phases: Phase) -> Value:
        """Return whether the phase is one of these."""
        return _one_of(self.parts.sequencer.phase, *phases)


def posts_wait_for_replay(m: Module):
    """Claim: a post that is noted finds room, and waits until it has been replayed.

    It is forgotten in SETTLE only, to which nothing leads but REPLAY and EPOCH; none waits between
    runs. Its step is as many behind the base as is noted. The posts of one place, any, are counted.
    """
    core = LearningCore(m, LEARNER, ("sequencer", "backlog", "emission"))
    s, at, posts = core.parts, core.phase_in, unit(LEARNER).posts
    sequencer, backlog, settled = s.sequencer, s.backlog, s.all_places.done
    waiting, noted, mine = Signal(range(posts + 1)), Signal(), Signal()
    m.d.sync += [
        waiting.eq(Mux(settled, 0, waiting + mine)),
        noted.eq(~at(Phase.ENDSTEP) & (noted | mine)),
    ]
    since = (sequencer.step - backlog.base)[:LAST_BITS]
    before, stepping = delayed(m, sequencer.phase), at(*OF_STEP) & ~sequencer.opening
    between = at(Phase.IDLE, Phase.HOST, Phase.RESPOND, Phase.DONE)
    m.d.comb += [
        mine.eq(s.notes.done & AnySeq(1)),
        # As a host does: groups that are noted share no slots, and it writes between runs.
        Assume(~(noted & mine)),
        Assume(~s.registers.set_step | at(Phase.HOST)),
        # As those parts do that may do anything here.
        Assume(~s.notes.done | at(Phase.EMIT)),
        Assume(~settled | at(Phase.SETTLE)),
        Assume(~mine | (s.places.new_count == waiting + 1)),
        Assert(~mine | (waiting < posts)),
        Assert(~s.notes.done | (since == backlog.when)),
        Assert(~at(Phase.SETTLE) | _one_of(before, Phase.REPLAY, Phase.EPOCH, Phase.SETTLE)),
        Assert((waiting == 0) | ~between),
        # Invariants: who waits is told; WALK begins with room in every place, steps with a base.
        Assert((waiting == 0) | backlog.pending),
        Assert(~backlog.pending | ~between),
        Assert((waiting < posts) | backlog.pressing),
        Assert(~sequencer.opening | ~backlog.pressing),
        Assert(~at(*OF_STEP, Phase.EPOCH) | noted | (waiting < posts)),
        Assert(~noted | at(*OF_GROUP, Phase.ENDSTEP)),
        Assert(~(stepping | at(Phase.EPOCH, Phase.ENDSTEP)) | (since == backlog.when)),
        Assert(~sequencer.opening | ~backlog.pending | (since == backlog.when)),
    ]


def _one_of(phase: Value, *phases: Phase) -> Value:
    return Cat(phase == each for each in phases).any()


def still_core_learns_nothing(m: Module, chip: Chip = LEARNER):
    """Claim: if ``learn`` is 0, only the host writes what synapses, runs and places have learned.

    Whatever is in the memories, comes out of cells, and was learned before. No reward is received
    then, and no norm made.
    """
    core = LearningCore(m, chip, LEARNERS)
    s, at = core.parts, core.phase_in
    visits, places, late = s.visits, s.places, (Phase.REWARD, Phase.SCALE)
    ring = (Phase.WALK, Phase.REPLAY, Phase.EPOCH, *late)
    writes = s.learned_0.write | s.run_memories.mark
    writes |= places.count_write | places.latest_write | places.record_write
    visited = s.walker.busy | s.admission.coming | s.admission.enter | visits.busy | visits.learned
    between = at(Phase.IDLE, Phase.HOST, Phase.RESPOND, Phase.DONE, Phase.REWARD, Phase.RECEIVE)
    m.d.comb += [
        # As `walk_ends` says of the part that looks at entries of the queue.
        Assume(~s.fetch.o.valid | at(Phase.WALK) & s.fetch.left),
        # A host lets no more runs learn than can.
        Assume(s.registers.learned <= unit(chip).runs),
        Assert(s.registers.learn | ~writes),
        Assert(s.registers.learn | ~at(*late, Phase.RECEIVE, Phase.FACTOR)),
        # Invariants: what is under way is in its phase, which the host does not interrupt.
        Assert(at(Phase.HOST) == s.sequencer.hosting.any()),
        Assert((s.sequencer.hosting & (s.sequencer.hosting - 1)) == 0),
        Assert(~visited | at(*ring)),
        Assert(~s.run_memories.mark | at(Phase.WALK)),
        Assert(~s.walker.begun | s.walker.busy),
        Assert(~(s.latest.coming | s.latest.found) | at(Phase.EMIT, Phase.SETTLE)),
        Assert(~s.notes.coming | at(Phase.EMIT)),
        Assert(~s.learned_runs.o.valid | s.learned_runs.left),
        Assert(~s.backlog.pending | ~between),
        Assert(s.registers.learn | ~s.backlog.pending),
        Assert(s.registers.learn | ~at(Phase.REPLAY, Phase.EPOCH, Phase.SETTLE)),
    ]

"""Claims that what begins ends: a number that falls in every cycle, for all stall patterns.

A number of fixed width cannot fall for ever, so each of these is a proof of termination.
"""

from dataclasses import replace

from amaranth.asserts import AnyConst
from amaranth.hdl import Assert, Assume, Cat, Const, Module, Mux, Signal

from golden.dense.interface import Phase
from golden.dense.params import Params
from hdl.dense import classifier, encoder, stdp
from hdl.dense.encoder import EncoderState
from hdl.dense.host import HOST_CYCLES
from hdl.dense.sequencer.state import Election
from hdl.dense.wta import LOOK_LATENCY
from sim.battery.networks import TINY
from tests.formal.control import EVERYTHING, STAGES, Placed
from tests.formal.election import in_election, left_of_election
from tests.formal.prove import place
from tests.formal.stages import PLASTIC

FREE = [name for name in STAGES if name not in ("classifier", "windows")]
K_TOP = 63
"""Above every cycle number within a phase."""
WAITING = (Phase.DRY, Phase.SWEEP, Phase.DECIDE)
"""Phases that end when a stage says so."""
IN_STEP = {
    Phase.INHIBIT: 9,
    Phase.RESET: 8,
    Phase.RELEASE: 7,
    Phase.LEAK: 6,
    Phase.INTEGRATE: 4,
    Phase.COMPETE: 3,
    Phase.VERDICT: 3,
    Phase.BAR: 3,
    Phase.TEACH: 2,
    Phase.SWEEP: 2,
    Phase.RISE: 1,
    Phase.ENDSTEP: 0,
}
"""Place of a phase in a step, counted down."""
CLOSING = {Phase.FINISH: 2, Phase.SWEEP: 2, Phase.DECAY: 1, Phase.DECIDE: 1, Phase.RESULT: 0}


class Rank:
    """How far a presentation is from its end: parts, the weightiest last."""

    def __init__(self):
        widths = {"sub": 10, "loop": 18, "stage": 4, "steps": 11, "part": 2}
        for name, width in widths.items():
            setattr(self, name, Signal(width, name=f"rank_{name}"))
        self.value = Cat(getattr(self, name) for name in widths)


def presentation_ends(m: Module):
    """Claim: a presentation comes nearer to RESULT in every cycle, if the stages' work ends.

    A request comes nearer to its response likewise; both lead back to IDLE when they are taken.
    """
    placed = Placed(m, EVERYTHING, FREE)
    stages, state, rank = placed.stages, placed.state, Rank()
    best = Signal.like(stages.wta.limit)
    m.d.sync += best.eq(stages.wta.limit)
    # Who is ahead changes in elections only: lessons are judged by it until they are given.
    electing = placed.phase_in(Phase.COMPETE, Phase.VERDICT)
    m.d.comb += Assume(electing | (stages.wta.limit == best))
    # A word is hit after it was read: `election.winner_is_the_best`.
    m.d.comb += Assume(~state.looking | ~stages.wta.hit | (state.k >= LOOK_LATENCY))
    k, limit, spent = state.k, AnyConst(8), Signal(9)
    integrating = placed.phase_in(Phase.INTEGRATE)
    m.d.sync += spent.eq(0)
    with m.If(placed.phase_in(*WAITING) | integrating):
        m.d.sync += spent.eq(spent + (placed.phase_in(*WAITING) | (k == 0)))
    m.d.comb += [
        # Any number up to 255, but not for ever: `sweep_ends` and what follows it say how many.
        Assume(spent <= limit),
        # The host writes no 0 to these.
        Assume(stages.registers.n_steps != 0),
        Assume(stages.registers.vote_spikes != 0),
        rank.steps.eq(Mux(rank.part == 1, stages.registers.n_steps - state.step, 0)),
    ]
    _rank_of_phase(m, placed, rank, limit - spent)
    running = ~placed.phase_in(Phase.IDLE, Phase.RESPOND, Phase.RESULT)
    was, before = Signal(), Signal(len(rank.value))
    m.d.sync += [was.eq(running), before.eq(rank.value)]
    m.d.comb += Assert(~was | ~placed.phase_in(Phase.IDLE) & (rank.value < before))
    _returns(m, placed)
    _invariants(m, placed)


def _rank_of_phase(m, placed, rank, patience):
    state, stages = placed.state, placed.stages
    k, election = state.k, state.election
    slots = placed.inside("windows")
    n_open = sum(slots[f"age{age}"][0] for age in range(EVERYTHING.ltd_window + 1))
    left = stages.reward.count - state.taught
    lessons = Mux(state.taught < stages.reward.count, left[:2], 0)
    votes = stages.registers.vote_spikes - stages.classifier.n_spikes
    loops = {
        Phase.INTEGRATE: patience,
        Phase.BAR: votes,
        Phase.TEACH: Cat(Const(0, 4) | n_open, lessons),
        Phase.SWEEP: Mux(state.finishing, n_open, Cat(Const(0, 4) | n_open, lessons)),
        Phase.FINISH: n_open,
    }
    ahead = Mux(election == Election.VOTER, votes, Mux(election == Election.RIVAL, 0, -1))
    loops |= {Phase.COMPETE: ahead, Phase.VERDICT: ahead}
    subs = dict.fromkeys(WAITING, patience + 1)
    subs |= {Phase.INTEGRATE: Mux(k == 0, 0, K_TOP - k), Phase.BAR: 8 * (K_TOP + 1) + K_TOP - k}
    subs |= dict.fromkeys((Phase.TEACH, Phase.FINISH, Phase.VERDICT, Phase.RESULT), 0)
    subs[Phase.COMPETE] = left_of_election(state, EVERYTHING.n_words, K_TOP)
    parts = {Phase.DRY: 3, Phase.CLEAR: 2} | dict.fromkeys(IN_STEP, 1) | dict.fromkeys(CLOSING, 0)
    parts[Phase.HOST] = 0
    parts[Phase.SWEEP] = ~state.finishing
    stages = IN_STEP | CLOSING
    stages[Phase.LEAK] = 6 - state.subtracting
    with m.Switch(state.phase.value):
        for phase, part in parts.items():
            with m.Case(state.phase.codes[phase]):
                m.d.comb += [
                    rank.part.eq(part),
                    rank.stage.eq(stages.get(phase, 0)),
                    rank.loop.eq(loops.get(phase, 0)),
                    rank.sub.eq(subs.get(phase, K_TOP - k)),
                ]


def _returns(m, placed):
    """Assert that the core is idle again when its answer is taken."""
    core, idle = placed.core, placed.phase_in(Phase.IDLE)
    taken = core.result.valid & core.result.ready | core.response.valid & core.response.ready
    was = Signal()
    m.d.sync += was.eq(taken)
    m.d.comb += Assert(~was | idle)
    m.d.comb += Assert(~placed.phase_in(Phase.RESULT) | core.result.valid)
    m.d.comb += Assert(~placed.phase_in(Phase.RESPOND) | core.response.valid)


def _invariants(m, placed):
    p, stages, state = EVERYTHING, placed.stages, placed.state
    length = state.length
    dropping = state.learn & (stages.registers.drop_chance != 0)
    bounds = {
        Phase.CLEAR: Mux(dropping, p.n_neurons + 2, length),
        Phase.COMPETE: Mux(state.looking, state.look, Mux(state.searching, state.search, 1)),
        Phase.INHIBIT: p.n_words + state.single - 1,
        Phase.HOST: HOST_CYCLES,
    }
    hosting = Mux(placed.phase_in(Phase.HOST), 1 << state.k[:2], 0)
    m.d.comb += Assert(state.hosting == hosting)
    m.d.comb += placed.told()
    m.d.comb += in_election(state, EVERYTHING.n_words, placed.phase_in(Phase.COMPETE))
    bounds |= dict.fromkeys((Phase.LEAK, Phase.INTEGRATE, Phase.DECAY), length)
    bounds |= dict.fromkeys((Phase.BAR, Phase.RISE, Phase.RESET, Phase.RELEASE), state.single)
    for phase, bound in bounds.items():
        m.d.comb += Assert(~placed.phase_in(phase) | (state.k < bound))
    closing, stepping = [], []
    for phases, found in ((CLOSING, closing), (IN_STEP, stepping)):
        found.extend(phase for phase in phases if phase != Phase.SWEEP)
    voting = placed.phase_in(Phase.COMPETE, Phase.VERDICT) & (state.election == Election.VOTER)
    voting |= placed.phase_in(Phase.BAR)
    in_step = placed.phase_in(*stepping) | placed.phase_in(Phase.SWEEP) & ~state.finishing
    m.d.comb += [
        Assert(~placed.phase_in(*closing) | state.finishing),
        Assert(~placed.phase_in(*stepping, Phase.DRY, Phase.CLEAR) | ~state.finishing),
        Assert(~placed.phase_in(Phase.DRY, Phase.CLEAR) | (state.step == 0)),
        Assert(~in_step | (state.step < stages.registers.n_steps)),
        Assert(~voting | (stages.classifier.n_spikes < stages.registers.vote_spikes)),
    ]
    _counts(m, placed, in_step, voting)


def _counts(m, placed, in_step, voting):
    """Assert that what is known of the next spike and of this step holds when it is asked."""
    stages, state = placed.stages, placed.state
    registers, n_spikes = stages.registers, stages.classifier.n_spikes
    limit = Mux(state.learn, registers.stop_after, registers.vote_spikes)
    integrating = placed.phase_in(Phase.INTEGRATE, Phase.FINISH)
    electing = placed.phase_in(Phase.COMPETE) & ~state.first | placed.phase_in(Phase.VERDICT)
    open_ = placed.phase_in(Phase.DRY, Phase.CLEAR, Phase.LEAK, Phase.INTEGRATE, Phase.INHIBIT)
    open_ |= placed.phase_in(Phase.RESET, Phase.RELEASE)
    open_ |= placed.phase_in(Phase.COMPETE, Phase.VERDICT) & (state.election == Election.WINNER)
    ballot = registers.ballot & ~state.learn
    last = state.step + 1 == registers.n_steps
    m.d.comb += [
        Assert(state.election.as_value() <= Election.VOTER.value),
        Assert(~voting | ballot),
        Assert(~electing | (state.final == (n_spikes + 1 == limit))),
        Assert(~open_ | ~state.enough),
        Assert(~integrating | (state.spiked == n_spikes.any())),
        Assert(~placed.phase_in(Phase.DRY, Phase.CLEAR) | ~n_spikes.any()),
        Assert(~in_step | ~ballot | ~n_spikes.any() | state.enough),
        Assert(~placed.phase_in(Phase.ENDSTEP) | (state.ending == last)),
    ]


def sweep_ends(m: Module, p: Params = PLASTIC):
    """Claim: a sweep is done in its cycle ``n_axons + 7``; of one port a cycle later a wait."""
    dut = stdp.STDP(p)
    inner = place(m, "stdp", dut)
    n_cycles = p.n_axons + stdp.LATENCY
    cycle, waiting = Signal(range(n_cycles + 2)), inner["busy"] & dut.w_en & p.single_port
    with m.If(dut.start):
        m.d.sync += cycle.eq(1)
    with m.Elif((cycle != 0) & (cycle < n_cycles)):
        m.d.sync += cycle.eq(cycle + ~waiting)
    with m.Else():
        m.d.sync += cycle.eq(0)
    m.d.comb += [
        Assume(~dut.start | (cycle == 0)),  # The sequencer waits for `done`.
        Assert(dut.done == (cycle == n_cycles)),
        Assert(cycle <= n_cycles),
        Assert(~(inner["busy"] | dut.w_en) | (cycle != 0)),
        Assert(~(dut.w_read & dut.w_en & p.single_port)),
        Assert(~inner["busy"] | (inner["axon"] + 1 == cycle)),
        Assert(inner["sweeping"] == (cycle != 0)),
    ]


def decision_ends(m: Module):
    """Claim: a decision is done in its cycle ``n_classes * n_spikes * Kv + 5``."""
    p = replace(TINY, vote_spikes=2, vote_bits=4)
    dut = classifier.Classifier(p)
    place(m, "classifier", dut)
    parts = dut.at.vote_parts
    n_cycles = p.n_classes * parts * dut.n_spikes[:2] + classifier.READ_LATENCY + 2
    cycle = Signal(8)
    with m.If(dut.start):
        m.d.sync += cycle.eq(1)
    with m.Elif((cycle != 0) & (cycle < n_cycles)):
        m.d.sync += cycle.eq(cycle + 1)
    with m.Else():
        m.d.sync += cycle.eq(0)
    m.d.comb += [
        # The sequencer decides after the last spike, once, on at least one and at most the list.
        Assume(~dut.start | (cycle == 0) & ~dut.spike & ~dut.clear),
        Assume((cycle == 0) | ~dut.spike & ~dut.clear),
        Assume(~dut.start & (cycle == 0) | (dut.n_spikes != 0) & (dut.n_spikes <= p.vote_spikes)),
        Assert(dut.done == ((cycle == n_cycles) & (cycle != 0))),
        Assert(~dut.w_read | (cycle != 0)),
        Assert(cycle <= n_cycles),
    ]


def encoder_ends(m: Module):
    """Claim: the encoder comes nearer to its end in every cycle, unless core or image waits.

    Its list never holds more than every axon once.
    """
    p = replace(TINY, encoder="rate", activity_gain=1)
    dut = encoder.Encoder(p)
    inner = place(m, "encoder", dut)
    # Addresses of the list: where it is read, where it is written.
    head, tail, count = (inner[name] for name in ("fetch__addr", "$signature__addr", "count"))
    scanned = inner["scanned"]
    counted = Mux(scanned, tail, count)  # What the count will be.
    scan, listing, turn = (
        dut.state == s for s in (EncoderState.SCAN, EncoderState.LIST, EncoderState.TURN)
    )
    step = Signal.like(dut.next_step)
    with m.If(dut.start):
        m.d.sync += step.eq(0)
    with m.Elif(dut.tick):
        m.d.sync += step.eq(step + 1)
    n_steps, n = AnyConst(dut.n_steps.shape()), p.n_axons
    m.d.comb += [
        Assume((dut.n_steps == n_steps) & (n_steps != 0)),  # A register; no 0 is written.
        # The core goes from step to step, when the encoder says so.
        Assume(dut.next_step == (step + 1)[: len(step)]),
        Assume(~dut.tick | dut.done & ~dut.drying),
    ]
    behind = (count + 1 - head)[: len(head)]  # Entries of the list that are not held yet.
    left = Mux(turn, 2 * n + 2, 2 * Mux(scan, n - head, behind) + dut.held)
    empty = inner["empty"]
    rank, before, was = Signal(17), Signal(17), Signal()
    stuck = scan & ~dut.i.valid | ~dut.drying & (dut.done | ~dut.o.ready)
    m.d.comb += rank.eq(Cat(Const(0, 5) | left[:5], (n_steps - dut.e)[:11], dut.drying))
    m.d.sync += [before.eq(rank), was.eq((dut.state != EncoderState.DONE) & ~stuck & ~dut.start)]
    m.d.comb += [
        Assert(~was | (dut.state == EncoderState.DONE) | (rank < before)),
        Assert(~(scan | listing) | (dut.e < n_steps)),
        Assert(~turn | (dut.e <= n_steps)),
        Assert((dut.done == (dut.e != step)) & (step <= dut.e)),
        Assert(~dut.drying | (step == 0)),
        # Invariants: what is held is the last that was taken, and known to be the last of all.
        Assert(~(scan & dut.held) | (dut.final == (head == n)) & (head != 0)),
        Assert(~(listing & dut.held) | (dut.final == (behind == 0)) & (behind < count)),
        Assert(~(listing & ~dut.held) | (head == 1)),
        Assert(scan | listing | ~dut.held),
        Assert(~turn | (head == 0)),
        Assert(~scan | (head + ~dut.held <= n) & (tail + dut.held <= head)),
        Assert(~(scan & (tail != 0)) | scanned),
        Assert(~scanned | scan | turn | (dut.state == EncoderState.DONE)),
        Assert(~(scan | turn & scanned) | ((tail == 0) == empty)),
        Assert(~listing | ~empty),
        Assert(~(turn | listing) | empty | (counted != 0) & (counted <= n)),
    ]

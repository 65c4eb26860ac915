"""The phases of a step, and the rest between runs."""

from amaranth.hdl import Cat, Const, Module, Mux, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.network.chip import Chip
from golden.network.interface import (
    DATA_BITS,
    HOST_CYCLES,
    INDEX_BITS,
    STEP_BITS,
    Phase,
    phase_bits,
)

ENDS = (
    Phase.KEYS,
    Phase.WALK,
    Phase.JUNCTIONS,
    Phase.LOAD,
    Phase.RUN,
    Phase.ELECT,
    Phase.EMIT,
)
"""Phases that say themselves which cycle is their last one."""
LEARNING = (Phase.REPLAY, Phase.EPOCH, Phase.SETTLE)
"""Likewise, in a chip that learns."""
REWARDED = (Phase.REWARD, Phase.RECEIVE)
"""Likewise, if rewards matter."""
NORMED = (Phase.FACTOR, Phase.SCALE)
"""Likewise, if weights have a norm."""


def ends(chip: Chip) -> tuple[Phase, ...]:
    """Return the phases of a chip that say themselves which cycle is their last one."""
    if not (learner := chip.learner):
        return ENDS
    rewarded = REWARDED if learner.rewarded else ()
    return (*ENDS, *LEARNING, *rewarded, *(NORMED if learner.norm else ()))


class StepSequencer(wiring.Component):
    """Who follows whom.

    Members
    -------
    start_valid, steps, start_ready : In(1), In(32), Out(1)
    bus_valid, bus_ready : In(1), Out(1)
    external_valid, end, value, external_ready : In(1), In(1), In(24), Out(1)
    done_valid, done_ready, response_valid, response_ready : Out(1), In(1), Out(1), In(1)
        Of the streams.
    phase : Out(Phase)
    opening : Out(1)
        WALK's first cycle.
    hosting, serving : Out, Out(1)
        The cycles of HOST, one bit each; in any of them.
    last : In(one bit for each of `ends`)
        This is that phase's last cycle, if it is that phase.
    any, contested : In(1)
        Of the group that is run, somebody fired; more than may win.
    groups, listen : In
        Registers.
    joins : In(1)
        There are junctions.
    pending, pressing, epoch : In(1)
        Only in a chip that learns: posts wait to be replayed; they must be before WALK, in ENDSTEP
        before the next step's; this step ends an epoch.
    rewarded : In(1)
        Only if rewards matter: one is to be received at the start.
    step, quiet : Out
        Registers; ``set_step`` and ``set_quiet`` write ``data`` there.
    set_step, set_quiet, data : In
    """

    def __init__(self, chip: Chip):
        self.chip = chip
        ins = ("start_valid", "bus_valid", "external_valid", "end", "done_ready", "any")
        ins += ("response_ready", "contested", "joins", "listen", "set_step", "set_quiet")
        outs = ("start_ready", "bus_ready", "external_ready", "done_valid", "response_valid")
        super().__init__({
            **{name: In(1) for name in ins},
            **{name: Out(1) for name in (*outs, "opening", "serving")},
            "steps": In(STEP_BITS),
            "value": In(INDEX_BITS),
            "phase": Out(phase_bits(chip)),
            "hosting": Out(HOST_CYCLES),
            "last": In(len(ends(chip))),
            **{name: In(1) for name in (("pending", "pressing", "epoch") if chip.learner else ())},
            **({"rewarded": In(1)} if chip.learner and chip.learner.rewarded else {}),
            "groups": In(8),
            "step": Out(STEP_BITS),
            "quiet": Out(INDEX_BITS),
            "data": In(DATA_BITS),
        })

    def elaborate(self, platform):
        m = Module()
        self.first = Phase.KEYS if self.chip.random else Phase.WALK
        self.groups_left = Signal.like(self.groups, name="groups_left")
        self.fresh = Signal(init=1)
        if self.chip.learner:
            self.ended, self.walked = Signal(), Signal()
        at = self.phase
        m.d.comb += [
            self.start_ready.eq((at == Phase.IDLE) & ~self.bus_valid),
            self.bus_ready.eq(self.hosting[-1]),
            self.external_ready.eq((at == Phase.EXTERNAL) & (self.quiet == 0)),
            self.done_valid.eq(at == Phase.DONE),
            self.response_valid.eq(at == Phase.RESPOND),
            self.opening.eq((at == Phase.WALK) & self.fresh),
        ]
        m.d.sync += self.fresh.eq(at != Phase.WALK)
        self._registers(m)
        self._rest(m, self._steps(m))
        with m.Switch(at):
            for i, phase in enumerate(ends(self.chip)):
                with m.Case(phase), m.If(self.last[i]):
                    self._follow(m, phase)
            with m.Case(Phase.EXTERNAL), m.If((self.quiet != 0) | self.external_valid & self.end):
                self._groups(m)
        return m

    def _registers(self, m):
        with m.If(self.phase == Phase.ENDSTEP):
            m.d.sync += self.step.eq(self.step + 1)
        with m.If(self.set_step):
            m.d.sync += self.step.eq(self.data)
        with m.If(self.phase == Phase.EXTERNAL):
            with m.If(self.quiet != 0):
                m.d.sync += self.quiet.eq(self.quiet - 1)
            with m.Elif(self.external_valid & self.end):
                m.d.sync += self.quiet.eq(self.value)
        with m.If(self.set_quiet):
            m.d.sync += self.quiet.eq(self.data)

    def _steps(self, m):
        """Count from minus the steps to 0; return whether that is where it is now going.

        One adder negates, counts, and finds the end, also that of no step at all.
        """
        count = Signal(STEP_BITS)
        more = Signal(STEP_BITS + 1)
        idle = self.phase == Phase.IDLE
        m.d.comb += more.eq(Mux(idle, ~self.steps, count) + Const(1))
        with m.If(idle | (self.phase == Phase.ENDSTEP)):
            m.d.sync += count.eq(more)
        return more[-1]

    def _rest(self, m, over):
        with m.Switch(self.phase):
            with m.Case(Phase.IDLE):
                with m.If(self.bus_valid):
                    m.d.sync += [self.phase.eq(Phase.HOST), self.hosting.eq(1), self.serving.eq(1)]
                with m.Elif(self.start_valid):
                    m.d.sync += self.phase.eq(Mux(over, Phase.DONE, self.first))
                    self._reward(m, over)
            with m.Case(Phase.HOST):
                m.d.sync += self.hosting.eq(Cat(0, self.hosting))
                with m.If(self.hosting[-1]):
                    m.d.sync += [self.phase.eq(Phase.RESPOND), self.serving.eq(0)]
            with m.Case(Phase.RESPOND), m.If(self.response_ready):
                m.d.sync += self.phase.eq(Phase.IDLE)
            with m.Case(Phase.ENDSTEP):
                self._end_step(m, over)
            with m.Case(Phase.DONE), m.If(self.done_ready):
                m.d.sync += self.phase.eq(Phase.IDLE)

    def _reward(self, m, over):
        """Receive a reward before the first step, if there is one."""
        if self.chip.learner and self.chip.learner.rewarded:
            m.d.sync += self.ended.eq(over)
            with m.If(self.rewarded):
                acts = self.chip.learner.on_reward is not None
                m.d.sync += self.phase.eq(Phase.REWARD if acts else Phase.RECEIVE)

    def _end_step(self, m, over):
        m.d.sync += self.phase.eq(Mux(over, Phase.DONE, self.first))
        if self.chip.learner:
            m.d.sync += self.ended.eq(over)
            # The keys of a step come first, but behind the last step there are none.
            pressing = 0 if self.chip.random else self.pressing
            with m.If(Mux(over, self.pending, pressing)):
                m.d.sync += self.phase.eq(Phase.REPLAY)

    def _settled(self, m):
        """Go on with what SETTLE was for."""
        m.d.sync += self.phase.eq(Mux(self.ended, Phase.DONE, Phase.WALK))
        with m.If(self.walked):
            self._epochal(m)

    def _epochal(self, m):
        """Go on behind an epoch, when nothing waits."""
        self._walked(m)
        if self.chip.learner.norm:
            m.d.sync += self.phase.eq(Phase.FACTOR)

    def _walked(self, m):
        self._outside(m)
        if self.chip.junctions:
            with m.If(self.joins):
                m.d.sync += self.phase.eq(Phase.JUNCTIONS)

    def _learn(self, m, phase):
        match phase:
            case Phase.KEYS:
                with m.If(self.pressing):
                    m.d.sync += self.phase.eq(Phase.REPLAY)
            case Phase.WALK:
                with m.If(self.epoch):
                    m.d.sync += self.phase.eq(Phase.EPOCH)
            case Phase.REPLAY:
                m.d.sync += [self.phase.eq(Phase.SETTLE), self.walked.eq(0)]
            case Phase.EPOCH:
                self._epochal(m)
                with m.If(self.pending):
                    m.d.sync += [self.phase.eq(Phase.SETTLE), self.walked.eq(1)]
            case Phase.SETTLE:
                self._settled(m)
            case Phase.REWARD:
                m.d.sync += self.phase.eq(Phase.RECEIVE)
            case Phase.RECEIVE:
                m.d.sync += self.phase.eq(Mux(self.ended, Phase.DONE, self.first))
            case Phase.FACTOR:
                m.d.sync += self.phase.eq(Phase.SCALE)
            case Phase.SCALE:
                self._walked(m)

    def _follow(self, m, phase):
        self._go_on(m, phase)
        if self.chip.learner:
            self._learn(m, phase)

    def _go_on(self, m, phase):
        match phase:
            case Phase.KEYS:
                m.d.sync += self.phase.eq(Phase.WALK)
            case Phase.WALK:
                self._walked(m)
            case Phase.JUNCTIONS:
                self._outside(m)
            case Phase.LOAD:
                m.d.sync += self.phase.eq(Phase.RUN)
            case Phase.RUN:
                with m.If(self.any):
                    elect = self.contested if self.chip.elects else 0
                    m.d.sync += self.phase.eq(Mux(elect, Phase.ELECT, Phase.EMIT))
                with m.Else():
                    self._next_group(m)
            case Phase.ELECT:
                m.d.sync += self.phase.eq(Phase.EMIT)
            case Phase.EMIT:
                self._next_group(m)

    def _outside(self, m):
        """Listen to who spikes outside, or do not."""
        with m.If(self.listen):
            m.d.sync += self.phase.eq(Phase.EXTERNAL)
        with m.Else():
            self._groups(m)

    def _groups(self, m):
        """Begin with the first group."""
        m.d.sync += [
            self.phase.eq(Mux(self.groups == 0, Phase.ENDSTEP, Phase.LOAD)),
            self.groups_left.eq(self.groups),
        ]

    def _next_group(self, m):
        m.d.sync += [
            self.phase.eq(Mux(self.groups_left == 1, Phase.ENDSTEP, Phase.LOAD)),
            self.groups_left.eq(self.groups_left - 1),
        ]

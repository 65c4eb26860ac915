"""The phases of a presentation: `golden.dense.core.present` as one state machine.

What happens in which cycle is said in ``docs/hardware.md``; here one method is one phase.
"""

from amaranth.hdl import Module, Mux, Signal, signed
from amaranth.lib import enum

from hdl.dense.host import HOST_CYCLES
from hdl.dense.layout import index_bits
from hdl.dense.membrane import Op, sum_width
from hdl.dense.probe import Phase
from hdl.dense.reward import CLASS, ERROR
from hdl.dense.wta import Camp, Mark, Neuron, has_barred, levels
from hdl.numbers.formats import saturate

SINGLE = 3
"""Cycles from the read of one word to the first that may read it again."""


class Election(enum.Enum, shape=2):
    """Whom the neurons compete to be."""

    WINNER = 0
    RIVAL = 1
    VOTER = 2


class Sequencer:
    """State machine over the stages of a core; `build` adds it to the core's module.

    Parameters
    ----------
    m : Module
        Module of the core.
    core : hdl.dense.core.Core
        Its stages and ports are driven from here.
    """

    def __init__(self, m: Module, core):
        self.m, self.core, self.p, self.at = m, core, core.p, core.at
        p = self.p
        self.length = max(p.n_words, SINGLE)
        """Cycles of a pass over all words."""
        self.flagged = has_barred(p) or bool(p.refrac)
        longest = max(2 * p.n_words + 2 + levels(p), p.n_neurons + 2, self.length)
        self.phase = Signal(Phase)
        self.integrating = Signal()
        """It is INTEGRATE: in a flip-flop, as the weight memory waits for it."""
        self.hosting = Signal(HOST_CYCLES)
        """Which cycle of HOST it is, likewise."""
        self.reading, self.row = Signal(), Signal(self.at.word_bits)
        """A word of an event's weights is read."""
        self.asking, self.class_word = Signal(), Signal(self.at.word_bits)
        """A word of classes is read."""
        self.k = Signal(index_bits(longest + 1))
        """Cycle within the phase."""
        self.first = Signal(init=1)
        """It is 0: in a flip-flop, as much waits for it."""
        self.step, self.next_step = Signal(p.last.width), Signal(p.last.width)
        self.learn, self.label = Signal(), Signal(p.label.width)
        self.election = Signal(Election)
        self.busy, self.waive = Signal(), Signal()
        self.reach = Signal(signed(p.v.width))
        """No membrane is higher."""
        self.won, self.right = Signal(), Signal()
        self.winner = Signal(Neuron(p))
        self.elected, self.swept = Signal(Neuron(p)), Signal(Neuron(p))
        self.found_rival = Signal()
        self.margin = Signal(signed(sum_width(p)))
        self.taught = Signal(2)
        """Lessons given in this step."""
        self.final, self.enough = Signal(), Signal()
        """The next spike is the last one of the presentation; there are enough."""
        self.spiked = Signal()
        """There was a spike in this presentation, as of the cycle before."""
        self.ending, self.finishing = Signal(), Signal()
        """This is the last step, as of the cycle before; the last step is over."""
        self.subtracting = Signal()
        """The second leak of a step."""
        self.releasing = Signal()
        """After the reset, the neuron in ``elected`` is no longer refractory."""
        self.take, self.success = Signal(), Signal()
        self.weighing, self.weighed = Signal(), Signal(self.at.group_bits)
        """A word's weights are shown, and go to its membranes."""

    def build(self):
        """Add the state machine."""
        m, p = self.m, self.p
        m.d.sync += [self.k.eq(self.k + 1), self.first.eq(0), self.hosting.eq(self.hosting << 1)]
        registers, n_spikes = self.core.registers, self.core.classifier.n_spikes
        limit = Mux(self.learn, registers.stop_after, registers.vote_spikes)
        # An election, or a step, takes longer than its number takes to come here.
        m.d.sync += self.spiked.eq(n_spikes.any())
        m.d.sync += [self.final.eq(n_spikes + 1 == limit), self.ending.eq(self._last_step())]
        m.d.comb += [self.core.issue.op.eq(Op.CONST), self.next_step.eq(self.step + 1)]
        phases = {
            Phase.IDLE: self._idle,
            Phase.HOST: self._host,
            Phase.RESPOND: self._respond,
            Phase.DRY: self._dry if p.activity_gain else None,
            Phase.CLEAR: self._clear,
            Phase.LEAK: self._leak if p.leak_shift or p.leak_sub else None,
            Phase.INTEGRATE: self._integrate,
            Phase.COMPETE: self._compete,
            Phase.VERDICT: self._verdict,
            Phase.BAR: self._bar if p.ballot else None,
            Phase.TEACH: self._teach,
            Phase.SWEEP: self._sweep,
            Phase.RISE: self._rise,
            Phase.ENDSTEP: self._endstep,
            Phase.INHIBIT: self._inhibit if p.v_inhibit or p.bar_losers else None,
            Phase.RESET: self._reset,
            Phase.RELEASE: self._release if p.refrac else None,
            Phase.FINISH: self._finish,
            Phase.DECAY: self._decay if p.theta_decay_shift else None,
            Phase.DECIDE: self._decide,
            Phase.RESULT: self._result,
        }
        self._read()
        with m.Switch(self.phase):
            for phase, method in phases.items():
                if method:
                    with m.Case(phase):
                        method()

    def _read(self):
        """Address the weight memory; beside the phases, whose choice would come too late for it."""
        m, g, event = self.m, self.p.n_words, self.core.events.o
        address, second = Signal(self.at.word_bits), self.k[0]
        rows = [(self.at.class_row + i) * g for i in range(2)]
        m.d.comb += [
            self.reading.eq(self.integrating & Mux(self.first, event.valid, self.k < g)),
            self.row.eq(Mux(self.first, event.payload, address)),
            self.class_word.eq(Mux(second, rows[1], rows[0]) + self.k[1:]),
        ]
        m.d.sync += [
            address.eq(self.row + 1),
            self.weighing.eq(self.reading),
            self.weighed.eq(self.k),
        ]

    # What the phases are made of.

    def _go(self, phase):
        self.m.d.sync += [
            self.phase.eq(phase),
            self.integrating.eq(phase == Phase.INTEGRATE),
        ]
        self._restart()

    def _restart(self):
        self.m.d.sync += [self.k.eq(0), self.first.eq(1)]

    def _issue(self, **fields):
        """Issue a word of the neuron memory, to be written unless ``write=0``."""
        issue = self.core.issue
        values = {"valid": self.k < self.p.n_words, "write": 1, "word": self.k} | fields
        self.m.d.comb += [issue[name].eq(value) for name, value in values.items()]

    def _issue_one(self, neuron, **fields):
        self._issue(valid=self.first, word=neuron.word, one=1, lane=neuron.lane, **fields)

    def _mark(self, mark, neuron=None):
        """Mark the flags of the word issued, or of one neuron."""
        wta, issue = self.core.wta, self.core.issue
        word = issue.word if neuron is None else neuron.word
        if self.flagged:
            read = issue.valid if neuron is None else self.first
            self.m.d.comb += [wta.read.eq(read), wta.word.eq(word), wta.mark.eq(mark)]
        if neuron is not None:
            self.m.d.comb += wta.lane.eq(neuron.lane)

    def _after(self, cycles, phase):
        with self.m.If(self.k == cycles - 1):
            self._go(phase)

    def _begin_step(self):
        p = self.p
        self._go(Phase.INTEGRATE)
        if p.leak_sub:
            with self.m.If(self.core.registers.leak_sub != 0):
                self._go(Phase.LEAK)
                self.m.d.sync += self.subtracting.eq(1)
        if p.leak_shift:
            self._go(Phase.LEAK)
            self.m.d.sync += self.subtracting.eq(0)

    # Between presentations.

    def _idle(self):
        m, core = self.m, self.core
        m.d.comb += core.start.ready.eq(core.receptive_field.full & ~core.bus.valid)
        with m.If(core.bus.valid):
            m.d.sync += self.hosting.eq(1)
            self._go(Phase.HOST)
        with m.Elif(core.start.valid & core.start.ready):
            m.d.sync += [
                self.learn.eq(core.start.payload.learn),
                self.label.eq(core.start.payload.label),
                self.step.eq(0),
                self.finishing.eq(0),
                self.enough.eq(0),
                self.busy.eq(0),
                self.reach.eq(Mux(core.registers.v_reset < 0, 0, core.registers.v_reset)),
            ]
            m.d.comb += core.begin.eq(1)
            self._go(Phase.CLEAR)
            if self.p.activity_gain:
                with m.If(core.registers.activity_gain != 0):
                    m.d.comb += core.encoder.dry.eq(1)
                    self._go(Phase.DRY)

    def _host(self):
        # The request stays on the bus until it is done, so that nobody has to keep it.
        self.m.d.comb += self.core.bus.ready.eq(self.hosting[-1])
        with self.m.If(self.hosting[-1]):
            self._go(Phase.RESPOND)

    def _respond(self):
        self.m.d.comb += self.core.response.valid.eq(1)
        with self.m.If(self.core.response.ready):
            self._go(Phase.IDLE)

    # Before the first step.

    def _dry(self):
        with self.m.If(self.core.encoder.dry_done):
            self._go(Phase.CLEAR)

    def _clear(self):
        m, p, core = self.m, self.p, self.core
        self._issue(zero=1, const=core.registers.v_reset)
        if p.drop_chance:
            with m.If(self.learn & (core.registers.drop_chance != 0)):
                self._clear_and_drop()
            with m.Else(), m.If(self.k == self.length - 1):
                self._begin_step()
        else:
            with m.If(self.k == self.length - 1):
                self._begin_step()
        self._mark(Mark.CLEAR)

    def _clear_and_drop(self):
        """Draw for one neuron a cycle; a word is cleared with its last neuron."""
        m, p, core = self.m, self.p, self.core
        place, bits = Signal(Neuron(p), name="dropping"), Signal(p.n_lanes, name="drop_bits")
        drawing, chosen, all_bits = Signal(), Signal(), Signal(p.n_lanes, name="dropped")
        full = (place.lane == p.n_lanes - 1) | (self.k == p.n_neurons - 1)
        m.d.comb += [
            drawing.eq(self.k < p.n_neurons),
            core.stdp.draw.eq(drawing),
            chosen.eq(core.stdp.drawn < core.registers.drop_chance),
            all_bits.eq(bits | (chosen << place.lane)),
            core.wta.dropped.eq(all_bits),
            core.issue.valid.eq(drawing & full),
            core.issue.word.eq(place.word),
        ]
        m.d.sync += [place.lane.eq(place.lane + 1), bits.eq(all_bits)]
        with m.If(full):
            m.d.sync += [place.lane.eq(0), place.word.eq(place.word + 1), bits.eq(0)]
        with m.If(self.k == p.n_neurons + 1):
            m.d.sync += [place.eq(0), bits.eq(0)]
            self._begin_step()

    # A step.

    def _leak(self):
        m, p, registers = self.m, self.p, self.core.registers
        fields = {"hold": 1}
        if p.leak_shift:
            fields["op"] = Op.LEAK
        if p.leak_sub:
            fields |= {"const": -registers.leak_sub, "above": self.subtracting}
            fields["op"] = Mux(self.subtracting, Op.CONST, fields.get("op", Op.CONST))
        self._issue(**fields)
        self._mark(Mark.KEEP)
        with m.If(self.k == self.length - 1):
            self._go(Phase.INTEGRATE)
            if p.leak_shift and p.leak_sub:
                with m.If(~self.subtracting & (registers.leak_sub != 0)):
                    self._go(Phase.LEAK)
                    m.d.sync += self.subtracting.eq(1)

    def _integrate(self):
        m, p, core = self.m, self.p, self.core
        first, event = self.first, core.events.o
        m.d.comb += [self.take.eq(first & event.valid), event.ready.eq(first)]
        self._issue(valid=self.weighing, word=self.weighed, op=Op.WEIGHT, hold=1)
        self._mark(Mark.KEEP)
        with m.If(self.k == self.length - 1):
            self._restart()
        with m.If(self.take):
            higher = saturate(self.reach + p.w.max, p.v)
            m.d.sync += [self.busy.eq(1), self.reach.eq(higher)]
        with m.Elif(first):
            self._restart()
            with m.If(core.encoder.done):
                self._leave()

    def _leave(self):
        """All events of the step are in: compete if one may have decided, or if it is time to."""
        m, core = self.m, self.core
        registers = core.registers
        force = registers.force_spike & ~self.spiked & self._last_step()
        m.d.sync += [
            self.won.eq(0),
            self.taught.eq(0),
            self.busy.eq(0),
            self.waive.eq(force),
            self.election.eq(Election.WINNER),
        ]
        decided = self.busy & (self.reach >= core.homeostasis.bar)
        with m.If(decided | force):
            self._go(Phase.COMPETE)
        with m.Else():
            self._go(Phase.ENDSTEP)
            if self.p.a_late:
                with m.If(self.learn):
                    self._go(Phase.TEACH)

    def _last_step(self):
        n_steps = self.core.registers.n_steps
        # The host may write 0, and a core must always come to an end.
        return (self.step == n_steps - 1) | (n_steps == 0)

    def _compete(self):
        m, p, core = self.m, self.p, self.core
        g, second = p.n_words, self.k[0]
        reading = self.k < 2 * g
        self._issue(valid=reading, write=0, word=self.k[1:], theta=second, op=Op.MARGIN)
        m.d.comb += [
            core.wta.begin.eq(self.first),
            core.wta.read.eq(reading & ~second),
            core.wta.word.eq(self.k[1:]),
            core.wta.elect.eq(1),
        ]
        if self.at.class_rows:
            asked = reading if self.at.class_rows == 2 else reading & ~second
            taught = self.learn & (core.registers.reward != 0)
            m.d.comb += [self.asking.eq(asked & taught), core.wta.camp.eq(self._camp())]
        self._after(2 * g + 2 + levels(p), Phase.VERDICT)

    def _camp(self):
        gated = self.learn & (self.core.registers.reward == CLASS)
        rivals = Mux(self.right, Camp.WRONG, Camp.RIGHT)
        return Mux(self.election == Election.RIVAL, rivals, Mux(gated, Camp.RIGHT, Camp.ALL))

    def _verdict(self):
        m, wta = self.m, self.core.wta
        waived = self.waive | (self.election != Election.WINNER)
        enough = waived | wta.reaches
        m.d.comb += self.success.eq(wta.found & enough)
        with m.If(self.success):
            m.d.sync += self.elected.eq(wta.best)
        self._go(Phase.ENDSTEP)
        with m.Switch(self.election):
            with m.Case(Election.WINNER):
                self._verdict_on_winner()
            with m.Case(Election.RIVAL):
                m.d.sync += self.found_rival.eq(self.success)
                self._go(Phase.TEACH)
            with m.Default():
                self._spike()
                self._call_voter(self.success)

    def _spike(self):
        """Count the spike of the one who is elected, and know whether it is the last."""
        m, last = self.m, self.final
        m.d.comb += self.core.classifier.spike.eq(self.success)
        if self.p.ballot:
            last |= self.core.registers.ballot & ~self.learn
        with m.If(self.success & last):
            m.d.sync += self.enough.eq(1)

    def _verdict_on_winner(self):
        m, p, core, wta = self.m, self.p, self.core, self.core.wta
        self._spike()
        m.d.sync += [
            self.won.eq(self.success),
            self.winner.eq(wta.best),
            self.right.eq(wta.right),
            self.margin.eq(wta.margin_best),
        ]
        with m.If(self.learn):
            if p.a_late:
                self._go(Phase.TEACH)
            with m.If(self.success):
                self._go(Phase.TEACH)
                if p.reward != "none":
                    with m.If(core.registers.reward == ERROR):
                        m.d.sync += self.election.eq(Election.RIVAL)
                        self._go(Phase.COMPETE)
        if p.ballot:
            with m.Elif(core.registers.ballot):
                self._call_voter(self.success)

    def _call_voter(self, success):
        if self.p.ballot:
            with self.m.If(success & ~self.final):
                self._go(Phase.BAR)

    def _bar(self):
        self._mark(Mark.BAR, self.elected)
        self.m.d.sync += self.election.eq(Election.VOTER)
        self._after(SINGLE, Phase.COMPETE)

    # Learning.

    def _teach(self):
        m, p, core = self.m, self.p, self.core
        reward = core.reward
        neuron, punish = Signal(Neuron(p), name="pupil"), Signal(name="punished")
        left = self.taught < reward.count
        with m.If(self.taught == 0):
            m.d.comb += [neuron.eq(reward.first.neuron), punish.eq(reward.first.punish)]
        with m.Else():
            m.d.comb += [neuron.eq(reward.second.neuron), punish.eq(reward.second.punish)]
        with m.If(left):
            self._start_sweep(neuron, punish=punish, reference=self.step)
            m.d.sync += self.taught.eq(self.taught + 1)
        with m.Elif(reward.count != 0):
            self._go(Phase.RISE)
        with m.Else():
            self._go(Phase.ENDSTEP)
        if p.a_late:
            windows = core.windows
            m.d.comb += windows.neuron.eq(neuron)
            with m.If(windows.ended | (left & windows.hit)):
                self._close_window()
                m.d.sync += self.taught.eq(self.taught)
            with m.Elif(left):
                m.d.comb += windows.open.eq(~punish & (core.registers.ltd_window != 0))

    def _start_sweep(self, neuron, **ports):
        stdp = self.core.stdp
        self.m.d.comb += [stdp.start.eq(1), stdp.word.eq(neuron.word)]
        self.m.d.comb += [getattr(stdp, name).eq(value) for name, value in ports.items()]
        self.m.d.sync += self.swept.eq(neuron)
        self._go(Phase.SWEEP)

    def _close_window(self):
        windows = self.core.windows
        self.m.d.comb += windows.close.eq(1)
        self._start_sweep(windows.of, late=1, punish=0, reference=self.step - windows.age)

    def _sweep(self):
        with self.m.If(self.core.stdp.done):
            self._go(Mux(self.finishing, Phase.FINISH, Phase.TEACH))

    def _rise(self):
        self.m.d.comb += self.core.homeostasis.rise.eq(self.first)
        self._issue_one(self.winner, theta=1, const=self.core.registers.theta_plus)
        self._after(SINGLE, Phase.ENDSTEP)

    # After a step.

    def _endstep(self):
        m, p, core = self.m, self.p, self.core
        with m.If(self.enough | self.ending):
            m.d.sync += self.finishing.eq(1)
            self._go(Phase.FINISH)
        with m.Else():
            m.d.comb += core.tick.eq(1)
            m.d.sync += self.step.eq(self.next_step)
            self._begin_step()
            if p.refrac:
                m.d.sync += self.elected.eq(core.refractory.neuron)
                m.d.sync += self.releasing.eq(core.refractory.release)
                with m.If(core.refractory.release):
                    self._go(Phase.RELEASE)
            with m.If(self.won):
                self._go(Phase.RESET)
                if p.v_inhibit or p.bar_losers:
                    with m.If(self._inhibits()):
                        self._go(Phase.INHIBIT)

    def _inhibits(self):
        p, registers = self.p, self.core.registers
        inhibits = registers.v_inhibit != 0 if p.v_inhibit else 0
        return inhibits | registers.bar_losers if p.bar_losers else inhibits

    def _inhibit(self):
        p, registers = self.p, self.core.registers
        self._issue(hold=1, const=-registers.v_inhibit if p.v_inhibit else 0)
        self._mark(
            Mux(registers.bar_losers, Mark.BAR_ALL, Mark.KEEP) if p.bar_losers else Mark.KEEP
        )
        # The winner's flags may be in the last word, which must be written before they are read.
        self._after(p.n_words + SINGLE - 1, Phase.RESET)

    def _reset(self):
        m = self.m
        self._issue_one(self.winner, zero=1, const=self.core.registers.v_reset)
        self._mark(Mark.RESET, self.winner)
        with m.If(self.k == SINGLE - 1):
            self._begin_step()
            if self.p.refrac:
                with m.If(self.releasing):
                    self._go(Phase.RELEASE)

    def _release(self):
        self._mark(Mark.RELEASE, self.elected)
        with self.m.If(self.k == SINGLE - 1):
            self._begin_step()

    # After the last step.

    def _finish(self):
        m, p, core = self.m, self.p, self.core
        with m.If(self.learn):
            m.d.comb += core.homeostasis.count.eq(1)
            self._go(Phase.RESULT)
            if p.theta_decay_shift:
                with m.If(core.homeostasis.decay_due):
                    self._go(Phase.DECAY)
        with m.Elif(self.spiked):
            m.d.comb += core.classifier.start.eq(1)
            self._go(Phase.DECIDE)
        with m.Else():
            self._go(Phase.RESULT)
        if p.a_late:
            m.d.comb += core.windows.oldest.eq(1)
            with m.If(core.windows.any):
                m.d.comb += core.homeostasis.count.eq(0)
                self._close_window()

    def _decay(self):
        self._issue(theta=1, op=Op.DECAY)
        self._after(self.length, Phase.RESULT)

    def _decide(self):
        with self.m.If(self.core.classifier.done):
            self._go(Phase.RESULT)

    def _result(self):
        self.m.d.comb += self.core.result.valid.eq(1)
        with self.m.If(self.core.result.ready):
            self._go(Phase.IDLE)

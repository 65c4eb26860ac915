# amaranth: UnusedElaboratable=no
"""The pipelines of a visit: its words go in, and what they become comes out."""

from amaranth.hdl import Const, Module, Mux, Signal, Value, signed
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from golden.cells.schedule import Schedule
from golden.network.chip import Chip, unit
from golden.network.interface import STEP_BITS
from golden.network.rules.decays import AGE_BITS
from golden.network.rules.interface import REWARD_BITS, carried_bits
from golden.network.rules.learner import LearningUnit
from golden.network.rules.synapse import SENT
from golden.network.rules.words import NORM_FACTOR_BITS, NORM_POINT, REWARD
from golden.numbers.formats import index_bits
from hdl.cells import Pipeline
from hdl.cells.pipeline import key_port
from hdl.network.learning.age import CLIPPED, DelayLine
from hdl.network.learning.keys import SEED_BITS, PassKeys
from hdl.network.learning.layouts import carried_words, traces
from hdl.parts.delay import delayed

EVENTS = ("pre", "post", "epoch", REWARD)

SCALED = 2
"""Cycles from a weight to what it is scaled to."""


def fed(m: Module, schedule: Schedule, pipeline: Pipeline, lines: dict[str, DelayLine]) -> None:
    """Give a pipeline its words: line 0 of each is that of time 0."""
    for port, word in schedule.inputs.items():
        (time,) = schedule.reads[port]
        m.d.comb += getattr(pipeline, port).eq(lines[word.name or word.kind].at(time))
    values = {constant.name: int(constant.values) for constant in schedule.program.constants}
    for port, word in schedule.constants.items():
        m.d.comb += getattr(pipeline, port).eq(values[word.name])


def results(m: Module, schedule: Schedule, pipeline: Pipeline, latency: int) -> dict[str, Value]:
    """Return what a pipeline gives by its names, all at the time ``latency``."""
    return {
        word.name: delayed(
            m, getattr(pipeline, port), latency - schedule.writes[port], reset_less=True
        )
        for port, word in schedule.outputs.items()
        if word.kind == "state"
    }


class Passes(wiring.Component):
    """A pass of a visit in every cycle.

    Members
    -------
    words : In(StructLayout)
        As of `carried_words`.
    before, behind : In(arrays)
        The added traces of arrivals and of posts.
    pre_age, post_age : In(20)
        Two cycles after these.
    amount, marks, reward_age : In
        Only if rewards matter: the last one, traces of all; two cycles after these the age.
    factor : In
        Only if weights have a norm: by what the weight is multiplied.
    post, act : In(1)
        As late as the results: a post is replayed; its arrival, its epoch or a reward is done, or
        its weight is scaled.
    epoch, reward, scale : In(1)
        Which of these.
    seed, step, number : In(32), In(32), In
        Only if the rule draws random words: with ``words``, the step and whose they are.
    delay, rule : In(8), In
        Only if the programs read it: with ``words``.
    now : Out(StructLayout)
        What the words are after that, 2 + the latency after ``words``.
    sent : Out
        What an arrival transmits.
    """

    def __init__(self, chip: Chip):
        self.chip, self.learner = chip, unit(chip)
        self.latency = self.learner.latency(chip.fabric)
        self.schedules = {
            event: schedule
            for event, schedule in self.learner.schedules(chip.fabric).items()
            if event in EVENTS
        }
        sent = next(w for w in self.schedules["pre"].outputs.values() if w.name == SENT)
        words = carried_words(chip)
        super().__init__({
            "words": In(words),
            "before": In(traces(self.learner, "pre")),
            "behind": In(traces(self.learner, "post")),
            **{name: In(AGE_BITS) for name in ("pre_age", "post_age")},
            **self._others(),
            **{name: In(1) for name in ("post", "act", "epoch", "reward", "scale")},
            **self._drawing(),
            **{name: In(bits) for name, bits in self.learner.standing.items()},
            "now": Out(words),
            "sent": Out(signed(sent.width + (not sent.signed))),
        })

    def _drawing(self):
        if not self.learner.draws:
            return {}
        number = index_bits(self.learner.synapses)
        return {"seed": In(SEED_BITS), "step": In(STEP_BITS), "number": In(number)}

    def _others(self):
        members = {"factor": In(NORM_FACTOR_BITS)} if self.learner.norm else {}
        if self.learner.rewarded:
            members |= {"amount": In(signed(REWARD_BITS)), "reward_age": In(AGE_BITS)}
            members |= {"marks": In(traces(self.learner, REWARD))}
        return members

    def elaborate(self, platform):
        m = Module()
        words = {
            word.name: DelayLine(m, self.words[f"word_{i}"])
            for i, word in enumerate(self.learner.words)
        }
        lines = self._lines(m, words)
        found, keys = {}, PassKeys(m, self.seed, self.step) if self.learner.draws else None
        for event, schedule in self.schedules.items():
            m.submodules[event] = pipeline = Pipeline(schedule, keyed=True)
            fed(m, schedule, pipeline, lines)
            for at in schedule.key_times if keys else ():
                m.d.comb += getattr(pipeline, key_port(*at)).eq(keys.at(*at))
            found[event] = results(m, schedule, pipeline, self.latency)
        # Its registers must not wait for the conditions below.
        scaled = self._scaled(m) if self.learner.norm else Const(0)
        for i, (name, line) in enumerate(words.items()):
            now = self.now[f"word_{i}"]
            written = CLIPPED + self.latency
            m.d.comb += now.eq(line.at(written))
            with m.If(self.post):
                m.d.comb += now.eq(found["post"][name])
            with m.Elif(self.act):
                m.d.comb += now.eq(found["pre"][name])
                for event in ("epoch", REWARD):
                    if event in found:
                        with m.If(getattr(self, event)):
                            m.d.comb += now.eq(found[event][name])
                if self.learner.norm:
                    with m.If(self.scale):
                        m.d.comb += now.eq(scaled if i == 0 else line.at(written))
        m.d.comb += self.sent.eq(found["pre"][SENT])
        return m

    def _scaled(self, m) -> Value:
        """Return the weight times the factor, within its bounds, as late as the results."""
        word, weight = self.learner.words[0], self.words.word_0
        product = delayed(m, weight * self.factor, reset_less=True)
        nearest = (product + (1 << NORM_POINT >> 1)) >> NORM_POINT
        low, high = (Const(end, carried_bits(word)) for end in (word.low, word.high))
        above = Mux(nearest > high.as_signed(), high.as_signed(), nearest)
        clipped = Signal(signed(carried_bits(word)), reset_less=True)
        m.d.sync += clipped.eq(Mux(nearest < low.as_signed(), low.as_signed(), above))
        return delayed(m, clipped, CLIPPED + self.latency - SCALED, reset_less=True)

    def _lines(self, m, words: dict[str, DelayLine]) -> dict[str, DelayLine]:
        """Return what the pipelines read, from their time 0 on."""
        lines = {"pre age": DelayLine(m, self.pre_age), "post age": DelayLine(m, self.post_age)}
        if self.learner.rewarded:
            lines[f"{REWARD} age"] = DelayLine(m, self.reward_age)
            lines[REWARD] = LaterLine(DelayLine(m, self.amount), CLIPPED)
            lines |= trace_lines(m, self.learner, REWARD, self.marks)
        for name, line in words.items():
            lines[name] = LaterLine(line, CLIPPED)
        for side, values in (("pre", self.before), ("post", self.behind)):
            lines |= trace_lines(m, self.learner, side, values)
        if self.learner.draws:
            lines["index"] = LaterLine(DelayLine(m, self.number), CLIPPED)
        for name in self.learner.standing:
            lines[name] = LaterLine(DelayLine(m, getattr(self, name)), CLIPPED)
        return lines


class LaterLine(DelayLine):
    """A line that begins some cycles later."""

    def __init__(self, line: DelayLine, n_cycles: int):
        self.line, self.n_cycles = line, n_cycles

    def at(self, n_cycles: int) -> Value:
        """Return the value as it was ``n_cycles`` before that."""
        return self.line.at(n_cycles + self.n_cycles)


def trace_lines(
    m: Module, learner: LearningUnit, side: str, values: data.View | Signal
) -> dict[str, DelayLine]:
    """Return the added traces of a side, by name, from the time on at which their age is there."""
    return {
        word.name: LaterLine(DelayLine(m, values[i]), CLIPPED)
        for i, word in enumerate(learner.side(side))
    }

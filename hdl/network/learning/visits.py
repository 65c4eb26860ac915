# amaranth: UnusedElaboratable=no
"""The ring: a synapse goes round once for every post that waits, and once for its own event."""

from amaranth.hdl import Cat, Module, Mux, Signal, signed
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from golden.network.chip import Chip, unit
from golden.network.interface import STEP_BITS
from golden.network.rules.words import NORM_FACTOR_BITS
from golden.numbers.formats import index_bits
from hdl.network.learning.age import elapsed
from hdl.network.learning.keys import SEED_BITS
from hdl.network.learning.layouts import (
    PostRecord,
    RewardPast,
    RunPast,
    SpikePast,
    carried_words,
    event_bits,
)
from hdl.network.learning.passes import Passes
from hdl.parts.delay import delayed

AHEAD = 4
"""Cycles from a synapse's address to its entering."""


class Visitor(data.StructLayout):
    """What a visit has of its synapse, which stays as it is."""

    def __init__(self, chip: Chip):
        learner = unit(chip)
        super().__init__({
            "run": RunPast(learner),
            "synapse": index_bits(learner.synapses),
            "inlet": index_bits(len(chip.inlets)),
            "slot": chip.slot_bits,
            "place": index_bits(chip.places),
            **({"number": index_bits(learner.synapses)} if learner.draws else {}),
        })


class Visits(wiring.Component):
    """Visits enter, pass after pass, and leave ``turn`` cycles after their last pass has begun.

    Members
    -------
    learn, walk, replay, epoch, rewarding, scale : In(1)
        The register; in WALK, in REPLAY, in EPOCH, in REWARD, in SCALE.
    step, base : In
        This step; the one from which posts are counted.
    seed : In(32)
        Only if the rule draws random words.
    enter : In(1)
        A visit enters in the next cycle: ``visitor``, ``words``, ``count`` posts that wait, and
        ``latest``, what was before those.
    visitor, words, count, latest : In
    record, reward, factor : In
        Of whatever enters in the next cycle, for the first time or again; the last two only if
        rewards matter, or if weights have a norm.
    again, place, number : Out
        One enters again in two cycles: show this record of this place in the next one.
    stall : Out(1)
        One enters again in four cycles: a synapse must not be issued.
    busy : Out(1)
        A visit is under way, and does not leave in this cycle.
    leave : Out(1)
        In WALK, a visit leaves in two cycles; in the next one there stand
    inlet, slot, weight : Out
        where it ends and what it transmits.
    learned : Out(1)
        A visit that learns leaves: write
    synapse, now : Out
        these words of that synapse;
    leaving : Out
        in the cycle before: its place.
    """

    def __init__(self, chip: Chip):
        self.chip, self.learner = chip, unit(chip)
        self.turn = self.learner.turn(chip.fabric)
        self.passes = Passes(chip)
        visitor, words = Visitor(chip), carried_words(chip)
        members = visitor.members
        plain = (len(self._rounded(Signal(words).word_0, shift)) for shift in self.learner.shifts)
        self.weight_bits = max(len(self.passes.sent), *plain)
        super().__init__({
            **{name: In(1) for name in ("learn", "walk", "replay", "epoch", "enter")},
            **{name: In(1) for name in ("rewarding", "scale")},
            **({"reward": In(RewardPast(self.learner))} if self.learner.rewarded else {}),
            **({"factor": In(NORM_FACTOR_BITS)} if self.learner.norm else {}),
            "leaving": Out(members["place"]),
            "step": In(STEP_BITS),
            "base": In(event_bits(self.learner)),
            **({"seed": In(SEED_BITS)} if self.learner.draws else {}),
            "visitor": In(visitor),
            "words": In(words),
            "count": In(self.learner.count_bits),
            "latest": In(SpikePast(self.learner, "post")),
            "record": In(PostRecord(self.learner)),
            **{name: Out(1) for name in ("again", "stall", "busy", "leave", "learned")},
            "place": Out(members["place"]),
            "number": Out(index_bits(self.learner.posts)),
            "inlet": Out(members["inlet"]),
            "slot": Out(members["slot"]),
            "weight": Out(signed(self.weight_bits)),
            "synapse": Out(members["synapse"]),
            "now": Out(words),
        })

    def _plain(self, weight, run):
        """Return a weight in the receptor's format, by the rule of its run."""
        found = self._rounded(weight, self.learner.shift)
        for number, shift in enumerate(self.learner.further, 1):
            found = Mux(run.rule == number, self._rounded(weight, shift), found)
        return found

    def _rounded(self, weight, shift):
        return (weight + (1 << shift >> 1)) >> shift if shift > 0 else weight << -shift

    def elaborate(self, platform):
        m = Module()
        m.submodules.passes = self.passes
        last = self.turn - 1
        there, later = Signal(self.turn, name="there"), Signal(last)
        visitor = Signal(Visitor(self.chip), reset_less=True)
        left = Signal.like(self.count, reset_less=True)
        learns = visitor.run.taught & self.learn
        more = Mux(self.replay, left > 1, left != 0)
        # Whether the pass that began so many cycles ago is followed by another one.
        again = Cat(there[0] & more, later)
        gone = self._round(m, visitor, left, again)
        m.d.sync += [there.eq(Cat(self.enter | again[last], there)), later.eq(again)]
        m.d.comb += [
            self.again.eq(again[last - 1]),
            self.stall.eq(again[self.turn - AHEAD]),
            self.busy.eq(self.enter | there.any()),
            self.leave.eq(self.walk & there[last - 1] & ~again[last - 1]),
            self.leaving.eq(gone.place),
            self.inlet.eq(gone.inlet),
            self.slot.eq(gone.slot),
        ]
        self._act(m, visitor, left, learns, again[last])
        own = gone.run.taught & self.learn
        m.d.sync += [
            self.learned.eq(there[last] & ~again[last] & own),
            self.synapse.eq(gone.synapse),
            self.now.eq(self.passes.now),
        ]
        weight = self.passes.now.word_0
        sent = Mux(own, self.passes.sent, self._plain(weight, gone.run))
        m.d.comb += self.weight.eq(Mux(gone.run.learns, sent, weight))
        return m

    def _round(self, m, visitor, left, again):
        """Let visits begin a pass, the first one or another; return who ends one in a cycle."""
        last = self.turn - 1
        number = Signal(len(self.number), reset_less=True)
        near = data.View(visitor.shape(), delayed(m, visitor.as_value(), last - 1, reset_less=True))
        gone = data.View(visitor.shape(), delayed(m, near.as_value(), reset_less=True))
        m.d.comb += [
            self.place.eq(near.place),
            self.number.eq(delayed(m, number, last - 1, reset_less=True) + 1),
        ]
        following = delayed(m, self.number, reset_less=True)
        rest = delayed(m, left, last, reset_less=True) - 1
        waiting = Mux(self.visitor.run.taught, self.count, 0)
        m.d.sync += [
            visitor.eq(Mux(again[last], gone.as_value(), self.visitor.as_value())),
            number.eq(Mux(again[last], following, 0)),
            left.eq(Mux(again[last], rest, waiting)),
        ]
        return gone

    def _act(self, m, visitor, left, learns, again):
        """Give the pipelines what they need in the cycles from ``e`` on; choose what they give."""
        passes, words = self.passes, Signal.like(self.words, reset_less=True)
        latest = Signal.like(self.latest, reset_less=True)
        post, traces = Signal(len(self.base), reset_less=True), Signal.like(latest.traces)
        replays, last = left != 0, self.turn - 1
        m.d.sync += [
            words.eq(Mux(again, passes.now.as_value(), self.words.as_value())),
            latest.last.eq(Mux(again, delayed(m, post, last, reset_less=True), self.latest.last)),
            latest.there.eq(again | self.latest.there),
            latest.traces.eq(
                Mux(
                    again,
                    delayed(m, traces.as_value(), last, reset_less=True),
                    self.latest.traces.as_value(),
                )
            ),
            post.eq(self.base + self.record.when),
            traces.eq(self.record.traces),
        ]
        now = Mux(replays, post, self.step[: len(post)])
        before = elapsed(m, now, visitor.run.arrivals)
        behind = elapsed(m, now, latest)
        due = delayed(m, replays) & ~before.before
        acts = learns & ~replays & ~self.replay & self._called(m, now)
        m.d.comb += [
            passes.words.eq(words),
            passes.before.eq(visitor.run.arrivals.traces),
            passes.behind.eq(latest.traces),
            passes.pre_age.eq(before.age),
            passes.post_age.eq(behind.age),
            passes.post.eq(delayed(m, due, last - 1, reset_less=True)),
            passes.act.eq(delayed(m, acts, last, reset_less=True)),
            passes.epoch.eq(self.epoch),
        ]
        if self.learner.draws:
            drawing = passes.seed.eq(self.seed), passes.step.eq(now)
            m.d.comb += [*drawing, passes.number.eq(visitor.number)]
        for name in self.learner.standing:
            m.d.comb += getattr(passes, name).eq(visitor.run[name])

    def _called(self, m, now):
        """Give the pipelines what is known of rewards and norms; return whether a visit may act."""
        passes = self.passes
        m.d.comb += [passes.reward.eq(self.rewarding), passes.scale.eq(self.scale)]
        if self.learner.norm:
            m.d.comb += passes.factor.eq(delayed(m, self.factor, reset_less=True))
        if not self.learner.rewarded:
            return 1
        reward = Signal.like(self.reward, reset_less=True)
        m.d.sync += reward.eq(self.reward)
        m.d.comb += [
            passes.amount.eq(reward.amount),
            passes.marks.eq(reward.before.traces),
            passes.reward_age.eq(elapsed(m, now, reward.before).age),
        ]
        return ~self.rewarding | reward.given

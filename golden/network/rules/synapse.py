"""What the text of a rule is given: a synapse, with the traces of its two neurons.

=========================== ====================================================================
written                     gives
=========================== ====================================================================
``s.w``                     the weight; assigned, it is rounded to its format and kept within its
                            bounds, and what is read afterwards is the new one
``s.low, s.high``           its bounds
``s["tag"]``                a variable of the rule, read and assigned likewise
``s.pre(tau, added)``        what is left of the arrivals of its presynaptic neuron's spikes
``s.post(tau, added)``       what is left of its postsynaptic neuron's spikes; ``tau`` in ms
``s.amount("a", x, of)``    a constant in the unit of the weight, for the weight or a variable
``s.share("eta", x, of)``   a constant without a unit
``s.reward``                the last reward: a number without a unit; 0 before the first
``s.modulator(tau)``        what is left of all rewards, added up
``s.delay``                 the synapse's delay in steps
``s.happens("pre")``        1 if an arrival ("post", "reward": likewise) was in this very step
``s.age("pre")``            steps since the last one; 2**20 - 1 if there was none
=========================== ====================================================================

A trace is e**(-age/tau), of the last spike alone; or, if it is ``added``, the sum of these of all
spikes. At an event it is what it was before the event itself.

A variable that decays is read as e**(-t/tau) times what was written, t being the time since the
last event of the synapse: an arrival, a post, or, if the rule has an ``on_reward``, a reward. The
product is not rounded, and must be (``factor()``) before it is multiplied. Whatever is not written
at such an event is rounded then.
"""

from __future__ import annotations

from golden.cells.program import FAR
from golden.cells.trace import Trace
from golden.cells.value import Value, minimum
from golden.network.rules.decays import AGE_MOST, LONGEST, left
from golden.network.rules.rule import Rule
from golden.network.rules.words import (
    REWARD,
    REWARD_MOST,
    REWARD_POINT,
    LearnedWord,
    TraceWord,
)

WEIGHT = "w"
SENT = "sent"
"""What an arrival transmits, in the receptor's format."""
PURPOSES = {"pre": 96, "post": 104, "epoch": 112, REWARD: 120}
"""First purposes of random words (`golden.numbers.hash`), by event; below are a cell's own."""
DELAY = "delay"
DELAY_BITS = 8
DRAWS = 8
"""Random words of a program at most."""
RANDOM_BITS = 16
"""Of what is added before a weight is rounded down, if its rounding is random."""


def one_of(choices: tuple[str, ...], name: str, value: object) -> object:
    """Return a choice.

    Raises
    ------
    ValueError
        If it is none.
    """
    if value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(choices)}, not {value}")
    return value


class Synapse:
    """Collects what a text does at one event; see the table above."""

    # So that whatever a text assigns by another name is refused.
    __slots__ = ("_written", "event", "now", "rewarded", "rule", "trace", "traces", "words")

    def __init__(
        self,
        rule: Rule,
        event: str,
        dt: float,
        words: tuple[LearnedWord, ...],
        operand_bits: int,
    ):
        self.rule, self.event = rule, event
        self.trace = Trace(dt, operand_bits, purpose=PURPOSES[event])
        self.words = {word.name: word for word in words}
        self.now = {word.name: self._given(word) for word in words}
        self.traces: dict[TraceWord, None] = {}
        self.rewarded = False
        """Whether it has looked at rewards."""
        self._written: set[str] = set()
        for word in words:
            if word.tau:
                self.now[word.name] *= left(self._elapsed(), word.tau)

    def _elapsed(self) -> Value:
        """Return the steps since the last event of the synapse."""
        sides = ["pre", "post", *([REWARD] if self.rule.acts_at_rewards else [])]
        found = [age(self.trace, side) for side in sides]
        since = minimum(found[0], found[1])
        return minimum(since, found[2]) if found[2:] else since

    def end(self) -> dict[str, Value]:
        """Return what the words have become: those that decay are written at every event."""
        unseen = self.event == "epoch" or (self.event == REWARD and not self.rule.acts_at_rewards)
        for word in self.words.values():
            if word.tau and unseen:
                self.now[word.name] = self._given(word)
            elif word.tau and word.name not in self._written:
                self[word.name] = self.now[word.name]
        return self.now

    def _given(self, word: LearnedWord) -> Value:
        return self.trace.given(word.name, word.low, word.high, word.scale.point)

    @property
    def low(self) -> Value:
        """The lower bound of the weight."""
        return self.trace.number(self.words[WEIGHT].low, self.words[WEIGHT].scale.point)

    @property
    def high(self) -> Value:
        """The upper bound of the weight."""
        return self.trace.number(self.words[WEIGHT].high, self.words[WEIGHT].scale.point)

    @property
    def w(self) -> Value:
        """The weight."""
        return self[WEIGHT]

    @w.setter
    def w(self, value: Value) -> None:
        self[WEIGHT] = value

    def __getitem__(self, name: str) -> Value:
        return self.now[self._known(name).name]

    def __setitem__(self, name: str, value: Value) -> None:
        word = self._known(name)
        if not isinstance(value, Value):
            raise ValueError(
                f"{name} must be assigned what is made of values of the synapse, not {value!r}"
            )
        if word.tau and self.event == "epoch":
            raise ValueError(f"{name}, which decays, must not be written in an epoch")
        self._written.add(name)
        point = word.scale.point
        if self.rule.rounding == "random" and value.point > point:
            fine = point + min(RANDOM_BITS, value.point - point)
            drawn = self.trace.random(fine - point).times2(-fine)
            value = (value.floored(fine) + drawn).floored(point)
        self.now[name] = value.rounded(point).clipped(word.low, word.high)

    def _known(self, name: str) -> LearnedWord:
        if name not in self.words:
            raise ValueError(f"a variable of a rule must be {' or '.join(self.words)}, not {name}")
        return self.words[name]

    def pre(self, tau: float, added: bool = True) -> Value:
        """Return a trace of arrivals; ``tau`` in ms."""
        return self._left("pre", tau, added)

    def post(self, tau: float, added: bool = True) -> Value:
        """Return a trace of post spikes; ``tau`` in ms."""
        return self._left("post", tau, added)

    @property
    def reward(self) -> Value:
        """The last reward, as a factor."""
        self.rewarded = True
        return reward(self.trace).factor()

    @property
    def delay(self) -> Value:
        """The delay, in steps."""
        return self.trace.given(DELAY, 0, (1 << DELAY_BITS) - 1, 0)

    def happens(self, side: str) -> Value:
        """Return 1 if an event of a side came before this one in the same step."""
        return self.age(side) < self.trace.number(1)

    def age(self, side: str) -> Value:
        """Return the steps since the last event of a side: of this very step, 0."""
        self.rewarded |= side == REWARD
        return age(self.trace, side)

    def modulator(self, tau: float) -> Value:
        """Return a trace of rewards; ``tau`` in ms."""
        self.rewarded = True
        return self._left(REWARD, tau, True)

    def _left(self, side: str, tau: float, added: bool) -> Value:
        if not 0 < tau < FAR:
            raise ValueError(f"tau of a trace must be above 0 ms, not {tau:g} ms")
        word = TraceWord(side, tau / self.trace.dt, added)
        if word.tau > LONGEST:
            raise ValueError(
                f"tau of a trace must be at most {LONGEST} steps of {self.trace.dt:g} ms, "
                f"not {tau:g} ms"
            )
        self.traces[word] = None
        share = left(age(self.trace, side), word.tau)
        if not added:
            return share
        stored = kept(self.trace, word).factor()
        return (stored * share).rounded(stored.point)

    def amount(self, name: str, value: float, of: str = WEIGHT) -> Value:
        """Return a constant in the weight's unit; one that moves no ``of`` is refused."""
        word = self._known(of)
        size = value / word.scale.unit
        self._moves(name, value, abs(size) * 2.0**word.scale.point, of)
        return self.trace.constant(name, size)

    def share(self, name: str, value: float, of: str = WEIGHT) -> Value:
        """Return a constant without a unit; one that moves no ``of`` is refused."""
        word = self._known(of)
        self._moves(name, value, abs(value) * (word.high - word.low), of)
        return self.trace.constant(name, value)

    def _moves(self, name: str, value: float, places: float, of: str) -> None:
        """Refuse a gain that is not 0 but moves a word by less than half of its last place."""
        if value and places < 0.5 and self.rule.rounding != "random":
            raise ValueError(
                f"{name} must be at least {abs(value) * 0.5 / places:.3g} for the bits of {of}, "
                f"not {abs(value):g}: it is lost"
            )


def reward(trace: Trace) -> Value:
    """Return the last reward."""
    return trace.given(REWARD, -REWARD_MOST, REWARD_MOST, REWARD_POINT)


def age(trace: Trace, side: str) -> Value:
    """Return the steps since the last arrival, post spike or reward."""
    return trace.given(f"{side} age", 0, AGE_MOST, 0)


def kept(trace: Trace, word: TraceWord) -> Value:
    """Return an added trace as it was after its last spike."""
    point, _ = word.format(trace.operand_bits)
    return trace.given(word.name, *word.ends(trace.operand_bits), point)

"""A rule in integers: words, and programs for each event, traced from its text.

================ ============================================= ==================================
program          reads                                         gives
================ ============================================= ==================================
``on_pre``       words, traces and ages of both sides          words, and ``sent``
``on_post``      the same                                      words
``on_epoch``     the same                                      words
``on_reward``    the same                                      words
``marks[side]``  traces and age of that side, before the event these traces after it
================ ============================================= ==================================

An age is that of the last event of a side, ``pre age``, ``post age`` or ``reward age``, in steps,
at most `golden.network.rules.decays.AGE_MOST`. ``reward`` is the last reward.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from golden.cells.program import Program, Receptor
from golden.cells.trace import OPERAND_BITS, Trace
from golden.network.rules.checks import checked, norm, period
from golden.network.rules.decays import LONGEST, left
from golden.network.rules.rule import Rule
from golden.network.rules.synapse import (
    DRAWS,
    SENT,
    WEIGHT,
    Synapse,
    age,
    kept,
    reward,
)
from golden.network.rules.words import REWARD, LearnedWord, TraceWord, Variable
from golden.numbers.formats import Array

SIDES = ("pre", "post", REWARD)


@dataclass(frozen=True, slots=True, eq=False)
class Learning:
    """A rule of some rows."""

    rule: str
    """Its name, for reports."""
    words: tuple[LearnedWord, ...]
    """The weight first."""
    start: tuple[NDArray[np.int32], ...]
    """Of every word, shape (synapses,)."""
    traces: tuple[TraceWord, ...]
    """Those that keep a word."""
    on_pre: Program
    on_post: Program
    on_epoch: Program
    on_reward: Program
    rewarded: bool
    """Whether rewards matter to it."""
    period: int
    """Steps of an epoch; 0 if there are none."""
    norm: int
    """What a target's weights add up to after an epoch, in the weight's integers; 0: anything."""
    marks: dict[str, Program]
    """By side."""
    point: int
    """Of what is transmitted: the receptor's."""
    first: int
    """Number of the first synapse among all that learn: whose random words they are."""

    @property
    def report(self) -> str:
        """A line about its numbers."""
        formats = ", ".join(
            f"{w.name} {w.low} to {w.high} point {w.scale.point}" for w in self.words
        )
        constants = [c for program in self.programs for c in program.constants]
        worst = max(constants, key=lambda c: c.error, default=None)
        error = f"; largest error of a constant {worst.error:.2%} ({worst.name})" if worst else ""
        return f"learns by {self.rule}, {formats}{error}"

    @property
    def programs(self) -> tuple[Program, ...]:
        """All of them."""
        events = (self.on_pre, self.on_post, self.on_epoch, self.on_reward)
        return (*events, *self.marks.values())

    @property
    def operand_bits(self) -> int:
        """Of a factor of its programs."""
        return self.on_pre.operand_bits

    @property
    def weight(self) -> LearnedWord:
        """The word that is the weight."""
        return self.words[0]

    def word(self, name: str) -> LearnedWord:
        """Return a word by name.

        Raises
        ------
        ValueError
            If there is none.
        """
        for word in self.words:
            if word.name == name:
                return word
        known = " or ".join(word.name for word in self.words)
        raise ValueError(f"a variable of {self.rule} must be {known}, not {name}")

    @property
    def most(self) -> int:
        """Largest magnitude that a synapse can transmit."""
        ends = np.array([self.weight.low, self.weight.high])
        return int(np.abs(self.transmitted(ends)).max())

    def transmitted(self, weight: Array) -> Array:
        """Return weights in the receptor's format: to nearest, a half upwards."""
        shift = self.weight.scale.point - self.point
        return (weight + (1 << shift >> 1)) >> shift if shift > 0 else weight << -shift


def learning(
    rule: Rule,
    dt: float,
    receptor: Receptor,
    weights: NDArray[np.float64],
    first: int,
    operand_bits: int = OPERAND_BITS,
) -> Learning:
    """Return a rule in integers.

    Parameters
    ----------
    receptor : Receptor
        Of the target: what is transmitted is in its format.
    weights : array of shape (synapses,)
        At first, in the receptor's unit.
    first : int
        See `Learning`.
    operand_bits : int
        Of a factor, and so of a word, at most: more bits that the rule asks for are left out.

    Raises
    ------
    ValueError
        If a parameter, a weight or the rule itself is impossible.
    """
    checked(rule)
    words = (
        _weight(rule, receptor, operand_bits),
        *(_variable(v, receptor, dt, operand_bits) for v in rule.kept()),
    )
    texts = _texts(rule, dt, words, operand_bits)
    traces = {word: None for text in texts.values() for word in text.traces if word.added}
    programs = {f"on_{event}": _events(text, receptor) for event, text in texts.items()}
    _refuse_draws(texts)
    marks = {side: marked(side, tuple(traces), dt, operand_bits) for side in SIDES}
    others = zip(rule.kept(), words[1:], strict=True)
    starts = (
        _start(rule, words[0], weights),
        *(_same(variable.start, word, len(weights)) for variable, word in others),
    )
    return Learning(
        rule=type(rule).__name__,
        words=words,
        start=starts,
        traces=tuple(traces),
        **programs,
        rewarded=rule.acts_at_rewards or any(text.rewarded for text in texts.values()),
        period=period(rule, dt),
        norm=norm(rule, words[0]),
        marks=marks,
        point=receptor.scale.point,
        first=first,
    )


def narrowed(rule: Rule, operand_bits: int) -> str:
    """Return which words have fewer bits than the rule asks for, as an end of its report."""
    asked = {WEIGHT: rule.bits, **{v.name: v.bits for v in rule.kept()}}
    fewer = [f"{name} {operand_bits} of {n}" for name, n in asked.items() if n > operand_bits]
    return f"; bits that a factor leaves: {', '.join(fewer)}" if fewer else ""


def _texts(
    rule: Rule, dt: float, words: tuple[LearnedWord, ...], operand_bits: int
) -> dict[str, Synapse]:
    """Return what the rule does at each event."""
    acts = {
        "pre": rule.on_pre,
        "post": rule.on_post,
        "epoch": rule.on_epoch,
        REWARD: rule.on_reward,
    }
    texts = {event: Synapse(rule, event, dt, words, operand_bits) for event in acts}
    for event, act in acts.items():
        try:
            act(texts[event])
        except (AttributeError, TypeError) as error:
            raise ValueError(
                f"on_{event} must be written with what a synapse has, and is not: {error}"
            ) from error
    return texts


def _weight(rule: Rule, receptor: Receptor, operand_bits: int) -> LearnedWord:
    scale, bounds = receptor.scale, (rule.w_min, rule.w_max)
    bits = min(rule.bits, operand_bits)
    word = LearnedWord.of(WEIGHT, bounds, bits, scale.unit, scale.measure)
    most = (1 << (receptor.width - 1)) - 1
    for name, bound in zip(("w_min", "w_max"), bounds, strict=True):
        if abs(int(scale.integer(bound))) > most:
            raise ValueError(
                f"{name} must be at most {float(scale.quantity(most)):g} in magnitude, as its "
                f"receptor is, not {bound:g}"
            )
    return word


def _variable(v: Variable, receptor: Receptor, dt: float, operand_bits: int) -> LearnedWord:
    scale = receptor.scale
    if v.tau and v.start:
        raise ValueError(f"{v.name}, which decays, must start at 0, not {v.start:g}")
    if not 0 <= v.tau <= LONGEST * dt:
        raise ValueError(f"tau of {v.name} must be 0 to {LONGEST * dt:g} ms, not {v.tau:g} ms")
    bits = min(v.bits, operand_bits)
    return LearnedWord.of(v.name, (v.low, v.high), bits, scale.unit, scale.measure, v.tau / dt)


def _start(rule: Rule, word: LearnedWord, weights: NDArray[np.float64]) -> NDArray[np.int32]:
    outside = (weights < rule.w_min) | (weights > rule.w_max)
    if outside.any():
        raise ValueError(
            f"weight must be {rule.w_min:g} to {rule.w_max:g}, as its rule keeps it, not "
            f"{weights[outside][0]:g}"
        )
    return np.clip(word.scale.integer(weights), word.low, word.high).astype(np.int32)


def _same(value: float, word: LearnedWord, size: int) -> NDArray[np.int32]:
    return np.full(size, int(word.scale.integer(value)), np.int32)


def _refuse_draws(texts: dict[str, Synapse]) -> None:
    """Refuse more random words than an event has purposes for."""
    for text in texts.values():
        draws = sum(value.operation == "random" for value in text.trace.values)
        if draws > DRAWS:
            raise ValueError(f"on_{text.event} must draw at most {DRAWS} random words, not {draws}")


def _events(text: Synapse, receptor: Receptor) -> Program:
    trace = text.trace
    for name, value in text.end().items():
        trace.give(name, value)
    if text.event == "pre":
        trace.give(SENT, text.w.rounded(receptor.scale.point))
    return _without_spike(trace)


def marked(side: str, words: tuple[TraceWord, ...], dt: float, operand_bits: int) -> Program:
    """Return what an event of a side does to the added traces of that side."""
    trace = Trace(dt, operand_bits)
    for word in words:
        if word.side == side:
            before = kept(trace, word)
            low, most = word.ends(operand_bits)
            share = left(age(trace, side), word.tau)
            rest = (before.factor() * share).rounded(before.point)
            if word.signed:
                trace.give(word.name, (rest + reward(trace)).clipped(low, most))
            else:
                after = rest + trace.number(1 << before.point, before.point)
                trace.give(word.name, after.within(low, most))
    return _without_spike(trace)


def _without_spike(trace: Trace) -> Program:
    nothing = trace.number(0)
    trace.spike(nothing, nothing)
    return trace.program()

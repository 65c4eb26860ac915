"""A rule in integers: words, and programs for each event, traced from its text.

================ ============================================= ==================================
program          reads                                         gives
================ ============================================= ==================================
``on_pre``       words, traces and ages of both sides          words, and ``sent``
``on_post``      the same                                      words
``on_epoch``     the same                                      words
``marks[side]``  traces and age of that side, before the event these traces after it
================ ============================================= ==================================

An age is that of the last event of a side, ``pre age`` or ``post age``, in steps, at most
`golden.network.rules.decays.AGE_MOST`.
"""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from golden.cells.program import Program, Receptor
from golden.cells.trace import OPERAND_BITS, Trace
from golden.network.rules.decays import left
from golden.network.rules.rule import Rule
from golden.network.rules.synapse import (
    SENT,
    WEIGHT,
    LearnedWord,
    Synapse,
    TraceWord,
    Variable,
    age,
    kept,
    one_of,
)
from golden.numbers.formats import Array

SIDES = ("pre", "post")
ROUNDINGS = ("nearest", "random")
LEAST_BITS = 2
NORM_MOST = (1 << 40) - 1
"""So that what weights are multiplied by is exact in int64."""


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
        return (self.on_pre, self.on_post, self.on_epoch, *self.marks.values())

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
    rule: Rule, dt: float, receptor: Receptor, weights: NDArray[np.float64], first: int
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

    Raises
    ------
    ValueError
        If a parameter, a weight or the rule itself is impossible.
    """
    _check(rule)
    words = (_weight(rule, receptor), *(_variable(v, receptor) for v in rule.variables))
    texts = {}
    acts = {"pre": rule.on_pre, "post": rule.on_post, "epoch": rule.on_epoch}
    for event, act in acts.items():
        texts[event] = Synapse(rule, event, dt, words)
        act(texts[event])
    traces = {word: None for text in texts.values() for word in text.traces if word.added}
    programs = {f"on_{event}": _events(text, receptor) for event, text in texts.items()}
    marks = {side: _marks(side, tuple(traces), dt) for side in SIDES}
    others = zip(rule.variables, words[1:], strict=True)
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
        period=_period(rule, dt),
        norm=_norm(rule, words[0]),
        marks=marks,
        point=receptor.scale.point,
        first=first,
    )


def _check(rule: Rule) -> None:
    """Refuse parameters of any rule that make no sense, and what cannot be put off."""
    if hasattr(rule, "on_step"):
        raise ValueError(
            "a rule must act at spikes, not in every step, as on_step would: what changes without "
            "an event cannot be put off until somebody looks"
        )
    for field in fields(rule):
        value = getattr(rule, field.name)
        if isinstance(field.default, float):
            try:
                finite = np.isfinite(float(value))
            except (TypeError, ValueError):
                finite = False
            if not finite:
                raise ValueError(f"{field.name} must be a number, not {value!r}")
    one_of(ROUNDINGS, "rounding", rule.rounding)
    if type(rule.bits) is not int or not LEAST_BITS <= rule.bits <= OPERAND_BITS:
        raise ValueError(f"bits must be {LEAST_BITS} to {OPERAND_BITS}, not {rule.bits}")
    if not rule.w_min < rule.w_max:
        raise ValueError(f"w_max must be above w_min, {rule.w_min:g}, not {rule.w_max:g}")


def _period(rule: Rule, dt: float) -> int:
    steps = round(rule.every / dt)
    if rule.every < 0 or steps * dt != rule.every:
        raise ValueError(f"every must be steps of {dt:g} ms, not {rule.every:g} ms")
    if not steps and (type(rule).on_epoch is not Rule.on_epoch or rule.norm):
        raise ValueError("every must be above 0 ms for a rule with an epoch, not 0 ms")
    return steps


def _norm(rule: Rule, word: LearnedWord) -> int:
    norm = int(word.scale.integer(rule.norm))
    most = float(word.scale.quantity(NORM_MOST))
    if not 0 <= norm <= NORM_MOST:
        raise ValueError(f"norm must be 0 to {most:g} for the bits of w, not {rule.norm:g}")
    if rule.norm and not norm:
        least = float(word.scale.quantity(1)) / 2
        raise ValueError(f"norm must be at least {least:g} for the bits of w, not {rule.norm:g}")
    return norm


def _weight(rule: Rule, receptor: Receptor) -> LearnedWord:
    scale, bounds = receptor.scale, (rule.w_min, rule.w_max)
    word = LearnedWord.of(WEIGHT, bounds, rule.bits, scale.unit, scale.measure)
    most = (1 << (receptor.width - 1)) - 1
    for name, bound in zip(("w_min", "w_max"), bounds, strict=True):
        if abs(int(scale.integer(bound))) > most:
            raise ValueError(
                f"{name} must be at most {float(scale.quantity(most)):g} in magnitude, as its "
                f"receptor is, not {bound:g}"
            )
    return word


def _variable(v: Variable, receptor: Receptor) -> LearnedWord:
    scale = receptor.scale
    return LearnedWord.of(v.name, (v.low, v.high), v.bits, scale.unit, scale.measure)


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


def _events(text: Synapse, receptor: Receptor) -> Program:
    trace = text.trace
    for name, value in text.now.items():
        trace.give(name, value)
    if text.event == "pre":
        trace.give(SENT, text.w.rounded(receptor.scale.point))
    return _without_spike(trace)


def _marks(side: str, words: tuple[TraceWord, ...], dt: float) -> Program:
    trace = Trace(dt, OPERAND_BITS)
    for word in words:
        if word.side == side:
            before = kept(trace, word)
            _, most = word.format(OPERAND_BITS)
            rest = (before * left(age(trace, side), word.tau)).rounded(before.point)
            after = rest + trace.number(1 << before.point, before.point)
            trace.give(word.name, after.within(0, most))
    return _without_spike(trace)


def _without_spike(trace: Trace) -> Program:
    nothing = trace.number(0)
    trace.spike(nothing, nothing)
    return trace.program()

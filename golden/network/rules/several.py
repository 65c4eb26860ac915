"""Several rules as one, for a chip: its programs do what all of them do, and choose by a number.

A synapse has as many words as the rule with most has, each as wide as the widest of its place; the
first rule that has a word of that place names it. Added traces are those of all rules, each once.
What a rule is given of another one's words is cut to its own bounds: so what is proved of its
program holds, and for its own synapses nothing is changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest

from golden.cells.program import Program
from golden.cells.trace import Trace
from golden.cells.value import Value
from golden.network.rules.learner import RULE, LearningUnit
from golden.network.rules.learning import marked
from golden.network.rules.synapse import SENT
from golden.network.rules.words import LearnedWord

SIDES = ("pre", "post")


def as_one(units: Sequence[LearningUnit]) -> LearningUnit:
    """Return one learner that does what these do, of their sizes; of a single one, itself."""
    first, *others = units
    if not others:
        return first
    words = _words(units)
    traces = tuple(dict.fromkeys(word for unit in units for word in unit.traces))
    bits = first.trace_bits
    epochs = any(unit.on_epoch for unit in units)
    return replace(
        first,
        words=words,
        traces=traces,
        on_pre=_program(units, [unit.on_pre for unit in units], words, (SENT,)),
        on_post=_program(units, [unit.on_post for unit in units], words),
        on_epoch=_program(units, [unit.on_epoch for unit in units], words) if epochs else None,
        marks={
            side: marked(side, traces, 1.0, bits)
            for side in SIDES
            if any(word.side == side for word in traces)
        },
        further=tuple(unit.shift for unit in others),
    )


def _words(units: Sequence[LearningUnit]) -> tuple[LearnedWord, ...]:
    found: dict[str, LearnedWord] = {}
    own = {word.name for unit in units for word in unit.words}
    for place, column in enumerate(zip_longest(*(unit.words for unit in units))):
        there = [word for word in column if word]
        name = there[0].name
        while name in found or (name in own and name != there[0].name):
            name += f"_{place}"
        low, high = min(word.low for word in there), max(word.high for word in there)
        found[name] = replace(there[0], name=name, low=low, high=high)
    return tuple(found.values())


def _program(
    units: Sequence[LearningUnit],
    programs: Sequence[Program | None],
    words: tuple[LearnedWord, ...],
    further: tuple[str, ...] = (),
) -> Program:
    """Return a program that gives the words, and further results, of the rule of a synapse."""
    trace = Trace(1.0, units[0].trace_bits)
    rule = trace.given(RULE, 0, len(units) - 1, 0)
    given = [trace.given(word.name, word.low, word.high, 0) for word in words]
    chosen: dict[str, Value] = dict(zip((word.name for word in words), given, strict=True))
    for number, (unit, program) in enumerate(zip(units, programs, strict=True)):
        if program is None:
            continue
        own = [
            trace.make("clip", (value,), word.low, word.high, 0, (word.low, word.high))
            for word, value in zip(unit.words, given, strict=False)
        ]
        seen = {word.name: value for word, value in zip(unit.words, own, strict=True)}
        found = _again(trace, program, seen)
        names = {word.name: place.name for word, place in zip(unit.words, words, strict=False)}
        names |= {name: name for name in further}
        mine = ~(rule < trace.number(number)) & (rule < trace.number(number + 1))
        for name, place in names.items():
            now = found[program.written[name]]
            before = chosen.get(place, now)
            ends = min(now.low, before.low), max(now.high, before.high)
            chosen[place] = trace.make("select", (mine, now, before), *ends, 0)
    for name, value in chosen.items():
        trace.give(name, value)
    nothing = trace.number(0)
    trace.spike(nothing, nothing)
    return trace.program()


def _again(trace: Trace, program: Program, seen: dict[str, Value]) -> list[Value]:
    """Return the values of a program, traced again; its constants are numbers, as in gates."""
    constants = {constant.name: int(constant.values) for constant in program.constants}
    found: list[Value] = []
    for value in program.values:
        operands = tuple(found[place] for place in value.operands)
        if value.operation == "state" and value.detail in seen:
            found.append(seen[value.detail])
        elif value.operation == "constant":
            found.append(trace.number(constants[value.detail]))
        else:
            found.append(
                trace.make(value.operation, operands, value.low, value.high, 0, value.detail)
            )
    return found

"""Rules in a network's file: what synapses of some rows keep, and programs for each event.

``learning`` of a set of rows is null, or a dict:

================ ===============================================================================
``rule``         its name, for reports
``words``        of each ``name``, ``low``, ``high``, ``point``, ``unit``, ``zero``, ``measure``
                 and ``tau``; member ``rows N word K`` holds what they are at first; the weight is
                 word 0
``traces``       of each ``side`` and ``tau``: those that are added
``rewarded``     whether rewards matter to it
``period``       steps of an epoch, or 0
``norm``         in the weight's integers, or 0
``operand_bits`` of a factor; without it 18, as files had that are older than it
``programs``     by name, `EVENTS` and `MARKS`: of each ``constants`` and ``operations`` as those
                 of a cell, ``written`` by name, and ``nothing``, an operation that gives 0
================ ===============================================================================

A program reads what `golden.network.rules.learning` says that it may, each within its own range,
and what it writes must be within the range of what it writes to.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from golden.cells.program import Constant, Program, Receptor, Scale
from golden.cells.trace import OPERAND_BITS
from golden.network.file.listing import MOST_POINT, Retrace, listed
from golden.network.file.members import (
    FAR,
    Entry,
    MemberReader,
    MemberWriter,
    PlanFileError,
    each,
    shown,
)
from golden.network.rules.checks import NORM_MOST
from golden.network.rules.decays import AGE_MOST, LONGEST
from golden.network.rules.learning import SIDES, Learning
from golden.network.rules.synapse import DELAY_BITS, DRAWS, PURPOSES, SENT, WEIGHT
from golden.network.rules.words import (
    REWARD,
    REWARD_MOST,
    REWARD_POINT,
    LearnedWord,
    TraceWord,
)

EVENTS = {"on_pre": "pre", "on_post": "post", "on_epoch": "epoch", "on_reward": REWARD}
MARKS = {f"mark {side}": side for side in SIDES}
FIELDS = "rule words traces rewarded period norm operand_bits programs"
LEAST_FACTOR = 3
"""Bits of the narrowest factor: a trace keeps two of them before its binary point."""
LARGEST = (1 << (OPERAND_BITS - 1)) - 1
Ranges = dict[str, tuple[int, int, int]]
"""By name: the smallest and the largest integer, and the binary point."""


def put_learning(learning: Learning, at: str, writer: MemberWriter) -> dict[str, Any]:
    """Return a rule as JSON values, and put its arrays into members ``at ...``."""
    for k, start in enumerate(learning.start):
        writer.put(f"{at} word {k}", start)
    words = [
        {
            **{name: getattr(word, name) for name in ("name", "low", "high", "tau")},
            **{name: getattr(word.scale, name) for name in ("point", "measure")},
            **{name: float(getattr(word.scale, name)) for name in ("unit", "zero")},
        }
        for word in learning.words
    ]
    programs = {
        **{name: getattr(learning, name) for name in EVENTS},
        **{name: learning.marks[side] for name, side in MARKS.items()},
    }
    return {
        "rule": learning.rule,
        "words": words,
        "traces": [{"side": t.side, "tau": t.tau} for t in learning.traces],
        "rewarded": learning.rewarded,
        "period": learning.period,
        "norm": learning.norm,
        "operand_bits": learning.operand_bits,
        "programs": {name: _put(program) for name, program in programs.items()},
    }


def _put(program: Program) -> dict[str, Any]:
    constants = [
        {"name": c.name, "point": c.point, "value": int(c.values), "exact": float(c.exact)}
        for c in program.constants
    ]
    return {
        "constants": constants,
        "operations": listed(program),
        "written": dict(program.written),
        "nothing": program.spike,
    }


def take_learning(
    given: Any,
    at: str,
    size: tuple[int, int],
    dt: float,
    receptor: Receptor,
    reader: MemberReader,
) -> Learning:
    """Return a rule of ``size``: so many synapses, numbered from the second number on.

    Raises
    ------
    ValueError
        If it is none, or claims what is not so.
    """
    older = isinstance(given, dict) and "operand_bits" not in given
    entry = Entry("learning", given | {"operand_bits": OPERAND_BITS} if older else given, FIELDS)
    operand_bits = entry.whole("operand_bits", LEAST_FACTOR, OPERAND_BITS)
    words = each("word", entry.items("words"), _word)
    traces = each("trace", entry.items("traces"), partial(_trace, operand_bits))
    names = [word.name for word in words] + [trace.name for trace in traces]
    if not words or words[0].name != WEIGHT or len(set(names)) < len(names):
        raise PlanFileError("words must be w, others, and traces, each with a name of its own")
    if type(entry["rewarded"]) is not bool:
        raise PlanFileError("rewarded must be true or false")
    start = tuple(
        reader.take(f"{at} word {k}", (size[0],), word.low, word.high).astype(np.int32)
        for k, word in enumerate(words)
    )
    made = _Programs(entry["programs"], (dt, operand_bits), words, traces, entry["rewarded"])
    sent = 1 << (receptor.width - 1)
    return Learning(
        rule=entry.text("rule"),
        words=words,
        start=start,
        traces=traces,
        on_pre=made.event("on_pre", {SENT: (1 - sent, sent - 1, receptor.scale.point)}),
        on_post=made.event("on_post"),
        on_epoch=made.event("on_epoch"),
        on_reward=made.event("on_reward"),
        rewarded=entry["rewarded"],
        period=entry.whole("period", 0, FAR),
        norm=entry.whole("norm", 0, NORM_MOST),
        marks={side: made.mark(name) for name, side in MARKS.items()},
        point=receptor.scale.point,
        first=size[1],
    )


def _word(_: int, given: Any) -> LearnedWord:
    entry = Entry("it", given, "name low high point unit zero measure tau")
    low, high = (entry.whole(end, -LARGEST - 1, LARGEST) for end in ("low", "high"))
    tau, unit = entry.number("tau"), entry.number("unit")
    if not low < high or not unit or not 0 <= tau <= LONGEST:
        raise PlanFileError(f"a word must have a range, a unit, and 0 to {LONGEST} steps of tau")
    scale = Scale(
        entry.whole("point", -MOST_POINT, MOST_POINT),
        unit,
        entry.number("zero"),
        entry.text("measure", empty=True),
    )
    return LearnedWord(entry.text("name"), low, high, scale, tau)


def _trace(operand_bits: int, _: int, given: Any) -> TraceWord:
    entry = Entry("it", given, "side tau")
    side, tau = entry.text("side"), entry.number("tau")
    if side not in SIDES or not 0 < tau <= LONGEST:
        raise PlanFileError(f"a trace must be of {', '.join(SIDES)}, of up to {LONGEST} steps")
    trace = TraceWord(side, tau, True)
    trace.format(operand_bits)
    return trace


class _Programs:
    """Reads the programs of a rule; ``numbers`` are dt and the bits of a factor."""

    def __init__(
        self,
        given: Any,
        numbers: tuple[float, int],
        words: tuple[LearnedWord, ...],
        traces: tuple[TraceWord, ...],
        rewarded: bool,
    ):
        self._given: Mapping[str, Any] = given
        if not isinstance(given, dict) or set(given) != {*EVENTS, *MARKS}:
            raise PlanFileError(f"programs must be {', '.join((*EVENTS, *MARKS))}, all of them")
        self._numbers, self._sides = numbers, SIDES if rewarded else SIDES[:2]
        self._words: Ranges = {w.name: (w.low, w.high, w.scale.point) for w in words}
        bits = numbers[1]
        self._traces = {t.name: (t.side, (*t.ends(bits), t.format(bits)[0])) for t in traces}
        if not rewarded and any(side == REWARD for side, _ in self._traces.values()):
            raise PlanFileError("a trace must not be of rewards that do not matter")

    def event(self, name: str, beside: Ranges | None = None) -> Program:
        """Return what is done to synapses at an event; it writes all words, and ``beside``."""
        read = {
            **self._words,
            **{n: ends for n, (_, ends) in self._traces.items()},
            **{f"{side} age": (0, AGE_MOST, 0) for side in self._sides},
            "delay": (0, (1 << DELAY_BITS) - 1, 0),
            **self._reward(self._sides),
        }
        first = PURPOSES[EVENTS[name]]
        return self._program(name, read, self._words | (beside or {}), (first, first + DRAWS - 1))

    def mark(self, name: str) -> Program:
        """Return what an event of a side makes of its traces."""
        side = MARKS[name]
        own = {n: ends for n, (of, ends) in self._traces.items() if of == side}
        read = {**own, f"{side} age": (0, AGE_MOST, 0), **self._reward((side,))}
        return self._program(name, read, own, (0, -1))

    @staticmethod
    def _reward(sides: tuple[str, ...]) -> Ranges:
        return {REWARD: (-REWARD_MOST, REWARD_MOST, REWARD_POINT)} if REWARD in sides else {}

    def _program(
        self, name: str, read: Ranges, written: Ranges, purposes: tuple[int, int]
    ) -> Program:
        try:
            return self._traced(self._given[name], read, written, purposes)
        except ValueError as error:
            raise PlanFileError(f"{name}: {error}") from None

    def _traced(
        self, given: Any, read: Ranges, written: Ranges, purposes: tuple[int, int]
    ) -> Program:
        entry = Entry("it", given, "constants operations written nothing")
        constants = each("constant", entry.items("constants"), _constant)
        if len({c.name for c in constants}) < len(constants):
            raise PlanFileError("a constant's name must be its own")
        made = Retrace(*self._numbers, (), (), constants, read, purposes)
        values = made.values(entry["operations"])
        nothing = entry.whole("nothing", 0, len(values) - 1)
        if (values[nothing].low, values[nothing].high) != (0, 0):
            raise PlanFileError("nothing must be an operation that gives 0")
        places = entry["written"]
        if not isinstance(places, dict) or list(places) != list(written):
            raise PlanFileError(f"written must be {', '.join(written) or 'empty'}, in this order")
        for name, ends in written.items():
            _fits(name, places[name], values, ends)
        return Program(
            values=values,
            states=(),
            receptors=(),
            constants=constants,
            written=places,
            spike=nothing,
            margin=nothing,
            potential="",
            operand_bits=self._numbers[1],
        )


def _fits(name: str, place: Any, values: tuple[Any, ...], ends: tuple[int, int, int]) -> None:
    """Refuse what may be beyond the range of what it is written to."""
    if type(place) is not int or not 0 <= place < len(values):
        raise PlanFileError(f"written {name} must be an operation, not {shown(place)}")
    (low, high, point), value = ends, values[place]
    if value.point != point or value.low < low or value.high > high:
        raise PlanFileError(
            f"what is written to {name} must be {low} to {high} with point {point}, not "
            f"{value.low} to {value.high} with point {value.point}"
        )


def _constant(_: int, given: Any) -> Constant:
    entry = Entry("it", given, "name point value exact")
    return Constant(
        entry.text("name"),
        np.array(entry.whole("value", -LARGEST - 1, LARGEST), np.int64),
        entry.whole("point", -MOST_POINT, MOST_POINT),
        np.asarray(entry.number("exact")),
    )

"""What goes into a step of many neurons, and what golden gives for it.

A pipeline is tried with two kinds of numbers: of the whole range of every word, and such as cells
have while they run, behind which no saturation hides what was computed before it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from golden.cells.evaluate import OPERATIONS, StepOutcome, evaluate
from golden.cells.program import Program
from golden.cells.schedule import Schedule
from golden.numbers.formats import Array
from golden.numbers.hash import INDEX_BITS, WORD_BITS, round_keys, words
from sim.targets.vectors import Timetable

SUM_BITS = 32
"""Of the widest sum of a step's arrivals."""
STEPS = 50
"""Of a run whose states are taken."""
CHOICES = ("select", "minimum", "maximum", "clip", "saturate")
"""Operations that do one thing or another."""


@dataclass(frozen=True)
class Vectors:
    """States, arrivals, constants and numbers of neurons, one a row, and the keys of the step."""

    states: dict[str, Array]
    arrivals: dict[str, Array]
    constants: dict[str, Array]
    index: Array
    keys: list[int]

    def of(self, kind: str, name: str) -> Array:
        """Return what goes in as a word of a `Schedule`."""
        places = {"state": self.states, "arrival": self.arrivals, "constant": self.constants}
        return self.index if kind == "index" else places[kind][name]

    def ports(self, schedule: Schedule) -> dict[str, Array]:
        """Return what goes in, by port of the pipeline."""
        return {
            schedule.port(name, i): self.of(schedule.inputs[name].kind, schedule.inputs[name].name)
            for name, reads in schedule.reads.items()
            for i in range(len(reads))
        }

    def steady(self, schedule: Schedule) -> dict[str, int]:
        """Return what stands still, by port."""
        found = {
            name: int(self.constants[word.name][0]) for name, word in schedule.constants.items()
        }
        if schedule.hashed and not schedule.rounds:
            found["keys"] = sum(key << (16 * i) for i, key in enumerate(self.keys))
        return found

    def golden(self, program: Program) -> StepOutcome:
        """Return the step, with these constants."""
        held = [replace(c, values=self.constants[c.name]) for c in program.constants]
        program = replace(program, constants=tuple(held))
        return evaluate(program, self.states, self.arrivals, self.keys, self.index)


def full_range(program: Program, neurons: int, seed: int) -> Vectors:
    """Return numbers of the whole range of every word, often an end of it, or near 0.

    A state of which the program knows that it is within two ends is within them.
    """
    dice = np.random.default_rng(seed)
    ends = {s.name: (-(1 << (s.width - 1)), (1 << (s.width - 1)) - 1) for s in program.states}
    for value in program.values:
        if value.operation == "within":
            inside = program.values[value.operands[0]]
            if inside.operation == "state":
                ends[inside.detail] = value.low, value.high

    def numbers(low: int, high: int) -> Array:
        found = dice.integers(low, high, neurons, endpoint=True)
        small = np.clip(found >> dice.integers(0, SUM_BITS, neurons), low, high)
        found = np.where(dice.random(neurons) < 0.4, small, found)
        edge = dice.choice([low, high, min(low + 1, high)], neurons)
        return np.where(dice.random(neurons) < 0.15, edge, found)

    sums = {v.detail: (v.low, v.high) for v in program.values if v.operation == "arrival"}
    return Vectors(
        {name: numbers(*pair) for name, pair in ends.items()},
        {name: numbers(*pair) for name, pair in sums.items()},
        {c.name: np.broadcast_to(c.values, neurons) for c in program.constants},
        dice.integers(0, 1 << INDEX_BITS, neurons),
        round_keys(seed, 7),
    )


def running(program: Program, neurons: int, seed: int) -> Vectors:
    """Return what neurons have in steps of a run, each driven as strongly as chance will have it.

    Constants must be the group's.
    """
    dice = np.random.default_rng([seed, 2])
    many = -(-neurons // STEPS)
    index = dice.integers(0, 1 << INDEX_BITS, many)
    level = {r.name: 2.0 ** dice.uniform(0, r.width - 1, many) for r in program.receptors}
    often = dice.uniform(0.1, 1, many)
    states = {s.name: np.broadcast_to(s.start, many).astype(np.int64) for s in program.states}
    seen: list[tuple[dict[str, Array], dict[str, Array]]] = []
    keys = round_keys(seed, 7)
    for _ in range(STEPS):
        arrivals = {
            name: np.where(dice.random(many) < often, most * dice.normal(0.5, 0.5, many), 0)
            for name, most in level.items()
        }
        arrivals = {name: amounts.astype(np.int64) for name, amounts in arrivals.items()}
        seen.append((states, arrivals))
        states = evaluate(program, states, arrivals, keys, index).states
    return Vectors(
        {s.name: np.concatenate([x[s.name] for x, _ in seen])[:neurons] for s in program.states},
        {r.name: np.concatenate([y[r.name] for _, y in seen])[:neurons] for r in program.receptors},
        {c.name: np.broadcast_to(c.values, neurons) for c in program.constants},
        np.tile(index, STEPS)[:neurons],
        keys,
    )


def sides(program: Program, given: Vectors) -> Iterator[tuple[int, str, float]]:
    """Yield each operation that chooses, by place and kind, and in which share of cases it did.

    A choice is made where its condition holds, or where its operand, or the first of two, is not
    what it gives.
    """
    found: list[Array] = []
    for place, value in enumerate(program.values):
        operands = [found[x] for x in value.operands]
        if value.operation == "random":
            purpose, width = value.detail
            purpose = operands[0] if purpose is None else purpose
            result = words(given.keys, purpose, given.index) >> (WORD_BITS - width)
        elif value.operation in {"state", "arrival", "constant"}:
            result = given.of(value.operation, value.detail)
        else:
            result = OPERATIONS[value.operation](value.detail, *operands)
        if value.operation in CHOICES:
            chosen = operands[0] if value.operation == "select" else result != operands[0]
            yield place, value.operation, float(np.mean(chosen))
        found.append(result)


def timetable(schedule: Schedule) -> Timetable:
    """Return when what stands at the pipeline's ports."""
    reads = {
        schedule.port(name, i): cycle
        for name, cycles in schedule.reads.items()
        for i, cycle in enumerate(cycles)
    }
    steady = (*schedule.constants, *(["keys"] if schedule.hashed else []))
    return Timetable(schedule.interval, schedule.settling, reads, schedule.writes, steady)


def differences(schedule: Schedule, given: Vectors, found: dict[str, Array]) -> list[str]:
    """Return the ports at which a pipeline gave anything else than golden."""
    want = given.golden(schedule.program)
    single = {"spike": want.spike, "margin": want.margin}
    wrong = []
    for port, word in schedule.outputs.items():
        if word.kind == "saturated":
            equal = np.array_equal(found[port], want.saturated[word.name])
        else:
            expected = want.states[word.name] if word.kind == "state" else single[word.kind]
            equal = np.array_equal(found[port], expected)
        wrong += [] if equal else [port]
    return wrong

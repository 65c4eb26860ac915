"""What goes into a step of many neurons, and what golden gives for it."""

from dataclasses import dataclass, replace

import numpy as np

from golden.cells.evaluate import StepOutcome, evaluate
from golden.cells.program import Program
from golden.cells.schedule import Schedule
from golden.numbers.formats import Array
from golden.numbers.hash import INDEX_BITS, round_keys

SUM_BITS = 32
"""Of the widest sum of a step's arrivals."""


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

"""Runs a program on int64 arrays: the specification of what every operation gives."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from golden.cells.program import Program
from golden.numbers.formats import Array
from golden.numbers.hash import WORD_BITS, words


@dataclass(frozen=True, slots=True)
class StepOutcome:
    """What a step gives, an entry a neuron."""

    states: dict[str, Array]
    spike: Array
    """1 where the neuron spikes."""
    margin: Array
    saturated: dict[str, Array]
    """Cases by name of state or receptor: how many of what is counted under it."""


def _within(ends: tuple[int, int], a: Array) -> Array:
    if np.any(a < ends[0]) or np.any(a > ends[1]):
        raise ArithmeticError(f"a value must be within {ends[0]} to {ends[1]}, as its writer said")
    return a


OPERATIONS: dict[str, Callable] = {
    "add": lambda _, a, b: a + b,
    "subtract": lambda _, a, b: a - b,
    "multiply": lambda _, a, b: a * b,
    "less": lambda _, a, b: (a < b).astype(np.int64),
    "and": lambda _, a, b: a & b,
    "or": lambda _, a, b: a | b,
    "not": lambda _, a: 1 - a,
    "left": lambda shift, a: a << shift,
    "round": lambda shift, a: (a + (1 << (shift - 1))) >> shift,
    "floor": lambda shift, a: a >> shift,
    "clip": lambda ends, a: np.clip(a, ends[0], ends[1]),
    "saturate": lambda ends, a: np.clip(a, ends[0], ends[1]),
    "within": _within,
    "shift": lambda _, a, places: a >> places,
    "low": lambda width, a: a & ((1 << width) - 1),
    "table": lambda table, a: np.array(table, np.int64)[a],
    "select": lambda _, condition, a, b: np.where(condition == 1, a, b),
    "minimum": lambda _, a, b: np.minimum(a, b),
    "maximum": lambda _, a, b: np.maximum(a, b),
    "number": lambda number: np.int64(number),
}
"""What an operation does with its detail and its operands."""


def evaluate(
    program: Program,
    states: Mapping[str, Array],
    arrivals: Mapping[str, Array],
    keys: list[int],
    index: Array,
) -> StepOutcome:
    """Run one step of a group.

    Parameters
    ----------
    states : mapping from names to arrays of shape (neurons,)
    arrivals : mapping from names of receptors to arrays of shape (neurons,)
        Sums of this step, not saturated.
    keys : list of int
        Of the step, from `golden.numbers.hash.round_keys`.
    index : array of shape (neurons,)
        Numbers of the neurons in the whole network: whose random words they are.
    """

    def random(detail: tuple[int, int], purpose: Array | None = None) -> Array:
        what = detail[0] if purpose is None else purpose
        return words(keys, what, index) >> (WORD_BITS - detail[1])

    outside = {
        "state": lambda name: states[name],
        "arrival": lambda name: arrivals[name],
        "constant": {c.name: c.values for c in program.constants}.__getitem__,
        "random": random,
    }
    found: list[Array] = []
    saturated: dict[str, Array] = {}
    for value in program.values:
        operands = [found[place] for place in value.operands]
        if value.operation in outside:
            result = outside[value.operation](value.detail, *operands)
        else:
            result = OPERATIONS[value.operation](value.detail, *operands)
        if value.operation == "saturate":
            name = value.detail[2]
            saturated[name] = saturated.get(name, 0) + (result != operands[0]).astype(np.int64)
        found.append(result)

    def whole(place: int) -> Array:
        return np.broadcast_to(found[place], index.shape)

    return StepOutcome(
        {name: whole(place).copy() for name, place in program.written.items()},
        whole(program.spike),
        whole(program.margin),
        {name: np.broadcast_to(cases, index.shape) for name, cases in saturated.items()},
    )

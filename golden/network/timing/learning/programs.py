"""A rule's programs as arrays of integers, and what runs them.

A chip has one rule and cycles by the million, so programs are not compiled, one by one, but
interpreted by compiled code: a few nanoseconds an operation, and nothing to wait for.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from golden.cells.program import Program
from golden.cells.value import Value
from golden.network.rules.learner import RULE
from golden.network.rules.synapse import DELAY
from golden.network.timing.learning.words import CHOSEN, DELAYED, FIRST_KEY, drawn
from golden.numbers.compiled import compiled
from golden.numbers.formats import Array
from golden.numbers.hash import ROUNDS, WORD_BITS

(
    ADD,
    SUBTRACT,
    MULTIPLY,
    LESS,
    AND,
    OR,
    NOT,
    LEFT,
    ROUND,
    FLOOR,
    CLIP,
    SHIFT,
    LOW,
    TABLE,
    SELECT,
    MINIMUM,
    MAXIMUM,
    NUMBER,
    GIVEN,
    SAME,
    STANDS,
    RANDOM,
) = range(22)
SIMPLE = {
    "add": ADD,
    "subtract": SUBTRACT,
    "multiply": MULTIPLY,
    "less": LESS,
    "and": AND,
    "or": OR,
    "not": NOT,
    "left": LEFT,
    "round": ROUND,
    "floor": FLOOR,
    "shift": SHIFT,
    "low": LOW,
    "select": SELECT,
    "minimum": MINIMUM,
    "maximum": MAXIMUM,
    "number": NUMBER,
}
"""Operations whose detail is a number or none."""
OPERATION, A, B, C, DETAIL, HIGH = range(6)
"""Columns: what is done, places of operands, what else it needs."""
STANDING = {DELAY: DELAYED, RULE: CHOSEN}
"""Places of what stands still."""


class Encoded(NamedTuple):
    """Programs, one behind the other."""

    operations: Array
    """Shape (operations, 6)."""
    tables: Array
    """All tables, one behind the other."""
    begins: Array
    """Where each program begins, and the end."""
    outs: Array
    """Shape (programs, results): places of values within each program."""
    values: Array
    """Room for the values of the longest one."""
    hashed: Array
    """See `golden.network.timing.learning.words`."""


def encoded(
    programs: Sequence[Program | None],
    given: Mapping[str, int],
    results: Sequence[Sequence[str]],
) -> Encoded:
    """Return programs as integers; in place of one that is None stands an empty one.

    Parameters
    ----------
    given : mapping
        Where each word that is read stands among those that are given.
    results : sequence
        Of every program the names of what it gives, in the order in which they are wanted.
    """
    lines: list[list[int]] = []
    tables: list[int] = []
    begins = [0]
    outs = np.zeros((len(programs), max(map(len, results))), np.int64)
    for number, (program, names) in enumerate(zip(programs, results, strict=True)):
        if program is not None:
            constants = {c.name: int(c.values) for c in program.constants}
            lines += [_line(value, given, constants, tables) for value in program.values]
            outs[number, : len(names)] = [program.written[name] for name in names]
        begins.append(len(lines))
    return Encoded(
        np.array(lines, np.int64).reshape(-1, 6),
        np.array(tables or [0], np.int64),
        np.array(begins, np.int64),
        outs,
        np.zeros(max(np.diff(begins)), np.int64),
        np.zeros(FIRST_KEY + ROUNDS, np.int64),
    )


def _line(
    value: Value, given: Mapping[str, int], constants: Mapping[str, int], tables: list[int]
) -> list[int]:
    """Return the columns of an operation; its table, if it has one, is added to the others."""
    operands = [*value.operands, 0, 0, 0][:3]
    match value.operation:
        case "state" if value.detail in STANDING:
            return [STANDS, *operands, STANDING[value.detail], 0]
        case "state":
            return [GIVEN, *operands, given[value.detail], 0]
        case "constant":
            return [NUMBER, *operands, constants[value.detail], 0]
        case "clip" | "saturate":
            return [CLIP, *operands, *value.detail[:2]]
        case "table":
            begin = len(tables)
            tables += value.detail
            return [TABLE, *operands, begin, 0]
        case "random":
            purpose, width = value.detail
            return [RANDOM, *operands, purpose, WORD_BITS - width]
        case "within":
            return [SAME, *operands, 0, 0]
        case name:
            return [SIMPLE[name], *operands, int(value.detail or 0), 0]


@compiled
def executed(number, programs, given):
    """Run a program on what is given; its values are in ``programs.values`` then."""
    operations, tables, begins, _, values, hashed = programs
    for i in range(begins[number], begins[number + 1]):
        what = operations[i, OPERATION]
        a, b = values[operations[i, A]], values[operations[i, B]]
        detail = operations[i, DETAIL]
        if what <= MULTIPLY:
            found = a + b if what == ADD else a - b if what == SUBTRACT else a * b
        elif what <= NOT:
            found = logical(what, a, b)
        elif what <= LOW:
            found = shaped(what, a, b, detail, operations[i, HIGH])
        elif what == TABLE:
            found = tables[detail + a]
        elif what == SELECT:
            found = b if a == 1 else values[operations[i, C]]
        elif what <= MAXIMUM:
            found = min(a, b) if what == MINIMUM else max(a, b)
        elif what == RANDOM:
            found = drawn(hashed, detail) >> operations[i, HIGH]
        elif what == STANDS:
            found = hashed[detail]
        else:
            found = detail if what == NUMBER else given[detail] if what == GIVEN else a
        values[i - begins[number]] = found


@compiled
def logical(what, a, b):
    """Return what a comparison or a condition gives."""
    if what == LESS:
        return int(a < b)
    if what == NOT:
        return 1 - a
    return a & b if what == AND else a | b


@compiled
def shaped(what, a, b, detail, high):
    """Return a number shifted, cut or clipped."""
    if what == LEFT:
        return a << detail
    if what == ROUND:
        return (a + (1 << (detail - 1))) >> detail
    if what == FLOOR:
        return a >> detail
    if what == CLIP:
        return min(max(a, detail), high)
    return a >> b if what == SHIFT else a & ((1 << detail) - 1)


@compiled
def result(number, programs, which):
    """Return one of the results of the program that was run last, which is this one."""
    outs, values = programs.outs, programs.values
    return values[outs[number, which]]

"""Operations as gates do them, and how they hang together.

======================= ============================================================ =============
kind                    gives                                                        is
======================= ============================================================ =============
``word``                a word that comes in; detail: its port                       a port
``constant``            a number of the group; detail: its port                      outside
``number``              detail, an integer                                           a wire
``left``, ``floor``     a << detail, a >> detail                                     a wire
``low``, ``within``     the lowest detail bits, unsigned; a, of a range that is known a wire
``sign``                1 if a < 0                                                   a wire
``and``, ``or``, ``not`` of conditions                                               a wire
``add``, ``subtract``   a + b, a - b; detail: a `Carry` that is added to an operand  an adder
``round``               (a + 2**(detail-1)) >> detail                                an adder
``less``                1 if a < b                                                   an adder
``clip``                a within detail, (low, high)                                 logic
``outside``             1 if a is not within detail                                  logic
``select``              b if a is 1, c if it is 0                                    logic
``keep``                a, in a register of its own                                  logic
``shift``               a >> (b << detail), b of two bits                            logic
``hash``                round detail[0] of `golden.numbers.hash`; x << 16 | y; the   logic
                        first takes purpose detail[1], or that of another operand
``multiply``            a * b                                                        a multiplier
``table``               detail[a]                                                    a memory
======================= ============================================================ =============

What is a wire is read through; registers belong to what it is made of.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from golden.numbers.formats import narrowest

WIRES = frozenset({"left", "floor", "low", "within", "sign", "and", "or", "not"})
STEADY = frozenset({"constant", "number"})


class Carry(NamedTuple):
    """A bit that an adder takes as its carry: that with which an operand is rounded."""

    side: int
    """Of which operand."""
    source: int
    """The operation whose bit it is."""
    bit: int
    weight: int
    """It counts ``2**weight``."""


class Ranged:
    """What has a range, and so a width."""

    __slots__ = ()
    low: int
    high: int

    @property
    def signed(self) -> bool:
        """Tell whether it can be negative."""
        return self.low < 0

    @property
    def width(self) -> int:
        """Bits: two's complement if it can be negative, else unsigned."""
        return narrowest(self.low, self.high)[0]


@dataclass(frozen=True, slots=True)
class Operation(Ranged):
    """One of them, with the range of what it gives."""

    kind: str
    operands: tuple[int, ...]
    detail: Any
    low: int
    high: int


class Bits(NamedTuple):
    """Bits ``start`` to ``stop - 1`` of what an operation gives."""

    source: int
    start: int
    stop: int


@dataclass(frozen=True)
class Dataflow:
    """Operations in an order in which they can be done."""

    operations: tuple[Operation, ...]
    words: Mapping[str, tuple[str, str, int, int]]
    """What comes in: kind, name and range of a `golden.cells.schedule.Word`, by its port."""
    constants: Mapping[str, tuple[str, str, int, int]]
    outlets: Mapping[str, tuple[str, str, int, int]]
    """What goes out."""
    results: Mapping[str, int]
    """The operation of each of them."""

    def zeros(self, place: int) -> int:
        """Return how many of an operation's lowest bits are always 0."""
        operation = self.operations[place]
        if operation.kind == "left":
            return operation.detail + self.zeros(operation.operands[0])
        if operation.kind == "within":
            return self.zeros(operation.operands[0])
        if operation.kind == "number" and operation.detail:
            return (operation.detail & -operation.detail).bit_length() - 1
        return 0

    def passed(self, place: int) -> int:
        """Return how many lowest bits an adder takes over from one operand, as the other has 0."""
        operation = self.operations[place]
        if isinstance(operation.detail, Carry):
            return operation.detail.weight
        a, b = (self.zeros(x) for x in operation.operands)
        return b if operation.kind == "subtract" else max(a, b)

    def steady(self) -> list[bool]:
        """Tell of each operation whether it is the same for all neurons of a group."""
        found: list[bool] = []
        for operation in self.operations:
            kind, operands = operation.kind, operation.operands
            found.append(kind in STEADY or (kind != "word" and all(found[x] for x in operands)))
            if kind in {"hash", "multiply", "table"}:
                found[-1] = False
        return found

    def needed(self, place: int, start: int = 0, stop: int | None = None) -> Iterator[Bits]:
        """Yield what a reader of an operation's bits reads, through all wires.

        Of bits that are 0 or the sign, one counts as read.
        """
        operation = self.operations[place]
        width = operation.width
        stop = width if stop is None else stop
        start, stop = min(start, width - 1), min(max(stop, start + 1), width)
        kind, detail, operands = operation.kind, operation.detail, operation.operands
        if kind not in WIRES:
            if kind not in STEADY:
                yield Bits(place, start, stop)
        elif kind == "left":
            yield from self.needed(operands[0], max(start - detail, 0), max(stop - detail, 1))
        elif kind == "floor":
            yield from self.needed(operands[0], start + detail, stop + detail)
        elif kind == "sign":
            width = self.operations[operands[0]].width
            yield from self.needed(operands[0], width - 1, width)
        elif kind in {"low", "within"}:
            yield from self.needed(operands[0], start, stop)
        else:
            for operand in operands:
                yield from self.needed(operand, 0, 1)

    def reads(self, place: int) -> list[Bits]:
        """Return what an operation that is no wire reads."""
        operation = self.operations[place]
        found = [bits for operand in operation.operands for bits in self.needed(operand)]
        carry = operation.detail
        if isinstance(carry, Carry):
            found += self.needed(carry.source, carry.bit, carry.bit + 1)
        return found


def reached(flow: Dataflow) -> Dataflow:
    """Return it without what no outlet is made of."""
    made, alive, waiting = flow.operations, set(), list(flow.results.values())
    while waiting:
        place = waiting.pop()
        if place not in alive:
            alive.add(place)
            waiting += sources(made[place])
    order = sorted(alive)
    moved = {old: new for new, old in enumerate(order)}
    operations = tuple(renamed(made[old], moved) for old in order)
    ports = {x.detail for x in operations if x.kind in {"word", "constant"}}
    return Dataflow(
        operations,
        {port: entry for port, entry in flow.words.items() if port in ports},
        {port: entry for port, entry in flow.constants.items() if port in ports},
        flow.outlets,
        {port: moved[old] for port, old in flow.results.items()},
    )


def sources(operation: Operation) -> tuple[int, ...]:
    """Return the operands of an operation, and where it takes its carry from."""
    carry = operation.detail
    if isinstance(carry, Carry):
        return (*operation.operands, carry.source)
    return operation.operands


def renamed(operation: Operation, moved: Mapping[int, int]) -> Operation:
    """Return an operation with its operands at other places."""
    detail = operation.detail
    if isinstance(detail, Carry):
        detail = detail._replace(source=moved[detail.source])
    operands = tuple(moved[x] for x in operation.operands)
    return replace(operation, operands=operands, detail=detail)

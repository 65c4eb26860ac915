"""Sums too wide for 32 bits, computed in 32 bits: as an upper and a lower part.

A vector holds twice as many numbers of 32 bits as of 64, and extending them costs as much as the
arithmetic. Two forms that programs are full of need no more than 32, exactly:

* Rounding. A sum of shifted values and products, rounded by s places, is
  ``(H + (L >> K)) >> (s - K)``, every term split into a multiple of ``2**K``, which goes to H, and
  a rest, which goes to L::

      a b       = (a (b >> K)) 2**K + a (b mod 2**K)
      x << k    = (x << (k - K)) 2**K                             if k >= K, else a rest

* Saturating. In ``saturate(y + (x << k))`` an x that is beyond what y could bring back may as well
  be clipped before it is shifted: the result, and whether it was saturated, stay the same.

Where proven ranges do not allow it, the kernel computes in 64 bits.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from golden.cells.program import Program
from golden.cells.value import Value

LEAST, MOST = -(1 << 31), (1 << 31) - 1
PARTS = range(14, 3, -1)
"""Values of K that are tried."""


@dataclass(frozen=True, slots=True)
class Term:
    """``sign * (values' product << shift)``; one value or two."""

    sign: int
    values: tuple[Value, ...]
    shift: int

    @property
    def ends(self) -> tuple[int, int]:
        """Range of one value, shifted."""
        return self.values[0].low << self.shift, self.values[0].high << self.shift


class Sum:
    """A sum in 32 bits, with its range, before it is known whether it fits."""

    def __init__(self):
        self.low = self.high = 0
        self.fits = True
        self._parts: list[tuple[int, Callable[[], Any]]] = []

    def add(self, sign: int, make: Callable[[], Any], low: int, high: int) -> None:
        """Add a term; all that is computed on the way must fit."""
        low, high = (low, high) if sign > 0 else (-high, -low)
        self.low, self.high = self.low + low, self.high + high
        self.fits &= min(low, self.low) >= LEAST and max(high, self.high) <= MOST
        self._parts.append((sign, make))

    def made(self, lanes: Any) -> Any:
        """Return the vector."""
        total = None
        for sign, make in sorted(self._parts, key=lambda part: -part[0]):
            part = make()
            if total is None:
                total = part if sign > 0 else lanes.b.neg(part)
            else:
                total = lanes.b.add(total, part) if sign > 0 else lanes.b.sub(total, part)
        return lanes.splat(0) if total is None else total


def narrow(value: Value) -> bool:
    """Tell whether a value fits 32 bits."""
    return value.low >= LEAST and value.high <= MOST


def terms(program: Program, place: int, sign: int = 1, shift: int = 0) -> list[Term] | None:
    """Return a value as a sum of terms; None if it is made of anything else."""
    value = program.values[place]
    if narrow(value):
        return [Term(sign, (value,), shift)]
    operands = value.operands
    match value.operation:
        case "add" | "subtract":
            other = sign if value.operation == "add" else -sign
            left = terms(program, operands[0], sign, shift)
            right = terms(program, operands[1], other, shift)
            return None if left is None or right is None else left + right
        case "left":
            return terms(program, operands[0], sign, shift + value.detail)
        case "multiply":
            factors = tuple(program.values[x] for x in operands)
            return [Term(sign, factors, shift)] if all(map(narrow, factors)) else None
    return None


def rounding(lanes: Any, value: Value) -> Any:
    """Return a rounded (or floored) sum; None if it needs 64 bits."""
    found = terms(lanes.program, value.operands[0])
    if found is None or not narrow(value):
        return None
    half = 1 << (value.detail - 1) if value.operation == "round" else 0
    for part in PARTS:
        if part > value.detail:
            continue
        upper, lower = Sum(), Sum()
        into, most = (upper, half >> part) if half >> part else (lower, half)
        into.add(1, lambda most=most: lanes.splat(most), most, most)
        for term in found:
            _split(lanes, term, part, upper, lower)
        shifted = lower.low >> part, lower.high >> part
        upper.add(1, lambda k=part, x=lower: lanes.right(x.made(lanes), k), *shifted)
        if upper.fits and lower.fits:
            return lanes.right(upper.made(lanes), value.detail - part)
    return None


def _split(lanes: Any, term: Term, part: int, upper: Sum, lower: Sum) -> None:
    first, *rest = term.values
    shift, mask = term.shift, (1 << part) - 1
    if not rest:
        into, left = (upper, shift - part) if shift >= part else (lower, shift)
        ends = first.low << left, first.high << left
        into.add(term.sign, lambda: lanes.left(lanes.of(first), left), *ends)
        return
    second = rest[0]
    ways = (
        (upper, lambda x: lanes.right(x, part), second.low >> part, second.high >> part),
        (lower, lambda x: lanes.masked(x, mask), 0, mask),
    )
    for into, cut, low, high in ways:
        products = [x * y for x in (first.low, first.high) for y in (low, high)]
        into.fits &= min(products) >= LEAST and max(products) <= MOST

        def product(cut=cut):
            return lanes.left(lanes.b.mul(lanes.of(first), cut(lanes.of(second))), shift)

        into.add(term.sign, product, min(products) << shift, max(products) << shift)


def saturating(lanes: Any, value: Value) -> Any:
    """Return a sum before it is saturated; None if it needs 64 bits."""
    low, high = value.detail[:2]
    found = terms(lanes.program, value.operands[0])
    if found is None or any(len(term.values) > 1 for term in found):
        return None
    widest = max(found, key=lambda term: max(-term.ends[0], term.ends[1]))
    whole = Sum()
    for term in found:
        if term is not widest:
            whole.add(
                term.sign, lambda t=term: lanes.left(lanes.of(t.values[0]), t.shift), *term.ends
            )
    bound = (max(high - whole.low, whole.high - low) >> widest.shift) + 1

    def clipped():
        return lanes.left(lanes.clamp(lanes.of(widest.values[0]), -bound, bound), widest.shift)

    whole.add(widest.sign, clipped, -bound << widest.shift, bound << widest.shift)
    return whole.made(lanes) if whole.fits else None

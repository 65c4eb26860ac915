"""Sums too wide for 32 bits, computed in 32 bits: as an upper and a lower part.

A vector holds twice as many numbers of 32 bits as of 64, and extending them costs as much as the
arithmetic. Two forms that programs are full of need no more than 32, exactly:

* Rounding. A sum of shifted values and products, rounded by s places, is
  ``(H + (L >> K)) >> (s - K)``, every term split into a multiple of ``2**K``, which goes to H, and
  a rest, which goes to L::

      a b       = (a (b >> K)) 2**K + a (b mod 2**K)
      x << k    = (x << (k - K)) 2**K                             if k >= K, else a rest

  Where that is not enough, there are three parts, multiples of 1, ``2**J`` and ``2**K``, each of
  which takes over what the one below leaves: ``(H + ((M + (L >> J)) >> (K - J))) >> (s - K)``. A
  term goes to the highest part that it is a multiple of, a product that is too wide there is split
  once more::

      (a b) << k = (a (b >> t)) 2**(k + t) + (a (b mod 2**t)) << k    k + t is J or K

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
LEAST_PART, MOST_PART = 3, 24
"""Of three parts, J is above the one, and K at most the other; so far apart are they as well."""


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
    return _threefold(lanes, found, value.detail, half)


def _threefold(lanes: Any, found: list[Term], places: int, half: int) -> Any:
    """Return a rounded sum in three parts; None if none of them fits."""
    for upper in range(min(places, MOST_PART), LEAST_PART, -1):
        for middle in range(upper - LEAST_PART, LEAST_PART, -1):
            sums, cuts = (Sum(), Sum(), Sum()), (0, middle, upper)
            if half:
                level = max(k for k in range(3) if half >> cuts[k])
                more = half >> cuts[level]
                sums[level].add(1, lambda more=more: lanes.splat(more), more, more)
            for term in found:
                _placed(lanes, term, cuts, sums)
            for below, above, far in zip(sums, sums[1:], (middle, upper - middle), strict=False):
                ends = below.low >> far, below.high >> far
                above.add(1, lambda x=below, k=far: lanes.right(x.made(lanes), k), *ends)
            if all(one.fits for one in sums):
                return lanes.right(sums[2].made(lanes), places - upper)
    return None


def _placed(lanes: Any, term: Term, cuts: tuple[int, int, int], sums: tuple[Sum, Sum, Sum]) -> None:
    """Add a term to the highest part that it is a multiple of, or, a wide product, to two."""
    level = max(k for k in range(3) if cuts[k] <= term.shift)
    left, (first, *rest) = term.shift - cuts[level], term.values
    if not rest:
        ends = first.low << left, first.high << left
        sums[level].add(term.sign, lambda: lanes.left(lanes.of(first), left), *ends)
        return
    second = rest[0]
    ends = _product(first, second.low, second.high)
    whole = ends[0] << left >= LEAST and ends[1] << left <= MOST
    cut = None if whole or level == 2 else cuts[level + 1] - term.shift
    parts = [(level, left, lambda x: x, second.low, second.high)]
    if cut is not None:
        mask = (1 << cut) - 1
        parts = [
            (level + 1, 0, lambda x: lanes.right(x, cut), second.low >> cut, second.high >> cut),
            (level, left, lambda x: lanes.masked(x, mask), 0, mask),
        ]
    for into, far, made, low, high in parts:
        low, high = _product(first, low, high)
        sums[into].fits &= low >= LEAST and high <= MOST

        def product(made=made, far=far):
            return lanes.left(lanes.b.mul(lanes.of(first), made(lanes.of(second))), far)

        sums[into].add(term.sign, product, low << far, high << far)


def _product(value: Value, low: int, high: int) -> tuple[int, int]:
    """Return the range of a value times what is within two ends."""
    corners = [x * y for x in (value.low, value.high) for y in (low, high)]
    return min(corners), max(corners)


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

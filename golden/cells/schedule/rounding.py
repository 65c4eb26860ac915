"""Roundings that cost nothing: the bit below the last one becomes the carry of an adder."""

from dataclasses import replace

from golden.cells.schedule.dataflow import Carry, Dataflow, Operation, reached, renamed

Paths = list[tuple[int, int, int]]
"""Adders that read a value: which, by which operand, shifted left by how much."""


def fused(flow: Dataflow) -> Dataflow:
    """Return the same without those roundings that adders can do.

    ``a + round(b)`` is ``a + floor(b)`` and a carry, ``a - round(b)`` likewise; an adder has one
    carry. A rounding is gone only if all that read it are adders. That of a sum with a number of
    the program is part of the number.
    """
    users = _users(flow)
    results = set(flow.results.values())
    carried: dict[int, tuple[int, int, int]] = {}
    numbered: set[int] = set()
    for place, operation in enumerate(flow.operations):
        if operation.kind != "round":
            continue
        paths = _paths(flow, users, results, place, 0)
        adders = [adder for adder, _, _ in paths or []]
        if paths and len(set(adders)) == len(adders) and not carried.keys() & set(adders):
            carried |= {adder: (place, side, weight) for adder, side, weight in paths}
        elif _of_a_number(flow, users, results, place, carried):
            numbered.add(place)
    return _rewritten(flow, carried, numbered)


def _users(flow):
    found: list[list[tuple[int, int]]] = [[] for _ in flow.operations]
    for place, operation in enumerate(flow.operations):
        for side, operand in enumerate(operation.operands):
            found[operand].append((place, side))
    return found


def _paths(flow, users, results, place, weight) -> Paths | None:
    """Return the adders that read a value; None if anything else does."""
    if place in results:
        return None
    found: Paths = []
    for user, side in users[place]:
        operation = flow.operations[user]
        if operation.kind in {"within", "left"}:
            more = operation.detail if operation.kind == "left" else 0
            behind = _paths(flow, users, results, user, weight + more)
            if behind is None:
                return None
            found += behind
        elif operation.kind == "add" or (operation.kind == "subtract" and side == 1):
            found.append((user, side, weight))
        else:
            return None
    return found


def _of_a_number(flow, users, results, place, carried) -> bool:
    (operand,) = flow.operations[place].operands
    operation = flow.operations[operand]
    if operation.kind not in {"add", "subtract"} or operand in carried:
        return False
    if operand in results or len(users[operand]) > 1:
        return False
    return any(flow.operations[x].kind == "number" for x in operation.operands)


def _rewritten(flow, carried, numbered) -> Dataflow:
    made: list[Operation] = []
    moved: dict[int, int] = {}

    def make(*parts) -> int:
        made.append(Operation(*parts))
        return len(made) - 1

    for place, old in enumerate(flow.operations):
        if place in carried:
            rounding, side, weight = carried[place]
            source = flow.operations[rounding].operands[0]
            shift, x = flow.operations[rounding].detail, flow.operations[source]
            ends = x.low >> shift, x.high >> shift
            floor = make("floor", (moved[source],), shift, *ends)
            if weight:
                floor = make("left", (floor,), weight, *(end << weight for end in ends))
            operands = [moved[operand] for operand in old.operands]
            operands[side] = floor
            carry = Carry(side, moved[source], shift - 1, weight)
            made.append(replace(old, operands=tuple(operands), detail=carry))
        elif place in numbered:
            made.append(_floored(flow, make, moved, old))
        else:
            made.append(renamed(old, moved))
        moved[place] = len(made) - 1
    results = {port: moved[old] for port, old in flow.results.items()}
    return reached(replace(flow, operations=tuple(made), results=results))


def _floored(flow, make, moved, old) -> Operation:
    """Return the floor of a sum whose number has half of the last place in it."""
    total, half = flow.operations[old.operands[0]], 1 << (old.detail - 1)
    side = next(i for i, x in enumerate(total.operands) if flow.operations[x].kind == "number")
    number = flow.operations[total.operands[side]].detail
    number += -half if total.kind == "subtract" and side == 1 else half
    operands = [moved[operand] for operand in total.operands]
    operands[side] = make("number", (), number, number, number)
    ends = total.low + half, total.high + half
    total = make(total.kind, tuple(operands), None, *ends)
    return Operation("floor", (total,), old.detail, old.low, old.high)

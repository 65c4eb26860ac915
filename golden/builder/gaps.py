"""Gap junctions: from conductances to integers, and whether they are stable."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from golden.builder.connectors import Connector, Indices, Pairs, without_self
from golden.builder.distributions import values
from golden.builder.given import blamed
from golden.builder.population import Part, counted, named, numbers_of
from golden.cells.evaluate import evaluate
from golden.cells.program import Program, Receptor, Scale
from golden.network.blueprint import Group
from golden.network.gaps import MOST_SHIFT, Gaps
from golden.numbers.hash import ROUNDS

MANTISSA = 17
"""Bits of the largest factor."""


@dataclass(frozen=True, slots=True)
class Coupling:
    """What `Network.gap` was given."""

    one: tuple[Part, ...]
    other: tuple[Part, ...]
    connector: Connector
    conductance: Any
    receptor: str | None


def junctions(groups: list[Group], made: Coupling, random: np.random.Generator) -> list[Gaps]:
    """Return the junctions of a coupling, both directions of each pair."""
    sides = numbers_of(groups, made.one), numbers_of(groups, made.other)
    with blamed(f"gap junctions of {named(made.one)} and {named(made.other)}"):
        one, other, factor = _once(made.connector.pairs(*sides, random), *sides)
        g = values(made.conductance, len(one), random, "conductance")
        g = g if factor is None else g * factor
        if (g < 0).any():
            raise ValueError(f"conductance must be 0 or more, not {g[g < 0][0]:g}")
    found = []
    ways = ((made.one, made.other, one, other), (made.other, made.one, other, one))
    for sources, targets, pre, post in ways:
        for first, source in counted(sources):
            for start, target in counted(targets):
                here = (pre >= first) & (pre < first + source.size)
                here &= (post >= start) & (post < start + target.size)
                if here.any():
                    i, j = pre[here] - first + source.first, post[here] - start + target.first
                    number, into = source.population.number, target.population.number
                    found.append(_gaps(groups, number, into, made.receptor, i, j, g[here]))
    return found


def _once(found: Pairs, one: Indices, other: Indices) -> Pairs:
    """Return pairs of different neurons, each once, whoever of the two comes first.

    Where both sides are the same neurons, pairs are in ascending order; otherwise as they are.
    """
    if np.array_equal(one, other):
        ordered = np.sort(np.stack([found.pre, found.post]), axis=0)
        (pre, post), first = np.unique(ordered, axis=1, return_index=True)
        factor = None if found.weight is None else found.weight[first]
        return without_self(Pairs(pre, post, factor), one, other)
    apart = without_self(found, one, other)
    ordered = np.sort(np.stack([one[apart.pre], other[apart.post]]), axis=0)
    keep = np.sort(np.unique(ordered, axis=1, return_index=True)[1])
    factor = None if apart.weight is None else apart.weight[keep]
    return Pairs(apart.pre[keep], apart.post[keep], factor)


def _scales(group: Group) -> tuple[np.ndarray, np.ndarray]:
    """Return what one of a potential's integers stands for, and where 0 is, of every neuron."""
    assert group.program is not None
    scale = group.program.state(group.program.potential).scale
    return (
        np.broadcast_to(np.asarray(scale.unit, np.float64) * 2.0**-scale.point, (group.size,)),
        np.broadcast_to(np.asarray(scale.zero, np.float64), (group.size,)),
    )


def _gaps(groups: list[Group], source: int, target: int, name: str | None, pre, post, g) -> Gaps:
    receptor = groups[target].receptor(name)
    groups[source].receptor(None)
    label = f"gap junctions of {groups[source].name} and {groups[target].name}"
    (unit_pre, zero_pre), (unit_post, zero_post) = map(_scales, (groups[source], groups[target]))
    rate = g / _one(receptor.scale, post)
    factors = np.stack([rate * unit_pre[pre], rate * unit_post[post]])
    largest = float(factors.max(initial=0.0))
    if largest >= 2.0 ** (MANTISSA - 1):
        raise ValueError(f"conductance of {label} must be smaller, not {g.max():g}")
    shift = MANTISSA - int(np.frexp(largest)[1]) if largest else 1
    shift = min(shift, MOST_SHIFT)
    ahead, behind = np.rint(factors * 2.0**shift).astype(np.int32)
    if ((ahead == 0) & (g != 0)).any():
        raise ValueError(
            f"conductance of {label} must not round to 0: {g[(ahead == 0) & (g != 0)][0]:g}"
        )
    offset = np.rint(rate * (zero_pre[pre] - zero_post[post]) * 2.0**shift).astype(np.int64)
    i, j = pre.astype(np.int32), post.astype(np.int32)
    return Gaps(label, source, target, receptor.name, i, j, ahead, behind, offset, shift)


def _one(scale: Scale, neurons: np.ndarray) -> np.ndarray:
    """Return what one of a receptor's integers stands for, of some neurons."""
    return scale.quantity(np.ones(len(neurons), np.int64), neurons)


def stability(groups: list[Group], gaps: list[Gaps]) -> list[str]:
    """Return lines about how far junctions may pull potentials in a step: not beyond the others."""
    pulls: dict[int, np.ndarray] = {}
    for x in gaps:
        pull = pulls.setdefault(x.target, np.zeros(groups[x.target].size))
        gain = _gain(groups[x.target], groups[x.target].receptor(x.receptor))
        np.add.at(pull, x.post, x.behind * 2.0**-x.shift * gain[x.post])
    return [
        f"{groups[number].name}: in a step, gap junctions pull a potential by up to "
        f"{pull.max():.2g} of its distance to the others"
        + ("" if pull.max() < 1 else ": UNSTABLE, it must be below 1, so take a smaller dt")
        for number, pull in pulls.items()
    ]


def _gain(group: Group, receptor: Receptor) -> np.ndarray:
    """Return by how much a potential rises in a step for one at a receptor, both in integers.

    It is measured on the program, as it starts, with a pulse that is small but well above the
    potential's rounding; downwards, so that nobody spikes.
    """
    program = group.program
    assert program is not None
    rest = _after(group, program, receptor, 0)
    moved, pulse = np.zeros_like(rest), 1
    for bits in range(receptor.width - 1):
        pulse = 1 << bits
        moved = rest - _after(group, program, receptor, -pulse)
        if np.abs(moved).max() >= 1 << (program.state(program.potential).width - 7):
            break
    return moved / pulse


def _after(group: Group, program: Program, receptor: Receptor, pulse: int) -> np.ndarray:
    states = {s.name: np.broadcast_to(s.start, (group.size,)) for s in program.states}
    arrivals = {r.name: np.zeros(group.size, np.int64) for r in program.receptors}
    arrivals[receptor.name] += pulse
    outcome = evaluate(program, states, arrivals, [0] * ROUNDS, group.index)
    return outcome.states[program.potential]

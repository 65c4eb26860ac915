"""From what a user wrote to integers: the blueprint, and a report of what was lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from golden.builder.connectors import Connector
from golden.builder.currents import Current
from golden.builder.distributions import Distribution, values
from golden.builder.gaps import Coupling, junctions, stability
from golden.builder.given import blamed
from golden.builder.pipelines import Hardware, for_target
from golden.builder.population import Part, Population, counted, named, numbers_of
from golden.builder.reward import Promise, Teacher, promised
from golden.builder.short_term import ShortTerm
from golden.cells.cell import Cell
from golden.cells.program import Receptor
from golden.network.blueprint import LONGEST_DELAY, Blueprint, Group, Rows
from golden.network.limits import check_sums
from golden.network.placement.report import told as needs
from golden.network.plan import Plan
from golden.network.rules.learning import learning, narrowed
from golden.network.rules.rule import Rule
from golden.network.source import NOISE

DRAWN_ZEROS = 0.01
"""Share of weights from a distribution that may become 0: some are near 0 by chance."""


@dataclass(frozen=True, slots=True)
class Connection:
    """What `Network.connect` was given."""

    source: tuple[Part, ...]
    target: tuple[Part, ...]
    connector: Connector
    weight: Any
    delay: Any
    receptor: str | None
    plasticity: ShortTerm | None
    zeros: float | None
    """The share of weights that may become 0; None for the usual one."""
    rule: Rule | None = None
    number: int = 0
    """Of all that the network was given."""


def built(
    dt: float,
    seed: int,
    populations: Sequence[Population],
    connections: Sequence[Connection],
    currents: Sequence[Current],
    couplings: Sequence[Coupling],
    target: Hardware | None = None,
    told: Sequence[Promise | Teacher] = (),
) -> Plan:
    """Build a network; with a target, for its hardware."""
    notes: list[str] = []
    groups = _groups(dt, populations, target, notes)
    rows: list[Rows] = []
    for number, connection in enumerate(connections):
        random = np.random.default_rng([seed, number])
        rows += _rows(dt, groups, connection, random, notes, _learners(rows))
    drives = [
        drive
        for number, current in enumerate(currents)
        for drive in current.drives(dt, groups, NOISE + number)
    ]
    gaps = [
        made
        for number, coupling in enumerate(couplings)
        for made in junctions(groups, coupling, np.random.default_rng([seed, number, 1]))
    ]
    notes += stability(groups, gaps)
    check_sums(groups, rows, drives, gaps)
    rewards = promised(dt, groups, rows, told)
    blueprint = Blueprint(dt, seed, tuple(groups), tuple(rows), tuple(drives), tuple(gaps), rewards)
    if target and target.part:
        notes += needs(blueprint, target.part)
    return Plan(blueprint, tuple(notes))


def _groups(
    dt: float, populations: Sequence[Population], target: Hardware | None, notes: list[str]
) -> list[Group]:
    cells = {p.name: p.what for p in populations if isinstance(p.what, Cell)}
    programs, shared = for_target(dt, cells, target) if target else ({}, [])
    groups, first = [], 0
    for population in populations:
        if isinstance(population.what, Cell):
            with blamed(population.name):
                program = programs.get(population.name) or population.what.program(dt)
            groups.append(
                Group(population.name, first, population.size, program, None, population.winners)
            )
            worst = max(program.constants, key=lambda c: c.error, default=None)
            kind = type(population.what).__name__
            formats = ", ".join(
                f"{s.name} s{s.width} point {s.scale.point}" for s in program.states
            )
            error = (
                f"; largest error of a constant {worst.error:.2%} ({worst.name})" if worst else ""
            )
            notes.append(f"{population.name}: {population.size} {kind}, {formats}{error}")
        else:
            with blamed(population.name):
                source = population.what.source(population.size, dt)
            groups.append(Group(population.name, first, population.size, None, source))
            notes.append(f"{population.name}: {population.size} {type(population.what).__name__}")
        first += population.size
    notes += shared
    return groups


def _learners(rows: Sequence[Rows]) -> int:
    """Return how many synapses learn."""
    return sum(r.synapses for r in rows if r.learning)


def _rows(
    dt: float,
    groups: list[Group],
    made: Connection,
    random: np.random.Generator,
    notes: list[str],
    learners: int,
) -> list[Rows]:
    """Return the rows of a connection: one set for each pair of parts that has synapses.

    ``learners`` is how many synapses learn in the rows before.
    """
    between = " to ".join(map(named, (made.source, made.target)))
    with blamed(between):
        pre, post, weight, delay = _drawn(dt, groups, made, random)
    if not len(pre):
        notes.append(_nobody(groups, made, between))
    found: list[Rows] = []
    for first, source in counted(made.source):
        for start, target in counted(made.target):
            here = (pre >= first) & (pre < first + source.size)
            here &= (post >= start) & (post < start + target.size)
            if here.any():
                i, j = pre[here] - first + source.first, post[here] - start + target.first
                drawn = i, j, weight[here], delay[here]
                ahead = learners + _learners(found)
                found.append(_between(dt, groups, made, source, target, drawn, ahead, notes))
    return found


def _between(
    dt: float,
    groups: list[Group],
    made: Connection,
    source: Part,
    target: Part,
    drawn: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray],
    learners: int,
    notes: list[str],
) -> Rows:
    """Return the rows from one part to another; ``drawn`` are pre, post, weight and delay."""
    name = f"{source.population.name} to {target.population.name}"
    group = groups[target.population.number]
    receptor = group.receptor(made.receptor)
    integers = _weights(drawn[2], receptor, _zeros(made), name, notes)
    pre, post, weight, delay = drawn
    order = np.lexsort((post, delay, pre))
    integers, rule = integers[order], None
    if made.rule:
        assert group.program is not None
        bits = group.program.operand_bits
        with blamed(f"{name} by {type(made.rule).__name__}"):
            rule = learning(made.rule, dt, receptor, weight[order], learners, bits)
        integers = rule.transmitted(rule.start[0].astype(np.int64)).astype(np.int32)
        notes.append(f"{name}: {rule.report}{narrowed(made.rule, bits)}")
    return Rows(
        name,
        source.population.number,
        target.population.number,
        receptor.name,
        np.searchsorted(pre[order], np.arange(source.population.size + 1)),
        post[order].astype(np.int32),
        integers,
        delay[order],
        made.plasticity.release(dt) if made.plasticity else None,
        rule,
        made.number,
    )


def _drawn(
    dt: float, groups: list[Group], made: Connection, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return of every synapse its source and target, counted through, its weight and delay."""
    sides = numbers_of(groups, made.source), numbers_of(groups, made.target)
    pre, post, factor = made.connector.pairs(*sides, random)
    weight = values(made.weight, len(pre), random, "weight") * (1.0 if factor is None else factor)
    delay = _delays(values(made.delay, len(pre), random, "delay"), dt)
    return pre, post, weight, delay


def _nobody(groups: list[Group], made: Connection, between: str) -> str:
    """Return the line about a connection without synapses, whose receptor must be one even so."""
    for part in made.target:
        groups[part.population.number].receptor(made.receptor)
    return f"{between}: no synapses by {made.connector.name}"


def _delays(delay: np.ndarray, dt: float) -> np.ndarray:
    """Return delays in steps."""
    steps = np.rint(delay / dt)
    if (steps < 1).any():
        raise ValueError(
            f"delay must be a step of {dt:g} ms or more, not {delay[steps < 1][0]:g} ms"
        )
    if (steps > LONGEST_DELAY).any():
        bad = delay[steps > LONGEST_DELAY][0]
        raise ValueError(
            f"delay must be {LONGEST_DELAY} steps of {dt:g} ms or less, not {bad:g} ms"
        )
    return steps.astype(np.uint8)


def _zeros(made: Connection) -> float:
    """Return which share of weights may become 0: none that a person gave, some that were drawn."""
    if made.zeros is not None:
        return made.zeros
    return DRAWN_ZEROS if isinstance(made.weight, Distribution) else 0.0


def _weights(
    weight: np.ndarray, receptor: Receptor, zeros: float, name: str, notes: list[str]
) -> np.ndarray:
    integers = receptor.scale.integer(weight)
    most = (1 << (receptor.width - 1)) - 1
    if (np.abs(integers) > most).any():
        bad = weight[np.abs(integers) > most][0]
        raise ValueError(
            f"weight of {name} must be at most {np.min(receptor.scale.quantity(most)):g} in "
            f"magnitude, not {bad:g}"
        )
    lost = (integers == 0) & (weight != 0)
    if lost.sum() > zeros * len(weight):
        raise ValueError(
            f"weight of {name} must be at least {receptor.scale.quantity(1) / 2:g}, not "
            f"{weight[lost][0]:g}: {lost.sum()} of {len(weight)} would become 0"
        )
    largest = float(np.max(np.abs(weight), initial=0.0)) or 1.0
    off = np.abs(receptor.scale.quantity(integers) - weight)
    worst = float(np.max(off, initial=0.0)) / largest
    gone = f", {int(lost.sum())} became 0" if lost.any() else ""
    notes.append(
        f"{name}: {len(weight)} synapses at {receptor.name}, "
        f"weights within {worst:.2%} of the largest{gone}"
    )
    return integers.astype(np.int32)

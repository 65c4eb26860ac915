"""A network as a graph: populations, and what connects them."""

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from numpy.typing import NDArray

from golden.network.blueprint import Blueprint, Group, Rows
from golden.pictures.chart import BLUE, INK, MUTED, ORANGE, PAPER, Picture, chart

Place = tuple[float, float]
MARGIN, BESIDE = 1.15, 0.65
"""Inches around the centres of boxes, with a loop and without."""
MOST_LABELS = 9
"""Connections that are written on their arrows; the table of a report has all."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """All synapses from one group to a receptor of another."""

    source: int
    target: int
    receptor: str
    synapses: int
    weight: float
    """Mean, in the receptor's unit."""
    delays: tuple[float, float]
    """Shortest and longest, ms."""

    @property
    def label(self) -> str:
        """It in words."""
        low, high = self.delays
        delay = f"{low:g}" if low == high else f"{low:g}–{high:g}"
        weight = f"{self.weight:.3g}".replace("-", "−")
        return f"{_short(self.synapses)} × {weight}, {delay} ms"


def bundles(blueprint: Blueprint) -> list[Bundle]:
    """Return what connects the groups, in the order in which it was made."""
    found: dict[tuple[int, int, str], list[Rows]] = defaultdict(list)
    for rows in blueprint.rows:
        found[rows.source, rows.target, rows.receptor].append(rows)
    return [_bundle(blueprint, *key, parts) for key, parts in found.items()]


def _bundle(
    blueprint: Blueprint, source: int, target: int, receptor: str, parts: list[Rows]
) -> Bundle:
    program = blueprint.groups[target].program
    assert program is not None
    scale = program.receptor(receptor).scale
    total = sum(float(scale.quantity(r.weight, r.post).sum()) for r in parts)
    synapses = sum(r.synapses for r in parts)
    delays = [int(d) * blueprint.dt for r in parts for d in (r.delay.min(), r.delay.max())]
    return Bundle(source, target, receptor, synapses, total / synapses, (min(delays), max(delays)))


def graph(blueprint: Blueprint) -> Picture:
    """Draw a network: rounded boxes are cells, others inputs; blue excites, orange inhibits."""
    places, made = _places(blueprint.groups), bundles(blueprint)
    xs, ys = zip(*places, strict=True)
    beside = MARGIN if all(group.program for group in blueprint.groups) else 1.5 * MARGIN
    left, right = min(xs) - MARGIN, max(xs) + beside
    ranks = _ranks(made)
    tips = [
        places[b.source][1] + MARGIN * _loop_side(places[b.source], rank)
        for b, rank in zip(made, ranks, strict=True)
        if b.source == b.target
    ]
    low, high = min(min(ys) - BESIDE, *tips, math.inf), max(max(ys) + BESIDE, *tips, -math.inf)
    # An inch is a unit, so that boxes and letters fit each other.
    figure, (axes,) = chart(high - low, width=right - left)
    figure.set_layout_engine("none")
    axes.set_position((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(left, right)
    axes.set_ylim(low, high)
    boxes = [
        _box(axes, group, place) for group, place in zip(blueprint.groups, places, strict=True)
    ]
    widest = max((b.synapses for b in made), default=1)
    for bundle, rank in zip(made, ranks, strict=True):
        ends = boxes[bundle.source], boxes[bundle.target]
        inward = blueprint.groups[bundle.source].program is None
        way = _way(places[bundle.source], places[bundle.target], rank, inward)
        width = 0.8 + 1.8 * math.log1p(bundle.synapses) / math.log1p(widest)
        _arrow(axes, way, ends, bundle, width, len(made) <= MOST_LABELS)
    return figure


def _places(groups: tuple[Group, ...]) -> list[Place]:
    """Put cells on a circle, inputs in a column at its left."""
    cells = [k for k, g in enumerate(groups) if g.program]
    inputs = [k for k, g in enumerate(groups) if not g.program]
    radius = 0.0 if len(cells) == 1 else max(1.4, 0.5 * len(cells))
    # Two cells beside each other, but above each other if there are inputs beside them.
    begin = math.pi if not inputs and len(cells) == 2 else math.pi / 2
    places: dict[int, Place] = {}
    for order, k in enumerate(cells):
        turn = begin - 2 * math.pi * order / len(cells)
        places[k] = (1.3 * radius * math.cos(turn), radius * math.sin(turn))
    leftmost = min((x for x, _ in places.values()), default=0.0)
    for order, k in enumerate(inputs):
        places[k] = (leftmost - 2.8, ((len(inputs) - 1) / 2 - order) * 1.2)
    return [places[k] for k in range(len(groups))]


def _box(axes: Axes, group: Group, place: Place) -> FancyBboxPatch:
    x, y = place
    half = max(0.36, 0.05 * len(group.name) + 0.14)
    style = "round,pad=0,rounding_size=0.2" if group.program else "square,pad=0"
    box = FancyBboxPatch(
        (x - half, y - 0.3),
        2 * half,
        0.6,
        boxstyle=style,
        facecolor=PAPER,
        edgecolor=INK if group.program else MUTED,
        linewidth=1.3,
        zorder=2,
    )
    axes.add_patch(box)
    words = f"{group.name}\n{group.size:,}"
    axes.text(x, y, words, ha="center", va="center", color=INK, linespacing=1.25, zorder=3)
    return box


@dataclass(frozen=True, slots=True)
class Way:
    """How an arrow goes."""

    start: Place
    end: Place
    bend: float
    middle: Place
    """Of the line."""
    side: Place
    """Where it bends to, of length 1."""
    loop: bool


def _way(start: Place, end: Place, rank: int, inward: bool) -> Way:
    """Return the way of the bundle that is number ``rank`` between two boxes.

    To the right as it goes, so that there and back are two arrows; from an input outwards.
    """
    a, b = np.array(start), np.array(end)
    if start == end:
        side = np.array((0.0, _loop_side(start, rank)))
        a, b = a + side * 0.31 - (0.18, 0), b + side * 0.34 + (0.18, 0)
        tip = _pair(start + side * 0.76)
        return Way(_pair(a), _pair(b), -2.4 * side[1], tip, _pair(side), True)
    bend = 0.16 + 0.16 * rank
    if inward and end[1] > start[1]:
        bend = -bend
    aside = np.array([(b - a)[1], -(b - a)[0]]) * math.copysign(1, bend)
    middle = (a + b) / 2 + aside * abs(bend) / 2
    return Way(start, end, bend, _pair(middle), _pair(aside / np.hypot(*aside)), False)


def _pair(point: NDArray[np.float64]) -> Place:
    return float(point[0]), float(point[1])


def _ranks(made: list[Bundle]) -> list[int]:
    """Return, of each bundle, how many before it connect the same groups."""
    pairs = [(b.source, b.target) for b in made]
    return [pairs[:k].count(pair) for k, pair in enumerate(pairs)]


def _loop_side(place: Place, rank: int) -> int:
    """Return 1 if a loop stands above its box, -1 if below."""
    return (1 if place[1] >= 0 else -1) * (-1 if rank % 2 else 1)


def _arrow(
    axes: Axes,
    way: Way,
    ends: tuple[FancyBboxPatch, FancyBboxPatch],
    bundle: Bundle,
    width: float,
    labelled: bool,
) -> None:
    colour = BLUE if bundle.weight >= 0 else ORANGE
    # A loop's ends are at the border already.
    clipped: dict[str, Any] = {"patchA": ends[0], "patchB": ends[1], "shrinkA": 2, "shrinkB": 3}
    whole: dict[str, Any] = {"shrinkA": 0, "shrinkB": 0}
    axes.add_patch(
        FancyArrowPatch(
            way.start,
            way.end,
            connectionstyle=f"arc3,rad={way.bend}",
            arrowstyle="-|>",
            mutation_scale=11,
            linewidth=width,
            color=colour,
            joinstyle="miter",
            capstyle="butt",
            zorder=1,
            **(whole if way.loop else clipped),
        )
    )
    if labelled:
        at = np.array(way.middle) + np.array(way.side) * 0.09
        _label(axes, _pair(at), way.side, bundle.label, colour)


def _label(axes: Axes, at: Place, side: Place, words: str, colour: str) -> None:
    """Write beside a line, on the side to which ``side`` points."""
    axes.text(
        *at,
        words,
        ha="left" if side[0] > 0.4 else "right" if side[0] < -0.4 else "center",
        va="bottom" if side[1] > 0.4 else "top" if side[1] < -0.4 else "center",
        fontsize=8,
        color=colour,
        zorder=2,
    )


def _short(n: int) -> str:
    """Return 640 k for 640,000."""
    for size, letter in ((1_000_000, "M"), (1000, "k")):
        if n >= size:
            return f"{n / size:.3g} {letter}"
    return str(n)

"""Who won and how hard it is to: section 5 of the report."""

import numpy as np

from golden.pictures.chart import BLUE, FAINT, INK, ORANGE, RED, chart, svg
from golden.pictures.markup import count, figure, percent, text
from golden.report.neurons import FAIR_SHARES, Neurons

BINS = 30
"""Bars of a histogram."""
NAMED = 5
"""Dominant neurons named in words."""


def histograms(neurons: Neurons) -> str:
    """Return dead and dominant neurons in words, and the wins and thresholds as charts."""
    charts = _ranking(neurons) + _wins(neurons) + _thresholds(neurons)
    return (
        f"<p>{_dead(neurons)} {_dominant(neurons)}</p>"
        '<p class="key"><span><i class="swatch red"></i>dead</span>'
        '<span><i class="swatch blue"></i>alive</span>'
        '<span><i class="swatch orange"></i>dominant</span></p>'
        f'<div class="charts">{charts}</div>'
    )


def _dead(neurons: Neurons) -> str:
    n_dead, n_neurons = int(neurons.dead.sum()), len(neurons.wins)
    if not n_dead:
        return f"No neuron of {n_neurons:,} is dead: each won at least once."
    verb = "are dead: they" if n_dead > 1 else "is dead: it"
    return f"<strong>{n_dead:,} of {n_neurons:,} neurons</strong> {verb} never won."


def _dominant(neurons: Neurons) -> str:
    share = percent(neurons.dominant_share)
    limit = f"more than {share} of all wins"
    if neurons.dominant_share < 0.5:
        limit += f", {FAIR_SHARES} times a fair share"
    strong = np.flatnonzero(neurons.dominant)
    if not strong.size:
        return f"No neuron is dominant ({limit})."
    strong = strong[np.argsort(-neurons.wins[strong], kind="stable")]
    total = neurons.wins.sum()
    named = ", ".join(
        f"neuron {neuron} (label {text(neurons.name(neuron))}, "
        f"{percent(neurons.wins[neuron] / total)})"
        for neuron in strong[:NAMED].tolist()
    )
    more = f" and {strong.size - NAMED:,} more" if strong.size > NAMED else ""
    verb = "are" if strong.size > 1 else "is"
    return (
        f"<strong>{count(strong.size, 'neuron')}</strong> {verb} dominant ({limit}): {named}{more}."
    )


def _kinds(neurons: Neurons):
    alive = ~neurons.dead & ~neurons.dominant
    return ((neurons.dead, RED), (alive, BLUE), (neurons.dominant, ORANGE))


def _ranking(neurons: Neurons) -> str:
    caption = "Wins of every neuron, the most winning first; dashed: a fair share"
    drawing, (axes,) = chart(2.4)
    order = np.argsort(-neurons.wins, kind="stable")
    wins, places = neurons.wins[order], np.arange(len(order))
    # One outline per kind instead of one bar per neuron keeps the page small.
    for mask, colour in _kinds(neurons):
        heights = np.where(mask[order], wins, np.nan)
        axes.stairs(heights, np.arange(len(order) + 1), fill=True, color=colour)
    dead = places[neurons.dead[order]]
    if dead.size:
        axes.axvspan(dead[0], dead[-1] + 1, color=RED, alpha=0.3, linewidth=0)
    axes.axhline(wins.mean(), color=INK, linestyle="--", linewidth=1)
    axes.set_xlim(0, len(order))
    axes.set_xlabel("neurons by rank")
    return figure(svg(drawing, caption), caption)


def _wins(neurons: Neurons) -> str:
    caption = "Neurons by number of wins; dead neurons have a bar of their own"
    top = max(int(neurons.wins.max()), 1)
    edges = np.unique(np.linspace(1, top + 1, min(BINS, top) + 1).astype(int))
    width = max(1, int(edges[1] - edges[0]))
    return _histogram(neurons, neurons.wins, np.array([1 - width, *edges]), caption, "wins")


def _thresholds(neurons: Neurons) -> str:
    caption = "Neurons by threshold theta"
    low, high = int(neurons.theta.min()), int(neurons.theta.max())
    edges = np.unique(np.linspace(low, high + 1, BINS + 1).astype(int))
    return _histogram(neurons, neurons.theta, edges, caption, "theta")


def _histogram(neurons: Neurons, values, edges, caption: str, xlabel: str) -> str:
    drawing, (axes,) = chart(2.4)
    bottom = np.zeros(len(edges) - 1)
    for mask, colour in _kinds(neurons):
        heights, _ = np.histogram(values[mask], edges)
        filled = heights > 0
        axes.bar(
            edges[:-1][filled],
            heights[filled],
            np.diff(edges)[filled],
            bottom[filled],
            align="edge",
            color=colour,
            edgecolor=FAINT,
            linewidth=0.4,
        )
        bottom += heights
    axes.set_xlabel(xlabel)
    axes.set_ylabel("neurons")
    return figure(svg(drawing, caption), caption)

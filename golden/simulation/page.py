"""The report of a run: one page without external resources."""

from typing import Any

from golden.builder.monitors.monitor import SpikeMonitor
from golden.builder.network import Network
from golden.builder.runner import ENGINES
from golden.network.blueprint import Blueprint
from golden.pictures.chart import svg
from golden.pictures.document import document
from golden.pictures.graph import bundles, graph
from golden.pictures.markup import figure, number, table, text
from golden.simulation.cells import cells
from golden.simulation.traces import traces
from golden.simulation.weights import weights

FASTEST = "numba"
"""What draws potentials of a run that another machine did."""
MOST_GROUPS = 16
"""That are drawn as a graph; a larger network has its table."""


def page(
    docstring: str, command: str, net: Network, spikes: SpikeMonitor, figures: dict[str, Any]
) -> str:
    """Return the page of a run; the same run gives the same page, but for its speed.

    Parameters
    ----------
    docstring : str
        Of the network's file.
    command : str
        That repeats the run.
    spikes : SpikeMonitor
        Of all neurons, from the begin.
    figures : dict
        See `golden.simulation.metrics.metrics`.
    """
    plan = net.build()
    drawn = traces(net, spikes, figures["engine"] if figures["engine"] in ENGINES else FASTEST)
    sections = {
        "Spikes": _broad(svg(spikes.raster(), "raster of all spikes"), _lost(spikes)),
        "Potentials": "".join(_broad(svg(t.picture, "potentials"), text(t.caption)) for t in drawn),
        "What it has learned": weights(net),
        "The network": _network(plan.blueprint),
        "Its cells": cells(plan.blueprint),
        "What became integers": "<p>" + "<br>".join(text(note) for note in plan.notes) + "</p>",
        "Once more": f"<p>This command gives the same state hash on every computer:</p>"
        f'<pre class="wide">{text(command)}</pre>',
    }
    title = text(docstring.partition("\n")[0].rstrip(". ") or figures["network"])
    headline = _headline(docstring, figures)
    return document(title, headline, {name: body for name, body in sections.items() if body})


def _headline(docstring: str, figures: dict[str, Any]) -> str:
    told = docstring.partition("\n")[2].strip().split("\n\n")
    cards = [
        (number(figures["neurons"]), "neurons"),
        (number(figures["synapses"]), "synapses"),
        (f"{figures['steps'] * figures['dt_ms']:g} ms", f"in steps of {figures['dt_ms']:g} ms"),
        (number(figures["spikes"]), "spikes"),
        *(
            (f"{rate:.3g} Hz", f"rate of {text(name)}")
            for name, rate in list(figures["rate_hz"].items())[:6]
        ),
        (number(float(figures["steps_per_second"])), f"steps a second, {figures['engine']}"),
    ]
    shown = "".join(f"<div><dd>{value}</dd><dt>{meaning}</dt></div>" for value, meaning in cards)
    where = ", ".join(
        f"{text(name)} of {text(group)} ({cases:,})"
        for group, counted in figures["overflows_at"].items()
        for name, cases in counted.items()
    )
    return (
        "".join(f"<p>{text(part)}</p>" for part in told if part)
        + f'<dl class="cards">{shown}</dl>'
        + (f'<p class="no">Words saturated, so this run is none: {where}.</p>' if where else "")
        + f'<p class="hash">State hash <code>{text(figures["state_sha256"])}</code></p>'
    )


def _lost(spikes: SpikeMonitor) -> str:
    lost = f" {spikes.lost:,} more were not kept." if spikes.lost else ""
    return f"Above every spike, below how often a neuron of each population spikes.{lost}"


def _network(blueprint: Blueprint) -> str:
    drawing = ""
    if blueprint.rows and len(blueprint.groups) <= MOST_GROUPS:
        drawing = _broad(
            svg(graph(blueprint), "the network as a graph"),
            "Boxes with round corners are cells, the others inputs; blue excites, orange inhibits.",
        )
    names = [text(group.name) for group in blueprint.groups]
    rows = [
        (
            f"{names[b.source]} → {names[b.target]}",
            number(b.synapses),
            text(b.receptor),
            f"{b.weight:.4g}",
            " to ".join(dict.fromkeys(f"{delay:g}" for delay in b.delays)),
        )
        for b in bundles(blueprint)
    ]
    head = ("", "synapses", "receptor", "mean weight", "delay, ms")
    return drawing + (table(head, rows, "plain") if rows else "")


def _broad(drawing: str, caption: str) -> str:
    return f'<div class="broad">{figure(drawing, caption)}</div>'

"""The page: its sections in order, in one frame."""

from golden.pictures.document import document
from golden.pictures.markup import text
from golden.report import draw
from golden.report.confusion import confusion
from golden.report.cost import cost
from golden.report.curves import curves
from golden.report.gallery import gallery
from golden.report.headline import check_metrics, headline
from golden.report.histograms import histograms
from golden.report.neurons import Neurons
from golden.report.parameters import parameters
from golden.report.stories import stories
from golden.training.outcome import Outcome

DRAW = "Try it yourself"
"""Title of the pad's section; images too large for the pad have none."""


def page(outcome: Outcome, neurons: Neurons) -> str:
    """Return the report as one HTML document without external resources.

    Raises
    ------
    ValueError
        If ``metrics`` lacks a number that every run has.
    """
    metrics, p = outcome.metrics, outcome.model.params
    check_metrics(metrics)
    drawn = max(p.height, p.width) < draw.SIDE
    pad = {DRAW: draw.section(outcome.model, neurons.names, outcome.dataset.form)} if drawn else {}
    sections = {
        **pad,
        "What every neuron has learned": gallery(p, neurons),
        "What is taken for what": confusion(outcome.confusion, neurons.names),
        "How it learned": curves(outcome.history),
        "Winners and thresholds": histograms(neurons),
        "Step by step": stories(outcome, neurons),
        "Cost": cost(metrics),
        "Parameters": parameters(p, metrics),
    }
    title = f"What {p.n_neurons:,} spiking neurons learned from {text(metrics['dataset'])}"
    style, script = (draw.style(), draw.script()) if drawn else ("", "")
    return document(title, headline(metrics), sections, style, script)

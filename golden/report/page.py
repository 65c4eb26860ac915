"""The page: its sections in order, in one frame."""

from string import Template

from golden.report.confusion import confusion
from golden.report.cost import cost
from golden.report.curves import curves
from golden.report.gallery import gallery
from golden.report.headline import check_metrics, headline
from golden.report.histograms import histograms
from golden.report.markup import text
from golden.report.neurons import Neurons
from golden.report.parameters import parameters
from golden.report.stories import stories
from golden.report.style import STYLE
from golden.training.outcome import Outcome

FRAME = Template("""\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>$title</title>
<style>
$style</style>
</head>
<body>
<header><h1>$title</h1>
$headline
<nav>$links</nav></header>
<main>
$sections
</main>
</body>
</html>
""")
SECTION = Template('<section id="$anchor"><h2>$title</h2>\n$body</section>\n')


def page(outcome: Outcome, neurons: Neurons) -> str:
    """Return the report as one HTML document without external resources.

    Raises
    ------
    ValueError
        If ``metrics`` lacks a number that every run has.
    """
    metrics, p = outcome.metrics, outcome.model.params
    check_metrics(metrics)
    sections = {
        "What every neuron has learned": gallery(p, neurons),
        "What is taken for what": confusion(outcome.confusion, neurons.names),
        "How it learned": curves(outcome.history),
        "Winners and thresholds": histograms(neurons),
        "Step by step": stories(outcome, neurons),
        "Cost": cost(metrics),
        "Parameters": parameters(p, metrics),
    }
    anchors = {title: title.lower().replace(" ", "-") for title in sections}
    return FRAME.substitute(
        title=f"What {p.n_neurons:,} spiking neurons learned from {text(metrics['dataset'])}",
        style=STYLE,
        headline=headline(metrics),
        links=" ".join(f'<a href="#{anchor}">{title}</a>' for title, anchor in anchors.items()),
        sections="".join(
            SECTION.substitute(anchor=anchors[title], title=title, body=body)
            for title, body in sections.items()
        ),
    )

"""The report of a training run: what every neuron has learned, and what it cost.

One HTML file that needs nothing else, and the picture of the weights. The files follow the page:
`headline`, `gallery` (the neurons), `confusion`, `curves` (over time), `histograms`, `stories` (a
few images step by step, with `membranes` as their drawings), `cost` and `parameters`. Beneath them:
`neurons` (who won how often), `pictures` (weights to colours) and `page`; charts, fragments of HTML
and the frame are those of `golden.pictures`.
"""

from pathlib import Path

from golden.command.atomic import write_atomically
from golden.report.gallery import poster
from golden.report.neurons import Neurons
from golden.report.page import page
from golden.training.outcome import Outcome

__all__ = ["write_report"]


def write_report(folder: Path, outcome: Outcome) -> None:
    """Write ``folder/weights.png`` and ``folder/report.html``, each whole or not at all.

    The same outcome gives the same bytes.

    Parameters
    ----------
    folder : Path
        An existing folder.
    outcome : Outcome
        A finished run.

    Raises
    ------
    ValueError
        If ``metrics`` lacks a number that every run has.
    OSError
        If the folder cannot be written; no file is left half-written.
    """
    neurons = Neurons.of(outcome)
    picture, html = poster(neurons), page(outcome, neurons)
    write_atomically(folder / "weights.png", picture)
    write_atomically(folder / "report.html", html.encode())

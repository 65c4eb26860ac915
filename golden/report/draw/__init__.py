"""A page to draw on: the first section of the report, in which the network answers while one draws.

The trained network travels in the page, and JavaScript presents the drawing to it, without
learning, with the same integers as `golden.dense.core`. The scripts bear the names of golden's
stages, each a file; `SCRIPTS` is their order in the page:

================== =========================== ==================================================
script             as                          what it does
================== =========================== ==================================================
lfsr.js            `golden.numbers.lfsr`       random words of the Bernoulli encoder
receptive_field.js `..dense.receptive_field`   pixels to what the encoder sees
encoder.js         `golden.dense.encoder`      that to spikes, and these to events
membrane.js        `golden.dense.membrane`     leak, integrate
homeostasis.js     `golden.dense.homeostasis`  thresholds
wta.js             `golden.dense.wta`          who spikes
classifier.js      `golden.dense.classifier`   votes to a label
core.js            `golden.dense.core`         the presentation
network.js                                     reads what `network` has packed
resize.js          `golden.datasets.resize`    area-averaged resizing
form.js            `golden.datasets.form`      a drawing to the network's size and form
pad.js                                         drawing with mouse, finger and keys
show.js                                        what happened, as pictures
enlarge.js                                     a neuron of the gallery, large
page.js                                        puts these together
================== =========================== ==================================================

`tests/command/report/test_draw.py` holds label, spikes and events to golden's in a
browser, and the form of drawings, too.
"""

import base64
import json
from dataclasses import asdict
from importlib.resources import files
from string import Template
from typing import Any

import numpy as np
from numpy.typing import NDArray

from golden.datasets.form import FORMS
from golden.dense import homeostasis
from golden.dense.interface import EIGHTHS_BY_DISTANCE, POOLING
from golden.numbers.formats import Fmt
from golden.training.model_file import Model

SCRIPTS = (
    "lfsr",
    "receptive_field",
    "encoder",
    "membrane",
    "homeostasis",
    "wta",
    "classifier",
    "core",
    "network",
    "resize",
    "form",
    "pad",
    "show",
    "enlarge",
    "page",
)
"""Files of the page's script, in order."""
SIDE = 280
"""Pixels of a drawing's side; it must be more than the network's, so that it is brought to form."""


def script() -> str:
    """Return all scripts as one."""
    folder = files(__name__)
    return '"use strict";\n' + "\n".join((folder / f"{name}.js").read_text() for name in SCRIPTS)


def style() -> str:
    """Return the section's style sheet."""
    return (files(__name__) / "style.css").read_text()


def section(model: Model, names: tuple[str, ...], form: str) -> str:
    """Return the pad, and all that it fills; parameters are those of `network`."""
    lead = (
        "Draw something, and the network answers with every stroke: it looks at the drawing, "
        "neurons spike, and their votes make the label. Nothing is sent anywhere: this page "
        "computes it, with the same integers as golden and the hardware. Marks are spikes of "
        "inputs; lines are the membrane potentials, less the thresholds, of those who voted and "
        "of the closest losers. Who reaches 0 can spike (▲)."
    )
    template = Template((files(__name__) / "section.html").read_text())
    return template.substitute(lead=lead, network=network(model, names, form))


def network(model: Model, names: tuple[str, ...], form: str) -> str:
    """Return what the page needs of a model, as JSON that may stand inside a script element.

    Parameters
    ----------
    names : tuple of str
        What a label stands for.
    form : str
        A key of `golden.datasets.form.FORMS`.
    """
    p, state = model.params, model.state
    learned = homeostasis.threshold(p, 0, state.theta, state.offset)
    content = {
        "p": {**_plain(model), "form": _form(form)},
        "w": _packed(state.w, p.w),
        "learned": learned.tolist(),
        "votes": _packed(model.votes, p.vote),
        "names": names,
        "classes": model.classes.tolist(),
        "won": np.ptp(model.votes, axis=2).any(axis=0).astype(int).tolist(),
        "side": SIDE,
    }
    # "</script>" in a name must not end the element.
    return json.dumps(content, separators=(",", ":")).replace("<", "\\u003c")


def _plain(model: Model) -> dict[str, Any]:
    """Return the parameters, and what follows from them."""
    p = model.params
    return asdict(p) | {
        "n_axons": p.n_axons,
        "rf_rows": p.rf_rows,
        "rf_columns": p.rf_columns,
        "rf_top": p.rf_top,
        "rf_left": p.rf_left,
        "phase_start": p.phase_start,
        "v_lowest": p.v.min,
        "v_highest": p.v.max,
        "eighths_by_distance": EIGHTHS_BY_DISTANCE,
        "pooling": POOLING,
    }


def _form(name: str) -> dict[str, Any] | None:
    form = FORMS[name]
    return None if form is None else asdict(form)


def _packed(numbers: NDArray[np.int64], of: Fmt) -> dict[str, Any]:
    """Return numbers as base64 of ``of.width`` bits each, less the least of the format."""
    shifts = np.arange(of.width - 1, -1, -1)
    bits = (numbers.ravel()[:, np.newaxis] - of.min) >> shifts & 1
    content = np.packbits(bits.astype(np.uint8)).tobytes()
    return {
        "width": of.width,
        "lowest": of.min,
        "count": numbers.size,
        "base64": base64.b64encode(content).decode(),
    }

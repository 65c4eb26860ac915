"""Classify image files with a trained model: label, spikes and votes.

Any PNG, JPEG, BMP, GIF, PPM or WebP: it is made grey and averaged to the
model's size. Models are trained on bright ink on black; --invert turns an
image of dark ink on white paper round. The spikes are the neurons that
answered, each with the class it stands for and the step it spiked in; their
votes are added up, and the class with the most is the label.
Exit status: 0 done, 2 bad options or input; nothing is printed then.

for example:
  python -m golden.classify runs/digits-digits-stdp-1/model.npz seven.png
  python -m golden.classify model.npz --invert scan.jpg
  python -m golden.classify model.npz --json *.png
"""

import json
import os
import sys
from argparse import Namespace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from golden.command.console import OK, OUT, judging
from golden.command.frame import Command, Parser
from golden.datasets.images import read_image
from golden.dense import classifier, core
from golden.training.model_file import Model, class_names, load


def add_options(parser: Parser) -> None:
    """Add the model, the images, and what to make of them."""
    parser.add_argument("model", metavar="MODEL", type=Path, help="model.npz of golden.train")
    parser.add_argument("images", metavar="IMAGE", type=Path, nargs="+", help="image files")
    parser.add_argument(
        "--invert", action="store_true", help="dark on white becomes white on black"
    )
    parser.add_argument(
        "--json", action="store_true", help="one JSON object a line, with the votes for each class"
    )


def classify(args: Namespace) -> int:
    """Answer every image; return the exit status."""
    with judging():
        model = load(args.model)
        names = class_names(args.model, model)
        size = (model.params.height, model.params.width)
        images = [read_image(path, size, args.invert) for path in args.images]
    for path, image in zip(args.images, images, strict=True):
        found = answer(model, names, image)
        text = json.dumps({"image": str(path), **found}) if args.json else line(path, found)
        OUT.print(text, markup=False)
    return OK


def line(path: Path, found: dict[str, Any]) -> str:
    """Return an answer for people."""
    # A file's name need not be text.
    name = os.fsencode(path).decode(errors="replace")
    if found["label"] is None:
        return f"{name}: no label, nobody spiked"
    spikes = ", ".join(f"{s['neuron']} ({s['class']}) in step {s['step']}" for s in found["spikes"])
    return f"{name}: {found['label']}  spikes: {spikes}"


def answer(model: Model, names: list[str], image: NDArray[np.uint8]) -> dict[str, Any]:
    """Present one image; return its label, its spikes in order and the votes, as plain values."""
    p = model.params
    presentation, _ = core.present(p, model.state, image.astype(np.int64).ravel())
    spikes = [
        {"step": step, "neuron": neuron, "class": names[int(model.classes[neuron])]}
        for step, neuron in presentation.voters
    ]
    votes = classifier.scores(p, model.votes, presentation.spikes)
    label = classifier.decide(p, model.votes, presentation.spikes)
    return {
        "label": names[label] if spikes else None,
        "spikes": spikes,
        "votes": dict(zip(names, votes.tolist(), strict=True)),
        "events": presentation.n_events,
        "steps": len(presentation.steps),
    }


main = Command("golden.classify", __doc__, add_options, classify)

if __name__ == "__main__":
    sys.exit(main())

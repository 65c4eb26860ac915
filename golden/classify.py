"""Classify image files with a trained model: label, spikes and votes.

Any PNG, JPEG, BMP, GIF, PPM or WebP, dark ink on paper or bright on black, a
scan or a photograph: the ink is cut out, scaled and put where the images lay
that the model has learned from. --form changes that; as-is only resizes. The
spikes are the neurons that answered, each with the class it stands for (null
if it never won) and the step it spiked in; their votes are added up, and the
class with the most is the label. An image without an event is "nothing seen".
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
from golden.dense import classifier, core
from golden.dense.wta import NOBODY
from golden.training.given import add_image_options, given_images
from golden.training.model_file import Model, class_names, load


def add_options(parser: Parser) -> None:
    """Add the model, the images, and what to make of them."""
    parser.add_argument("model", metavar="MODEL", type=Path, help="model.npz of golden.train")
    parser.add_argument("images", metavar="IMAGE", type=Path, nargs="+", help="image files")
    add_image_options(parser)
    parser.add_argument(
        "--json", action="store_true", help="one JSON object a line, with the votes for each class"
    )


def classify(args: Namespace) -> int:
    """Answer every image; return the exit status."""
    with judging():
        model = load(args.model)
        names = class_names(args.model, model)
        images = given_images(args, model)
    for path, image in zip(args.images, images, strict=True):
        found = answer(model, names, image)
        text = json.dumps({"image": str(path), **found}) if args.json else line(path, found)
        OUT.print(text, markup=False)
    return OK


def line(path: Path, found: dict[str, Any]) -> str:
    """Return an answer for people."""
    # A file's name need not be text.
    name = os.fsencode(path).decode(errors="replace")
    if not found["events"]:
        return f"{name}: nothing seen"
    if not found["spikes"]:
        return f"{name}: no label, nobody spiked"
    spikes = ", ".join(
        f"{s['neuron']} ({s['class'] or 'never won'}) in step {s['step']}" for s in found["spikes"]
    )
    if found["label"] is None:
        return f"{name}: no label, only neurons that never won  spikes: {spikes}"
    return f"{name}: {found['label']}  spikes: {spikes}"


def answer(model: Model, names: list[str], image: NDArray[np.uint8]) -> dict[str, Any]:
    """Present one image; return its label, its spikes in order and the votes, as plain values.

    Neurons that never won in training, which vote alike for all, have no class and no vote. Nobody
    has one if there was no event: what spikes then was forced to.
    """
    p = model.params
    presentation, _ = core.present(p, model.state, image.astype(np.int64).ravel())
    won = np.ptp(model.votes, axis=2).any(axis=0)
    voters = presentation.voters if presentation.n_events else ()
    spikes = [
        {
            "step": step,
            "neuron": neuron,
            "class": names[int(model.classes[neuron])] if won[neuron] else None,
        }
        for step, neuron in voters
    ]
    heard = [neuron if won[neuron] else NOBODY for _, neuron in voters]
    votes = classifier.scores(p, model.votes, heard)
    label = classifier.decide(p, model.votes, heard)
    return {
        "label": names[label] if any(neuron != NOBODY for neuron in heard) else None,
        "spikes": spikes,
        "votes": dict(zip(names, votes.tolist(), strict=True)),
        "events": presentation.n_events,
        "steps": len(presentation.steps),
    }


main = Command("golden.classify", __doc__, add_options, classify)

if __name__ == "__main__":
    sys.exit(main())

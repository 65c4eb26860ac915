"""Classify image files with a trained model: label, spikes and votes.

Any image that Pillow opens: it is made grey and averaged to the model's size. Training images of
digits are bright on black; --invert turns dark-on-white paper round. No label is no spike.

Examples
--------
  python -m golden.classify runs/digits-digits-stdp-1/model.npz photo.png
  python -m golden.classify model.npz *.png --json
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from golden import classifier, core
from golden.console import OK, OUT, run
from golden.datasets.images import read_image
from golden.datasets.resize import resize
from golden.model_file import Model, load


def main(argv: list[str] | None = None) -> int:
    """Run the command; return its exit status."""
    args = parser().parse_args(argv)
    return run(lambda: classify(args))


def parser() -> argparse.ArgumentParser:
    """Return the command line's parser."""
    made = argparse.ArgumentParser(
        prog="python -m golden.classify",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("model", type=Path, help="model.npz of golden.train")
    made.add_argument("images", type=Path, nargs="+", help="image files")
    made.add_argument("--invert", action="store_true", help="dark on white becomes white on black")
    made.add_argument("--json", action="store_true", help="one JSON object a line")
    return made


def classify(args: argparse.Namespace) -> int:
    """Answer every image; return the exit status."""
    model = load(args.model)
    answers = [(path, answer(model, prepare(model, path, args.invert))) for path in args.images]
    for path, found in answers:
        if args.json:
            OUT.print(json.dumps({"image": str(path), **found}), markup=False)
        else:
            spikes = ", ".join(
                f"{s['neuron']} ({s['class']}) in step {s['step']}" for s in found["spikes"]
            )
            OUT.print(f"{path}: {found['label']}  spikes: {spikes or 'none'}", markup=False)
    return OK


def prepare(model: Model, path: Path, invert: bool) -> NDArray[np.int64]:
    """Read one image in the model's size, (height * width,), format ``pixel``."""
    p = model.params
    image = resize(read_image(path)[None], (p.height, p.width))[0].astype(np.int64).ravel()
    return p.pixel.max - image if invert else image


def answer(model: Model, pixels: NDArray[np.int64]) -> dict[str, Any]:
    """Present one image; return its label, its spikes in order and the votes, as plain values."""
    p = model.params
    names = model.about["class_names"]
    presentation, _ = core.present(p, model.state, pixels)
    spikes = [
        {"step": step.step, "neuron": neuron, "class": names[int(model.classes[neuron])]}
        for step in presentation.steps
        if step.winner >= 0
        for neuron in (step.winner, *step.ballot)
    ]
    label = classifier.decide(p, model.votes, presentation.spikes)
    return {
        "label": names[label] if spikes else None,
        "spikes": spikes,
        "events": presentation.n_events,
        "steps": len(presentation.steps),
    }


if __name__ == "__main__":
    sys.exit(main())

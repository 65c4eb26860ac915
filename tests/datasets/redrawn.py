"""Digits drawn anew as people have them, and how many of them a trained model reads.

Run as a program, it answers 200 test images of MNIST, redrawn in every way of `WAYS`, without any
option and as they are (``--form as-is``), and writes the table of ``docs/training.md``::

    python -m tests.datasets.redrawn images.csv icebreaker-rstdp=MODEL mnist400-stdp=MODEL

MNIST is looked for as golden.train does.
"""

import csv
import sys
from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from golden.datasets import load_dataset
from golden.datasets.form import bring
from golden.training import responses
from golden.training.model_file import image_form, load

DIGITS = 200
COLUMNS = ("images", "model", "of", "right", "right_as_is")
Grey = NDArray[np.uint8]


def enlarged(digit: Grey, by: int = 10) -> Grey:
    """Return a digit in larger pixels, its edges smooth."""
    height, width = digit.shape
    return np.asarray(Image.fromarray(digit).resize((by * width, by * height)))


def cut(digit: Grey) -> Grey:
    """Return a digit without what is black around it."""
    rows, columns = np.nonzero(digit)
    return digit[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


def light(shadow: str) -> NDArray[np.float64]:
    """Return how bright the paper of a photograph is, 480 wide and 640 high, 0 to 1."""
    y, x = np.mgrid[:640, :480]
    lights = {
        "none": np.ones((640, 480)),
        "from one side": 1 - x / 1440,
        "with an edge": 1 - 0.45 / (1 + np.exp((330 - x - 0.3 * y) / 15)),
        "to the corners": 1 - (y / 639 - 0.5) ** 2 - (x / 479 - 0.5) ** 2,
    }
    return lights[shadow]


def photograph(digit: Grey, shadow: str = "none") -> Grey:
    """Return dark ink on grey paper with grain, the digit in the middle, 480 wide and 640 high."""
    big = enlarged(digit)
    above, left = (640 - big.shape[0]) // 2, (480 - big.shape[1]) // 2
    ink = np.zeros((640, 480))
    ink[above : above + big.shape[0], left : left + big.shape[1]] = big / 255
    grain = np.random.default_rng(int(digit.sum())).normal(0, 4, ink.shape)
    return np.clip((225 - 195 * ink) * light(shadow) + grain, 0, 255).astype(np.uint8)


def margined(digit: Grey) -> Grey:
    """Return a digit in a frame twice as wide and high."""
    height, width = digit.shape
    return np.pad(digit, ((height // 2,) * 2, (width // 2,) * 2))


def cornered(digit: Grey) -> Grey:
    """Return a digit, twice as large, in the lower right corner of a wide image."""
    return np.pad(enlarged(digit, 2), ((64, 4), (140, 4)))


WAYS: dict[str, Callable[[Grey], Grey]] = {
    "exact": lambda digit: digit,
    "white paper": lambda digit: 255 - enlarged(digit),
    "white paper, 28 x 28": lambda digit: 255 - digit,
    "a photograph, 480 x 640": photograph,
    "a photograph, shadow from one side": lambda digit: photograph(digit, "from one side"),
    "a photograph, edge of a shadow": lambda digit: photograph(digit, "with an edge"),
    "a photograph, dark corners": lambda digit: photograph(digit, "to the corners"),
    "chalk on a blackboard": lambda digit: 255 - photograph(digit, "from one side"),
    "twice the margin": margined,
    "cut to the ink": cut,
    "cut to the ink, enlarged": lambda digit: enlarged(cut(digit)),
    "small, in the corner of a wide image": cornered,
    "faint": lambda digit: 250 - enlarged(digit) // 8,
}
"""Ways to draw a digit, bright on black."""


def rows(models: dict[str, Path]) -> list[dict[str, str]]:
    """Return the table: how many of the digits every model reads."""
    dataset = load_dataset("mnist")
    digits, labels = dataset.test_images[:DIGITS], dataset.test_labels[:DIGITS]
    found = []
    for way, draw in WAYS.items():
        drawn = [draw(digit) for digit in digits]
        brought = lru_cache(partial(_brought, drawn))
        for name, path in models.items():
            model = load(path)
            p, right = model.params, []
            for form in (image_form(path, model), "as-is"):
                spikes = responses.record(p, model.state, brought(p.height, p.width, form)).spikes
                right.append(np.count_nonzero(responses.answers(p, model.votes, spikes) == labels))
            values = (way, name, len(drawn), *right)
            found.append(dict(zip(COLUMNS, map(str, values), strict=True)))
    return found


def _brought(drawn: list[Grey], height: int, width: int, form: str) -> Grey:
    return np.stack([bring(image, (height, width), form).ravel() for image in drawn])


def main(path: str, *models: str) -> None:
    """Write the table."""
    named = {name: Path(file) for name, _, file in (word.partition("=") for word in models)}
    with Path(path).open("w", newline="") as file:
        # A class that has no subscript when it is run, before Python 3.12.
        writer: csv.DictWriter[str] = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows(named))


if __name__ == "__main__":
    main(*sys.argv[1:])

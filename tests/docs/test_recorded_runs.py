"""Recorded runs: today's recipes are the ones that were recorded, so none is run again."""

import csv

import numpy as np
import pytest

from golden.datasets import Dataset, load_dataset
from golden.study.points import points
from golden.training import options
from golden.training.options import Choice
from tests.shared.commands import ROOT

CLASSES = tuple("0123456789")


def like_mnist(name, data_dir, size, form=None):
    """Return as many images as a data set has, all alike."""
    if name == "digits":
        return load_dataset(name, data_dir, size, form)
    image = np.arange(size[0] * size[1], dtype=np.uint8).reshape(size)
    train, test = (np.broadcast_to(image, (n, *size)) for n in (60000, 10000))
    labels = [np.arange(len(images)) % len(CLASSES) for images in (train, test)]
    return Dataset(name, train, labels[0], test, labels[1], CLASSES, "mnist")


@pytest.mark.parametrize("table", ["accuracy", "bits", "few"])
def test_runs_are_known_again(monkeypatch, table):
    monkeypatch.setattr(options, "load_dataset", like_mnist)
    monkeypatch.setattr(options, "_check_events", lambda p, dataset: None)
    with (ROOT / f"docs/results/{table}.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 20
    options._whole.cache_clear()
    for row in sorted(rows, key=lambda row: (row["dataset"], row["preset"])):
        # Whether bits are the preset's own, or were asked for, no column says.
        choices = [
            Choice(
                *(row["dataset"], None, None, row["preset"], row["rule"]),
                *(None, bits, None, tuple(row["set"].split())),
            )
            for bits in (None, int(row["weight_bits"]))
        ]
        found = [points(choice, int(row["seed"]), [], None)[0].row["run"] for choice in choices]
        assert row["run"] in found, row
    options._whole.cache_clear()

"""Parts of a data set: ``mnist:400`` is 400 of its training images, to see what few teach."""

import re
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from golden.datasets.dataset import DataError, Dataset

PART = re.compile(r"(?P<whole>.+?):(?P<count>\d{1,9})(?::(?P<lot>\d{1,9}))?")


class Portion(NamedTuple):
    """Which training images of a data set are learned from."""

    whole: str
    """Name of the data set."""
    images: int | None
    """How many; None is all."""
    lot: int
    """Which ones: lots of that many follow each other."""


def parted(name: str) -> Portion:
    """Read ``NAME``, ``NAME:COUNT`` or ``NAME:COUNT:LOT``, where LOT is 0 unless given."""
    found = PART.fullmatch(name)
    if not found:
        return Portion(name, None, 0)
    return Portion(found["whole"], int(found["count"]), int(found["lot"] or 0))


def part(dataset: Dataset, count: int, lot: int) -> Dataset:
    """Return a data set with some of its training images, in their order, and all test images.

    Every class has as many, the first ones one more where that does not come out even: of a class
    that has ``k`` in a lot, lot ``l`` has those from the ``l * k``-th on.

    Parameters
    ----------
    dataset : Dataset
        All of it.
    count, lot : int
        As `Portion` has them.

    Raises
    ------
    DataError
        If there are fewer than that, or a class has none.
    """
    name = f"{dataset.name}:{count}" + f":{lot}" * (lot > 0)
    n_classes = len(dataset.class_names)
    if count < n_classes:
        raise DataError(f"{name} must have an image of all {n_classes} classes, not {count} images")
    chosen: list[int] = []
    for label, class_name in enumerate(dataset.class_names):
        of_class = count // n_classes + (label < count % n_classes)
        found = np.flatnonzero(dataset.train_labels == label)
        if len(found) < (lot + 1) * of_class:
            raise DataError(
                f"{name} must have {of_class} images of class {class_name}, "
                f"not what is left of {len(found)} after {lot * of_class}"
            )
        chosen += found[lot * of_class : (lot + 1) * of_class].tolist()
    take = np.sort(chosen)
    images, labels = dataset.train_images[take], dataset.train_labels[take]
    return replace(dataset, name=name, train_images=images, train_labels=labels)

"""Parts of a data set: as many images of every class, in lots that share none."""

import numpy as np
import pytest

from golden.datasets import Dataset
from golden.datasets.part import Portion, part, parted
from tests.datasets.packed import refused

LABELS = np.array([0, 1, 1, 0, 1, 0, 0, 1], np.int64)
IMAGES = np.arange(8, dtype=np.uint8).reshape(8, 1, 1)
WHOLE = Dataset("x", IMAGES, LABELS, IMAGES, LABELS, ("a", "b"), "fill")


# By hand


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("mnist", Portion("mnist", None, 0)),
        ("mnist:400", Portion("mnist", 400, 0)),
        ("mnist:400:2", Portion("mnist", 400, 2)),
        ("my/photos:20", Portion("my/photos", 20, 0)),
        ("c:/photos", Portion("c:/photos", None, 0)),
        ("photos:", Portion("photos:", None, 0)),
    ],
)
def test_name_says_which_part(name, wanted):
    assert parted(name) == wanted


@pytest.mark.parametrize(
    ("count", "lot", "name", "images"),
    [
        pytest.param(2, 0, "x:2", [0, 1], id="first-of-each"),
        pytest.param(2, 1, "x:2:1", [2, 3], id="next-of-each"),
        pytest.param(4, 1, "x:4:1", [4, 5, 6, 7], id="in-their-order"),
        pytest.param(3, 0, "x:3", [0, 1, 3], id="one-more-of-the-first-class"),
        pytest.param(8, 0, "x:8", list(range(8)), id="all"),
    ],
)
def test_part_has_as_many_of_every_class(count, lot, name, images):
    found = part(WHOLE, count, lot)
    assert (found.name, found.form) == (name, "fill")
    assert found.train_images.ravel().tolist() == images
    assert found.train_labels.tolist() == LABELS[images].tolist()
    assert len(found.test_images) == 8


# Refusals


def test_part_needs_an_image_of_every_class():
    with refused("x:1 must have an image of all 2 classes, not 1 images"):
        part(WHOLE, 1, 0)


def test_part_needs_as_many_images_as_it_asks_for():
    with refused("x:10 must have 5 images of class a, not what is left of 4 after 0"):
        part(WHOLE, 10, 0)
    with refused("x:4:2 must have 2 images of class a, not what is left of 4 after 4"):
        part(WHOLE, 4, 2)

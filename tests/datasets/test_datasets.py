"""Data sets: scikit-learn's digits, and what `Dataset` and `load_dataset` refuse."""

import numpy as np
import pytest
from sklearn.datasets import load_digits as sklearn_digits

from golden.datasets import NAMES, DataError, Dataset, digits, load_dataset
from tests.datasets.packed import refused

IMAGES = np.zeros((2, 3, 4), np.uint8)

LABELS = np.zeros(2, np.int64)


# By hand


def test_digits_are_scaled_and_every_third_is_held_out():
    found = load_dataset("digits")
    assert found.train_images.shape == (1198, 8, 8)
    assert found.test_images.shape == (599, 8, 8)
    # The first row of the first digit in scikit-learn is 0 0 5 13 9 1 0 0; sample 2 is a "2".
    assert found.train_images[0, 0].tolist() == [0, 0, 80, 208, 144, 16, 0, 0]
    assert found.train_images.max() == 255
    assert found.train_labels[:4].tolist() == [0, 1, 3, 4]
    assert found.test_labels[:3].tolist() == [2, 5, 8]


def test_digits_are_balanced():
    found = load_dataset("digits")
    test, train = np.bincount(found.test_labels), np.bincount(found.train_labels)
    assert (test.min(), test.max()) == (54, 63)
    assert (train.min(), train.max()) == (111, 129)


def test_size_applies_to_both_splits():
    found = load_dataset("digits", size=(4, 2))
    assert found.train_images.shape == (1198, 4, 2)
    assert found.test_images.shape == (599, 4, 2)


# Refusals


@pytest.mark.parametrize(
    ("images", "labels", "text"),
    [
        pytest.param(
            IMAGES[0],
            LABELS,
            "train_images of x must be a 3-d uint8 array, not 2-d uint8",
            id="2-d",
        ),
        pytest.param(
            IMAGES.astype(float),
            LABELS,
            "train_images of x must be a 3-d uint8 array, not 3-d float64",
            id="float",
        ),
        pytest.param(
            IMAGES[:0],
            LABELS[:0],
            "train_images of x must be at least one pixel, not shape (0, 3, 4)",
            id="empty",
        ),
        pytest.param(
            IMAGES,
            LABELS.astype(np.uint8),
            "train_labels of x must be a 1-d int64 array, not 1-d uint8",
            id="label-dtype",
        ),
        pytest.param(IMAGES, LABELS + 2, "train_labels of x must be 0 to 1, not 2", id="large"),
        pytest.param(IMAGES, LABELS - 1, "train_labels of x must be 0 to 1, not -1", id="negative"),
    ],
)
def test_dataset_checks_its_arrays(images, labels, text):
    with refused(text):
        Dataset("x", images, labels, IMAGES, LABELS, ("a", "b"))
    with refused(text.replace("train", "test")):
        Dataset("x", IMAGES, LABELS, images, labels, ("a", "b"))


def test_unknown_name_is_refused():
    names = ", ".join(NAMES)
    with refused(f"dataset must be a folder or one of {names}, not minst"):
        load_dataset("minst")


@pytest.mark.parametrize("size", [(0, 8), (8, -1), (8,)], ids=["zero", "negative", "one-number"])
def test_bad_size_is_refused(size):
    with refused(f"size must be a height and a width of at least 1, not {size}"):
        load_dataset("digits", size=size)


def test_digits_are_those_of_scikit_learn():
    pixels, digits = sklearn_digits(return_X_y=True)
    found = load_dataset("digits")
    held = np.arange(len(digits)) % 3 == 2
    assert found.test_labels.tolist() == digits[held].tolist()
    assert found.train_labels.tolist() == digits[~held].tolist()
    expected = np.minimum(16 * pixels.reshape(-1, 8, 8), 255)
    assert np.array_equal(found.train_images, expected[~held])


def test_digits_without_scikit_learn(monkeypatch):
    monkeypatch.setattr(digits, "find_spec", lambda name: None)
    with pytest.raises(DataError, match=r"^digits must come with scikit-learn, and .* not there$"):
        load_dataset("digits")

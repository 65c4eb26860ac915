"""The way of an image to a network's form: the same shape, however it is drawn."""

import hashlib

import numpy as np
import pytest

from golden.datasets import load_dataset
from golden.datasets.form import FORMS, bring, has_form
from golden.datasets.ink import find_ink

SIZE = (28, 28)


def drawn() -> np.ndarray:
    """Return a T as MNIST has its digits: 20 high, its centre of mass in row and column 14.

    From its corner on, the bar weighs 4 x 14 around row 1.5 and the stem 16 x 4 around row 11.5,
    together 120 around row (56 * 1.5 + 64 * 11.5) / 120 = 6.8 and column 6.5, which round to 7.
    """
    image = np.zeros(SIZE, np.uint8)
    image[7:11, 7:21] = image[11:27, 12:16] = 255
    return image


def coarse(image: np.ndarray, by: int = 6) -> np.ndarray:
    """Return an image of larger pixels."""
    return image.repeat(by, axis=0).repeat(by, axis=1)


def cut(image: np.ndarray) -> np.ndarray:
    """Return the box around the ink."""
    rows, columns = np.nonzero(image)
    return image[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


def shaded(image: np.ndarray) -> np.ndarray:
    """Return an image as ink that reflects nothing on paper that is lit from one side."""
    light = np.linspace(240, 120, image.shape[1]).astype(np.uint8)
    return np.where(image > 0, 0, light[None]).astype(np.uint8)


DRAWN_ANEW = {
    "as it is": drawn(),
    "dark on white": 255 - drawn(),
    "large": coarse(drawn()),
    "large, dark on white": 255 - coarse(drawn()),
    "twice the margin": np.pad(drawn(), 14),
    "cut to the ink": cut(drawn()),
    "cut to the ink, large, dark on white": 255 - coarse(cut(drawn())),
    "in a corner": np.pad(coarse(cut(drawn()), 2), ((70, 5), (130, 5))),
    "in the middle of a page": 255 - np.pad(coarse(drawn(), 8), ((208, 208), (128, 128))),
    "faint": 200 - drawn() // 8,
    "in a shadow": shaded(np.pad(coarse(drawn(), 8), ((208, 208), (128, 128)))),
    "with a speck": np.pad(coarse(drawn(), 3), ((0, 0), (0, 30))),
}
DRAWN_ANEW["with a speck"][60, 100] = 255


# By hand


@pytest.mark.parametrize("way", DRAWN_ANEW)
def test_a_shape_has_the_same_pixels_however_it_is_drawn(way):
    assert bring(DRAWN_ANEW[way], SIZE, "mnist").tolist() == drawn().tolist()


def test_emnist_and_fill_put_the_box_of_the_ink_into_the_middle():
    bar = np.zeros((50, 70), np.uint8)
    bar[10:34, 5:11] = 255
    for form, rows, columns in (("emnist", (2, 26), (11, 17)), ("fill", (0, 28), (11, 18))):
        expected = np.zeros(SIZE, np.uint8)
        expected[slice(*rows), slice(*columns)] = 255
        assert bring(bar, SIZE, form).tolist() == expected.tolist()


def test_as_is_only_resizes():
    image = np.array([[0, 200], [100, 40]], np.uint8)
    assert bring(image, (1, 1)).tolist() == [[85]]
    assert bring(image, (2, 2), invert=True).tolist() == [[255, 55], [155, 215]]


def test_invert_says_which_is_the_ink():
    ring = np.full((60, 60), 255, np.uint8)
    ring[5:55, 5:55] = 0
    assert bring(ring, SIZE, "mnist")[14, 14] == 255
    assert bring(255 - ring, SIZE, "mnist")[14, 14] == 255
    assert bring(255 - ring, SIZE, "mnist", invert=True)[14, 14] == 0


NOTHING = {
    "black": np.zeros((64, 64), np.uint8),
    "white": np.full((64, 64), 255, np.uint8),
    "one pixel": np.full((1, 1), 7, np.uint8),
    "light from one side": np.tile(np.linspace(90, 210, 300).astype(np.uint8), (200, 1)),
    "grain": np.random.default_rng(1).normal(190, 6, (200, 300)).astype(np.uint8),
    "grain, unlit": np.random.default_rng(2).integers(0, 9, (480, 640)).astype(np.uint8),
}


@pytest.mark.parametrize("blank", NOTHING)
def test_nothing_drawn_is_no_ink(blank):
    assert find_ink(NOTHING[blank]).shape == (0, 0)
    assert not bring(NOTHING[blank], SIZE, "mnist").any()


# Equality


def test_digits_come_out_with_the_same_bits_everywhere():
    """The hash was taken on x86-64; whoever gets another one computes something else."""
    digits = [coarse(digit, 20) for digit in load_dataset("digits").test_images[:20]]
    cuts = [cut(digit) for digit in digits]
    photographs = [shaded(np.pad(digit, ((240, 240), (160, 160)))) for digit in digits]
    brought = [bring(image, SIZE, "mnist") for image in [*digits, *cuts, *photographs]]
    found = hashlib.sha256(np.stack(brought).tobytes()).hexdigest()
    assert found == "61b7c688675c30d425d6e2faa9ecac260b9653e6020c136df50c87828ac7f36a"


def test_digits_of_scikit_learn_fill_the_frame():
    digits = load_dataset("digits").train_images
    assert np.count_nonzero(has_form(digits, SIZE, "fill")) == 1134
    (first, *_) = digits[has_form(digits, SIZE, "fill")]
    expected = load_dataset("digits", size=SIZE).train_images[has_form(digits, SIZE, "fill")][0]
    assert bring(first, SIZE, "fill").tolist() == expected.tolist()


@pytest.mark.parametrize("form", FORMS)
def test_no_form_is_seen_where_no_ink_is(form):
    assert has_form(np.zeros((3, 28, 28), np.uint8), SIZE, form).tolist() == [False] * 3

"""Resizing by areas: hand-worked images, and a slow, obvious reference."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from golden.datasets.resize import resize

SIDES = st.integers(1, 7)

SMALL_IMAGES = arrays.arrays(np.uint8, st.tuples(st.integers(1, 3), SIDES, SIDES))


def slow_resize(image: list[list[int]], height: int, width: int) -> list[list[int]]:
    """Blow the image up to a common multiple of both sizes and take means of blocks."""
    height_in, width_in = len(image), len(image[0])
    area = height_in * width_in
    result = []
    for y in range(height):
        row = []
        for x in range(width):
            total = sum(
                image[fine_y // height][fine_x // width]
                for fine_y in range(y * height_in, (y + 1) * height_in)
                for fine_x in range(x * width_in, (x + 1) * width_in)
            )
            row.append((2 * total + area) // (2 * area))
        result.append(row)
    return result


# By hand


def test_resize_by_hand():
    image = np.array([[[0, 1, 10, 20], [0, 1, 30, 41]]], np.uint8)
    assert resize(image, (1, 2)).tolist() == [[[1, 25]]]  # 0.5 is rounded up, 25.25 down
    assert resize(image, (2, 3))[0, 1].tolist() == [0, 16, 38]  # 0.25, 15.5, 38.25
    assert resize(image, (2, 8))[0, 0].tolist() == [0, 0, 1, 1, 10, 10, 20, 20]


# Equality


@settings(derandomize=True, max_examples=60, deadline=None)
@given(images=SMALL_IMAGES, size=st.tuples(SIDES, SIDES))
def test_resize_equals_slow_reference(images, size):
    expected = [slow_resize(image.tolist(), *size) for image in images]
    assert resize(images, size).tolist() == expected


@settings(derandomize=True, max_examples=60, deadline=None)
@given(
    value=st.integers(0, 255),
    before=st.tuples(st.integers(1, 40), st.integers(1, 40)),
    after=st.tuples(st.integers(1, 40), st.integers(1, 40)),
)
def test_constant_image_stays_constant(value, before, after):
    resized = resize(np.full((1, *before), value, np.uint8), after)
    assert resized.shape == (1, *after)
    assert (resized == value).all()


@settings(derandomize=True, max_examples=60, deadline=None)
@given(images=SMALL_IMAGES, size=st.tuples(SIDES, SIDES))
def test_resize_stays_in_range(images, size):
    resized = resize(images, size)
    assert images.min() <= resized.min()
    assert resized.max() <= images.max()


def test_halving_is_the_rounded_mean_of_2_x_2_blocks_in_every_chunk():
    images = np.random.default_rng(1).integers(0, 256, (1000, 28, 28), np.uint8)
    blocks = images.reshape(1000, 14, 2, 14, 2).astype(np.int64).sum(axis=(2, 4))
    assert (resize(images, (14, 14)) == (blocks + 2) // 4).all()

"""Receptive fields: tiny images worked out by hand, mirror images, and the compiled filter."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from golden.dense.engine import filtered as compiled
from golden.dense.params import RECEPTIVE_FIELDS, Params
from golden.dense.receptive_field import direction, gradient, receptive_field
from sim.battery.networks import TINY
from tests.shared.by_hand import ints

E, W, S, N, SE, NW, NE, SW = range(8)

SURROUND = replace(TINY, receptive_field="surround", rf_shift=0)
ORIENTED = replace(TINY, receptive_field="oriented", height=5, width=5, rf_stride=2, rf_shift=0)
"""One cell, its centre in the middle of the image."""


def filtered(p: Params, image: list[list[int]], **changes) -> NDArray[np.int64]:
    """Filter rows of pixels whose size becomes the parameters'."""
    pixels = np.array(image, dtype=np.int64)
    p = replace(p, height=len(pixels), width=len(pixels[0]), **changes)
    shape = (8, p.rf_rows, p.rf_columns) if p.receptive_field == "oriented" else pixels.shape
    return receptive_field(p, pixels.ravel()).reshape(shape)


def spot(height: int, width: int, y: int, x: int, value: int) -> list[list[int]]:
    image = np.zeros((height, width), dtype=np.int64)
    image[y, x] = value
    return image.tolist()


# By hand: none and surround


def test_without_a_field_pixels_pass():
    assert receptive_field(TINY, ints(3, 0, 255)).tolist() == [3, 0, 255]


def test_surround_of_a_spot_is_its_weights_without_the_negative_ones():
    assert filtered(SURROUND, spot(5, 5, 2, 2, 10)).tolist() == [
        [0, 0, 10, 0, 0],
        [0, 10, 50, 10, 0],
        [10, 50, 80, 50, 10],
        [0, 10, 50, 10, 0],
        [0, 0, 10, 0, 0],
    ]


def test_surround_subtracts_corners_and_knights_moves():
    image = [[2, 3, 1], [0, 0, 0], [0, 0, 5]]  # 8 * 5 + 1 - 3 - 4 * 2
    assert filtered(SURROUND, image)[2, 2] == 30


def test_surround_counts_black_outside_the_image():
    assert filtered(SURROUND, [[2, 2], [2, 2]]).tolist() == [[38, 38]] * 2  # 8 + 5 + 5 + 1


def test_surround_weights_by_distance():
    assert filtered(SURROUND, [[0, 0, 0, 1]]).tolist() == [[0, 1, 5, 8]]
    column = filtered(SURROUND, [[9]] * 5)[:, 0].tolist()
    assert column == [126, 171, 180, 171, 126]  # 8 + 5 + 1, 5 more, 1 more, and back


def test_negative_sum_saturates_to_zero():
    assert filtered(SURROUND, spot(3, 2, 0, 0, 9))[2, 1] == 0  # -9


@pytest.mark.parametrize(
    ("rf_shift", "expected"),
    [
        pytest.param(0, 255, id="saturates"),
        pytest.param(3, 200, id="eighths"),
    ],
)
def test_surround_shift(rf_shift, expected):
    assert filtered(SURROUND, [[200]], rf_shift=rf_shift).tolist() == [[expected]]


# By hand: gradients


def test_gradient_of_a_spot_reaches_one_pixel_around_the_image():
    gx, gy = gradient(np.array([[4]], dtype=np.int64))
    assert gx.tolist() == [[1, 0, -1], [2, 0, -2], [1, 0, -1]]
    assert gy.tolist() == [[1, 2, 1], [0, 0, 0], [-1, -2, -1]]


def test_gradient_floors():
    gx, gy = gradient(np.array([[1]], dtype=np.int64))
    assert gx.tolist() == [[0, 0, -1], [0, 0, -1], [0, 0, -1]]
    assert gy.tolist() == [[0, 0, 0], [0, 0, 0], [-1, -1, -1]]


@pytest.mark.parametrize(
    ("octant", "gradients"),
    [
        pytest.param(E, [(5, 0), (5, 2), (5, -2)], id="east"),
        pytest.param(W, [(-5, 0), (-5, 2), (-5, -2)], id="west"),
        pytest.param(S, [(0, 5), (2, 5), (-2, 5)], id="south"),
        pytest.param(N, [(0, -5), (2, -5), (-2, -5)], id="north"),
        pytest.param(SE, [(5, 5), (4, 2), (2, 4)], id="south-east-up-to-twice"),
        pytest.param(NW, [(-5, -5), (-4, -2), (-2, -4), (0, 0)], id="north-west-up-to-twice"),
        pytest.param(NE, [(5, -5), (4, -2), (2, -4)], id="north-east-up-to-twice"),
        pytest.param(SW, [(-5, 5), (-4, 2), (-2, 4)], id="south-west-up-to-twice"),
    ],
)
def test_direction(octant, gradients):
    gx, gy = zip(*gradients, strict=True)
    assert direction(ints(*gx), ints(*gy)).tolist() == [octant] * len(gradients)


# By hand: pooling


@pytest.mark.parametrize(
    ("image", "octant"),
    [
        pytest.param([[0, 0, 8, 8, 8]] * 5, E, id="brighter-to-the-right"),
        pytest.param([[8, 8, 8, 0, 0]] * 5, W, id="brighter-to-the-left"),
        pytest.param([[0] * 5] * 2 + [[8] * 5] * 3, S, id="brighter-below"),
        pytest.param([[8] * 5] * 3 + [[0] * 5] * 2, N, id="brighter-above"),
        pytest.param([[8 * (x + y > 5) for x in range(7)] for y in range(7)], SE, id="corner"),
        pytest.param([[8 * (x > y) for x in range(7)] for y in range(7)], NE, id="half"),
    ],
)
def test_edge_has_its_direction(image, octant):
    middle = filtered(ORIENTED, image, rf_stride=len(image) // 2)  # one cell, in the middle
    assert np.argmax(middle[:, 0, 0]) == octant


def test_spot_spreads_by_pooling_weights():
    # Around (2, 2): W to E neighbours have |g| 8; corners 4, 4 give 4 + 2 = 6. Weights 2 * 2 = 4.
    cells = filtered(ORIENTED, spot(5, 5, 2, 2, 16))[:, 0, 0]
    assert cells[[E, W, S, N]].tolist() == [32, 32, 32, 32]
    assert cells[[SE, NW, NE, SW]].tolist() == [24, 24, 24, 24]


def test_pooling_weights_fall_towards_the_rim_of_the_window():
    # The eastern gradient 8 lies left of the spot: at x = 0, 1, 2, 3 of the middle row.
    seen = [filtered(ORIENTED, spot(5, 5, 2, x, 16))[E, 0, 0] for x in range(5)]
    assert seen == [0, 16, 32, 32, 32]
    seen = [filtered(ORIENTED, spot(5, 5, y, 2, 16))[E, 0, 0] for y in range(5)]
    assert seen == [16, 32, 32, 32, 16]


def test_gradient_outside_the_image_counts():
    cells = filtered(ORIENTED, spot(3, 3, 1, 0, 16), rf_stride=1)
    assert cells[E, 0, 0] == 8 * 1 * 2  # the gradient at x = -1, from the cell at (1, 1)


def test_axons_are_in_the_order_direction_row_column():
    # Cells at rows 2, 4 and columns 2, 4, 6; E is 8 at (4, 6), W is 8 at (4, 8).
    p = replace(ORIENTED, height=6, width=9)
    out = receptive_field(p, np.ravel(spot(6, 9, 4, 7, 16))).tolist()
    assert out[:6] == [0, 8, 16, 0, 16, 32]
    assert out[6:12] == [0, 0, 8, 0, 0, 16]
    assert len(out) == p.n_axons == 48


@pytest.mark.parametrize(
    ("size", "stride", "centres"),
    [
        pytest.param(5, 2, [2], id="one-in-the-middle"),
        pytest.param(9, 2, [2, 4, 6], id="odd"),
        pytest.param(11, 3, [4, 7], id="remainder-before-and-after"),
        pytest.param(28, 3, [3, 6, 9, 12, 15, 18, 21, 24], id="mnist"),
    ],
)
def test_cells_fill_the_image(size, stride, centres):
    p = replace(ORIENTED, height=size, width=2 * stride, rf_stride=stride)
    assert [p.rf_top + stride * row for row in range(p.rf_rows)] == centres
    p = replace(ORIENTED, width=size, height=2 * stride, rf_stride=stride)
    assert [p.rf_left + stride * column for column in range(p.rf_columns)] == centres


@pytest.mark.parametrize(("rf_shift", "expected"), [(0, 255), (6, 7)], ids=["rail", "mean"])
def test_oriented_shift(rf_shift, expected):
    cells = filtered(ORIENTED, spot(5, 5, 2, 2, 255), rf_shift=rf_shift)
    assert cells[E, 0, 0] == expected  # 255 * 2 >> 2 is 127, weight 4


# Refusals


def test_rejects_image_without_room_for_a_cell():
    text = "^rf_stride must leave room for a cell in 5 x 3 pixels, not be 2$"
    with pytest.raises(ValueError, match=text):
        replace(ORIENTED, width=3)


# Equality


def images(*shape: int) -> st.SearchStrategy[NDArray[np.int64]]:
    return arrays.arrays(np.int64, shape, elements=st.integers(0, 255))


any_images = st.tuples(*[st.integers(1, 12)] * 2).flatmap(lambda shape: images(*shape))


@settings(max_examples=50, derandomize=True, deadline=None)
@given(any_images)
def test_surround_of_a_mirror_image_is_mirrored(image):
    out = filtered(SURROUND, image, rf_shift=3)
    assert (filtered(SURROUND, image[:, ::-1], rf_shift=3) == out[:, ::-1]).all()
    assert (filtered(SURROUND, image.T, rf_shift=3) == out.T).all()


@pytest.mark.parametrize("stride", [2, 3, 4])
@settings(max_examples=20, derandomize=True, deadline=None)
@given(st.data())
def test_mirror_image_swaps_east_and_west(stride, data):
    image = data.draw(images(2 * stride + 1, 3 * stride + 1)) & ~3  # no gradient is rounded
    out = filtered(ORIENTED, image, rf_stride=stride, rf_shift=2)
    mirrored = filtered(ORIENTED, image[:, ::-1], rf_stride=stride, rf_shift=2)
    assert (mirrored[[W, E, S, N, SW, NE, NW, SE]] == out[:, :, ::-1]).all()


@settings(max_examples=50, derandomize=True, deadline=None)
@given(any_images, st.integers(1, 3))
def test_transposed_image_swaps_east_and_south(image, stride):
    assume(min(image.shape) >= 2 * stride)
    out = filtered(ORIENTED, image, rf_stride=stride)
    transposed = filtered(ORIENTED, image.T, rf_stride=stride)
    assert (transposed[[S, N, E, W, SE, NW, SW, NE]] == out.transpose(0, 2, 1)).all()


@pytest.mark.parametrize("field", RECEPTIVE_FIELDS)
@pytest.mark.parametrize("stride", [1, 2, 3, 5])
@settings(max_examples=25, derandomize=True, deadline=None)
@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 7), st.integers(0, 2**32 - 1))
def test_compiled_filter_equals_the_model(field, stride, rows, columns, rf_shift, seed):
    p = replace(ORIENTED, height=2 * stride + rows, width=2 * stride + columns, rf_stride=stride)
    p = replace(p, receptive_field=field, rf_shift=rf_shift)
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, 256, (2, p.height * p.width)) >> rng.integers(0, 8, (2, 1))
    out = compiled(p, pixels.astype(np.uint8))
    assert out.dtype == np.uint8
    assert out.tolist() == [receptive_field(p, image).tolist() for image in pixels]

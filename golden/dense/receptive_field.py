"""Optional receptive fields in front of the encoder: fixed 5x5 filters with shift-only weights.

"surround" is the on-centre field of Iakymchuk et al. (EURASIP J. Image Video Process. 2015:4): one
axon a pixel, weights in eighths by Manhattan distance from the centre: 1, 5/8, 1/8, -1/8, -1/2.

"oriented" gives eight axons a cell, one for each direction of the brightness gradient, like the
orientation-selective simple cells of the visual cortex and the histograms of Dalal & Triggs (CVPR
2005). Every pixel has one gradient, that belongs to one direction and spreads over the cells
around it: 1 2 2 2 1 along rows and along columns, so that the weights of a pixel in a cell are 1, 2
and 4. All weights are powers of two or a sum of two, so hardware needs adders only. The cells stand
in a grid, as many as fit with their centres ``rf_stride`` apart, centred in the image::

    rf_rows    = max(0, height // rf_stride - 1)
    rf_columns = max(0, width // rf_stride - 1)
    rf_top     = (height - rf_stride * (rf_rows - 1)) // 2       row of the first cells' centres
    rf_left    = (width - rf_stride * (rf_columns - 1)) // 2     and their column
    n_axons    = 8 * rf_rows * rf_columns

With 28 x 28 pixels and ``rf_stride`` 3: 8 x 8 cells, the first centre in row and column 3 (counted
from 0), 512 axons.
"""

import numpy as np
from numpy.typing import NDArray

from golden.dense.interface import EIGHTHS_BY_DISTANCE, POOLING, RADIUS
from golden.dense.params import Params


def receptive_field(p: Params, pixels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Filter one image; outside the image every pixel is 0.

    Parameters
    ----------
    p : Params
        ``receptive_field``, ``height``, ``width``, ``rf_shift``, ``rf_stride``, format ``pixel``.
    pixels : (height * width,) int64
        Image in row order, format ``pixel``.

    Returns
    -------
    (n_axons,) int64
        Format ``pixel``; for "oriented" in the order direction, row, column of cells.
    """
    image = pixels.reshape(p.height, p.width)
    if p.receptive_field == "surround":
        return _surround(p, image)
    if p.receptive_field == "oriented":
        return _oriented(p, image)
    return pixels


def _surround(p, image):
    """Filter with the on-centre field.

    In execution order::

        sum = sum of EIGHTHS_BY_DISTANCE[|dy| + |dx|] * pixel[y + dy, x + dx]
        out = saturate(sum >> rf_shift)

    ``>>`` is arithmetic and floors: a small negative sum becomes -1, which saturates to 0.
    """
    padded = np.pad(image, RADIUS)
    total = np.zeros_like(image)
    for dy in range(-RADIUS, RADIUS + 1):
        for dx in range(-RADIUS, RADIUS + 1):
            shifted = _window(padded, RADIUS + dy, RADIUS + dx, image.shape)
            total += EIGHTHS_BY_DISTANCE[abs(dy) + abs(dx)] * shifted
    return p.pixel.saturate(total >> p.rf_shift).ravel()


def _oriented(p, image):
    """Sort gradients by direction.

    For every pixel and one pixel all around the image::

        gx        = (1 2 1 of the column right of it - 1 2 1 of the column left of it) >> 2
        gy        = (1 2 1 of the row below it - 1 2 1 of the row above it) >> 2
        magnitude = max(|gx|, |gy|) + (min(|gx|, |gy|) >> 1)
        direction = `direction` of (gx, gy)

    and for every direction and cell, whose centre is in row ``rf_top + rf_stride * row`` and column
    ``rf_left + rf_stride * column``::

        sum = sum of POOLING[dy] * POOLING[dx] * magnitude of that direction, over 5x5 pixels
        out = saturate(sum >> rf_shift)

    Outside the image pixels are 0, and beyond that margin of one pixel so are magnitudes. ``>>``
    floors, so a difference of 1 to 3 has magnitude 1 towards W and N, and 0 towards E and S.
    """
    gx, gy = gradient(image)
    small, large = np.minimum(abs(gx), abs(gy)), np.maximum(abs(gx), abs(gy))
    magnitude, towards = large + (small >> 1), direction(gx, gy)
    layers = (towards == np.arange(8)[:, None, None]) * magnitude
    layers = np.pad(layers, ((0, 0), (RADIUS, RADIUS), (RADIUS, RADIUS)))
    cells = np.zeros((8, p.rf_rows, p.rf_columns), dtype=np.int64)
    for dy, dx in np.ndindex(2 * RADIUS + 1, 2 * RADIUS + 1):
        # The gradient has one pixel of margin, so a window starts there at its centre + 1.
        top, left = p.rf_top + 1 + dy, p.rf_left + 1 + dx
        rows = slice(top, top + p.rf_stride * p.rf_rows, p.rf_stride)
        columns = slice(left, left + p.rf_stride * p.rf_columns, p.rf_stride)
        cells += POOLING[dy] * POOLING[dx] * layers[:, rows, columns]
    return p.pixel.saturate(cells >> p.rf_shift).ravel()


def gradient(image: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return ``gx`` and ``gy``, (height + 2, width + 2), of the image and one pixel around it."""
    padded = np.pad(image, 2)
    shape = (image.shape[0] + 2, image.shape[1] + 2)
    at = [[_window(padded, dy, dx, shape) for dx in range(3)] for dy in range(3)]
    gx = at[0][2] + 2 * at[1][2] + at[2][2] - at[0][0] - 2 * at[1][0] - at[2][0]
    gy = at[2][0] + 2 * at[2][1] + at[2][2] - at[0][0] - 2 * at[0][1] - at[0][2]
    return gx >> 2, gy >> 2


def direction(gx: NDArray[np.int64], gy: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the octant of a gradient: 0 to 7 for E, W, S, N, SE, NW, NE, SW.

    It points to where the image gets brighter: E is ``gx > 0``, S is ``gy > 0``. It is horizontal
    if ``|gx| > 2 |gy|``, vertical if ``|gy| > 2 |gx|``, else diagonal. No gradient at all counts
    as NW, and has no magnitude.
    """
    diagonal = np.where((gx > 0) == (gy > 0), np.where(gx > 0, 4, 5), np.where(gx > 0, 6, 7))
    vertical = np.where(gy > 0, 2, 3)
    horizontal = np.where(gx > 0, 0, 1)
    steep = np.where(abs(gy) > 2 * abs(gx), vertical, diagonal)
    return np.where(abs(gx) > 2 * abs(gy), horizontal, steep)


def _window(array, top, left, shape):
    return array[top : top + shape[0], left : left + shape[1]]

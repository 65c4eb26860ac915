"""The receptive fields compiled: `golden.dense.receptive_field`."""

import numpy as np

from golden.dense.interface import EIGHTHS_BY_DISTANCE, POOLING, RADIUS
from golden.numbers.compiled import compiled, entry

EIGHTHS = np.array(EIGHTHS_BY_DISTANCE, dtype=np.int64)
POOL = np.array(POOLING, dtype=np.int64)
PIXEL_MAX = 255
MARGIN = 2
"""Black pixels all around an image."""


@compiled
def _pad(p, image, padded):
    for y in range(p.height):
        for x in range(p.width):
            padded[y + MARGIN, x + MARGIN] = image[y * p.width + x]


@entry
def surround(p, padded, sums, images, filtered):
    """Fill ``filtered`` (n, n_axons) from images (n, height * width), both uint8.

    ``padded`` and ``sums`` are scratch space.
    """
    for i in range(images.shape[0]):
        _pad(p, images[i], padded)
        for y in range(p.height):
            for x in range(p.width):
                total = 0
                for dy in range(-RADIUS, RADIUS + 1):
                    for dx in range(-RADIUS, RADIUS + 1):
                        pixel = padded[y + dy + MARGIN, x + dx + MARGIN]
                        total += EIGHTHS[abs(dy) + abs(dx)] * pixel
                filtered[i, y * p.width + x] = min(max(total >> p.rf_shift, 0), PIXEL_MAX)


@entry
def oriented(p, padded, sums, images, filtered):
    """Like `surround`; every pixel's gradient spreads over the cells around it, as pixels come."""
    for i in range(images.shape[0]):
        _pad(p, images[i], padded)
        for axon in range(sums.size):
            sums[axon] = 0
        for y in range(1, p.height + 3):
            for x in range(1, p.width + 3):
                right = padded[y - 1, x + 1] + 2 * padded[y, x + 1] + padded[y + 1, x + 1]
                left = padded[y - 1, x - 1] + 2 * padded[y, x - 1] + padded[y + 1, x - 1]
                below = padded[y + 1, x - 1] + 2 * padded[y + 1, x] + padded[y + 1, x + 1]
                above = padded[y - 1, x - 1] + 2 * padded[y - 1, x] + padded[y - 1, x + 1]
                gx, gy = (right - left) >> 2, (below - above) >> 2
                if gx != 0 or gy != 0:
                    magnitude = max(abs(gx), abs(gy)) + (min(abs(gx), abs(gy)) >> 1)
                    _spread(p, sums, y - MARGIN, x - MARGIN, _octant(gx, gy), magnitude)
        for axon in range(sums.size):
            # No magnitude is negative, so only the upper end can be reached.
            filtered[i, axon] = min(sums[axon] >> p.rf_shift, PIXEL_MAX)


@compiled
def _octant(gx, gy):
    if abs(gx) > 2 * abs(gy):
        return 0 if gx > 0 else 1
    if abs(gy) > 2 * abs(gx):
        return 2 if gy > 0 else 3
    if (gx > 0) == (gy > 0):
        return 4 if gx > 0 else 5
    return 6 if gx > 0 else 7


@compiled
def _spread(p, sums, y, x, octant, magnitude):
    stride = p.rf_stride
    first_row, last_row = _reached(y - p.rf_top, stride, p.rf_rows)
    first_column, last_column = _reached(x - p.rf_left, stride, p.rf_columns)
    for row in range(first_row, last_row):
        dy = y - p.rf_top - stride * row
        for column in range(first_column, last_column):
            dx = x - p.rf_left - stride * column
            axon = (octant * p.rf_rows + row) * p.rf_columns + column
            sums[axon] += POOL[dy + RADIUS] * POOL[dx + RADIUS] * magnitude


@compiled
def _reached(place, stride, n_cells):
    """Return the range of cells along one axis whose windows hold a position."""
    # Cell i holds it if |place - stride * i| <= RADIUS; -(-x // y) is x / y rounded up.
    return max(0, -((RADIUS - place) // stride)), min(n_cells, (place + RADIUS) // stride + 1)

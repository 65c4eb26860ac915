"""Area-averaged resizing, in integers only."""

import numpy as np
from numpy.typing import NDArray

CHUNK_PIXELS = 1 << 18
"""Pixels resized at a time: an int64 copy of them (2 MB) fits the caches of a processor."""


def overlaps(n_in: int, n_out: int) -> NDArray[np.int64]:
    """Return how much of each input pixel lies in each output pixel, along one axis.

    The unit is ``1 / n_out`` of an input pixel, so that all overlaps are integers, every row sums
    to ``n_in`` and every column to ``n_out``.

    Parameters
    ----------
    n_in, n_out : int
        Pixels along the axis, at least 1.

    Returns
    -------
    (n_out, n_in) int64
        The overlaps.
    """
    edges_in = n_out * np.arange(n_in + 1)
    edges_out = n_in * np.arange(n_out + 1)[:, None]
    ends = np.minimum(edges_in[1:], edges_out[1:])
    starts = np.maximum(edges_in[:-1], edges_out[:-1])
    return np.maximum(ends - starts, 0)


def weigh(weights: NDArray[np.int64], lines: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the product of a matrix that is mostly zeros with the first axis of an array.

    Parameters
    ----------
    weights : (n_out, n_in) int64
        One row per result; zeros cost nothing, which makes this some five times quicker than
        ``@``, for which NumPy has no fast integer routine.
    lines : (n_in, ...) int64
        What is summed.

    Returns
    -------
    (n_out, ...) int64
        The weighted sums.
    """
    sums = np.zeros((len(weights), *lines.shape[1:]), np.int64)
    for i, j in np.argwhere(weights):
        sums[i] += weights[i, j] * lines[j]
    return sums


def resize(images: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    """Give each output pixel the mean of the input area under it, one half rounded up.

    With ``rows`` and ``columns`` the :func:`overlaps` along the two axes::

        total  = rows @ image @ columns.T
        area   = height_in * width_in
        result = (2 * total + area) // (2 * area)

    Parameters
    ----------
    images : (n, height_in, width_in) uint8
        Images of any size.
    size : (height, width)
        Wanted size, smaller or larger, each at least 1.

    Returns
    -------
    (n, height, width) uint8
        The resized images.
    """
    n_images, *size_in = images.shape
    if tuple(size_in) == size:
        return images
    rows, columns = map(overlaps, size_in, size)
    area = size_in[0] * size_in[1]
    resized = np.empty((n_images, *size), np.uint8)
    step = max(1, CHUNK_PIXELS // (max(size_in[0], size[0]) * max(size_in[1], size[1])))
    for start in range(0, n_images, step):
        chunk = images[start : start + step].transpose(1, 2, 0).astype(np.int64)
        by_column = weigh(rows, chunk).transpose(1, 0, 2)
        total = weigh(columns, by_column).transpose(2, 1, 0)
        resized[start : start + step] = (2 * total + area) // (2 * area)
    return resized

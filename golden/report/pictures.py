"""Weights as pictures, whatever the axons stand for.

The pictures are transparent where a weight is 0, so that they are right on light and dark paper.
"""

import base64
import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from golden.dense.interface import POOLING, RADIUS
from golden.dense.params import Params
from golden.pictures.markup import text

NEGATIVE, POSITIVE = (0, 114, 198), (219, 90, 0)
"""Blue and orange: told apart with every kind of colour blindness."""
LARGEST = 56
"""Pixels of a picture's longer side; larger maps are averaged down."""


def pictures(p: Params, w: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Draw every neuron's weights as pixels that it wants to bear ink, or not to.

    One axon a pixel: the opacity is the weight relative to the larger of the two bounds. Oriented
    field: it is that of the weights projected back, `projected`, relative to the neuron's largest.

    Parameters
    ----------
    p : Params
        ``receptive_field``, ``height``, ``width``, ``rf_rows``, ``rf_columns``, ``rf_top``,
        ``rf_left``, ``rf_stride``, ``w_min``, ``w_max``.
    w : (n_axons, n_neurons) int64
        Weights.

    Returns
    -------
    (n_neurons, rows, columns, 4) uint8
        Red, green, blue, opacity; orange is positive, blue is negative.
    """
    if p.receptive_field != "oriented":
        scale = max(abs(p.w_min), abs(p.w_max))
        return _signs(w.T.reshape(-1, p.height, p.width) / scale)
    pixels = projected(p, w)
    return _signs(pixels / np.maximum(abs(pixels).max(axis=(1, 2), keepdims=True), 1))


def projected(p: Params, w: NDArray[np.int64]) -> NDArray[np.int64]:
    """Project weights back through the oriented field: by how much each pixel moves ``v``.

    The transpose of `golden.dense.receptive_field` without its shifts, its sorting by direction
    taken as linear. Every weight is spread over its cell's 5x5 gradients by ``POOLING``, those of
    opposite directions are subtracted, and each gradient adds 1 2 1 to the pixels at its bright
    side and takes as much from those at its dark side.

    Parameters
    ----------
    p, w
        As in `pictures`.

    Returns
    -------
    (n_neurons, height, width) int64
        Positive where ink makes the neuron spike.
    """
    cells = w.T.reshape(-1, 8, p.rf_rows, p.rf_columns)
    e, w_, s, n, se, nw, ne, sw = cells.swapaxes(0, 1)
    along = np.stack([e - w_ + se + ne - nw - sw, s - n + se + sw - nw - ne])
    # Gradients stand in a margin of one pixel, and windows reach RADIUS beyond that.
    beyond = 1 + RADIUS
    gradients = np.zeros((*along.shape[:2], p.height + 2 * beyond, p.width + 2 * beyond), np.int64)
    for dy, dx in np.ndindex(2 * RADIUS + 1, 2 * RADIUS + 1):
        top, left = p.rf_top + 1 + dy, p.rf_left + 1 + dx
        rows = slice(top, top + p.rf_stride * p.rf_rows, p.rf_stride)
        columns = slice(left, left + p.rf_stride * p.rf_columns, p.rf_stride)
        gradients[..., rows, columns] += POOLING[dy] * POOLING[dx] * along
    gx, gy = gradients[:, :, RADIUS:-RADIUS, RADIUS:-RADIUS]
    pixels = np.zeros((len(gx), p.height, p.width), np.int64)
    for dy, dx in np.ndindex(3, 3):
        at = (slice(None), slice(2 - dy, 2 - dy + p.height), slice(2 - dx, 2 - dx + p.width))
        pixels += (dx - 1) * (2 - abs(dy - 1)) * gx[at] + (dy - 1) * (2 - abs(dx - 1)) * gy[at]
    return pixels


def _signs(strength):
    strength = _shrink(strength, LARGEST)
    colours = np.where(strength[..., np.newaxis] < 0, NEGATIVE, POSITIVE)
    opacity = np.rint(255 * np.abs(strength[..., np.newaxis]))
    return np.concatenate([colours, opacity], axis=-1).astype(np.uint8)


def _shrink(maps, largest):
    """Average blocks of pixels until the longer side is at most ``largest``."""
    *outer, rows, columns = maps.shape
    block = -(-max(rows, columns) // largest)
    margins = (*((0, 0) for _ in outer), (0, -rows % block), (0, -columns % block))
    maps = np.pad(maps, margins, mode="edge")
    rows, columns = maps.shape[-2] // block, maps.shape[-1] // block
    return maps.reshape(*outer, rows, block, columns, block).mean(axis=(-3, -1))


def thumbnail(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return grey images (..., height, width), averaged down to `LARGEST` if larger."""
    return np.rint(_shrink(image, LARGEST)).astype(np.uint8)


def png(image: NDArray[np.uint8]) -> bytes:
    """Return a grey (rows, columns) or RGBA (rows, columns, 4) image as a PNG file."""
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def data_uri(image: NDArray[np.uint8]) -> str:
    """Return an image as the address of itself."""
    return "data:image/png;base64," + base64.b64encode(png(image)).decode()


def picture(image: NDArray[np.uint8], alt: str, kind: str) -> str:
    """Return an image, embedded; ``alt`` and the class ``kind`` are plain text."""
    rows, columns = image.shape[:2]
    return (
        f'<img class="{text(kind)}" alt="{text(alt)}" width="{columns}" height="{rows}" '
        f'src="{data_uri(image)}">'
    )

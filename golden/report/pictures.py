"""Weights as pictures, whatever the axons stand for.

The pictures are transparent where a weight is 0, so that they are right on light and dark paper.
"""

import base64
import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from golden.dense.params import Params
from golden.pictures.markup import text

NEGATIVE, POSITIVE = (0, 114, 198), (219, 90, 0)
"""Blue and orange: told apart with every kind of colour blindness."""
DIRECTIONS = {
    "→": (0, 1, (219, 90, 0)),
    "←": (0, -1, (0, 114, 198)),
    "↓": (1, 0, (0, 150, 110)),
    "↑": (-1, 0, (196, 60, 150)),
    "↘": (1, 1, (160, 140, 0)),
    "↖": (-1, -1, (110, 80, 200)),
    "↗": (-1, 1, (225, 50, 80)),
    "↙": (1, -1, (0, 150, 180)),
}
"""Row step, column step and colour of each map of the oriented field, in the order of the axons."""
RAY = 1
"""Pixels from the centre of an oriented cell to its border."""
LARGEST = 56
"""Pixels of a picture's longer side; larger maps are averaged down."""


def pictures(p: Params, w: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Draw every neuron's weights, all on one scale.

    The opacity is the weight relative to the larger of the two bounds. One axon a pixel: a pixel
    each, coloured by sign. Oriented field: in every cell a ray towards each direction, by which
    it is coloured; only positive weights are drawn.

    Parameters
    ----------
    p : Params
        ``receptive_field``, ``height``, ``width``, ``rf_rows``, ``rf_columns``, ``w_min``,
        ``w_max``.
    w : (n_axons, n_neurons) int64
        Weights.

    Returns
    -------
    (n_neurons, rows, columns, 4) uint8
        Red, green, blue, opacity.
    """
    strength = w.T / max(abs(p.w_min), abs(p.w_max))
    if p.receptive_field == "oriented":
        return _rays(strength.reshape(-1, len(DIRECTIONS), p.rf_rows, p.rf_columns))
    return _signs(strength.reshape(-1, p.height, p.width))


def _signs(strength):
    strength = _shrink(strength, LARGEST)
    colours = np.where(strength[..., np.newaxis] < 0, NEGATIVE, POSITIVE)
    opacity = np.rint(255 * np.abs(strength[..., np.newaxis]))
    return np.concatenate([colours, opacity], axis=-1).astype(np.uint8)


def _rays(strength):
    side = 2 * RAY + 1
    opacity = np.rint(255 * _shrink(np.maximum(strength, 0), LARGEST // side))
    n_neurons, _, rows, columns = opacity.shape
    canvas = np.zeros((n_neurons, rows, side, columns, side, 4), dtype=np.uint8)
    for direction, (dy, dx, colour) in enumerate(DIRECTIONS.values()):
        for distance in range(1, RAY + 1):
            pixels = canvas[:, :, RAY + distance * dy, :, RAY + distance * dx]
            pixels[..., :3] = colour
            pixels[..., 3] = opacity[:, direction]
    return canvas.reshape(n_neurons, rows * side, columns * side, 4)


def _shrink(maps, largest):
    """Average blocks of pixels until the longer side is at most ``largest``."""
    *outer, rows, columns = maps.shape
    block = -(-max(rows, columns) // largest)
    margins = (*((0, 0) for _ in outer), (0, -rows % block), (0, -columns % block))
    maps = np.pad(maps, margins, mode="edge")
    rows, columns = maps.shape[-2] // block, maps.shape[-1] // block
    return maps.reshape(*outer, rows, block, columns, block).mean(axis=(-3, -1))


def thumbnail(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a grey image (height, width), averaged down to `LARGEST` if it is larger."""
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
